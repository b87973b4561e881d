"""Predictions into activity segments, with hysteresis; the same for live use and files."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from lrcn_desktop.recognition.prediction import Prediction

Origin = Literal["model", "person"]
MAX_GAP = 1.0  # seconds between predictions, beyond which nobody knows what happened
SETTLED = 1.0  # seconds that a look must last before it replaces what an earlier one said
_ROUNDING = 1e-9  # seconds: sums of time differences are not exact


@dataclass(frozen=True, slots=True)
class Segment:
    """One activity from `start` to `end` (seconds of the source, start < end).

    Attributes:
        start: When it began to lead.
        end: When it ceased to.
        label: The activity.
        confidence: The mean of its probability over the segment's steps, 0..1; None where nobody
            measured it: the user has set the segment.
        origin: Who says so.
    """

    start: float
    end: float
    label: str
    confidence: float | None
    origin: Origin = "model"


def joined(one: Segment, other: Segment) -> Segment:
    """Return `one` and a later segment of its label that touches or overlaps it as one.

    Its confidence is the mean of theirs, weighted by how long they last.
    """
    both = [s for s in (one, other) if s.confidence is not None]
    seconds = sum(s.end - s.start for s in both)
    weighted = sum(s.confidence * (s.end - s.start) for s in both if s.confidence is not None)
    mean = weighted / seconds if both else None
    return replace(one, end=max(one.end, other.end), confidence=mean)


@dataclass(slots=True)
class _Run:
    """A time since which something has been so more often than not.

    Attributes:
        start: Seconds.
        total: The sum of the label's probability over the steps before `start`.
        steps: How many steps those are.
        lead: Seconds for it less twice the seconds against it, so never while it flickers.
    """

    start: float
    total: float
    steps: int
    lead: float = 0.0

    def advance(self, seconds: float, holds: bool) -> bool:
        """Count `seconds` for or against; False when the run has ended."""
        self.lead += seconds if holds else -2 * seconds
        return holds or self.lead > _ROUNDING


class Segmenter:
    """Builds segments prediction by prediction, in memory that does not grow.

    A label opens a segment once it has led for `enter` seconds, and the segment is dated back to
    when it began to lead. The open segment ends when another opens, or once its label has not led
    for `leave` seconds; it is dated back likewise. Time against a run counts twice, so that a
    flicker neither opens, splits nor ends anything.

    Args:
        classes: The activities, in the order of the probabilities.
        enter: Seconds that a label must lead to open, above 0.
        leave: Seconds that the open label must be out of the lead to end.
    """

    def __init__(self, classes: Sequence[str], *, enter: float = 0.5, leave: float = 1.0) -> None:
        self._classes = tuple(classes)
        self._index = {label: index for index, label in enumerate(classes)}
        self._enter, self._leave = enter, leave
        self._restart()

    def _restart(self) -> None:
        """Forget everything: a new stretch of predictions without gaps begins."""
        self._sums = np.zeros(len(self._classes))  # of the probabilities, over the steps so far
        self._steps = self._known = 0
        self._begin: float | None = None  # the stretch's
        self._time = 0.0  # the last prediction's
        self._label: str | None = None  # the last prediction's
        self._open: str | None = None
        self._run: _Run | None = None  # the open label's
        self._absence: _Run | None = None  # the open label's time out of the lead
        self._challengers: dict[str, _Run] = {}
        self._opened = False

    @property
    def current(self) -> Segment | None:
        """The open segment, so far."""
        return self._segment(self._time, None)

    @property
    def lasted(self) -> float:
        """Seconds that the open segment will have lasted, whatever comes next; 0 without one."""
        if self._run is None:
            return 0.0
        until = self._time if self._absence is None else self._absence.start
        return until - self._run.start

    def push(self, prediction: Prediction) -> list[Segment]:
        """Take the next prediction and return the segments that it closed, in order.

        A gap of more than a second, or a step back in time, closes the open segment at the
        last prediction's time.
        """
        closed: list[Segment] = []
        if self._begin is not None:
            if 0 <= prediction.time - self._time <= MAX_GAP:
                closed = self._advance(prediction.time)
            else:
                closed = self._close(self._time)
                self._restart()
        if self._begin is None:
            self._begin = prediction.time
        label = prediction.label
        if self._open is not None and label != self._open and self._absence is None:
            self._absence = self._new_run(prediction.time, self._open)
        if label is not None and label != self._open and label not in self._challengers:
            self._challengers[label] = self._new_run(prediction.time, label)
        self._sums += prediction.probabilities * prediction.steps
        self._steps += prediction.steps
        self._known += prediction.steps if label is not None else 0
        self._time, self._label = prediction.time, label
        return closed

    def finish(self, time: float) -> list[Segment]:
        """End the stream at `time` and return the segments still to come; then start afresh.

        A stream too short for any label to open gives one segment of the label with the highest
        mean probability, if something known was seen in most of it.
        """
        if self._begin is None:
            return []
        end = time if 0 <= time - self._time <= MAX_GAP else self._time
        closed = self._advance(end) + self._close(end)
        if not self._opened and self._begin < end < self._begin + self._enter:
            mean = self._sums / self._steps
            if 2 * self._known > self._steps:
                best = int(mean.argmax())
                closed = [Segment(self._begin, end, self._classes[best], float(mean[best]))]
        self._restart()
        return closed

    def _new_run(self, time: float, label: str) -> _Run:
        return _Run(time, float(self._sums[self._index[label]]), self._steps)

    def _advance(self, time: float) -> list[Segment]:
        """Count the time since the last prediction for its label; return what that closes."""
        seconds = time - self._time
        for label, run in list(self._challengers.items()):
            if not run.advance(seconds, label == self._label):
                del self._challengers[label]
        absence = self._absence
        if absence is not None and not absence.advance(seconds, self._label != self._open):
            self._absence = absence = None
        leader = self._challengers.get(self._label) if self._label is not None else None
        if leader is not None and leader.lead >= self._enter - _ROUNDING:
            closed = self._close(leader.start)
            self._open, self._run, self._opened = self._label, leader, True
            self._challengers.clear()
            return closed
        if absence is not None and absence.lead >= self._leave - _ROUNDING:
            return self._close(absence.start)
        return []

    def _close(self, time: float) -> list[Segment]:
        """Close the open segment at `time`, or when its label lost the lead before that."""
        segment = self._segment(time, self._absence)
        self._open = self._run = self._absence = None
        return [segment] if segment is not None else []

    def _segment(self, time: float, until: _Run | None) -> Segment | None:
        """Return the open segment up to where `until` began, or up to now, which is `time`."""
        if self._open is None or self._run is None:
            return None
        if until is None:
            until = self._new_run(time, self._open)
        if not self._run.start < until.start:
            return None
        mean = (until.total - self._run.total) / (until.steps - self._run.steps)
        return Segment(self._run.start, until.start, self._open, min(max(mean, 0.0), 1.0))


def segments(
    predictions: Iterable[Prediction], classes: Sequence[str], end: float
) -> list[Segment]:
    """Return the segments of a whole source that ends at `end` seconds, in order."""
    segmenter = Segmenter(classes)
    closed = [segment for prediction in predictions for segment in segmenter.push(prediction)]
    return closed + segmenter.finish(end)
