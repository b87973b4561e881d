"""The timeline as an ability of the window: it shows what was seen, and how far an analysis is."""

import time
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from lrcn_desktop.app.host import Host
from lrcn_desktop.app.part import Part
from lrcn_desktop.app.settings import Setting
from lrcn_desktop.app.timeline.filmstrip import FilmstripLane
from lrcn_desktop.app.timeline.hover import HoverPreview
from lrcn_desktop.app.timeline.ruler import precise

if TYPE_CHECKING:
    from lrcn_desktop.recognition.background_analysis import BackgroundAnalysis

SHOWN = Setting("view/timeline", True)  # whether the user wants it
_SETTLED = 3.0  # seconds of analysis before the time that is left can be reported


class TimelinePart(Part):
    """Shows the document's segments and seeks in it.

    Attributes:
        panel: The card with the view.
        view: Shows the segments.
        filmstrip: Shows the video over them.
        hover: Shows the video where the pointer is.
    """

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._document = document = host.document
        self._bench = host.places.workbench
        self._bench.arranged.connect(self._offer_slider)
        self.panel = host.places.timeline
        self.view = self.panel.view
        thumbnails = document.thumbnails
        self.filmstrip = FilmstripLane(self.view, self._picture)
        self.panel.add_above(self.filmstrip)
        self.hover = HoverPreview(self.view, self._picture)
        self.hover.watch(self.filmstrip)
        self.filmstrip.sought.connect(document.seek)
        thumbnails.arrived.connect(self.filmstrip.update)
        thumbnails.arrived.connect(self.hover.refresh)
        self.view.show_curves(self._curves)
        self._timed: BackgroundAnalysis | None = None  # whose time is taken
        self._begun = 0.0
        menus = host.menus
        self._shown = menus.add(menus.view, self.tr("&Timeline"), self._toggle)
        self._shown.setCheckable(True)
        text = self.tr("&Analyze whole video")
        menus.add(menus.view, self.tr("&Zoom to the selection"), self.view.zoom_to_selection, "Z")
        self._analyze = menus.add(menus.playback, text, document.analyze, "A", needs="file")
        self.panel.analyze_clicked.connect(document.analyze)
        self.panel.cancel_clicked.connect(document.cancel_analysis)
        self.view.sought.connect(document.seek)
        document.source_changed.connect(self._show_source)
        document.history_changed.connect(self._show_segments)
        document.segments_changed.connect(self._show_segments)
        document.analysis_changed.connect(self._show_analysis)
        host.settings.changed.connect(self._follow_settings)
        host.ticker.every(0, self._show_position)
        self._show_source()

    def _show_source(self) -> None:
        capture = self._document.capture
        self.view.show_source(capture.source.duration if capture is not None else None)
        self._show_segments()
        self._show_panel()
        self._show_analysis()

    def _picture(self, time: float) -> QImage | None:
        """Return a small picture of a moment; of what is still to come, none."""
        document = self._document
        live = document.capture is not None and document.capture.source.duration is None
        return None if live and time > document.position else document.thumbnails.get(time)

    def _curves(self, start: float, end: float, columns: int) -> dict[str, NDArray[np.float32]]:
        """Return each activity's probability from `start` to `end` seconds, in so many columns."""
        history = self._document.history
        if history is None:
            return {}
        shares = history.curves(start, end, columns)
        return dict(zip(history.classes, shares.T, strict=True))

    def _show_position(self) -> None:
        if self._document.capture is not None and self.panel.isVisible():
            self.view.show_position(self._document.position)
            self.filmstrip.refresh()

    def _show_segments(self) -> None:
        document, view = self._document, self.view
        review, analysis = document.review, document.analysis
        view.show_classes(document.classes)
        view.editable = review is not None
        if review is None:
            view.show_segments(document.segments, document.before)
        else:
            selected = view.selected
            beneath = review.result.segments if review.begun else document.before
            view.show_segments(review.segments, beneath, review.checked)
            if (found := review.find(selected)) != view.selected:  # else others stay selected too
                view.select(found)
        view.show_covered(document.covered, analysis.position if analysis is not None else 0.0)
        self._show_message()

    def _show_message(self) -> None:
        """Say why no segments are there, where there are none."""
        document = self._document
        if document.review is not None and document.review.begun:
            self.view.show_message(self.tr("No segments."))
        elif not document.covered:
            offered = document.can_analyze
            play = self.tr("Play the video, or analyze the whole of it.")
            self.view.show_message(play if offered else self.tr("Nothing recognized yet."))
        elif document.history is not None and document.history.complete:
            self.view.show_message(self.tr("Nothing that the model knows is in this video."))
        else:
            self.view.show_message(self.tr("Nothing that the model knows so far."))

    def _show_analysis(self) -> None:
        document, analysis = self._document, self._document.analysis
        if analysis is not self._timed:
            self._timed, self._begun = analysis, 0.0
        if analysis is not None and not self._begun and analysis.position > 0:
            self._begun = time.monotonic()
        offered, again = document.can_analyze, document.seen_by_others
        running = document.analyzing and analysis is not None and not analysis.cancelled
        again_words = self.tr("&Analyze again with this model")
        text = again_words if again else self.tr("&Analyze whole video")
        self._analyze.setText(text)
        self._host.menus.allow(self._analyze, offered)
        self.panel.show_analysis(
            self._words(), text.replace("&", ""), offered=offered, running=running
        )
        self._show_message()

    def _words(self) -> str:
        """Return how far the analysis is."""
        history, analysis = self._document.history, self._document.analysis
        if history is None:
            return ""
        if history.complete:
            return self.tr("All analyzed")
        if analysis is None or not analysis.is_alive():
            return ""
        if analysis.cancelled:
            return self.tr("Stopping ...")
        if not self._begun or not history.duration:
            return self.tr("Loading the model ...")
        share = min(analysis.position / history.duration, 1.0)
        text = self.tr("Analyzing, {0:.0f} %").format(100 * share)
        elapsed = time.monotonic() - self._begun
        if elapsed < _SETTLED or not share:
            return text
        left = precise(elapsed * (1 - share) / share, 0)
        return self.tr("{0}, {1} left").format(text, left)

    def _toggle(self) -> None:
        self._host.settings.set(SHOWN, self._shown.isChecked())

    def _follow_settings(self, setting: Setting[Any]) -> None:
        if setting == SHOWN:
            self._show_panel()

    def _show_panel(self) -> None:
        wanted = self._host.settings.get(SHOWN)
        self._shown.setChecked(wanted)
        self._bench.show_foot(wanted and self._document.capture is not None)
        self.panel.show_strip(self._document.thumbnails.available)
        self._offer_slider()

    def _offer_slider(self) -> None:
        self._host.places.transport.set_seek_slider(not self._bench.foot_shown)
