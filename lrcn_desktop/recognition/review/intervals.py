"""Stretches of time: sorted, disjoint pairs of seconds."""

from collections.abc import Iterable, Sequence

Interval = tuple[float, float]


def united(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return the times that lie in any of `intervals`."""
    result: list[Interval] = []
    for start, end in sorted(intervals):
        if end <= start:
            continue
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return tuple(result)


def without(intervals: Iterable[Interval], cut: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return the times that lie in `intervals` and not in `cut`."""
    holes = united(cut)
    result: list[Interval] = []
    for start, end in united(intervals):
        for hole_start, hole_end in holes:
            if hole_end <= start or hole_start >= end:
                continue
            if hole_start > start:
                result.append((start, hole_start))
            start = max(start, hole_end)
        if start < end:
            result.append((start, end))
    return tuple(result)


def overlapping(intervals: Iterable[Interval], others: Sequence[Interval]) -> tuple[Interval, ...]:
    """Return the parts of `intervals` that lie in `others`, for each of both by itself."""
    return tuple(
        (max(start, other_start), min(end, other_end))
        for start, end in intervals
        for other_start, other_end in others
        if max(start, other_start) < min(end, other_end)
    )


def touches(interval: Interval, intervals: Sequence[Interval]) -> bool:
    """Whether `interval` and any of the sorted `intervals` have a time or an end in common."""
    start, end = interval
    if not intervals or end < intervals[0][0] or intervals[-1][1] < start:
        return False
    return any(start <= other_end and other_start <= end for other_start, other_end in intervals)
