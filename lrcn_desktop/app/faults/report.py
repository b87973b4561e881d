"""From the log to the user: an unexpected error becomes a dialog, one at a time."""

import logging
import platform
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from lrcn_desktop import __version__
from lrcn_desktop.app.faults.dialog import FaultDialog
from lrcn_desktop.app.faults.log import fault_key
from lrcn_desktop.app.widgets.window import show_outside
from lrcn_desktop.errors import UserError

QUIET = 2.0  # seconds: a fault that comes more often is one that goes on, and told only once
_MOST_KINDS = 200

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fault:
    """An unexpected error.

    Attributes:
        key: Equal for faults of one cause.
        summary: Its kind and what it says.
        details: The traceback, with the versions.
        sentence: What to tell instead where it is one that the user can mend, else "".
    """

    key: str
    summary: str
    details: str
    sentence: str


class FaultReporter(QObject):
    """Shows the errors that are logged, from any thread, while it is a handler of the log.

    Attributes:
        handler: To be added to a logger.
        dialog: What is on show, or None.
    """

    _told = Signal(object)
    sentence = Signal(str)  # a UserError that nobody caught

    def __init__(self, parent: QWidget, log: Path | None) -> None:
        """Show dialogs before `parent` that name `log`."""
        super().__init__(parent)
        self.handler = _Handler(self._told.emit)
        self.dialog: FaultDialog | None = None
        self._window, self._file = parent, log
        self.seen: dict[str, float] = {}
        self._broken = False
        # Queued also on this thread: what was raised is over and done with when the dialog opens.
        self._told.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def show_log(self) -> None:
        """Open the log, or its folder where no program opens it."""
        if self._file is not None and not show_outside(self._file):
            show_outside(self._file.parent)

    def close(self) -> None:
        """Show nothing more."""
        self._broken = True
        if self.dialog is not None:
            self.dialog.close()

    def _show(self, fault: Fault) -> None:
        if self._broken:
            return
        try:
            self._tell(fault)
        except Exception as error:  # an error in here would come back here
            self._broken = True
            _log.error("the dialog of errors failed itself: %r", error)

    def _tell(self, fault: Fault) -> None:
        if fault.sentence:
            self.sentence.emit(fault.sentence)
            return
        now = time.monotonic()
        last = self.seen.pop(fault.key, None)
        self.seen[fault.key] = now
        if len(self.seen) > _MOST_KINDS:
            del self.seen[next(iter(self.seen))]
        if self.dialog is not None:
            self.dialog.count_another()
        elif last is None or now - last > QUIET:
            self.dialog = FaultDialog(
                fault.summary, fault.details, self._file, self.show_log, self._window
            )
            self.dialog.finished.connect(self._closed)
            self.dialog.show()

    def _closed(self) -> None:
        self.dialog = None


class _Handler(logging.Handler):
    """Hands unexpected errors on; may be called on any thread."""

    def __init__(self, tell: Callable[[Fault], object]) -> None:
        super().__init__(logging.ERROR)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        """Hand a record with an exception on, if it is of this program."""
        if not record.exc_info or record.exc_info[1] is None:
            return
        if not record.name.startswith("lrcn_desktop"):
            return
        try:
            self._tell(_fault(record))
        except RuntimeError:  # the window is gone already
            self.handleError(record)


def _fault(record: logging.LogRecord) -> Fault:
    assert record.exc_info is not None
    error = record.exc_info[1]
    kind = type(error).__name__
    details = (
        f"LRCN Desktop {__version__}, Python {platform.python_version()}, {platform.platform()}\n"
        f"{record.threadName}, {record.getMessage()}\n" + "".join(traceback.format_exception(error))
    )
    summary = f"{kind}: {error}" if str(error) else kind
    sentence = str(error) if isinstance(error, UserError) else ""
    return Fault(fault_key(record), summary[:500], details, sentence)
