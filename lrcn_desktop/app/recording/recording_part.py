"""Recording in the window: the menu, the buttons, the dot, and what is said afterwards."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QAction

from lrcn_desktop.app.host import Host
from lrcn_desktop.app.part import Part
from lrcn_desktop.app.recording.badge import RecordingBadge
from lrcn_desktop.app.recording.controls import RecordingControls
from lrcn_desktop.app.recording.last_seconds import LastSeconds
from lrcn_desktop.app.recording.recording_page import RecordingPage
from lrcn_desktop.app.recording.recording_settings import (
    SAVE_ON,
    SECONDS,
    buffer_bounds,
    recording_folder,
    save_on,
)
from lrcn_desktop.app.recording.recordings import Kind, Recordings
from lrcn_desktop.app.recording.sightings import Sightings
from lrcn_desktop.app.settings import Setting
from lrcn_desktop.app.widgets.class_colors import readable
from lrcn_desktop.app.widgets.saved_banner import SavedBanner, seconds_text
from lrcn_desktop.app.widgets.transport import clock
from lrcn_desktop.app.widgets.window import show_outside
from lrcn_desktop.files import make_private
from lrcn_desktop.video.ffmpeg import find_ffmpeg
from lrcn_desktop.video.frame import Frame, Image
from lrcn_desktop.video.source import Source

if TYPE_CHECKING:
    from lrcn_desktop.video.capture import Capture, Captured

_LOOK = 0.2  # seconds between looks at what is recorded


class RecordingPart(Part):
    """Records what has no end: cameras, streams and the demo. Files are exported instead.

    Frames that are not handed on, while the user pauses, are not recorded.

    Attributes:
        recordings: What is being recorded.
        last_seconds: What can be saved afterwards.
        badge: The dot over the picture.
        controls: The buttons in the transport bar.
        saved: The message of what was saved.
    """

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._document = host.document
        self._capture: Capture | None = None
        self._takers: tuple[Callable[[Frame], None], ...] = ()  # read on the capture's thread
        settings, places = host.settings, host.places
        self.recordings = Recordings(host.worker, self)
        self.last_seconds = LastSeconds(settings, host.worker, self)
        self._sightings = Sightings(save_on(settings), buffer_bounds(settings)[0])
        self.controls, self.saved = RecordingControls(), SavedBanner()
        self.badge = RecordingBadge(places.stage.picture)
        places.transport.add(self.controls)
        places.add_notice(self.saved)
        places.preference_pages.append(self._page)
        self._fill_menu()
        self._connect()
        self._show_state()

    def toggle(self, kind: Kind) -> None:
        """Start a recording of what plays, or stop it."""
        capture = self._capture
        if kind in self.recordings.running:
            self.recordings.stop(frozenset({kind}))
        elif capture is not None and not capture.ended and self._offered:
            name = capture.source.name
            if kind == "annotated":
                name = self.tr("{0} annotated").format(name)
            draw = self._draw if kind == "annotated" else None
            folder = recording_folder(self._host.settings)
            self.recordings.start(kind, folder, name, capture, draw)

    def save_last_seconds(self, label: str = "") -> None:
        """Save what the buffer holds; `label` is the activity that it is saved for."""
        if self._capture is not None and self.last_seconds.ready:
            source = self._capture.source
            name = f"{readable(label)} {source.name}" if label else source.name
            folder = recording_folder(self._host.settings)
            held = self.last_seconds.held
            self.saved.show_saving(held[0] if held else 0.0)
            self.last_seconds.save(folder, name, source.rate)

    def close(self) -> None:
        """Finish the files; the window's worker waits for them, in bounded time.

        A recorder that takes longer ends with the program, and its encoder finishes the file.
        """
        self.recordings.stop()
        self._takers = ()
        self.last_seconds.close()

    def _show_source(self) -> None:
        """End what was recorded of the source before, and keep the last seconds of this one."""
        capture = self._document.capture
        if capture is not self._capture:
            self.recordings.stop()
            self._sightings.forget()
            self._capture = capture
            self.last_seconds.begin(self._offered)
            if self._offered:  # found once, so that no recording begins with the search for it
                self._host.worker.run(find_ffmpeg, lambda _: None, self._fail, "look for FFmpeg")
        self._show_state()

    def _look(self) -> None:
        """Look at the recorders, and at what was seen."""
        self.recordings.check()
        if self._capture is not None and self._capture.ended and self.recordings.running:
            self.recordings.stop()
        label = self._sightings.look(time.monotonic(), self.last_seconds.ready)
        if label is not None:
            self.save_last_seconds(label)
        self._show_badge()

    def _page(self) -> RecordingPage:
        recognizer = self._document.recognizer
        classes = recognizer.classes if recognizer is not None else ()
        return RecordingPage(self._host.settings, classes, lambda: self.last_seconds.held)

    @property
    def _offered(self) -> bool:
        return self._capture is not None and _has_no_end(self._capture.source)

    def _fill_menu(self) -> None:
        menus = self._host.menus
        menu, add = menus.record, menus.add
        self._actions: dict[Kind, QAction] = {
            "raw": add(menu, "", partial(self.toggle, "raw"), "Ctrl+R", needs="source"),
            "annotated": add(
                menu, "", partial(self.toggle, "annotated"), "Ctrl+Shift+R", needs="source"
            ),
        }
        menu.addSeparator()
        self._save = add(menu, "", self.save_last_seconds, "Ctrl+L", needs="source")
        menu.addSeparator()
        add(menu, self.tr("Open the &folder of recordings"), self._open_folder)

    def _connect(self) -> None:
        document, host = self._document, self._host
        session = document.session
        session.frame_listeners = (*session.frame_listeners, self._take)
        document.listen(lambda recognizer: self._sightings.begin(recognizer.classes))
        document.source_changed.connect(self._show_source)
        host.settings.changed.connect(self._settings_changed)
        host.menus.dismiss.connect(self._dismiss)
        host.ticker.every(_LOOK, self._look)
        self.controls.clicked.connect(self.toggle)
        self.controls.save_clicked.connect(self.save_last_seconds)
        for outcomes in (self.recordings, self.last_seconds):
            outcomes.changed.connect(self._show_state)
            outcomes.saved.connect(self.saved.show_saved)
            outcomes.failed.connect(self._fail)

    def _take(self, captured: Captured) -> None:
        """Hand a frame on; on the thread of a capture, which may be the one before."""
        if threading.current_thread() is self._capture:
            for take in self._takers:
                take(captured.frame)

    def _draw(self, frame: Frame) -> Image:
        """Draw the newest prediction into a frame; on the recorder's thread."""
        from lrcn_desktop.recognition.drawing.annotate import (
            annotate,  # slow: not at the window's start
        )

        live = self._document.live
        if live is None:
            return frame.image
        return annotate(frame.image, live.recognizer.classes, live.latest, live.shown)

    def _settings_changed(self, setting: Setting[Any]) -> None:
        if setting in (SAVE_ON, SECONDS):
            settings = self._host.settings
            self._sightings.choose(save_on(settings), buffer_bounds(settings)[0])
        self._show_state()

    def _show_state(self) -> None:
        """Offer what can be done now."""
        running = self.recordings.running
        self._takers = (*self.last_seconds.takers, *self.recordings.takers)
        offered = self._offered
        self.controls.setVisible(offered)
        self.controls.show_running(running)
        texts: dict[Kind, str] = {
            "raw": self.tr("Stop &recording") if "raw" in running else self.tr("&Record"),
            "annotated": self.tr("Stop the &annotated recording")
            if "annotated" in running
            else self.tr("Record &annotated"),
        }
        for kind, action in self._actions.items():
            action.setText(texts[kind])
            self._host.menus.allow(action, offered)
        words = self.tr("Save the last {0}").format(
            seconds_text(buffer_bounds(self._host.settings)[0])
        )
        self._save.setText(words)
        self._host.menus.allow(self._save, offered and self.last_seconds.ready)
        self.controls.show_save(words, enabled=offered and self.last_seconds.ready)
        self._show_badge()

    def _show_badge(self) -> None:
        recordings = self.recordings
        if not recordings.running:
            self.badge.hide()
            return
        text = clock(recordings.seconds)
        if self._capture is not None and self._capture.paused:
            text = self.tr("{0}  paused").format(text)
        if recordings.dropped:
            text = self.tr("{0}  {1} frames lost").format(text, recordings.dropped)
        picture = self._host.places.stage.picture
        room = picture.picture_rect() or picture.rect()
        self.badge.show_text(text, amber=bool(recordings.dropped), room=room)

    def _fail(self, sentence: str) -> None:
        if not self.last_seconds.saving:
            self.saved.hide()
        self._host.show_error(sentence)

    def _dismiss(self) -> None:
        if not self.last_seconds.saving:
            self.saved.hide()

    def _open_folder(self) -> None:
        folder: Path = recording_folder(self._host.settings)
        try:
            make_private(folder)
        except OSError as error:
            self._host.show_error(
                self.tr("The folder {0} cannot be made: {1}.").format(folder, error.strerror)
            )
            return
        show_outside(folder)


def _has_no_end(source: Source) -> bool:
    """Whether a source is a camera, a stream or the demo, of which nothing is left afterwards."""
    return source.live or (source.duration is None and not source.seekable)
