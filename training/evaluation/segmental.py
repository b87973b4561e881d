"""What temporal action segmentation measures: segments against the truth, in order and in time.

Segmental F1 as in Lea et al. 2017 (Temporal Convolutional Networks for Action Segmentation and
Detection), edit score as in Lea et al. 2016, both without the background: the unknown is no
segment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray


class Interval(NamedTuple):
    """An activity from `start` to `end` seconds, start < end."""

    start: float
    end: float
    label: str


@dataclass(frozen=True, slots=True)
class Matches:
    """How many segments are right; sums over streams are those of all together.

    Attributes:
        right: Predicted segments that match one of the truth.
        wrong: Predicted segments that match none, or one that another has matched already.
        missed: Segments of the truth that none has matched.
    """

    right: int
    wrong: int
    missed: int

    def __add__(self, other: Self) -> "Matches":
        """Return the sums."""
        return Matches(
            self.right + other.right, self.wrong + other.wrong, self.missed + other.missed
        )

    @property
    def f1(self) -> float:
        """2 * right / (2 * right + wrong + missed), 0..1; 1 where there is nothing to find."""
        total = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / total if total else 1.0


def matches(truth: Sequence[Interval], predicted: Sequence[Interval], overlap: float) -> Matches:
    """Match predicted segments with those of the truth, each in its order.

    A segment goes to the one of its label whose intersection over union with it is highest, and
    is right if that is at least `overlap`, in (0, 1], and no segment before it was right there.
    """
    hit = [False] * len(truth)
    right = 0
    for segment in predicted:
        shares = [_overlap(segment, other) for other in truth]
        best = int(np.argmax(shares)) if shares else 0
        if shares and shares[best] >= overlap and not hit[best]:
            hit[best] = True
            right += 1
    return Matches(right, len(predicted) - right, len(truth) - right)


def _overlap(one: Interval, other: Interval) -> float:
    """Return the intersection over union of two segments; 0 where their labels differ."""
    shared = min(one.end, other.end) - max(one.start, other.start)
    if one.label != other.label or shared <= 0:
        return 0.0
    return shared / (max(one.end, other.end) - min(one.start, other.start))


def edit_score(truth: Sequence[str], predicted: Sequence[str]) -> float:
    """Return how alike two orders of labels are, 0..1, however long each lasts.

    It is 1 less the Levenshtein distance by the longer one's length; 1 where both are empty.
    """
    row = list(range(len(predicted) + 1))
    for number, label in enumerate(truth, start=1):
        above, row = row, [number]
        for column, (guess, (diagonal, up)) in enumerate(
            zip(predicted, pairwise(above), strict=True)
        ):
            row.append(min(diagonal + (label != guess), up + 1, row[column] + 1))
    longer = max(len(truth), len(predicted))
    return 1 - row[-1] / longer if longer else 1.0


def delay(
    times: NDArray[np.float64], labels: Sequence[str | None], start: int, end: int, truth: str
) -> float | None:
    """Return the seconds from a stretch's first step to the first that has the right label.

    Args:
        times: Of the stream's steps, in seconds, (T,).
        labels: Of the same steps; None: nothing known.
        start: The stretch's first step.
        end: The step after its last.
        truth: Its activity.

    Returns:
        None where no step from `start` on and before `end` has it.
    """
    found = next((step for step in range(start, end) if labels[step] == truth), None)
    return None if found is None else round(float(times[found] - times[start]), 6)


def false_segments(predicted: Sequence[Interval], unknown: Sequence[tuple[float, float]]) -> int:
    """Return how many segments lie in unknown stretches, more than half of each."""
    return sum(
        2 * sum(max(0.0, min(s.end, end) - max(s.start, start)) for start, end in unknown)
        > s.end - s.start
        for s in predicted
    )


def auroc(known: NDArray[np.floating], unknown: NDArray[np.floating]) -> float | None:
    """Return how likely a known step scores above an unknown one, 0..1; equal ones count half.

    None where either has no step.
    """
    if not len(known) or not len(unknown):
        return None
    ordered = np.sort(unknown)
    below = np.searchsorted(ordered, known, "left")
    not_above = np.searchsorted(ordered, known, "right")
    return float((below + not_above).mean() / (2 * len(unknown)))
