"""What stands after a number of corrections, as values that never change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lrcn_desktop.recognition.review.intervals import (
    Interval,
    overlapping,
    touches,
    united,
    without,
)
from lrcn_desktop.recognition.segments import Segment, joined

LEAST = 0.05  # seconds: a shorter segment can be neither seen nor grasped
UNSETTLED = 2.0  # seconds before where the model stands, in which segments may still change


@dataclass(frozen=True, slots=True)
class Annotation:
    """A segment, and whether the user has set or confirmed it."""

    segment: Segment
    checked: bool = False

    @property
    def span(self) -> Interval:
        """Its start and end."""
        return (self.segment.start, self.segment.end)


@dataclass(frozen=True, slots=True)
class Annotations:
    """The segments after some corrections.

    Attributes:
        items: Sorted by start, end and label; those of one label never overlap.
        taken: The times of which the model's result was taken in.
        decided: The times of which the user decided.
        corrections: How many changes the user made.
    """

    items: tuple[Annotation, ...]
    taken: tuple[Interval, ...] = ()
    decided: tuple[Interval, ...] = ()
    corrections: int = 0

    @classmethod
    def of(cls, model: Sequence[Segment], covered: Sequence[Interval]) -> Annotations:
        """Return the model's own result, of what it has looked at so far."""
        return cls(ordered(Annotation(segment) for segment in model), tuple(covered))

    def put(self, removed: Sequence[Annotation], added: Sequence[Segment]) -> Annotations:
        """Return what stands when the user replaces `removed` by `added`.

        An added segment joins those of its label that it overlaps, and the model's segments of
        other labels give way to it; what the user has checked stays.
        """
        items = [item for item in self.items if item not in removed]
        spans = [item.span for item in removed]
        for segment in added:
            whole, items = _join(segment, items)
            spans.append((whole.start, whole.end))
            items = [part for item in items for part in _give_way(item, whole)]
            items.append(Annotation(whole, checked=True))
        decided = united((*self.decided, *spans))
        return Annotations(ordered(items), self.taken, decided, self.corrections + 1)

    def confirm(self, confirmed: Sequence[Annotation]) -> Annotations:
        """Return what stands when the user finds some segments right as they are."""
        items = (replace(i, checked=i.checked or i in confirmed) for i in self.items)
        decided = united((*self.decided, *(item.span for item in confirmed)))
        return replace(self, items=tuple(items), decided=decided)

    def grow(
        self, model: Sequence[Segment], covered: Sequence[Interval], open_ends: Sequence[float] = ()
    ) -> Annotations:
        """Take in what the model has seen since.

        Args:
            model: The model's segments.
            covered: The times that it has looked at.
            open_ends: Where it stood just before. When it goes on from there, the last two seconds
                are taken in again: only now it knows what began in them.

        Returns:
            This state with the model's segments in the times that are neither taken nor the user's.
        """
        checked = [item for item in self.items if item.checked]
        persons = [*self.decided, *(item.span for item in checked)]
        fresh = without(covered, (*self.taken, *persons))
        if not fresh:
            return self
        again = [(start - UNSETTLED, start) for start, _ in fresh if start in open_ends]
        fresh = without((*fresh, *overlapping(again, covered)), persons)
        kept: list[Annotation] = []
        parts: list[Segment] = []
        for item in self.items:
            if item.checked or not touches(item.span, fresh):
                kept.append(item)
            else:
                parts += [cut(item.segment, span) for span in without([item.span], fresh)]
        seen = [segment for segment in model if touches((segment.start, segment.end), fresh)]
        parts += [cut(s, span) for s in seen for span in overlapping([(s.start, s.end)], fresh)]
        items = ordered([*kept, *(Annotation(segment) for segment in healed(parts))])
        return replace(self, items=items, taken=united((*self.taken, *covered)))


def ordered(items: Iterable[Annotation]) -> tuple[Annotation, ...]:
    """Return `items` in order of their start, end and label."""
    return tuple(sorted(items, key=lambda i: (i.segment.start, i.segment.end, i.segment.label)))


def cut(segment: Segment, span: Interval) -> Segment:
    """Return the part of `segment` in `span`, which lies in it; itself where that is all of it."""
    whole = span == (segment.start, segment.end)
    return segment if whole else replace(segment, start=span[0], end=span[1])


def healed(parts: list[Segment]) -> list[Segment]:
    """Return `parts` in order, those of one label that touch made one, and without slivers."""
    healthy: dict[str, list[Segment]] = {}
    for part in sorted(parts, key=lambda s: s.start):
        done = healthy.setdefault(part.label, [])
        if done and part.start <= done[-1].end:
            done[-1] = joined(done[-1], part)
        else:
            done.append(part)
    found = [s for done in healthy.values() for s in done if s.end - s.start >= LEAST]
    return sorted(found, key=lambda s: (s.start, s.end, s.label))


def _join(segment: Segment, items: list[Annotation]) -> tuple[Segment, list[Annotation]]:
    """Return `segment` together with all of its label that it overlaps, and the other items."""
    start, end = segment.start, segment.end
    while True:
        met = [i for i in items if i.segment.label == segment.label and _meets(i, start, end)]
        if not met:
            return replace(segment, start=start, end=end), items
        start = min(start, *(i.segment.start for i in met))
        end = max(end, *(i.segment.end for i in met))
        items = [item for item in items if item not in met]


def _give_way(item: Annotation, new: Segment) -> list[Annotation]:
    """Return what is left of `item` beside the user's new segment."""
    if item.checked or not _meets(item, new.start, new.end):
        return [item]
    spans = without([item.span], [(new.start, new.end)])
    return [Annotation(cut(item.segment, s)) for s in spans if s[1] - s[0] >= LEAST]


def _meets(item: Annotation, start: float, end: float) -> bool:
    return item.segment.start < end and start < item.segment.end
