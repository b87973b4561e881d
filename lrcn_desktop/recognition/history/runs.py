"""Unbroken runs of predictions, their segments, and the parts of them that are visible."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from lrcn_desktop.recognition.history.prediction_store import PredictionStore
from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.recognition.segments import Segment, Segmenter, joined

TOUCHING = 1e-6  # seconds between segments that are one, cut in two


@dataclass(eq=False, slots=True)
class Viewer:
    """A model as it looks at a source.

    Attributes:
        model: Its name.
        classes: What it knows, in the order of its probabilities.
        step_rate: The steps per second that it took last, in the analysis of the whole if there was
            one; None: a step on every frame.
        frame_rate: The source's frames per second.
    """

    model: str
    classes: tuple[str, ...]
    step_rate: float | None
    frame_rate: float

    @property
    def hold(self) -> float:
        """Seconds for which a prediction stands."""
        return 1.0 / min(self.step_rate or self.frame_rate, self.frame_rate)

    @property
    def row_bytes(self) -> int:
        """What a kept prediction takes."""
        return 2 * len(self.classes) + 16


@dataclass(eq=False, slots=True)
class Run:
    """Predictions of one model without a gap, and their segments.

    Attributes:
        viewer: The model.
        final: Whether it is of the analysis, and wins over what is not.
        store: The predictions.
        segmenter: Turns them into segments.
        closed: The segments that have ended.
        start: The first prediction's time.
        last: The last one's.
        part: Its part that grows, None until it counts.
        end: Where that has to end: if it does not, something has replaced it.
    """

    viewer: Viewer
    final: bool
    store: PredictionStore
    segmenter: Segmenter
    start: float
    last: float
    closed: list[Segment] = field(default_factory=list)
    part: VisibleRun | None = None
    end: float = 0.0

    @property
    def is_cut(self) -> bool:
        """Whether something has replaced its end."""
        return self.part is not None and self.part.end != self.end

    def keep_only(self, spans: Sequence[tuple[float, float]]) -> None:
        """Forget the predictions, and the ended segments, outside these times (in order)."""
        self.store.keep_only(spans)
        kept: list[Segment] = []
        done = 0
        for start, end in spans:
            first, last = self._between(start, end)
            kept += self.closed[max(first, done) : last]
            done = max(done, last)
        self.closed = kept

    def segments(self, start: float, end: float) -> list[Segment]:
        """Return the segments in a part of the run, cut off at its ends."""
        first, last = self._between(start, end)
        found = self.closed[first:last]
        current = self.segmenter.current
        if current is not None and current.start < end and current.end > start:
            found.append(current)
        for place in {0, len(found) - 1} if found else ():
            whole = found[place]
            inside = replace(whole, start=max(whole.start, start), end=min(whole.end, end))
            found[place] = inside
        return found

    def _between(self, start: float, end: float) -> tuple[int, int]:
        first = bisect_right(self.closed, start, key=lambda s: s.end)
        return first, bisect_left(self.closed, end, key=lambda s: s.start)


@dataclass(eq=False, slots=True)
class VisibleRun:
    """The part of a run, from `start` to `end` seconds, that nothing has replaced."""

    run: Run
    start: float
    end: float

    def wins(self, viewer: Viewer) -> bool:
        """Whether it is of the analysis by `viewer`, over which that says nothing else."""
        return self.run.final and self.run.viewer is viewer


def append_segments(found: list[Segment], more: list[Segment]) -> None:
    """Add segments that follow; a first one that goes on with the last becomes one with it."""
    if found and more:
        last, first = found[-1], more[0]
        if last.label == first.label and first.start - last.end <= TOUCHING:
            found[-1] = joined(last, first)
            more = more[1:]
    found += more


def spread(prediction: Prediction, known: tuple[str, ...], classes: tuple[str, ...]) -> Prediction:
    """Return a prediction of the `known` classes as one of `classes`, NaN for the others."""
    if known == classes:
        return prediction
    probabilities = np.full(len(classes), np.nan, np.float32)
    probabilities[[classes.index(label) for label in known]] = prediction.probabilities
    return replace(prediction, probabilities=probabilities)
