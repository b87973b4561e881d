"""What a source's segments come to: how long, how often, and what follows what."""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from lrcn_desktop.files import atomic_write
from lrcn_desktop.recognition.export.text import cell
from lrcn_desktop.recognition.segments import Segment

_NEXT = 5.0  # seconds between two segments, beyond which the second does not follow the first


@dataclass(frozen=True, slots=True)
class ActivityStatistics:
    """Of one activity.

    Attributes:
        label: The activity.
        count: How many segments there are.
        seconds: How long they last together.
        share: Of the time that was looked at, 0..1; segments that overlap count each.
        shortest, mean, longest: Seconds of a segment.
        confidence: The mean of the segments' confidence weighted by how long they last, 0..1;
            None where the user has set them all.
        first: Seconds at which the first one starts.
    """

    label: str
    count: int
    seconds: float
    share: float
    shortest: float
    mean: float
    longest: float
    confidence: float | None
    first: float


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of all segments of a source.

    Attributes:
        activities: By the time that they take, most first.
        looked_at: Seconds of the source that were looked at.
        nothing: Seconds of that in which there is no segment.
        transitions: How often the second activity of (before, after) follows the first within
            five seconds; most often first.
    """

    activities: tuple[ActivityStatistics, ...]
    looked_at: float
    nothing: float
    transitions: tuple[tuple[str, str, int], ...]


def statistics(segments: Sequence[Segment], covered: Sequence[tuple[float, float]]) -> Statistics:
    """Return the statistics of a source.

    Args:
        segments: In order of their start.
        covered: The times (start, end) that were looked at, in seconds, in order and disjoint.
    """
    looked_at = sum(end - start for start, end in covered)
    labels = dict.fromkeys(segment.label for segment in segments)
    activities = [
        _activity(label, [s for s in segments if s.label == label], looked_at) for label in labels
    ]
    follows = Counter(
        (before.label, after.label)
        for before, after in pairwise(segments)
        if before.label != after.label and after.start - before.end <= _NEXT
    )
    ordered = sorted(follows.items(), key=lambda item: (-item[1], item[0]))
    return Statistics(
        tuple(sorted(activities, key=lambda a: (-a.seconds, a.label))),
        looked_at,
        max(0.0, looked_at - _united(segments)),
        tuple((before, after, count) for (before, after), count in ordered),
    )


def write_statistics(path: Path, found: Statistics) -> None:
    """Write statistics as CSV: a row per activity, one for none, then a row per transition.

    Raises:
        UserError: The file cannot be written.
    """
    with atomic_write(path, "w") as file:
        rows = csv.writer(file, lineterminator="\n")
        names = ("activity", "count", "seconds", "share", "shortest", "mean", "longest")
        rows.writerow((*names, "confidence", "first"))
        for each in found.activities:
            lengths = (each.shortest, each.mean, each.longest)
            sure = "" if each.confidence is None else f"{each.confidence:.4f}"
            first = (cell(each.label), each.count, f"{each.seconds:.3f}", f"{each.share:.4f}")
            times = (f"{length:.3f}" for length in lengths)
            rows.writerow((*first, *times, sure, f"{each.first:.3f}"))
        share = found.nothing / found.looked_at if found.looked_at else 0.0
        rows.writerow(("(no activity)", "", f"{found.nothing:.3f}", f"{share:.4f}", *[""] * 5))
        rows.writerow(())
        rows.writerow(("before", "after", "count"))
        rows.writerows((cell(a), cell(b), count) for a, b, count in found.transitions)


def _activity(label: str, segments: list[Segment], looked_at: float) -> ActivityStatistics:
    lengths = [s.end - s.start for s in segments]
    seconds = sum(lengths)
    measured = [(s.confidence, s.end - s.start) for s in segments if s.confidence is not None]
    weight = sum(length for _, length in measured)
    confidence = sum(sure * length for sure, length in measured) / weight if weight else None
    return ActivityStatistics(
        label,
        len(segments),
        seconds,
        seconds / looked_at if looked_at else 0.0,
        min(lengths),
        seconds / len(segments),
        max(lengths),
        confidence,
        segments[0].start,
    )


def _united(segments: Sequence[Segment]) -> float:
    """Return the seconds in which there is a segment, each counted once."""
    total, until = 0.0, float("-inf")
    for segment in segments:
        total += max(0.0, segment.end - max(segment.start, until))
        until = max(until, segment.end)
    return total
