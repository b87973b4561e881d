"""Segments as one row per activity, arranged so that what is in view is found at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.recognition.drawing.class_style import color_numbers
from lrcn_desktop.recognition.segments import Segment

Floats = NDArray[np.float64]


@dataclass(slots=True)
class Bars:
    """The segments of one activity, in order of their start.

    Attributes:
        segments: They.
        starts, ends, confidences: (N,) their figures; 1 for what the user has set.
        reaches: (N,) the latest end so far: rises even where segments overlap.
    """

    segments: list[Segment] = field(default_factory=list)
    starts: Floats = field(default_factory=lambda: np.empty(0))
    ends: Floats = field(default_factory=lambda: np.empty(0))
    confidences: Floats = field(default_factory=lambda: np.empty(0))
    reaches: Floats = field(default_factory=lambda: np.empty(0))

    def arrange(self) -> None:
        """Take the segments' figures over; call once they are all there."""
        self.starts = np.array([s.start for s in self.segments])
        self.ends = np.array([s.end for s in self.segments])
        sure = (1.0 if s.confidence is None else s.confidence for s in self.segments)
        self.confidences = np.array([*sure])
        self.reaches = np.maximum.accumulate(self.ends)

    def visible(self, start: float, end: float, pixel: float) -> tuple[Floats, Floats, Floats]:
        """Return starts, ends and confidences of what is in view from `start` to `end` seconds.

        Segments that are narrower than two pixels (of `pixel` seconds) and closer than one to the
        next are merged, so that there are never more than there are pixels.
        """
        first, last = self._between(start, end)
        if last <= first:
            return self.starts[:0], self.ends[:0], self.confidences[:0]
        starts, ends = self.starts[first:last], self.ends[first:last]
        confidences = self.confidences[first:last]
        narrow = ends - starts < 2 * pixel
        joined = (starts[1:] - ends[:-1] < pixel) & narrow[1:] & narrow[:-1]
        if not joined.any():
            return starts, ends, confidences
        heads = np.flatnonzero(np.concatenate(([True], ~joined)))
        counts = np.diff(np.append(heads, len(starts)))
        return (
            starts[heads],
            np.maximum.reduceat(ends, heads),
            np.add.reduceat(confidences, heads) / counts,
        )

    def any_within(self, start: float, end: float) -> bool:
        """Whether a segment has a part in `start` to `end` seconds."""
        first, last = self._between(start, end)
        return first < last

    def at(self, start: float, end: float) -> Segment | None:
        """Return the segment that has a part in `start` to `end` seconds, the nearest to both."""
        first, last = self._between(start, end)
        middle = (start + end) / 2
        found = self.segments[first:last]
        return min(found, key=lambda s: max(s.start - middle, middle - s.end, 0.0), default=None)

    def _between(self, start: float, end: float) -> tuple[int, int]:
        """Return from which to before which segment something may lie in a stretch."""
        first = np.searchsorted(self.reaches, start, "right")
        return int(first), int(np.searchsorted(self.starts, end, "left"))


@dataclass(slots=True)
class Row:
    """One activity.

    Attributes:
        label: Its name, as the model has it.
        color: Its color's number.
        bars: What is shown.
        beneath: What the model itself said, where that is shown too.
        checked: Those of `bars` that the user has set or confirmed.
    """

    label: str
    color: int
    bars: Bars
    beneath: Bars
    checked: Bars

    def is_within(self, start: float, end: float) -> bool:
        """Whether it occurs in `start` to `end` seconds."""
        return self.bars.any_within(start, end) or self.beneath.any_within(start, end)


def arrange(
    segments: Sequence[Segment],
    beneath: Sequence[Segment],
    classes: Sequence[str],
    checked: Sequence[Segment] = (),
) -> list[Row]:
    """Return a row for every activity that occurs, in the order of `classes`, others after it."""
    seen = (segment.label for shown in (segments, beneath, checked) for segment in shown)
    labels = tuple(dict.fromkeys((*classes, *seen)))
    colors = dict(zip(labels, color_numbers(labels), strict=True))
    rows: dict[str, Row] = {}
    for place, shown in enumerate((segments, beneath, checked)):
        for segment in shown:
            row = rows.get(segment.label)
            if row is None:
                color = colors[segment.label]
                row = rows[segment.label] = Row(segment.label, color, Bars(), Bars(), Bars())
            (row.bars, row.beneath, row.checked)[place].segments.append(segment)
    for row in rows.values():
        for bars in (row.bars, row.beneath, row.checked):
            bars.arrange()
    return sorted(rows.values(), key=lambda row: labels.index(row.label))
