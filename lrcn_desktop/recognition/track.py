"""What was recognized of one source so far, however it was reached."""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from lrcn_desktop.errors import UserError
from lrcn_desktop.recognition.kept import KeptPredictions
from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.recognition.segments import MAX_GAP, Segment, Segmenter
from lrcn_desktop.recognition.stretch import (
    TOUCHING,
    Piece,
    Stretch,
    Viewer,
    append_segments,
    spread,
)

if TYPE_CHECKING:  # not at the window's start
    from lrcn_desktop.recognition.analyze import Analysis

MOST_BYTES = 128 * 2**20  # of predictions: 17 hours at 10 steps a second and 101 classes
_SETTLED = 1.0  # seconds that a stretch must last before it replaces what an earlier one said


class Track:
    """What was recognized of one source; safe to use from every thread.

    Writers push predictions. Each seek or reset begins a new stretch, and a later stretch replaces
    the earlier ones in the time that it covers, once it lasts a second: a glance does not undo what
    was seen in full. What a final writer (the analysis of the whole) says wins over all else that
    the same model says. Where another model takes over, what the one before has seen stays until
    the new one has looked at it too.

    Segments are made as predictions come, never anew, and all are kept. Of the predictions the
    newest `MOST_BYTES` are: an hour at 10 steps per second takes 7.8 MB with 101 classes.

    Attributes:
        duration: Of the source, in seconds; None when live or unknown.
        version: Another number after every change.
        complete: Whether the model in use has analysed the whole source.
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
        self.duration = duration
        self.version = 0
        self.complete = False
        self._frame_rate = frame_rate
        self._lock = threading.Lock()
        self._pieces: list[Piece] = []  # in order, none over another
        self._stretches: list[Stretch] = []  # in the order in which they began
        self._listed: tuple[int, list[Segment]] = (-1, [])
        self.use_model(classes, model, step_rate)

    def use_model(self, classes: Sequence[str], model: str, step_rate: float | None) -> None:
        """Let the writers from now on be of another model.

        Args:
            classes: What it knows, in the order of the probabilities.
            model: Its name.
            step_rate: Its steps per second; None: a step on every frame.
        """
        hold = 1.0 / min(step_rate or self._frame_rate, self._frame_rate)
        self._viewer = Viewer(model, tuple(classes), step_rate, hold)
        self.complete = False
        self.version += 1

    @property
    def model(self) -> str:
        """The name of the model in use."""
        return self._viewer.model

    @property
    def step_rate(self) -> float | None:
        """The steps per second of the model in use; None: a step on every frame."""
        return self._viewer.step_rate

    @property
    def classes(self) -> tuple[str, ...]:
        """What the model in use knows, then what others know of whom something is left."""
        with self._lock:
            viewers = [self._viewer, *(piece.stretch.viewer for piece in self._pieces)]
        return tuple(dict.fromkeys(label for viewer in viewers for label in viewer.classes))

    def writer(self, *, final: bool = False) -> TrackWriter:
        """Return a new way in: a listener of live recognition, or (final) the analysis'."""
        return TrackWriter(self, self._viewer, final)

    def segments(self) -> list[Segment]:
        """Return all segments in order of their start, the open one included."""
        with self._lock:
            if self._listed[0] != self.version:
                found: list[Segment] = []
                for piece in self._pieces:
                    append_segments(found, piece.stretch.segments(piece.start, piece.end))
                self._listed = (self.version, found)
            return self._listed[1].copy()

    def covered(self) -> list[tuple[float, float]]:
        """Return the stretches (start, end), in seconds, of which something is known, in order."""
        return [(start, end) for start, end, _ in self._joined(by_model=False)]

    def seen_by(self) -> list[tuple[float, float, str]]:
        """Return the stretches (start, end, model) of which something is known, in order."""
        return self._joined(by_model=True)

    def _joined(self, *, by_model: bool) -> list[tuple[float, float, str]]:
        with self._lock:
            pieces = [(p.start, p.end, p.stretch.viewer) for p in self._pieces]
        joined: list[tuple[float, float, str]] = []
        for start, end, viewer in pieces:
            near = bool(joined) and start <= joined[-1][1] + viewer.hold
            if near and not (by_model and viewer.model != joined[-1][2]):
                joined[-1] = (joined[-1][0], end, joined[-1][2])
            else:
                joined.append((start, end, viewer.model))
        return joined

    def predictions(self, start: float = -np.inf, end: float = np.inf) -> list[Prediction]:
        """Return the predictions from `start` up to `end` seconds that are kept, in order.

        Their probabilities are those of `classes`, NaN for what the model that was looking does not
        know, and rounded (see `KeptPredictions`). Takes about 50 ms for an hour.
        """
        classes = self.classes
        with self._lock:
            return [
                spread(prediction, piece.stretch.viewer.classes, classes)
                for piece in self._pieces
                for prediction in piece.stretch.kept.between(
                    max(start, piece.start), min(end, piece.end)
                )
            ]

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
                f"Nothing was recognized of {source} so far: play it, or analyse the whole video."
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

    def _push(
        self, viewer: Viewer, stretch: Stretch | None, prediction: Prediction, *, final: bool
    ) -> Stretch | None:
        """Add a prediction and return its stretch; None where the analysis has been already."""
        time = prediction.time
        with self._lock:
            segmenter = Segmenter(viewer.classes)
            if stretch is not None and _is_cut(stretch):
                self._finish(stretch, self._held(stretch))
                stretch = None
            if not final and self._is_final(time, viewer):
                if stretch is not None:
                    self._finish(stretch, stretch.last)
                return None
            if stretch is not None and not 0 <= time - stretch.last <= MAX_GAP:
                # The segmenter goes on, as it does in an analysis: it knows what a gap ends.
                segmenter, stretch.segmenter = stretch.segmenter, segmenter
                stretch.closed += segmenter.push(prediction)
                self._finish(stretch, self._held(stretch))
                stretch = self._new_stretch(viewer, segmenter, time, final)
            else:
                stretch = stretch or self._new_stretch(viewer, segmenter, time, final)
                stretch.closed += stretch.segmenter.push(prediction)
            stretch.kept.append(prediction)
            stretch.last = time
            self._grow(stretch, self._held(stretch))
            self._bound()
            self.version += 1
            return stretch

    def _new_stretch(
        self, viewer: Viewer, segmenter: Segmenter, time: float, final: bool
    ) -> Stretch:
        kept = KeptPredictions(viewer.classes)
        stretch = Stretch(viewer, final, kept, segmenter, time, time)
        self._stretches.append(stretch)
        return stretch

    def _end(self, stretch: Stretch, end: float | None, *, complete: bool) -> None:
        """Close a stretch at `end` seconds, None: where its last prediction ceases to hold."""
        with self._lock:
            self._finish(stretch, self._held(stretch) if end is None else end)
            self.complete = self.complete or (complete and stretch.viewer is self._viewer)
            self.version += 1

    def _held(self, stretch: Stretch) -> float:
        """Return until when a stretch's last prediction holds, in seconds."""
        end = stretch.last + stretch.viewer.hold
        return end if self.duration is None else max(stretch.last, min(end, self.duration))

    def _finish(self, stretch: Stretch, end: float) -> None:
        stretch.closed += stretch.segmenter.finish(end)
        if stretch.piece is None:
            self._stretches.remove(stretch)  # too short to replace what was there
        elif not _is_cut(stretch):
            self._grow(stretch, end)

    def _grow(self, stretch: Stretch, end: float) -> None:
        """Let a stretch count up to `end`, in the place of what was there."""
        if not stretch.final:
            later = (p for p in self._pieces if p.start >= stretch.last)
            end = min(end, next((p.start for p in later if _wins(p, stretch.viewer)), end))
        piece = stretch.piece
        if piece is None:
            there = self._overlapping(stretch.start, end)
            new = end - stretch.start < _SETTLED
            if not stretch.final and any(new or _wins(p, stretch.viewer) for p in there):
                return
            piece = stretch.piece = Piece(stretch, stretch.start, stretch.start)
        if end > piece.end:
            self._cut(piece.end, end)
            if piece.start == piece.end:
                insort(self._pieces, piece, key=lambda p: p.start)
            piece.end = end
        stretch.end = piece.end

    def _cut(self, start: float, end: float) -> None:
        """Take the time from `start` to `end` from all pieces."""
        for piece in self._overlapping(start, end):
            if piece.start < start and piece.end > end:
                left = Piece(piece.stretch, piece.start, start)
                self._pieces.insert(self._pieces.index(piece), left)
                piece.start = end  # it is this one that may still grow
            elif piece.start < start:
                piece.end = start
            elif piece.end > end:
                piece.start = end
            else:
                self._pieces.remove(piece)
                piece.end = piece.start
            self._tidy(piece.stretch)

    def _overlapping(self, start: float, end: float) -> list[Piece]:
        first = bisect_right(self._pieces, start, key=lambda p: p.end)
        last = bisect_left(self._pieces, end, key=lambda p: p.start)
        return self._pieces[first:last]

    def _is_final(self, time: float, viewer: Viewer) -> bool:
        return any(_wins(p, viewer) for p in self._overlapping(time, time + TOUCHING))

    def _tidy(self, stretch: Stretch) -> None:
        """Free what nothing shows any more of a stretch."""
        spans = [(p.start, p.end) for p in self._pieces if p.stretch is stretch]
        stretch.kept.keep_only(spans)
        if not spans:
            self._stretches.remove(stretch)

    def _bound(self) -> None:
        """Free the oldest predictions where there are too many."""
        while sum(s.kept.rows * s.viewer.row_bytes for s in self._stretches) > MOST_BYTES:
            next(s for s in self._stretches if s.kept.rows).kept.forget_oldest()


class TrackWriter:
    """One who pushes predictions into a track: a listener, for one thread."""

    def __init__(self, track: Track, viewer: Viewer, final: bool) -> None:
        self._track, self._viewer, self._final = track, viewer, final
        self._stretch: Stretch | None = None

    def forget(self) -> None:
        """End the stretch: what comes next follows a seek, a restart or a reset."""
        self.finish()

    def push(self, prediction: Prediction) -> None:
        """Take the next prediction."""
        self._stretch = self._track._push(
            self._viewer, self._stretch, prediction, final=self._final
        )

    def finish(self, end: float | None = None, *, complete: bool = False) -> None:
        """End the stretch at `end` seconds, None: at once; `complete`: so does the source."""
        stretch, self._stretch = self._stretch, None
        if stretch is not None:
            self._track._end(stretch, end, complete=complete)


def _is_cut(stretch: Stretch) -> bool:
    """Whether something has replaced the end of a stretch."""
    return stretch.piece is not None and stretch.piece.end != stretch.end


def _wins(piece: Piece, viewer: Viewer) -> bool:
    """Whether a piece is of the analysis by `viewer`, over which it says nothing else."""
    return piece.stretch.final and piece.stretch.viewer is viewer
