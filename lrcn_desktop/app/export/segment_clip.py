"""Saving the selected segment as a clip or an animated picture, by one action."""

import threading
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from lrcn_desktop.app.host import Host
from lrcn_desktop.app.settings import Setting
from lrcn_desktop.app.widgets.banner import ProgressBanner
from lrcn_desktop.app.widgets.file_dialogs import ask_new_file
from lrcn_desktop.app.widgets.saved_banner import SavedBanner
from lrcn_desktop.names import file_name
from lrcn_desktop.recognition.segments import Segment
from lrcn_desktop.video.open import open_source

FOLDER = Setting("export/clip_folder", "")  # where the last one went
_LOOK = 0.1  # seconds between looks at how far it is


class SegmentClip(QObject):
    """Asks where, and writes off the window's thread, with a banner that can give it up."""

    def __init__(self, host: Host, parent: QObject) -> None:
        super().__init__(parent)
        self._host, self._view = host, host.places.timeline.view
        self._cancelled, self._share = threading.Event(), 0.0
        self._name = ""  # of the file that is being written
        self._progress, self.done = ProgressBanner(), SavedBanner()
        self._progress.cancelled.connect(self.cancel)
        for banner in (self._progress, self.done):
            host.places.add_notice(banner)
        menus = host.menus
        self._action = menus.add(
            menus.file,
            self.tr("Save segment as c&lip..."),
            self.ask,
            "Ctrl+Shift+E",
            needs="seekable",
            before=menus.quit,
        )
        host.ticker.every(_LOOK, self._look)

    @property
    def segment(self) -> Segment | None:
        """What would be saved: the selected segment, else the one at the playhead."""
        document = self._host.document
        return self._view.selected or document.segment_at(document.position)

    def ask(self) -> None:
        """Ask for the file."""
        segment, result = self.segment, self._host.document.result()
        if segment is None or result is None:
            self._host.show_error(self.tr("There is no segment here: select one in the timeline."))
            return
        last = self._host.settings.get(FOLDER)
        folder = Path(last) if last and Path(last).is_dir() else result.folder("")
        name = f"{result.base} {file_name(segment.label, 'segment')}.mp4"
        filters = [
            self.tr("Clips (*.mp4 *.mkv)"),
            self.tr("Animated pictures (*.gif *.webp)"),
        ]
        title, path = self.tr("Save segment as clip"), str(folder / name)
        ask_new_file(self._host.window, title, path, filters, partial(self.save, segment))

    def save(self, segment: Segment, file: str) -> None:
        """Write a segment to a file, .mp4, .mkv, .gif or .webp."""
        path = Path(file)
        self._host.settings.set(FOLDER, str(path.parent))
        self._cancelled, self._share, self._name = threading.Event(), 0.0, path.name
        self._host.worker.run(
            partial(self._write, path, self._host.document.address, segment, self._cancelled),
            partial(self._ended, path, segment.end - segment.start),
            self._failed,
            "save segment",
        )

    def cancel(self) -> None:
        """Give up; nothing half-written stays."""
        self._cancelled.set()

    def _write(
        self, path: Path, address: str, segment: Segment, cancelled: threading.Event
    ) -> bool:
        from lrcn_desktop.recognition.export.clip import write_clip

        def progress(share: float) -> None:
            self._share = share

        with open_source(address) as source:
            span = (segment.start, segment.end)
            return write_clip(path, source, *span, progress, cancelled.is_set)

    def _look(self) -> None:
        if self._name:
            text = self.tr("Saving {0} ...").format(self._name)
            self._progress.show_progress(text, self._share)

    def _ended(self, path: Path, seconds: float, written: bool) -> None:
        self._name = ""
        self._progress.show_progress("")
        if written:
            self.done.show_saved([path], seconds)

    def _failed(self, sentence: str) -> None:
        self._name = ""
        self._progress.show_progress("")
        self._host.show_error(sentence)
