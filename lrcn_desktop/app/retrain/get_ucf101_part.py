"""UCF-101 from where it is published, downloaded by a process of its own."""

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QMessageBox

from lrcn_desktop.app.host import Host
from lrcn_desktop.app.part import Part
from lrcn_desktop.app.retrain.child import Child
from lrcn_desktop.app.retrain.scan import plain
from lrcn_desktop.app.widgets import file_dialogs
from lrcn_desktop.app.widgets.banner import ProgressBanner
from lrcn_desktop.app.widgets.confirm import ask
from lrcn_desktop.training_events import Progress, StageBegun, TrainingEvent

_PATIENCE = 2.0  # seconds that it has to end when the program does
FOLDER = "UCF-101"  # which the command makes in the folder that is chosen


class GetUcf101Part(Part):
    """An entry of the Model menu: says what, from where and how large; nothing is fetched before.

    Attributes:
        box: The question, once it was asked.
        banner: Shows how far it is, with a button that stops it; started again, it goes on.
    """

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.box: QMessageBox | None = None
        self.banner = ProgressBanner()
        self.banner.cancelled.connect(self.cancel)
        self._child: Child | None = None
        self._stage = self._folder = ""
        menus = host.menus
        menus.add(menus.models, self.tr("&Get UCF-101..."), self.open)
        host.places.add_notice(self.banner)

    def open(self) -> None:
        """Say what would be downloaded, and ask where to."""
        if self._child is not None:
            return
        text = self.tr(
            "UCF-101 has 13,320 clips of 101 activities (Soomro, Zamir and Shah, 2012). The "
            "University of Central Florida publishes it at www.crcv.ucf.edu. The download is "
            "6.5 GB; about 14 GB of free space are needed until it is unpacked. Its publishers "
            "state no licence: it was made of videos from YouTube, for research."
        )
        title, yes, no = self.tr("Get UCF-101?"), self.tr("Choose a folder..."), self.tr("Cancel")
        self.box = ask(self._host.window, title, text, yes, no, self._ask_folder)

    def start(self, folder: str) -> None:
        """Download into `folder`, or go on with that."""
        self._folder, self._stage = folder, self.tr("Connecting ...")
        self.banner.show_progress(self._stage)
        child = self._child = Child(self)
        child.received.connect(self._take)
        child.ended.connect(partial(self._ended, child))
        child.start(["dataset", "download", "--progress=json", "--", folder])

    def cancel(self) -> None:
        """Stop; what is there is kept."""
        if self._child is not None:
            self._child.interrupt()

    def close(self) -> None:
        """Stop, in bounded time."""
        child, self._child = self._child, None
        if child is not None:
            child.interrupt()
            child.finish(_PATIENCE)

    def _ask_folder(self) -> None:
        title = self.tr("A folder for UCF-101")
        file_dialogs.ask_folder(self._host.window, self.start, title)

    def _take(self, event: TrainingEvent) -> None:
        match event:
            case StageBegun(text=text):
                self._stage = text
            case Progress(done=done, total=total, seconds_left=left):
                share = done / total if total else None
                self.banner.show_progress(f"{self._stage}: {_words(done, total, left)}", share)

    def _ended(self, child: Child, status: int, killed: bool) -> None:
        child.deleteLater()
        if self._child is not child:
            return
        self._child = None
        self.banner.show_progress("")
        if status == 0 and not killed:
            self._host.menus.retrain_with.emit(str(Path(self._folder) / FOLDER))
        elif status == 2:
            last = child.last_words or self.tr("UCF-101 is not available.")
            self._host.show_error(plain(last))


def _words(done: float, total: float, left: float | None) -> str:
    unit, each = ("MB", 1e6) if total > 1e6 else ("", 1.0)
    shown = f"{done / each:.0f} of {total / each:.0f} {unit}".strip()
    return f"{shown}, {left / 60:.0f} min left" if left is not None else shown
