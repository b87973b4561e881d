"""What the slides print of their four approaches.

"Visual Recognition using Machine Learning", S. Maniyar, NC State, after Donahue et al. (TPAMI
2017): seven activities of UCF-101; of each, 8 videos to train on, 10 to validate and 10 to test.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sides:
    """A figure of the training, the validation and the test side."""

    train: float
    validation: float
    test: float


@dataclass(frozen=True, slots=True)
class Published:
    """One of the slides' approaches.

    Attributes:
        approach: Its number there.
        loss: Cross-entropy of frames.
        accuracy: Share of frames that are right, 0..1.
    """

    approach: str
    loss: Sides
    accuracy: Sides


PUBLISHED = {
    "cnn": Published("1.1", Sides(0.0004, 6.1779, 5.4833), Sides(0.9998, 0.3994, 0.4484)),
    "cnn-lstm": Published("1.2", Sides(0.0999, 3.4890, 2.0164), Sides(0.9982, 0.4162, 0.4471)),
    "vgg16": Published("2.1", Sides(0.0011, 3.3039, 4.0007), Sides(0.9998, 0.6888, 0.6181)),
    "vgg16-lstm": Published("2.2", Sides(0.0125, 2.8068, 4.1999), Sides(0.9973, 0.6931, 0.5856)),
}
"""By the preset that is the same network, in the slides' order."""

OURS = "default"
"""The preset that is to beat them."""

BEGINS_WITH = {"cnn-lstm": "cnn", "vgg16-lstm": "vgg16"}
"""The approach whose network of single frames another one begins with."""
