"""A process of the program's own that talks JSON lines, read in small bites."""

import os
import signal
import sys
import time
from collections import deque
from collections.abc import Sequence

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from lrcn_desktop.resources import own_command
from lrcn_desktop.training_events import parse

COMMAND = own_command()
LOG_LINES = 30  # of the standard error, kept to be shown
STOP_PATIENCE = 60_000  # milliseconds: a checkpoint is written between two batches or clips
TERMINATE_PATIENCE = 5_000
_LAST_PATIENCE = 2.0  # seconds
_TICK = 50  # milliseconds between looks
_BUDGET = 0.008  # seconds that one look may take of the window's time
_BITE = 1 << 16
_FLOOD = 1 << 26  # bytes unread: a child that says so much says nothing; it is dropped
_LAST_WORDS = 1 << 22  # bytes that are still heard of one that had to end
_LONGEST_LINE = 1 << 24
_LONGEST_LOG_LINE = 500


class Child(QObject):
    """Runs `lrcn-desktop ARGUMENTS` beside the window and delivers what it says.

    Attributes:
        log: The last lines of its standard error.
    """

    received = Signal(object)  # a TrainingEvent
    looked = Signal()  # after each look
    ended = Signal(int, bool)  # exit status, or the signal's number where it was killed (True)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.log: deque[str] = deque(maxlen=LOG_LINES)
        self._rest, self._log_rest = b"", b""
        self._outcome: tuple[int, bool] | None = None
        self._process = QProcess(self)
        self._process.finished.connect(self._finished)
        self._process.errorOccurred.connect(self._failed)
        self._timer = QTimer(self, interval=_TICK)
        self._timer.timeout.connect(self._look)
        self._patience = QTimer(self, singleShot=True)
        self._patience.timeout.connect(self._insist)
        self._terminated = False

    def start(self, arguments: Sequence[str]) -> None:
        """Start the process; each child starts once."""
        self._process.start(COMMAND[0], [*COMMAND[1:], *arguments])
        self._timer.start()

    @property
    def running(self) -> bool:
        """Whether the process is there, or was and has not been heard out."""
        return self._timer.isActive()

    @property
    def last_words(self) -> str:
        """The last line of its standard error that says something, "" where none does."""
        return next((line for line in reversed(self.log) if line.strip()), "")

    @property
    def pid(self) -> int:
        """The process's number, 0 when there is none."""
        return self._process.processId()

    def send(self, word: str) -> None:
        """Say a word to its standard input."""
        self._process.write(f"{word}\n".encode())

    def stop(self) -> None:
        """Ask it to stop; one that does not answer is ended, in bounded time."""
        self.send("stop")
        self._patience.start(STOP_PATIENCE)

    def interrupt(self) -> None:
        """End it as Ctrl-C does, so that it ends its own workers too."""
        if sys.platform != "win32" and self.pid:
            os.kill(self.pid, signal.SIGINT)
        else:
            self._process.kill()
        self._terminated = True
        self._patience.start(TERMINATE_PATIENCE)

    def finish(self, seconds: float) -> None:
        """Stop it and wait for its end, killing it where it takes over `seconds`."""
        self.send("stop")
        if not self._ends_within(seconds):
            self._process.terminate()
            if not self._ends_within(_LAST_PATIENCE):
                self._process.kill()
                self._ends_within(_LAST_PATIENCE)
        self._skip(_LAST_WORDS)
        while self.running and self._outcome is not None:
            self._look()

    def _ends_within(self, seconds: float) -> bool:
        stopped = QProcess.ProcessState.NotRunning
        return self._process.state() == stopped or self._process.waitForFinished(
            round(1000 * seconds)
        )

    def _look(self) -> None:
        ends = time.monotonic() + _BUDGET
        self._read_log()
        self._skip(_FLOOD)
        while self._process.bytesAvailable() and time.monotonic() < ends:
            self._take(bytes(self._process.read(_BITE).data()))
        if self._outcome is not None and not self._process.bytesAvailable():
            self._timer.stop()
            self._patience.stop()
            self._take(b"\n")
            self.ended.emit(*self._outcome)
        else:
            self.looked.emit()

    def _skip(self, most: int) -> None:
        """Pass over what waits but the last `most` bytes."""
        flood = self._process.bytesAvailable() - most
        if flood > 0:
            self._process.skip(flood)
            self._rest = b""

    def _take(self, bite: bytes) -> None:
        *lines, self._rest = (self._rest + bite).split(b"\n")
        if len(self._rest) > _LONGEST_LINE:
            self._rest = b""
        for line in lines:
            event = parse(line) if line else None
            if event is not None:
                self.received.emit(event)

    def _read_log(self) -> None:
        written = bytes(self._process.readAllStandardError().data())[-_BITE:]
        *lines, self._log_rest = (self._log_rest + written).split(b"\n")
        self._log_rest = self._log_rest[-_LONGEST_LOG_LINE:]
        for line in lines[-LOG_LINES:]:
            shown = line.rpartition(b"\r")[2][:_LONGEST_LOG_LINE]  # a progress bar's last state
            self.log.append(shown.decode("utf-8", "replace"))

    def _finished(self, status: int, how: QProcess.ExitStatus) -> None:
        self._outcome = (status, how == QProcess.ExitStatus.CrashExit)

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self.log.append(self._process.errorString())
            self._outcome = (-1, False)

    def _insist(self) -> None:
        if self._terminated:
            self._process.kill()
            return
        self._terminated = True
        self._process.terminate()
        self._patience.start(TERMINATE_PATIENCE)
