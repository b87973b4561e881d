"""What was recognized of one source so far, however it was reached."""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.errors import UserError
from lrcn_desktop.recognition.history.prediction_store import PredictionStore
from lrcn_desktop.recognition.history.runs import (
    TOUCHING,
    Run,
    Viewer,
    VisibleRun,
    append_segments,
    spread,
)
from lrcn_desktop.recognition.history.writer import HistoryWriter
from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.recognition.segments import MAX_GAP, SETTLED, Segment, Segmenter

if TYPE_CHECKING:  # not at the window's start
    from lrcn_desktop.recognition.analyze import Analysis
    from lrcn_desktop.recognition.recognizer import Recognizer

MOST_BYTES = 128 * 2**20  # of predictions: 17 hours at 10 steps per second and 101 classes


class History:
    """What was recognized of one source; safe to use from every thread.

    Writers push predictions. Each seek or reset begins a new run, and a later run replaces the
    earlier ones in the time that it covers, once it lasts a second: a glance does not undo what was
    seen in full. What a final writer (the analysis of the whole) says wins over all else that the
    same model says. Where another model takes over, what the one before has seen stays until the
    new one has looked at it too.

    Segments are made as predictions come, and those that show are kept. Of the predictions the
    newest `MOST_BYTES` are: 7.8 MB an hour, at 10 steps per second with 101 classes.

    Attributes:
        duration: Of the source, in seconds; None when live or unknown.
        version: Another number after every change.
        complete: Whether the model in use has analyzed the whole source.
    """

    def __init__(
        self,
        classes: Sequence[str],
        *,
        model: str = "",
        step_rate: float | None = None,
        frame_rate: float = 30.0,
        duration: float | None = None,
    ) -> None:
        """Begin with nothing of a source of `frame_rate` frames per second; see `use_model`."""
        self.duration, self.version, self.complete = duration, 0, False
        self._frame_rate = frame_rate
        self._lock = threading.Lock()
        self._visible: list[VisibleRun] = []  # in order, none over another
        self._runs: list[Run] = []  # in the order in which they began
        self._listed: tuple[int, list[Segment]] = (-1, [])
        self.use_model(classes, model, step_rate)

    def use_model(self, classes: Sequence[str], model: str, step_rate: float | None) -> None:
        """Let the writers from now on be of another model.

        Args:
            classes: What it knows, in the order of the probabilities.
            model: Its name.
            step_rate: Its steps per second; None: a step on every frame.
        """
        self._viewer = Viewer(model, tuple(classes), step_rate, self._frame_rate)
        self.complete = False
        self.version += 1

    @property
    def model(self) -> str:
        """The name of the model in use."""
        return self._viewer.model

    @property
    def step_rate(self) -> float | None:
        """The steps per second that the model in use took last; None: a step on every frame.

        Once it has analyzed the whole source, they are those of that analysis.
        """
        return self._viewer.step_rate

    @property
    def classes(self) -> tuple[str, ...]:
        """What the model in use knows, then what others know of whom something is left."""
        with self._lock:
            viewers = [self._viewer, *(part.run.viewer for part in self._visible)]
        return tuple(dict.fromkeys(label for viewer in viewers for label in viewer.classes))

    def writer(self, recognizer: Recognizer | None = None, *, final: bool = False) -> HistoryWriter:
        """Return a new way in: a listener of live recognition, or (final) the analysis'.

        Args:
            recognizer: Makes the predictions, at a step rate that may change; None: at the one that
                `use_model` was given.
            final: Whether what it says wins for good.
        """
        return HistoryWriter(self, self._viewer, recognizer, final)

    @property
    def stored_bytes(self) -> int:
        """What the predictions take."""
        return sum(run.store.rows * run.viewer.row_bytes for run in self._runs)

    @property
    def stored_segments(self) -> int:
        """Segments that ended, hidden ones too."""
        return sum(len(run.closed) for run in self._runs)

    def segments(self) -> list[Segment]:
        """Return all segments in order of their start, the open one included."""
        with self._lock:
            if self._listed[0] != self.version:
                found: list[Segment] = []
                for part in self._visible:
                    append_segments(found, part.run.segments(part.start, part.end))
                self._listed = (self.version, found)
            return self._listed[1].copy()

    def covered(self) -> list[tuple[float, float]]:
        """Return the times (start, end), in seconds, of which something is known, in order."""
        return [(start, end) for start, end, _ in self._joined(by_model=False)]

    def seen_by(self) -> list[tuple[float, float, str]]:
        """Return the times (start, end, model) of which something is known, in order."""
        return self._joined(by_model=True)

    def _joined(self, *, by_model: bool) -> list[tuple[float, float, str]]:
        with self._lock:
            visible = [(p.start, p.end, p.run.viewer) for p in self._visible]
        joined: list[tuple[float, float, str]] = []
        for start, end, viewer in visible:
            near = bool(joined) and start <= joined[-1][1] + viewer.hold
            if near and not (by_model and viewer.model != joined[-1][2]):
                joined[-1] = (joined[-1][0], end, joined[-1][2])
            else:
                joined.append((start, end, viewer.model))
        return joined

    def predictions(self, start: float = -np.inf, end: float = np.inf) -> list[Prediction]:
        """Return the predictions from `start` up to `end` seconds that are kept, in order.

        Their probabilities are those of `classes`, NaN for what the model that was looking does not
        know, and rounded (see `PredictionStore`). Takes about 50 ms for an hour.
        """
        classes = self.classes
        with self._lock:
            return [
                spread(prediction, part.run.viewer.classes, classes)
                for part in self._visible
                for prediction in part.run.store.between(max(start, part.start), min(end, part.end))
            ]

    def curves(self, start: float, end: float, columns: int) -> NDArray[np.float32]:
        """Return the probabilities over a stretch of time as (columns, C), NaN where unknown.

        Each column is a moment from `start` to `end` seconds; the classes are those of `classes`.
        It takes a millisecond or two, however long the stretch is.
        """
        classes = self.classes
        found = np.full((columns, len(classes)), np.nan, np.float32)
        moments = start + (np.arange(columns) + 0.5) * (end - start) / max(columns, 1)
        with self._lock:
            for part in self._overlapping(start, end):
                run = part.run
                inside = (moments >= part.start) & (moments < part.end)
                first = max(start, part.start) - MAX_GAP
                times, shares = run.store.sample(first, min(end, part.end), 4 * columns)
                if not len(times) or not inside.any():
                    continue
                place = np.searchsorted(times, moments[inside], "right") - 1
                wanted = [classes.index(label) for label in run.viewer.classes]
                rows = np.flatnonzero(inside)[place >= 0]
                found[rows[:, None], np.array(wanted)] = shares[place[place >= 0]]
        return found

    def analyzed_at(self, time: float, *, passing: bool = False) -> Prediction | None:
        """Return what the analysis by the model in use said of a moment, in seconds; None: nothing.

        Its classes are those of the model in use. With `passing`, what that model said while the
        source played counts too.
        """
        viewer = self._viewer
        with self._lock:
            here = self._overlapping(time, time + TOUCHING)
            seen = (p for p in here if p.wins(viewer) or (passing and p.run.viewer is viewer))
            if (part := next(seen, None)) is None:
                return None
            first = max(part.start, time - MAX_GAP)
            found = list(part.run.store.between(first, time + TOUCHING))
            return found[-1] if found else None

    def analysis(self, source: str) -> Analysis:
        """Return what is known as the analysis of a source of that name.

        Raises:
            UserError: Nothing is known yet.
        """
        from lrcn_desktop.recognition.analyze import Analysis

        classes = self.classes
        predictions, covered = self.predictions(), self.covered()
        if not predictions:
            raise UserError(
                f"Nothing was recognized of {source} so far: play it, or analyze the whole video."
            )
        weights = np.array([p.steps for p in predictions], np.float64)
        known = np.nan_to_num([p.probabilities for p in predictions])
        mean = np.average(known, axis=0, weights=weights)
        models = dict.fromkeys(model for _, _, model in self.seen_by())
        return Analysis(
            source=source,
            model=", ".join(models),
            classes=classes,
            step_rate=self.step_rate,
            predictions=predictions,
            segments=self.segments(),
            summary_label=classes[int(mean.argmax())],
            summary_confidence=float(mean.max()),
            timing={
                "steps": len(predictions),
                "video_seconds": sum(end - start for start, end in covered),
            },
        )

    def follow(self, viewer: Viewer, recognizer: Recognizer, *, final: bool) -> None:
        """Take on the step rate of the recognizer that writes."""
        if final or viewer is not self._viewer or not self.complete:
            viewer.step_rate = recognizer.step_rate

    def push(
        self, viewer: Viewer, run: Run | None, prediction: Prediction, *, final: bool
    ) -> Run | None:
        """Add a prediction and return its run; None where the analysis has been already."""
        time = prediction.time
        with self._lock:
            segmenter = Segmenter(viewer.classes)
            if run is not None and run.is_cut:
                self._finish(run, self._held(run))
                run = None
            if not final and self._is_final(time, viewer):
                if run is not None:
                    self._finish(run, run.last)
                return None
            if run is not None and not 0 <= time - run.last <= MAX_GAP:
                # The segmenter goes on, as it does in an analysis: it knows what a gap ends.
                segmenter, run.segmenter = run.segmenter, segmenter
                run.closed += segmenter.push(prediction)
                self._finish(run, self._held(run))
                run = self._new_run(viewer, segmenter, time, final)
            else:
                run = run or self._new_run(viewer, segmenter, time, final)
                run.closed += run.segmenter.push(prediction)
            run.store.append(prediction)
            run.last = time
            self._grow(run, self._held(run))
            self._bound()
            self.version += 1
            return run

    def _new_run(self, viewer: Viewer, segmenter: Segmenter, time: float, final: bool) -> Run:
        store = PredictionStore(viewer.classes)
        run = Run(viewer, final, store, segmenter, time, time)
        self._runs.append(run)
        return run

    def end(self, run: Run, end: float | None, *, complete: bool) -> None:
        """Close a run at `end` seconds, None: where its last prediction ceases to hold."""
        with self._lock:
            self._finish(run, self._held(run) if end is None else end)
            self.complete = self.complete or (complete and run.viewer is self._viewer)
            self.version += 1

    def _held(self, run: Run) -> float:
        """Return until when a run's last prediction holds, in seconds."""
        end = run.last + run.viewer.hold
        return end if self.duration is None else max(run.last, min(end, self.duration))

    def _finish(self, run: Run, end: float) -> None:
        run.closed += run.segmenter.finish(end)
        if run.part is None:
            self._runs.remove(run)  # too short to replace what was there
        elif not run.is_cut:
            self._grow(run, end)

    def _grow(self, run: Run, end: float) -> None:
        """Let a run count up to `end`, in the place of what was there."""
        if not run.final:
            later = (p for p in self._visible if p.start >= run.last)
            end = min(end, next((p.start for p in later if p.wins(run.viewer)), end))
        part = run.part
        if part is None:
            there = self._overlapping(run.start, end)
            new = end - run.start < SETTLED
            if not run.final and any(new or p.wins(run.viewer) for p in there):
                return
            part = run.part = VisibleRun(run, run.start, run.start)
        if end > part.end:
            self._cut(part.end, end)
            if part.start == part.end:
                insort(self._visible, part, key=lambda p: p.start)
            part.end = end
        run.end = part.end

    def _cut(self, start: float, end: float) -> None:
        """Take the time from `start` to `end` from all visible runs."""
        for part in self._overlapping(start, end):
            if part.start < start and part.end > end:
                left = VisibleRun(part.run, part.start, start)
                self._visible.insert(self._visible.index(part), left)
                part.start = end  # it is this one that may still grow
            elif part.start < start:
                part.end = start
            elif part.end > end:
                part.start = end
            else:
                self._visible.remove(part)
                part.end = part.start
            self._tidy(part.run)

    def _overlapping(self, start: float, end: float) -> list[VisibleRun]:
        first = bisect_right(self._visible, start, key=lambda p: p.end)
        return self._visible[first : bisect_left(self._visible, end, key=lambda p: p.start)]

    def _is_final(self, time: float, viewer: Viewer) -> bool:
        return any(p.wins(viewer) for p in self._overlapping(time, time + TOUCHING))

    def _tidy(self, run: Run) -> None:
        """Free what nothing shows any more of a run."""
        spans = [(p.start, p.end) for p in self._visible if p.run is run]
        run.keep_only(spans)
        if not spans:
            self._runs.remove(run)

    def _bound(self) -> None:
        """Free the oldest predictions where there are too many."""
        while self.stored_bytes > MOST_BYTES:
            next(s for s in self._runs if s.store.rows).store.forget_oldest()
