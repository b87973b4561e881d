"""The window: puts the parts together and keeps them up to date, and nothing more."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from lrcn_desktop.app import dialogs
from lrcn_desktop.app.appearance import Appearance
from lrcn_desktop.app.banner import ErrorBanner, ProgressBanner
from lrcn_desktop.app.events.events_part import EventsPart
from lrcn_desktop.app.export.export_part import ExportPart
from lrcn_desktop.app.faults.faults import Faults
from lrcn_desktop.app.icons import app_icon
from lrcn_desktop.app.keys import KeysDialog
from lrcn_desktop.app.menus import Menus
from lrcn_desktop.app.models.models import Models
from lrcn_desktop.app.opening.opening import Opening
from lrcn_desktop.app.part import Part
from lrcn_desktop.app.plot import SECONDS, ProbabilityPlot
from lrcn_desktop.app.preferences.preferences import Preferences
from lrcn_desktop.app.recording.recording_part import RecordingPart
from lrcn_desktop.app.retrain.retraining import Retraining
from lrcn_desktop.app.review.review_part import ReviewPart
from lrcn_desktop.app.session import Session
from lrcn_desktop.app.settings import Settings
from lrcn_desktop.app.shelf import Shelf
from lrcn_desktop.app.stage import Stage
from lrcn_desktop.app.status import Figures, StatusBar
from lrcn_desktop.app.timeline.timeline import Timeline
from lrcn_desktop.app.transport import TransportBar
from lrcn_desktop.app.viewing.playback import Playback
from lrcn_desktop.app.viewing.viewing import Viewing
from lrcn_desktop.app.worker import Worker

if TYPE_CHECKING:
    from lrcn_desktop.recognition.load import Device

TICK = 30  # milliseconds between looks at the threads
CLOSING = 10.0  # seconds that closing waits for a source that is being opened, at the most
_FIGURES = 0.25  # seconds between updates of the figures: faster cannot be read
_WARM_UP = 3.0  # seconds before the measured rates mean anything


class MainWindow(QMainWindow):
    """Shows what a session plays and recognizes; all that it does is looking and asking.

    Its abilities beyond that are parts, which add themselves to its menus and places.

    Attributes:
        session: What is open.
        settings: What is remembered from one start to the next.
        worker: For slow calls of the window and its parts.
        menus, stage, errors, transport, plot, status: What it is made of, from top to bottom.
        shelf: Holds the plot, and what a part puts beside it.
        middle: The layout of all these, for what a part puts between them.
        parts: Its abilities, in the order in which they are told what happens.
    """

    def __init__(
        self,
        device: Device = "auto",
        model: str | None = None,
        settings: Settings | None = None,
    ) -> None:
        """Open the window without a source.

        Args:
            device: Where the network runs.
            model: By name or path; None: what suits each source.
            settings: None: the person's own.
        """
        super().__init__()
        self.setWindowIcon(app_icon())
        self.resize(1100, 780)
        self.setMinimumSize(560, 440)
        self.settings = settings or Settings(parent=self)
        self.worker = Worker(self)
        self.session = Session(device, model, self)
        self.menus = Menus(self, self.worker)
        self.stage = Stage()
        self.errors, self.progress = ErrorBanner(), ProgressBanner()
        self.transport, self.plot, self.status = TransportBar(), ProbabilityPlot(), StatusBar()
        self.shelf = Shelf()
        self.shelf.add(self.plot, 1)
        self._lay_out()
        self.retraining = Retraining(self, self.session, self.worker)
        self.faults = Faults(self)
        self.events = EventsPart(self)
        self.recording = RecordingPart(self)
        self.timeline = Timeline(self)
        self.review = ReviewPart(self)
        self.export = ExportPart(self)
        self.parts: tuple[Part, ...] = (
            self.timeline,
            self.review,
            self.export,
            self.events,
            self.recording,
            Appearance(self),
            Preferences(self),
            Opening(self),
            Playback(self),
            Viewing(self),
            self.faults,
            Models(self),
            self.retraining,
        )
        self._connect()
        self._looked = 0.0
        self._begun = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(TICK)
        self._show_source()
        self._show_model()

    def open(self, address: str) -> None:
        """Open a file, a folder, a camera's index, a stream's address or "demo"."""
        self.errors.hide()
        self.session.open(address)

    def toggle_play(self) -> None:
        """Pause what plays, play what is paused, start again what has ended."""
        capture = self.session.capture
        if capture is not None and capture.ended and not capture.source.seekable:
            self.open(self.session.address)
        elif capture is not None:
            if capture.paused or capture.ended:
                capture.play()
            else:
                capture.pause()
            self._begun = time.monotonic()

    def seek(self, seconds: float) -> None:
        """Continue at `seconds`, kept within the source."""
        capture = self.session.capture
        if capture is not None and capture.source.seekable:
            end = capture.source.duration
            capture.seek(max(0.0, seconds if end is None else min(seconds, end)))
            self._begun = time.monotonic()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Stop every thread, in bounded time, with the window already out of sight.

        While something runs that would be lost, the person is asked first.
        """
        if not all(part.may_close(self.close) for part in self.parts):
            event.ignore()
            return
        self._timer.stop()
        self.hide()
        for part in self.parts:
            part.close()
        deadline = time.monotonic() + CLOSING
        self.session.close(CLOSING)
        self.worker.finish(max(0.0, deadline - time.monotonic()))
        super().closeEvent(event)

    def _lay_out(self) -> None:
        middle = QWidget()
        self.middle = layout = QVBoxLayout(middle)
        layout.setContentsMargins(12, 4, 12, 10)
        layout.setSpacing(10)
        layout.addWidget(self.errors)
        layout.addWidget(self.progress)
        layout.addWidget(self.stage, 5)
        layout.addWidget(self.transport)
        layout.addWidget(self.shelf, 2)
        layout.addWidget(self.status)
        self.setCentralWidget(middle)

    def _connect(self) -> None:
        session, menus, transport = self.session, self.menus, self.transport
        session.source_changed.connect(self._show_source)
        session.model_changed.connect(self._show_model)
        session.failed.connect(self.errors.show_error)
        session.opening.connect(self._show_opening)
        self.progress.cancelled.connect(session.cancel)
        self.stage.picture.shown.connect(session.picture_shown, Qt.ConnectionType.QueuedConnection)
        for video in (menus.open_video, self.stage.welcome.video_wanted):
            video.connect(lambda: dialogs.ask_video(self, self.open))
        menus.open_folder.connect(lambda: dialogs.ask_folder(self, self.open))
        menus.open_stream.connect(lambda: dialogs.ask_stream(self, self.open))
        menus.open_address.connect(self.open)
        self.stage.welcome.demo_wanted.connect(lambda: self.open("demo"))
        for play in (menus.play, transport.play_clicked):
            play.connect(self.toggle_play)
        transport.sought.connect(self.seek)
        for reset in (menus.reset, transport.reset_clicked):
            reset.connect(session.reset)
        for pace in (menus.every_frame, transport.every_frame_chosen):
            pace.connect(session.set_every_frame)
            pace.connect(menus.set_every_frame)
            pace.connect(transport.set_every_frame)
        menus.model.connect(session.choose_model)
        menus.open_model.connect(lambda: dialogs.ask_model(self, session.choose_model))
        menus.retrain.connect(self.retraining.open)
        self.status.lighter_wanted.connect(session.choose_model)
        self.retraining.told.connect(menus.set_training)
        menus.keys.connect(lambda: KeysDialog(self.menuBar(), self).open())
        menus.about.connect(lambda: dialogs.show_about(self))

    def _show_opening(self, address: str) -> None:
        name = address if "://" in address else Path(address).name
        self.progress.show_progress(self.tr("Opening {0} ...").format(name) if address else "")

    def _show_source(self) -> None:
        capture = self.session.capture
        source = capture.source if capture is not None else None
        program = self.tr("LRCN Desktop")
        self.setWindowTitle(f"{source.name} - {program}" if source is not None else program)
        self.transport.setVisible(source is not None)
        self.status.setVisible(source is not None)
        self._begun = time.monotonic()
        if source is None:
            self.menus.set_source(playable=False, seekable=False, live=False)
            self.stage.show_welcome()
        else:
            self.menus.set_source(playable=True, seekable=source.seekable, live=source.live)
            self.transport.set_source(source.duration, seekable=source.seekable, live=source.live)
            self.stage.picture.show_frame(None)
            self.stage.show_picture()
            self.plot.clear()
        for part in self.parts:
            part.show_source()

    def _show_model(self) -> None:
        self._begun = time.monotonic()
        recognizer = self.session.recognizer
        if self.session.loading:
            name = Path(self.session.loading).stem
            self.status.set_model(self.tr("Loading model {0} ...").format(name), "")
        elif recognizer is not None:
            self.status.set_model(recognizer.model_name, recognizer.device)
        else:
            self.status.set_model(self.tr("No model"), "")
        for part in self.parts:
            part.show_model()

    def _tick(self) -> None:
        self.session.check()
        for part in self.parts:
            part.tick()
        capture = self.session.capture
        if capture is None:
            return
        captured = capture.latest.peek()
        if captured is not None:
            self.stage.picture.show_frame(captured.frame)
        self._look_at_recognition()
        self.transport.show_state(capture.position, paused=capture.paused, ended=capture.ended)
        now = time.monotonic()
        if now - self._looked >= _FIGURES:
            self._looked = now
            self.status.show_figures(self.figures())

    def _look_at_recognition(self) -> None:
        live, overlay = self.session.live, self.stage.overlay
        if self.session.capture is not None and self.session.capture.loss is not None:
            overlay.show_message(self.tr("No picture"))
            self._begun = time.monotonic()
            return
        prediction = live.latest if live is not None else None
        if live is None or prediction is None:
            overlay.show_message(self._waiting_for())
            self.plot.clear()
            return
        segment = live.segment
        same = segment is not None and segment.label == prediction.label
        since = segment.start if segment is not None and same else None
        overlay.show_prediction(live.recognizer.classes, prediction, since)
        if self.plot.isVisible() and self.plot.is_due():
            self.plot.show_history(live.recognizer.classes, *live.history(SECONDS))

    def _waiting_for(self) -> str:
        if self.session.loading:
            return self.tr("Loading model {0} ...").format(Path(self.session.loading).stem)
        if self.session.recognizer is None:
            return self.tr("No model: choose one in the Model menu")
        return self.tr("Watching ...")

    def figures(self) -> Figures | None:
        """Return what the status bar shows now; None without a source."""
        capture, live = self.session.capture, self.session.live
        if capture is None:
            return None
        rate = capture.source.rate
        stats = live.stats if live is not None else None
        model_rate = live.recognizer.step_rate if live is not None else None
        playing = not (capture.paused or capture.ended or capture.loss)
        return Figures(
            declared=rate * capture.speed,
            measured=capture.rate if playing else 0.0,
            steps=stats.rate if stats is not None else None,
            wanted=(rate if model_rate is None else min(model_rate, rate)) * capture.speed,
            latency=stats.latency if stats is not None else 0.0,
            dropped=stats.dropped if stats is not None else 0,
            repaints=self.stage.picture.repaints_per_second,
            settled=playing and time.monotonic() - self._begun > _WARM_UP,
        )
