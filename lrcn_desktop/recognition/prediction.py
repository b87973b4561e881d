"""What the recognizer says at one moment."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """The class probabilities after one frame.

    Attributes:
        time: Seconds from the source's start: the time of the frame that it answers to.
        probabilities: float32 (C,), calibrated, in 0..1, summing to 1.
        label: The most likely class, or None when nothing known is seen.
        steps: How many steps of the model's clock this frame stands for: 1 as a rule, more where
            frames are missing (a slow source, a slow machine).
    """

    time: float
    probabilities: NDArray[np.float32]
    label: str | None
    steps: int = 1

    @property
    def confidence(self) -> float:
        """The highest probability, 0..1."""
        return float(self.probabilities.max())
