"""Stretches of time: sorted, disjoint pairs of seconds."""

from collections.abc import Iterable, Sequence

Span = tuple[float, float]


def united(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the times that lie in any of `spans`."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if end <= start:
            continue
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return tuple(result)


def without(spans: Iterable[Span], cut: Iterable[Span]) -> tuple[Span, ...]:
    """Return the times that lie in `spans` and not in `cut`."""
    holes = united(cut)
    result: list[Span] = []
    for start, end in united(spans):
        for hole_start, hole_end in holes:
            if hole_end <= start or hole_start >= end:
                continue
            if hole_start > start:
                result.append((start, hole_start))
            start = max(start, hole_end)
        if start < end:
            result.append((start, end))
    return tuple(result)


def overlapping(spans: Iterable[Span], others: Sequence[Span]) -> tuple[Span, ...]:
    """Return the parts of `spans` that lie in `others`, for each of both by itself."""
    return tuple(
        (max(start, other_start), min(end, other_end))
        for start, end in spans
        for other_start, other_end in others
        if max(start, other_start) < min(end, other_end)
    )


def touches(span: Span, spans: Sequence[Span]) -> bool:
    """Whether `span` and any of the sorted `spans` have a time or an end in common."""
    start, end = span
    if not spans or end < spans[0][0] or spans[-1][1] < start:
        return False
    return any(start <= other_end and other_start <= end for other_start, other_end in spans)
