"""A clip as a model is taught it, and what a model says of one that it was not taught."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Pooled = NDArray[np.float32] | NDArray[np.float16]
"""Features, as they are computed or as they are kept."""

UNKNOWN = -1
"""The label of clips that show none of the activities."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A clip's pooled features.

    Attributes:
        label: The number of its activity, or `UNKNOWN`.
        pooled: float32 or float16 (T, P).
        source: What it was cut from; clips of one source are left out together. "": only itself.
        name: The digest of its content. "": unknown.
        views: Features (T, P) of it as it would look elsewhere (see `views`).
    """

    label: int
    pooled: Pooled
    source: str = ""
    name: str = ""
    views: tuple[Pooled, ...] = ()

    def made(self, opposite: Mapping[int, int]) -> dict[str, tuple[int, Pooled]]:
        """Return labels and features of what can be made of it, by new names.

        Its views; and it and them backwards, where that is another activity.

        Args:
            opposite: Which activity is which one backwards.
        """
        looks = {self.name: self.pooled}
        looks |= {f"{self.name}, view {number}": view for number, view in enumerate(self.views)}
        found = {name: (self.label, pooled) for name, pooled in looks.items() if name != self.name}
        if self.label in opposite:
            for name, pooled in looks.items():
                found[f"{name}, backwards"] = opposite[self.label], pooled[::-1]
        return found


@dataclass(frozen=True, slots=True, eq=False)
class LeftOut:
    """What a model says of a clip that it was not fitted to.

    Attributes:
        label: As it is.
        probabilities: float32 (T, C).
        known: How surely each step shows one of the activities, 0..1 (T,).
    """

    label: int
    probabilities: Array
    known: Array

    @property
    def said(self) -> int:
        """The activity with the highest mean probability."""
        return int(self.probabilities.mean(0).argmax())


def clips_right(clips: Sequence[LeftOut]) -> float | None:
    """Return the share of clips that are right, the mean over activities; None without any."""
    return _mean_by_label([(c.label, float(c.said == c.label)) for c in clips])


def steps_right(left_out: Mapping[int, LeftOut]) -> float:
    """Return the mean over the activities of the share of steps that are right, 0..1."""
    clips = left_out.values()
    shares = [(c.label, float((c.probabilities.argmax(-1) == c.label).mean())) for c in clips]
    return _mean_by_label(shares) or 0.0


def steps_shown(left_out: Mapping[int, LeftOut], threshold: float) -> float:
    """Return the same of the steps that are right and whose activity is known, and so shown."""
    shares = [
        (c.label, float(((c.probabilities.argmax(-1) == c.label) & (c.known >= threshold)).mean()))
        for c in left_out.values()
    ]
    return _mean_by_label(shares) or 0.0


def _mean_by_label(values: Sequence[tuple[int, float]]) -> float | None:
    by_label: dict[int, list[float]] = {}
    for label, value in values:
        if label != UNKNOWN:
            by_label.setdefault(label, []).append(value)
    return float(np.mean([np.mean(of) for of in by_label.values()])) if by_label else None
