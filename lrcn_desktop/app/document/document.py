"""What is open, what was recognized of it and what the user made of that; without widgets."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from lrcn_desktop.app.document.loading import load_recognizer
from lrcn_desktop.app.document.result import Result, current_result
from lrcn_desktop.app.document.reviews import Reviews
from lrcn_desktop.app.document.session import Session
from lrcn_desktop.app.document.thumbnails import Thumbnails
from lrcn_desktop.app.ticker import Ticker
from lrcn_desktop.app.worker import Worker
from lrcn_desktop.model.defaults import is_demo
from lrcn_desktop.recognition.rates import nearest_rate
from lrcn_desktop.video.capture import Capture
from lrcn_desktop.video.open import open_source

if TYPE_CHECKING:  # not at the window's start
    from lrcn_desktop.model.model_info import ModelInfo
    from lrcn_desktop.recognition.background_analysis import BackgroundAnalysis
    from lrcn_desktop.recognition.engines.open import Device
    from lrcn_desktop.recognition.history.history import History
    from lrcn_desktop.recognition.live import Listener, LiveRecognition
    from lrcn_desktop.recognition.rates import StepRate
    from lrcn_desktop.recognition.recognizer import Recognizer
    from lrcn_desktop.recognition.review.review import Review
    from lrcn_desktop.recognition.segments import Segment

_DEEP = 8  # segments that may lie over each other: activities overlap only by hand
_LOOK = 0.2  # seconds between looks at the analysis and at what is new


class Document(QObject):
    """Owns all that belongs to the open source; everyone else looks at it, and listens.

    Attributes:
        session: The source that plays, the model in use, and the recognition of the one by the
            other.
        reviews: The review of the source, and its file.
        thumbnails: Small pictures of the source.
        history: What was recognized of the source, by whatever model; None before the first.
        analysis: The background analysis that runs, or ran last on this source.
        before: What another model said, in place of the one in use, of the same time.
    """

    source_changed = Signal()  # another source plays, or none
    model_changed = Signal()  # a model is being loaded, was loaded, or could not be
    history_changed = Signal()  # another history, or none, or another model writes it
    segments_changed = Signal()  # what was seen is more, or other segments stand
    analysis_changed = Signal()  # whether a background analysis can be had, or how far it is
    moved = Signal()  # it was played, paused, or sought in
    failed = Signal(str)  # one sentence

    def __init__(
        self,
        ticker: Ticker,
        worker: Worker,
        device: Device = "auto",
        model: str | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Begin with nothing open.

        Args:
            ticker: For looks at the threads.
            worker: For slow calls.
            device: Where the network runs.
            model: By name or path; None: what suits each source.
            parent: Qt's.
        """
        super().__init__(parent)
        self.session = Session(device, model, self)
        self.reviews = Reviews(worker, self)
        self.thumbnails = Thumbnails(self)
        self.history: History | None = None
        self.analysis: BackgroundAnalysis | None = None
        self.before: tuple[Segment, ...] = ()
        self._worker = worker
        self._of: Capture | None = None  # whose history it is
        self._by: ModelInfo | None = None  # who writes it
        self._version = -1  # of the history, as it was reported
        self._analyzing = False
        self._listeners: list[Callable[[Recognizer], Listener]] = []
        self.session.source_changed.connect(self._show_source)
        self.session.model_changed.connect(self._show_model)
        self.session.recognizing.connect(self._begin)
        self.session.failed.connect(self.failed)
        self.reviews.failed.connect(self.failed)
        self.reviews.changed.connect(self.segments_changed)
        ticker.every(0, self.session.check)
        ticker.every(_LOOK, self._look)

    @property
    def address(self) -> str:
        """What the source was opened from, "" when none is open."""
        return self.session.address

    @property
    def capture(self) -> Capture | None:
        """Plays the source."""
        return self.session.capture

    @property
    def position(self) -> float:
        """Where the source is, in its seconds."""
        return self.capture.position if self.capture is not None else 0.0

    @property
    def recognizer(self) -> Recognizer | None:
        """The model in use."""
        return self.session.recognizer

    @property
    def live(self) -> LiveRecognition | None:
        """Recognizes what plays."""
        return self.session.live

    @property
    def review(self) -> Review | None:
        """The segments that can be corrected; None while nothing is open or it is being read."""
        return self.reviews.review

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The segments as they stand: corrected ones, or those that models saw."""
        if self.review is not None:
            return self.review.segments
        return tuple(self.history.segments()) if self.history is not None else ()

    def segment_at(self, time: float) -> Segment | None:
        """Return the segment at a moment, in seconds; where several are, the one begun last."""
        segments = self.segments
        place = bisect_right(segments, time, key=lambda s: s.start)
        for segment in segments[max(0, place - _DEEP) : place][::-1]:
            if time < segment.end:
                return segment
        return None

    def set_before(self, before: Sequence[Segment]) -> None:
        """Show what another model said beneath what is said now."""
        self.before = tuple(before)
        self.segments_changed.emit()

    @property
    def classes(self) -> tuple[str, ...]:
        """The activities that the models know, in the order that gives their colors."""
        known = self.history.classes if self.history is not None else ()
        if self.review is not None:
            known = (*known, *self.review.result.classes)
        return tuple(dict.fromkeys(known))

    @property
    def covered(self) -> tuple[tuple[float, float], ...]:
        """The times (start, end) of which something is known, in seconds, in order."""
        if self.review is not None:
            return self.review.result.covered
        return tuple(self.history.covered()) if self.history is not None else ()

    def result(self) -> Result | None:
        """Return what there is to export now, None where nothing is open."""
        return current_result(self)

    def listen(self, begin: Callable[[Recognizer], Listener]) -> None:
        """Call `begin` before every recognition that begins, for its listener."""
        self._listeners.append(begin)

    def open(self, address: str) -> None:
        """Open a file, a folder, a camera's index, a stream's address or "demo"."""
        self.session.open(address)

    def toggle_play(self) -> None:
        """Pause what plays, play what is paused, start again what has ended."""
        capture = self.capture
        if capture is not None and capture.ended and not capture.source.seekable:
            self.open(self.address)
        elif capture is not None:
            if capture.paused or capture.ended:
                capture.play()
            else:
                capture.pause()
            self.moved.emit()

    def seek(self, seconds: float) -> None:
        """Continue at `seconds`, kept within the source."""
        capture = self.capture
        if capture is not None and capture.source.seekable:
            end = capture.source.duration
            capture.seek(max(0.0, seconds if end is None else min(seconds, end)))
            self.moved.emit()

    @property
    def analyzing(self) -> bool:
        """Whether a background analysis runs."""
        return self.analysis is not None and self.analysis.is_alive()

    @property
    def can_analyze(self) -> bool:
        """Whether the whole file can be recognized in the background by the model in use."""
        capture, history = self.capture, self.history
        if capture is None or history is None or history.complete or self.analyzing:
            return False
        return not capture.source.live and capture.source.duration is not None

    @property
    def seen_by_others(self) -> bool:
        """Whether another model than the one in use has seen some of the source."""
        history = self.history
        if history is None:
            return False
        return any(model != history.model for _, _, model in history.seen_by())

    def analyze(self) -> None:
        """Recognize the whole file in the background."""
        session, history = self.session, self.history
        if history is None or not self.can_analyze:
            return
        from lrcn_desktop.recognition.background_analysis import BackgroundAnalysis

        self.analysis = BackgroundAnalysis(
            partial(open_source, session.address),
            partial(_load_for_whole, session.model, session.device, session.rate),
            history,
        )
        self.analysis.start()
        self._look_at_analysis()

    def cancel_analysis(self) -> None:
        """Stop the analysis and keep what it has found."""
        analysis = self.analysis
        if analysis is not None and analysis.is_alive():
            analysis.cancel()
            self._worker.run(analysis.stop, lambda _: None, self.failed.emit, "stop analysis")
        self.analysis_changed.emit()

    def close(self, seconds: float) -> bool:
        """Stop everything; say whether it all stopped within `seconds`."""
        self.cancel_analysis()
        self.thumbnails.close()
        self.reviews.close()
        return self.session.close(seconds)

    def _show_source(self) -> None:
        if self._of is not self.capture:
            self._forget()
        self.reviews.open(self.capture, self.address)
        seekable = self.capture is not None and self.capture.source.seekable
        self.thumbnails.open(self.address if seekable or is_demo(self.address) else "")
        self._version = -1
        self.source_changed.emit()
        self.history_changed.emit()
        self.analysis_changed.emit()

    def _show_model(self) -> None:
        self.model_changed.emit()
        self.analysis_changed.emit()

    def _forget(self) -> None:
        self.cancel_analysis()
        self.history = self.analysis = self._of = self._by = None
        self.before = ()

    def _begin(self) -> None:
        """A recognition is about to begin: it writes into this source's history."""
        from lrcn_desktop.recognition.history.history import History

        capture, recognizer = self.capture, self.recognizer
        assert capture is not None
        assert recognizer is not None
        if self.history is None or self._of is not capture:
            self._forget()
            self.history = History(
                recognizer.classes,
                model=recognizer.model_name,
                step_rate=recognizer.step_rate,
                frame_rate=capture.source.rate,
                duration=capture.source.duration,
            )
        elif recognizer.info != self._by:
            self.cancel_analysis()
            self.history.use_model(recognizer.classes, recognizer.model_name, recognizer.step_rate)
        self._of, self._by = capture, recognizer.info
        others = [begin(recognizer) for begin in self._listeners]
        self.session.listeners = (self.history.writer(recognizer), *others)
        self.history_changed.emit()
        self.analysis_changed.emit()

    def _look(self) -> None:
        self._look_at_analysis()
        history = self.history
        if history is None:
            return
        if self.review is not None:
            self.reviews.follow(history)
        elif history.version != self._version:
            self._version = history.version
            self.segments_changed.emit()

    def _look_at_analysis(self) -> None:
        analysis = self.analysis
        if analysis is not None and analysis.error is not None:
            self.failed.emit(str(analysis.error))
            self.analysis = None
        if self._analyzing or self.analyzing:
            self._analyzing = self.analyzing
            self.analysis_changed.emit()


def _load_for_whole(name: str, device: Device, rate: StepRate) -> Recognizer:
    """Return a recognizer for the whole of a file, at the model's own rate unless one is chosen."""
    recognizer = load_recognizer(name, device)
    recognizer.set_rate("model" if rate == "auto" else nearest_rate(recognizer.info, rate))
    return recognizer
