"""The window: puts the parts together, and nothing more."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QCloseEvent
from PySide6.QtWidgets import QMainWindow

from lrcn_desktop.app.bench.bench_part import BenchPart
from lrcn_desktop.app.demo.demo_part import DemoPart
from lrcn_desktop.app.document.document import Document
from lrcn_desktop.app.events.events_part import EventsPart
from lrcn_desktop.app.export.export_part import ExportPart
from lrcn_desktop.app.faults.faults_part import FaultsPart
from lrcn_desktop.app.guide.guide_part import GuidePart
from lrcn_desktop.app.host import Host
from lrcn_desktop.app.menus import Menus
from lrcn_desktop.app.models.models_part import ModelsPart
from lrcn_desktop.app.opening.opening_part import OpeningPart
from lrcn_desktop.app.part import Part
from lrcn_desktop.app.places import Places
from lrcn_desktop.app.preferences.appearance_part import AppearancePart
from lrcn_desktop.app.preferences.preferences_part import PreferencesPart
from lrcn_desktop.app.privacy_part import PrivacyPart
from lrcn_desktop.app.recording.recording_part import RecordingPart
from lrcn_desktop.app.retrain.get_ucf101_part import GetUcf101Part
from lrcn_desktop.app.retrain.retrain_part import RetrainPart
from lrcn_desktop.app.review.review_part import ReviewPart
from lrcn_desktop.app.settings import Settings
from lrcn_desktop.app.statistics.statistics_part import StatisticsPart
from lrcn_desktop.app.teach.teach_part import TeachPart
from lrcn_desktop.app.ticker import Ticker
from lrcn_desktop.app.timeline.timeline_part import TimelinePart
from lrcn_desktop.app.timeline.waveform_part import WaveformPart
from lrcn_desktop.app.viewing.arrangement_part import ArrangementPart
from lrcn_desktop.app.viewing.live_part import LivePart
from lrcn_desktop.app.viewing.loop_part import LoopPart
from lrcn_desktop.app.viewing.playback_part import PlaybackPart
from lrcn_desktop.app.viewing.sound_part import SoundPart
from lrcn_desktop.app.viewing.viewing_part import ViewingPart
from lrcn_desktop.app.widgets import file_dialogs
from lrcn_desktop.app.widgets.icons import app_icon
from lrcn_desktop.app.widgets.shortcuts_dialog import KeysDialog
from lrcn_desktop.app.worker import Worker

if TYPE_CHECKING:
    from lrcn_desktop.recognition.engines.open import Device

CLOSING = 10.0  # seconds that closing waits for a source that is being opened, at the most


class MainWindow(QMainWindow):
    """A document, a menu bar, the places inside, and the abilities that share them.

    Attributes:
        document: What is open.
        session: Its source and model.
        settings: What is remembered from one start to the next.
        menus, places: Where the parts put their entries and widgets.
        errors, progress, stage, transport, plot: What stands in the places.
        live, timeline, review, events, statistics, export, faults, recording, retraining, privacy,
        get_ucf101, teach: Parts.
        parts: All of them.
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
            settings: None: the user's own.
        """
        super().__init__()
        self.setWindowIcon(app_icon())
        self.setMinimumSize(480, 320)
        self.settings = settings or Settings(parent=self)
        self._ending = False
        self.worker, self.ticker = Worker(self), Ticker(self)
        self.document = Document(self.ticker, self.worker, device, model, self)
        self.menus = menus = Menus(self.menuBar(), self.worker)
        self.places = places = Places()
        self.setCentralWidget(places)
        self.session = self.document.session
        self.errors, self.progress, self.stage = places.errors, places.progress, places.stage
        self.transport, self.plot = places.transport, places.plot
        host = Host(self, self.document, self.settings, self.worker, self.ticker, menus, places)
        self.document.failed.connect(host.show_error)
        self.document.source_changed.connect(self._show_title)
        self._show_title()
        menus.close.connect(self.close)
        menus.keys.connect(lambda: KeysDialog(menus.bar, self).open())
        menus.about.connect(lambda: file_dialogs.show_about(self))
        dismiss = QAction(self)
        dismiss.setShortcut("Esc")
        dismiss.triggered.connect(menus.dismiss)
        self.addAction(dismiss)
        self.retraining, self.faults = RetrainPart(host), FaultsPart(host)
        self.privacy, self.get_ucf101 = PrivacyPart(host), GetUcf101Part(host)
        self.timeline, self.review = TimelinePart(host), ReviewPart(host)
        self.events, self.recording = EventsPart(host), RecordingPart(host)
        self.statistics = StatisticsPart(host)
        self.export, self.live = ExportPart(host), LivePart(host)
        self.teach = TeachPart(host)
        places.stage.welcome.teach.clicked.connect(self._begin_to_teach)
        self.parts: tuple[Part, ...] = (
            self.teach,
            self.faults,
            self.events,
            self.recording,
            self.timeline,
            self.review,
            self.export,
            self.statistics,
            self.live,
            self.privacy,
            GuidePart(host),
            AppearancePart(host),
            PreferencesPart(host),
            OpeningPart(host),
            PlaybackPart(host),
            SoundPart(host),
            WaveformPart(host),
            LoopPart(host),
            ViewingPart(host),
            DemoPart(host),
            ArrangementPart(host),
            ModelsPart(host),
            BenchPart(host),
            self.get_ucf101,
            self.retraining,  # which takes the longest to close
        )

    def open(self, address: str) -> None:
        """Open a file, a folder, a camera's index, a stream's address or "demo"."""
        self.document.open(address)

    def end(self) -> None:
        """Close without a question: the system ends, and what can be saved is."""
        self._ending = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Stop every thread, in bounded time, with the window already out of sight.

        While something runs that would be lost, the user is asked first, unless nobody is there.
        """
        if not self._ending and not all(part.may_close(self.close) for part in self.parts):
            event.ignore()
            return
        self.ticker.stop()
        self.hide()
        for part in self.parts:
            part.close()
        deadline = time.monotonic() + CLOSING
        self.document.close(CLOSING)
        self.worker.finish(max(0.0, deadline - time.monotonic()))
        super().closeEvent(event)

    def _begin_to_teach(self) -> None:
        if not self.teach.open:
            self.teach.toggle()

    def _show_title(self) -> None:
        capture, program = self.document.capture, self.tr("LRCN Desktop")
        title = f"{capture.source.name} - {program}" if capture is not None else program
        self.setWindowTitle(title)
