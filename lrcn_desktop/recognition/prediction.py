"""What the recognizer says at one moment."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """The class probabilities after one frame.

    Attributes:
        time: Seconds from the source's start: the time of the frame that it answers to.
        probabilities: float32 (C,), calibrated, in 0..1, summing to 1.
        label: The most likely class, or None where what is seen is unknown.
        steps: How many steps of the model's clock this frame stands for: 1 as a rule, more where
            frames are missing (a slow source, a slow machine).
        known: How sure it is that this is one of the classes, 0..1; the confidence, unless given.
    """

    time: float
    probabilities: NDArray[np.float32]
    label: str | None
    steps: int = 1
    known: float = math.nan

    def __post_init__(self) -> None:
        """Take the confidence for `known` where nothing else was computed."""
        if math.isnan(self.known):
            object.__setattr__(self, "known", self.confidence)

    @property
    def confidence(self) -> float:
        """The highest probability, 0..1."""
        return float(self.probabilities.max())
