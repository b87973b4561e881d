"""The timeline as an ability of the window: what fills it, and the analysis in the background."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from lrcn_desktop.app.part import Part
from lrcn_desktop.app.timeline.panel import TimelinePanel
from lrcn_desktop.app.timeline.ruler import precise
from lrcn_desktop.video.capture import Capture
from lrcn_desktop.video.open import open_source

if TYPE_CHECKING:
    from lrcn_desktop.app.main_window import MainWindow
    from lrcn_desktop.model.model_info import ModelInfo
    from lrcn_desktop.recognition.ahead import AheadAnalysis
    from lrcn_desktop.recognition.load import Device
    from lrcn_desktop.recognition.recognizer import Recognizer
    from lrcn_desktop.recognition.track import Track, TrackWriter

SHOWN = "view/timeline"  # whether the person wants it
_LOOK = 0.2  # seconds between looks at what is new
_SETTLED = 3.0  # seconds of analysis before the time that is left can be told


class Timeline(Part):
    """Keeps a track of what is open, shows it, and fills it ahead where it is asked to.

    Attributes:
        track: What was recognized of what is open, by the model in use; None without either.
        view: Shows it. While it is `editable`, whoever edits shows what is seen.
        panel: The card with the view.
        analysis: The one that runs, or ran last on this track.
    """

    track_changed = Signal()  # another track, or none

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.track: Track | None = None
        self.analysis: AheadAnalysis | None = None
        self.panel = TimelinePanel()
        self.view = self.panel.view
        self._of: tuple[Capture, ModelInfo] | None = (
            None  # whose track it is: the source and the model
        )
        self._writer: TrackWriter | None = None
        self._version = -1  # of the track, as shown
        self._looked = self._begun = 0.0
        window.shelf.add(self.panel, 2, first=True)
        menus = window.menus
        self._shown = menus.add(menus.view, self.tr("&Timeline"), self._toggle)
        self._shown.setCheckable(True)
        text = self.tr("&Analyse whole video")
        self._analyse = menus.add(menus.playback, text, self.analyse, "A", needs="file")
        self.panel.analyse_clicked.connect(self.analyse)
        self.panel.cancel_clicked.connect(self.cancel)
        self.view.sought.connect(window.seek)
        window.session.recognizing.connect(self._begin)
        window.settings.changed.connect(self._follow_settings)

    def add_below(self, widget: QWidget) -> None:
        """Put a widget into the card, under the view."""
        self.panel.add_below(widget)

    def show_source(self) -> None:
        """Begin with an empty timeline."""
        capture = self._window.session.capture
        if self._of is not None and self._of[0] is not capture:
            self._set_track(None)
        self.view.show_source(capture.source.duration if capture is not None else None)
        if self.track is not None:
            self.view.show_classes(self.track.classes)
        self._version = -1
        self._show_panel()
        self._show_analysis()

    def show_model(self) -> None:
        """Offer the analysis once there is a model."""
        self._show_analysis()

    def tick(self) -> None:
        """Move the playhead; now and then, show what is new."""
        capture = self._window.session.capture
        if capture is None:
            return
        now = time.monotonic()
        due = now - self._looked >= _LOOK
        if due:
            self._looked = now
            self._look_at_analysis()
        if self.panel.isVisible():
            self.view.show_position(capture.position)
            if due:
                self._look_at_track()

    def close(self) -> None:
        """Stop the analysis."""
        self._stop()

    def analyse(self) -> None:
        """Recognize the whole file in the background."""
        session, track = self._window.session, self.track
        if track is None or not self._can_analyse():
            return
        from lrcn_desktop.recognition.ahead import AheadAnalysis

        self.analysis = AheadAnalysis(
            partial(open_source, session.address),
            partial(_load_recognizer, session.model, session.device),
            track,
        )
        self._begun = 0.0
        self.analysis.start()
        self._show_analysis()

    def cancel(self) -> None:
        """Stop the analysis and keep what it has found."""
        self._stop()
        self._show_analysis()

    def _begin(self) -> None:
        """A recognition is about to begin: it writes into this source's and this model's track."""
        session = self._window.session
        capture, recognizer = session.capture, session.recognizer
        if capture is None or recognizer is None:
            return
        from lrcn_desktop.recognition.track import Track

        if self.track is None or self._of != (capture, recognizer.info):
            source = capture.source
            self._of = capture, recognizer.info
            self._set_track(
                Track(
                    recognizer.classes,
                    model=recognizer.model_name,
                    step_rate=recognizer.step_rate,
                    frame_rate=source.rate,
                    duration=source.duration,
                )
            )
        assert self.track is not None
        others = tuple(each for each in session.listeners if each is not self._writer)
        self._writer = self.track.writer()
        session.listeners = (*others, self._writer)

    def _set_track(self, track: Track | None) -> None:
        self._stop()
        self.analysis = None
        self.track, self._version = track, -1
        if track is None:
            self._of = None
        else:
            self.view.show_classes(track.classes)
        self.track_changed.emit()

    def _stop(self) -> None:
        analysis = self.analysis
        if analysis is not None and analysis.is_alive():
            analysis.cancel()
            failed = self._window.errors.show_error
            self._window.worker.run(analysis.stop, _nothing, failed, "stop analysis")

    def _look_at_track(self) -> None:
        track, analysis = self.track, self.analysis
        if track is None or track.version == self._version:
            return
        self._version = track.version
        if not self.view.editable:
            self.view.show_segments(track.segments())
            analysed = analysis.position if analysis is not None else 0.0
            self.view.show_covered(track.covered(), analysed)

    def _look_at_analysis(self) -> None:
        analysis = self.analysis
        if analysis is None:
            return
        if analysis.error is not None:
            self._window.errors.show_error(str(analysis.error))
            self.analysis = None
        if not self._begun and analysis.position > 0:
            self._begun = time.monotonic()
        self._show_analysis()

    def _can_analyse(self) -> bool:
        capture, track, analysis = self._window.session.capture, self.track, self.analysis
        if capture is None or track is None or track.complete:
            return False
        ended = capture.source.live or capture.source.duration is None
        return not ended and (analysis is None or not analysis.is_alive())

    def _show_analysis(self) -> None:
        offered = self._can_analyse()
        analysis = self.analysis
        running = analysis is not None and analysis.is_alive() and not analysis.cancelled
        self._analyse.setEnabled(offered)
        self.panel.show_analysis(self._words(), offered=offered, running=running)
        words = self.tr("Play the video, or analyse the whole of it.")
        self.view.show_message(words if offered else self.tr("Nothing recognized yet."))

    def _words(self) -> str:
        """Return how far the analysis is."""
        track, analysis = self.track, self.analysis
        if track is None:
            return ""
        if track.complete:
            return self.tr("All analysed")
        if analysis is None or not analysis.is_alive():
            return ""
        if analysis.cancelled:
            return self.tr("Stopping ...")
        if not self._begun or not track.duration:
            return self.tr("Loading the model ...")
        share = min(analysis.position / track.duration, 1.0)
        text = self.tr("Analysing, {0:.0f} %").format(100 * share)
        elapsed = time.monotonic() - self._begun
        if elapsed < _SETTLED or not share:
            return text
        left = precise(elapsed * (1 - share) / share, 0)
        return self.tr("{0}, {1} left").format(text, left)

    def _toggle(self) -> None:
        self._window.settings.set(SHOWN, self._shown.isChecked())

    def _follow_settings(self, key: str) -> None:
        if key == SHOWN:
            self._show_panel()

    def _show_panel(self) -> None:
        wanted = self._window.settings.get(SHOWN, True)
        self._shown.setChecked(wanted)
        self.panel.setVisible(wanted and self._window.session.capture is not None)
        self._window.transport.set_seek_slider(not wanted)
        self._version = -1


def _load_recognizer(name: str, device: Device) -> Recognizer:
    from lrcn_desktop.recognition.load import load_recognizer

    return load_recognizer(name, device)


def _nothing(_: object) -> None:
    """What was stopped has no result."""
