"""What is shown of what plays: the picture, what is recognized in it, and how fast."""

import time
from pathlib import Path

from PySide6.QtCore import Qt

from lrcn_desktop.app.host import Host
from lrcn_desktop.app.pace_words import pace_words
from lrcn_desktop.app.part import Part
from lrcn_desktop.app.widgets.bar_parts import View
from lrcn_desktop.app.widgets.plot import SECONDS
from lrcn_desktop.app.widgets.status import Figures
from lrcn_desktop.app.widgets.transport import clock
from lrcn_desktop.model.defaults import is_demo
from lrcn_desktop.recognition.display_state import Shown
from lrcn_desktop.recognition.history.runs import TOUCHING
from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.recognition.segments import Segment

_FIGURES = 0.25  # seconds between updates of the figures: faster cannot be read
_PLOT = 0.1  # seconds between redraws: ten a second read as motion and cost little
_WARM_UP = 3.0  # seconds before the measured rates mean anything
_JUST, _MINUTE = 0.5, 60.0  # seconds
_BEHIND = 0.6  # seconds by which what is said may be behind the picture before that is said too


class LivePart(Part):
    """Keeps stage, plot and status up to date."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._document, self._places = host.document, host.places
        self._ticker = host.ticker
        self._begun = 0.0
        document, picture = self._document, self._places.stage.picture
        picture.shown.connect(document.session.picture_shown, Qt.ConnectionType.QueuedConnection)
        document.source_changed.connect(self._show_source)
        document.model_changed.connect(self._show_model)
        document.moved.connect(self._restart)
        host.ticker.every(0, self._show_picture)
        host.ticker.every(_PLOT, self._show_plot)
        host.ticker.every(_FIGURES, self._show_figures)
        self._show_source()
        self._show_model()

    def figures(self) -> Figures | None:
        """Return what the status bar shows now; None without a source."""
        capture, live = self._document.capture, self._document.live
        if capture is None:
            return None
        rate = capture.source.rate
        stats = live.stats if live is not None else None
        pace = live.recognizer.pace if live is not None else None
        model_rate = pace.rate if pace is not None else None
        limit = pace.limit if pace is not None and pace.asked == "auto" else None
        playing = not (capture.paused or capture.ended or capture.loss)
        return Figures(
            declared=None if "://" in self._document.address else rate * capture.speed,
            measured=capture.rate if playing else 0.0,
            steps=stats.rate if stats is not None else None,
            wanted=(rate if model_rate is None else min(model_rate, rate)) * capture.speed,
            latency=stats.latency if stats is not None else 0.0,
            dropped=stats.dropped if stats is not None else 0,
            repaints=self._places.stage.picture.repaints_per_second,
            settled=playing and time.monotonic() - self._begun > _WARM_UP,
            limit=None if limit is None else limit * capture.speed,
            slowed=pace is not None and pace.slowed,
            why=pace_words(pace) if pace is not None else "",
            playing=not (capture.paused or capture.ended),
        )

    def _restart(self) -> None:
        self._begun = time.monotonic()

    def _show_source(self) -> None:
        self._restart()
        stage, capture = self._places.stage, self._document.capture
        self._places.status.setVisible(capture is not None)
        if capture is not None:
            self._ticker.follow(capture.source.rate)
            stage.picture.show_frame(None)
            stage.show_picture()
            self._places.plot.clear()
        else:
            stage.show_welcome()

    def _show_model(self) -> None:
        self._restart()
        recognizer, status = self._document.recognizer, self._places.status
        if self._document.session.loading:
            status.set_model(self._loading(), "")
        elif recognizer is not None:
            why = self._document.session.why
            status.set_model(recognizer.model_name, recognizer.device, why)
        else:
            status.set_model(self.tr("No model"), "")

    def _loading(self) -> str:
        return self.tr("Loading model {0} ...").format(Path(self._document.session.loading).stem)

    def _show_picture(self) -> None:
        capture, stage = self._document.capture, self._places.stage
        if capture is None:
            return
        captured = capture.latest.peek()
        if captured is not None:
            stage.picture.show_frame(captured.frame)
        if capture.loss is not None:
            self._show_message(self.tr("No picture"))
            self._restart()
        else:
            self.show_recognition()

    def show_recognition(self) -> None:
        """Show what is going on: of what is analyzed already, what the history says."""
        view = self._view()
        if view is None:
            self._show_message(self._waiting_for())
            return
        for bars in (self._places.stage.overlay, self._places.now.bars):
            if bars.isVisible():
                bars.show_view(view)

    def _show_message(self, message: str) -> None:
        for bars in (self._places.stage.overlay, self._places.now.bars):
            bars.show_message(message)

    def _view(self) -> View | None:
        document, live = self._document, self._document.live
        if live is None:
            return None
        frame, info = self._places.stage.picture.frame, live.recognizer.info
        time = frame.time if frame is not None else document.position
        history = document.history
        # After a seek, what was seen in full before stands, as in the timeline.
        glance = not live.settled
        analyzed = history.analyzed_at(time, passing=glance) if history is not None else None
        prediction = analyzed or live.latest
        if prediction is None:
            return None
        segment = document.segment_at(time)
        by_user = segment is not None and segment.origin == "person"
        shown = live.shown if analyzed is None and not by_user else _shown(segment)
        detail = self.tr("Set by you") if by_user else self.detail_of(shown, time, prediction)
        return View(
            live.recognizer.classes,
            info.threshold,
            info.rejection is not None,
            prediction,
            shown,
            detail,
            with_score=not is_demo(document.address),  # which shows nothing else
        )

    def detail_of(self, shown: Shown, time: float, prediction: Prediction) -> str:
        """Return what stands below the headline at `time` seconds."""
        if shown.since is not None and shown.sure:
            seconds = max(0.0, prediction.time - shown.since)
            if seconds < _JUST:
                text = self.tr("Just now")
            else:
                span = clock(seconds) if seconds >= _MINUTE else f"{seconds:.0f} s"
                text = self.tr("For {0}").format(span)
        elif prediction.label is not None:  # the bars are above the threshold already
            text = self.tr("Too brief so far")
        else:
            text = self.tr("Below threshold")
        behind = time - prediction.time
        if behind >= _BEHIND:
            text = self.tr("{0} · {1:.1f} s late").format(text, behind)
        return text

    def _waiting_for(self) -> str:
        if self._document.session.loading:
            return self._loading()
        if self._document.recognizer is None:
            return self.tr("No model: choose one in the Model menu")
        return self.tr("Watching ...")

    def _show_plot(self) -> None:
        document, plot = self._document, self._places.plot
        live, history = document.live, document.history
        latest = live.latest if live is not None else None
        if latest is None or history is None:
            plot.clear()
        elif plot.isVisible():
            seen = history.predictions(latest.time - SECONDS, latest.time + TOUCHING)
            plot.show_predictions(history.classes, seen)

    def _show_figures(self) -> None:
        if self._document.capture is not None:
            self._places.status.show_figures(self.figures())


def _shown(segment: Segment | None) -> Shown:
    """Return what is said of a moment in a segment, or in none."""
    return Shown() if segment is None else Shown(segment.label, sure=True, since=segment.start)
