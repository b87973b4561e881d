"""A slow call off the window's thread, its outcome delivered by a signal."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal, Slot

from lrcn_desktop.errors import UserError

_log = logging.getLogger(__name__)

_Outcome = tuple[Callable[[Any], None], Callable[[str], None]]


class _Call(QObject):
    finished = Signal(object, object, str)  # the call itself, its result, the error's sentence


class Worker(QObject):
    """Runs calls on threads of their own; every outcome arrives on this object's thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running: dict[_Call, tuple[threading.Thread, _Outcome]] = {}

    @property
    def busy(self) -> bool:
        """Whether calls run whose outcomes have not been delivered."""
        return bool(self._running)

    def run(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[str], None],
        name: str,
    ) -> None:
        """Start `work` and return at once.

        Args:
            work: The slow call; must not touch widgets.
            done: Called here with the result.
            failed: Called here with one sentence, after a UserError or a fault of the program.
            name: The thread's name.
        """
        call = _Call()
        call.finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        thread = threading.Thread(target=_run, args=(work, call), name=name, daemon=True)
        self._running[call] = (thread, (done, failed))
        thread.start()

    def finish(self, seconds: float) -> bool:
        """Wait for the calls that run and deliver their outcomes; say whether all ended in time."""
        deadline = time.monotonic() + seconds
        while self._running and time.monotonic() < deadline:
            thread, _ = next(iter(self._running.values()))
            thread.join(max(0.0, deadline - time.monotonic()))
            QCoreApplication.sendPostedEvents(self)  # an outcome may start another call
        return not self._running

    @Slot(object, object, str)
    def _deliver(self, call: _Call, result: object, error: str) -> None:
        thread, (done, failed) = self._running.pop(call)
        thread.join()  # it ends right after its signal
        if error:
            failed(error)
        else:
            done(result)


def _run(work: Callable[[], Any], call: _Call) -> None:
    try:
        result = work()
    except UserError as error:
        call.finished.emit(call, None, str(error))
    except Exception as error:
        _log.exception("a background call failed")
        call.finished.emit(call, None, f"The program itself failed here: {error!r}.")
    else:
        call.finished.emit(call, result, "")
