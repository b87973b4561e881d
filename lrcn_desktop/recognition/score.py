"""How often what was recognized is what really happened, where the truth is known."""

from collections.abc import Sequence
from dataclasses import dataclass

from lrcn_desktop.recognition.segments import Segment

_MOST = 0.5  # of what was looked at of an activity, that its own label must cover
_LOOKED_AT = 0.6  # of an activity, for it to count

Truth = tuple[float, float, str]
"""(start, end, activity), in seconds."""


@dataclass(frozen=True, slots=True)
class Score:
    """How many activities of the truth were recognized.

    Attributes:
        right: Those that have their own label for most of their time.
        of: All that have ended and were looked at.
    """

    right: int
    of: int


def score(
    truth: Sequence[Truth],
    segments: Sequence[Segment],
    covered: Sequence[tuple[float, float]],
    since: float = 0.0,
) -> Score:
    """Count the activities that were recognized, of those that begin at `since` seconds or later.

    Args:
        truth: In order; the last one may go on, and does not count.
        segments: What was recognized, in order.
        covered: The times (start, end) that were looked at.
        since: Seconds.
    """
    right = of = 0
    for start, end, label in truth[:-1]:
        looked = sum(_both(start, end, *part) for part in covered)
        if start < since or looked < _LOOKED_AT * (end - start):
            continue
        own = sum(_both(start, end, s.start, s.end) for s in segments if s.label == label)
        right += own > _MOST * looked
        of += 1
    return Score(right, of)


def _both(start: float, end: float, other_start: float, other_end: float) -> float:
    return max(0.0, min(end, other_end) - max(start, other_start))
