"""The model's own segments, and the user's corrections of them, with undo and redo."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lrcn_desktop.recognition.review.annotations import (
    LEAST,
    Annotation,
    Annotations,
    cut,
    healed,
)
from lrcn_desktop.recognition.review.intervals import Interval, touches, united, without
from lrcn_desktop.recognition.segments import Segment

if TYPE_CHECKING:
    from lrcn_desktop.recognition.history.history import History

MOST_UNDO = 500
_Step = tuple[Annotations | None, int]  # the int: the number of the model's result that it knows


@dataclass(frozen=True, slots=True)
class ModelSegments:
    """What a model has seen of a source.

    Attributes:
        model: Its name; "" for none.
        classes: What it knows, then what only `others` knew.
        segments: In order of their start; of one label never overlapping.
        covered: The times that were looked at, sorted and disjoint.
        others: The times (start, end, model) of these that only another model has looked at.
    """

    model: str = ""
    classes: tuple[str, ...] = ()
    segments: tuple[Segment, ...] = ()
    covered: tuple[Interval, ...] = ()
    others: tuple[tuple[float, float, str], ...] = ()

    @classmethod
    def of(cls, history: History) -> ModelSegments:
        """Return what a history holds by now."""
        others = tuple(seen for seen in history.seen_by() if seen[2] != history.model)
        segments, covered = tuple(history.segments()), tuple(history.covered())
        return cls(history.model, history.classes, segments, covered, others)

    def renewed(self, newer: ModelSegments) -> ModelSegments:
        """Return what was said before, but `newer` in all times that it has looked at again."""
        if not newer.covered:
            return self if self.model else newer
        parts = list(newer.segments)
        for segment in self.segments:
            span = (segment.start, segment.end)
            whole = not touches(span, newer.covered)
            parts += (
                [segment] if whole else [cut(segment, s) for s in without([span], newer.covered)]
            )
        segments = healed(parts)
        covered = united((*self.covered, *newer.covered))
        before = [*self.others]
        if newer.model != self.model:
            own = without(self.covered, [(start, end) for start, end, _ in self.others])
            before += [(start, end, self.model) for start, end in own]
        left = [
            (start, end, model)
            for first, last, model in before
            if model != newer.model
            for start, end in without([(first, last)], newer.covered)
        ]
        others = tuple(sorted((*left, *newer.others)))
        known = (*newer.classes, *(self.classes if others else ()))
        classes = tuple(dict.fromkeys(known))
        return ModelSegments(newer.model, classes, tuple(segments), covered, others)


@dataclass(frozen=True, slots=True)
class ReviewSnapshot:
    """All of a review that is stored between two openings; the undo history is not.

    Attributes:
        result: The model's.
        state: The user's; None where nothing was corrected.
    """

    result: ModelSegments = ModelSegments()
    state: Annotations | None = None


class Review:
    """Segments of one source, which the user corrects.

    Until the first correction the segments are the model's, whatever it still finds. From then on,
    what it finds in times that it had not looked at before is taken in, and nothing else of it:
    neither what the user touched nor what the user left as it was is changed by a second look. Undo
    leaves in what was taken in meanwhile.

    A segment is named by itself; where the model has lengthened or cut it meanwhile, the one of its
    label that overlaps it most is meant. A correction that changes nothing is none.

    Args:
        duration: Seconds of the source; None where it is unknown or endless.
        snapshot: What was stored when the source was open before.

    Attributes:
        duration: May be changed.
        result: What the model has seen: never changed by a correction.
    """

    def __init__(self, duration: float | None, snapshot: ReviewSnapshot | None = None) -> None:
        snapshot = snapshot or ReviewSnapshot()
        self.duration = duration
        self.result = snapshot.result
        self._state = snapshot.state
        self._followed: Annotations | None = (
            None  # the model's result as a state, once it was needed
        )
        self._number = 0  # of the model's result
        self._undo: deque[_Step] = deque(maxlen=MOST_UNDO)
        self._redo: deque[_Step] = deque(maxlen=MOST_UNDO)
        self._joining = self._joined = False

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The segments as they stand, in order of their start."""
        return tuple(item.segment for item in self.items)

    @property
    def items(self) -> tuple[Annotation, ...]:
        """The segments as they stand, and which of them the user set or confirmed."""
        return self._present.items

    @property
    def checked(self) -> tuple[Segment, ...]:
        """The segments that the user set or confirmed."""
        return tuple(item.segment for item in self.items if item.checked)

    @property
    def corrections(self) -> int:
        """How many changes the user made."""
        return self._present.corrections

    @property
    def begun(self) -> bool:
        """Whether anything was corrected or confirmed."""
        return self._state is not None

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether there is something to do again."""
        return bool(self._redo)

    @property
    def snapshot(self) -> ReviewSnapshot:
        """What is to be stored."""
        return ReviewSnapshot(self.result, self._state)

    def follow(self, result: ModelSegments) -> bool:
        """Take what the model has seen by now; say whether anything is different."""
        if result == self.result:
            return False
        same = self._number > 0 and result.model == self.result.model
        open_ends = [end for _, end in self.result.covered] if same else []
        self.result = result
        self._number += 1
        self._followed = None
        if self._state is not None:
            self._state = self._state.grow(result.segments, result.covered, open_ends)
        return True

    def find(self, segment: Segment | None) -> Segment | None:
        """Return the segment that `segment` is now, or None where it is gone."""
        item = None if segment is None else self._find(segment)
        return None if item is None else item.segment

    def relabel(self, segment: Segment, label: str) -> Segment | None:
        """Give a segment another label; return it."""
        item = self._find(segment)
        if item is None or (item.segment.label == label and item.checked):
            return None
        return self._put([item], replace(item.segment, label=label))

    def move_start(self, segment: Segment, time: float) -> Segment | None:
        """Let a segment begin at `time`, before its end; return it."""
        item = self._find(segment)
        if item is None:
            return None
        time = max(0.0, min(time, item.segment.end - LEAST))
        if time == item.segment.start or time >= item.segment.end:
            return None
        return self._put([item], replace(item.segment, start=time))

    def move_end(self, segment: Segment, time: float) -> Segment | None:
        """Let a segment end at `time`, after its start; return it."""
        item = self._find(segment)
        if item is None:
            return None
        time = self._within(max(time, item.segment.start + LEAST))
        if time == item.segment.end or time <= item.segment.start:
            return None
        return self._put([item], replace(item.segment, end=time))

    def split(self, segment: Segment, time: float) -> Segment | None:
        """Make two segments of one at `time`; return the second."""
        item = self._find(segment)
        if item is None:
            return None
        start, end = item.span
        if not start + LEAST <= time <= end - LEAST:
            return None
        return self._put([item], replace(item.segment, end=time), replace(item.segment, start=time))

    def delete(self, segment: Segment) -> bool:
        """Take a segment away; say whether there was one."""
        item = self._find(segment)
        if item is not None:
            self._do(self._present.put([item], []))
        return item is not None

    def add(self, start: float, end: float, label: str) -> Segment | None:
        """Add a segment, kept within the source; return it, joined with those of its label."""
        start, end = max(0.0, min(start, end)), self._within(max(start, end))
        if end - start < LEAST:
            return None
        return self._put([], Segment(start, end, label, None))

    def confirm(self, *segments: Segment) -> bool:
        """Say that segments are right as they are; say whether any was unconfirmed."""
        items = [item for s in segments if (item := self._find(s)) and not item.checked]
        if items:
            self._do(self._present.confirm(items))
        return bool(items)

    @contextmanager
    def one_step(self) -> Iterator[None]:
        """Let all corrections until the end of the block be undone together."""
        self._joining, self._joined = True, False
        try:
            yield
        finally:
            self._joining = False

    def undo(self) -> bool:
        """Take the last correction back; say whether there was one."""
        return self._swap(self._undo, self._redo)

    def redo(self) -> bool:
        """Do again what was taken back last; say whether there was anything."""
        return self._swap(self._redo, self._undo)

    @property
    def _present(self) -> Annotations:
        if self._state is not None:
            return self._state
        if self._followed is None:
            self._followed = Annotations.of(self.result.segments, self.result.covered)
        return self._followed

    def _within(self, time: float) -> float:
        return time if self.duration is None else min(time, self.duration)

    def _find(self, segment: Segment) -> Annotation | None:
        def common(item: Annotation) -> float:
            return min(item.segment.end, segment.end) - max(item.segment.start, segment.start)

        alike = (item for item in self.items if item.segment.label == segment.label)
        found = max(alike, key=common, default=None)
        return found if found is not None and common(found) > 0 else None

    def _put(self, removed: Sequence[Annotation], *added: Segment) -> Segment | None:
        added = tuple(replace(segment, confidence=None, origin="person") for segment in added)
        self._do(self._present.put(removed, added))
        return self.find(added[-1])

    def _do(self, state: Annotations) -> None:
        if not (self._joining and self._joined):
            self._undo.append((self._state, self._number))
        self._joined = True
        self._redo.clear()
        self._state = state

    def adopt(self, merge: Callable[[ReviewSnapshot], ReviewSnapshot]) -> None:
        """Take in what another window has corrected; undo and redo leave it in.

        Args:
            merge: Returns a review with the other window's corrections.
        """

        def merged(steps: Iterable[_Step]) -> list[_Step]:
            return [(merge(ReviewSnapshot(result, state)).state, number) for state, number in steps]

        result, snapshot = self.result, merge(self.snapshot)
        undo, redo = merged(self._undo), merged(self._redo)
        self.result, self._state, self._followed = snapshot.result, snapshot.state, None
        self._undo, self._redo = deque(undo, MOST_UNDO), deque(redo, MOST_UNDO)

    def _swap(self, source: deque[_Step], target: deque[_Step]) -> bool:
        if not source:
            return False
        target.append((self._state, self._number))
        state, number = source.pop()
        if state is not None and number != self._number:
            state = state.grow(self.result.segments, self.result.covered)
        self._state = state
        return True
