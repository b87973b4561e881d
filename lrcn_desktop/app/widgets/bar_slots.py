"""Which class stands in which place among the bars, and how its bar moves; without Qt."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

EASE = 0.12  # seconds: time constant of the bars' motion
FADE = 0.3  # seconds for one class to give its place to another
STAY = 1.0  # seconds that a class keeps its place at the least
_AHEAD = 0.05  # of probability that a class must be ahead of the one whose place it takes
_STILL = 0.002  # a smaller way to go is not worth a repaint


@dataclass(slots=True)
class Slot:
    """A place among the bars.

    Attributes:
        index: The class that stands there.
        opacity: 0..1; below 1 while another class takes the place.
        coming: The class that is to take the place, once this one has faded.
        stayed: Seconds since the class is there.
    """

    index: int
    opacity: float = 1.0
    coming: int | None = None
    stayed: float = 0.0


class BarSlots:
    """Bars with fixed places.

    Where there is a place for each class, none ever moves. Else the most likely classes have one;
    a class that becomes more likely takes the place of the least likely one, which fades out
    before the other fades in, so that no two names ever stand over each other.

    Attributes:
        values: (C,) the bars' lengths as drawn, 0..1, on their way to the probabilities.
        slots: The places, from the top.
    """

    def __init__(self, classes: int, places: int) -> None:
        self.values: NDArray[np.float64] = np.zeros(classes)
        self.slots = [Slot(index) for index in range(min(places, classes))]
        self._fresh = True

    def set_places(self, places: int) -> None:
        """Have more or fewer places, for the most likely classes, in the classes' order."""
        order = np.argsort(-self.values, kind="stable")[:places]
        self.slots = [Slot(int(index)) for index in sorted(order)]

    def advance(self, probabilities: Sequence[float] | NDArray[np.float32], seconds: float) -> bool:
        """Let `seconds` pass with these probabilities, (C,); say whether anything moved visibly."""
        target = np.nan_to_num(np.asarray(probabilities, np.float64))
        if self._fresh:
            self._fresh, self.values = False, target.copy()
            self.set_places(len(self.slots))
            self.values = np.zeros(len(target))
        way = target - self.values
        self.values += way * (1.0 - math.exp(-seconds / EASE))
        moved = bool(np.abs(way).max(initial=0.0) > _STILL)
        return self._exchange(seconds) or moved

    def _exchange(self, seconds: float) -> bool:
        moved = False
        for slot in self.slots:
            slot.stayed += seconds
            if slot.coming is not None:
                slot.opacity -= 2 * seconds / FADE
                moved = True
                if slot.opacity <= 0.0:
                    slot.index, slot.coming, slot.opacity, slot.stayed = slot.coming, None, 0.0, 0.0
            elif slot.opacity < 1.0:
                slot.opacity = min(1.0, slot.opacity + 2 * seconds / FADE)
                moved = True
        settled = [s for s in self.slots if s.coming is None and s.stayed >= STAY]
        taken = {s.index for s in self.slots} | {s.coming for s in self.slots}
        outside = [i for i in range(len(self.values)) if i not in taken]
        if settled and outside:
            best = max(outside, key=lambda i: self.values[i])
            least = min(settled, key=lambda s: self.values[s.index])
            if self.values[best] > self.values[least.index] + _AHEAD:
                least.coming, moved = best, True
        return moved
