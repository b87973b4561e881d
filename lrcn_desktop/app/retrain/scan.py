"""Looking through a folder of clips, in a process of its own."""

from PySide6.QtCore import QCoreApplication, QObject, Signal

from lrcn_desktop.app.retrain.child import Child
from lrcn_desktop.paths import cache_dir
from lrcn_desktop.training_events import DataFound, Failed, Progress, TrainingEvent


class Scan(QObject):
    """Looks through one folder at a time; a new look takes the place of the one before."""

    progressed = Signal(object)  # a Progress
    found = Signal(object)  # a DataFound
    failed = Signal(str)  # one sentence

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._child: Child | None = None
        self._found: DataFound | None = None
        self._error = ""

    @property
    def running(self) -> bool:
        """Whether a look is under way."""
        return self._child is not None

    def start(self, data: str) -> None:
        """Look through the folder `data`."""
        self.cancel()
        self._found, self._error = None, ""
        child = Child(self)
        child.received.connect(self._take)
        child.ended.connect(self._ended)
        self._child = child
        rejected = cache_dir() / "quarantine.csv"
        options = ("--json=-", "--progress=json", f"--quarantine={rejected}")
        child.start(["dataset", "scan", *options, "--", data])

    def cancel(self) -> None:
        """Give up the look that is under way; what it has found out so far is remembered."""
        child, self._child = self._child, None
        if child is not None:
            child.received.disconnect(self._take)
            child.ended.disconnect(self._ended)
            child.ended.connect(child.deleteLater)
            child.interrupt()

    def close(self, seconds: float) -> None:
        """Give up, and wait in bounded time for what was given up."""
        self.cancel()
        for child in self.findChildren(Child):
            child.finish(seconds)

    def _take(self, event: TrainingEvent) -> None:
        match event:
            case Progress():
                self.progressed.emit(event)
            case DataFound():
                self._found = event
            case Failed(message):
                self._error = message

    def _ended(self, status: int, killed: bool) -> None:
        child, self._child = self._child, None
        assert child is not None
        child.deleteLater()
        if self._found is not None and status == 0 and not killed:
            self.found.emit(self._found)
        else:
            last = child.last_words or self.tr("it gave no reason")
            self.failed.emit(self._error or plain(last))


def plain(line: str) -> str:
    """Return a line of a command's standard error as a sentence for the user."""
    start, colon, sentence = line.partition("lrcn-desktop: ")
    if colon and not start:
        return sentence
    text = QCoreApplication.translate("Scan", "The clips could not be scanned: {0}")
    return text.format(line)
