"""The training that runs, or ran last: one at a time, without widgets."""

import signal
import time
from collections.abc import Sequence
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from lrcn_desktop.app.retrain.child import Child
from lrcn_desktop.app.retrain.request import Request
from lrcn_desktop.app.retrain.runs import Unfinished, can_continue, new_run
from lrcn_desktop.app.retrain.state import TrainingState
from lrcn_desktop.files import make_private
from lrcn_desktop.training_events import Continued, Paused, TrainingEvent

SHOWN_EVERY = 0.5  # seconds between `progressed`: no curve needs to be drawn more often


class Status(Enum):
    """Where a training stands."""

    IDLE = auto()  # there is none
    RUNNING = auto()
    STOPPING = auto()  # it was asked to stop
    STOPPED = auto()  # it can be continued
    FAILED = auto()  # it said why it cannot go on
    DIED = auto()  # it said nothing
    DONE = auto()


ALIVE = frozenset({Status.RUNNING, Status.STOPPING})


class Training(QObject):
    """Starts, pauses, stops and continues the trainer's process.

    Attributes:
        name: What the model is called.
        folder: Where the run keeps its work; None before the first.
        state: What is known of it.
        log: The last lines that the process wrote to its standard error.
        cause: Why the process died, a few words.
        seen: Whether the user has seen how it ended.
    """

    changed = Signal()  # the status
    progressed = Signal()  # the state, no more often than is worth showing

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.status = Status.IDLE
        self.name = ""
        self.folder: Path | None = None
        self.state = TrainingState()
        self.log: list[str] = []
        self.cause = ""
        self.seen = False
        self.child: Child | None = None
        self._shown, self._shown_at = 0, 0.0

    @property
    def alive(self) -> bool:
        """Whether its process runs."""
        return self.status in ALIVE

    @property
    def resumable(self) -> bool:
        """Whether it has ended and can be continued."""
        ended = self.status in (Status.STOPPED, Status.FAILED, Status.DIED)
        return ended and self.folder is not None and can_continue(self.folder)

    def start(self, request: Request) -> None:
        """Begin a new training."""
        make_private(request.model.parent)
        folder = new_run(request.model.stem)
        make_private(folder.parent)
        self._run(request.model.stem, folder, TrainingState(), request.arguments(folder))

    def resume(self, run: Unfinished) -> None:
        """Continue a training of an earlier day."""
        self._run(run.name, run.folder, run.state, _resume(run.folder))

    def resume_this(self) -> None:
        """Continue the training that ended last."""
        assert self.folder is not None
        self._run(self.name, self.folder, self.state, _resume(self.folder))

    def pause(self) -> None:
        """Let it wait."""
        self._send("pause")

    def go_on(self) -> None:
        """Let it work on after a pause."""
        self._send("continue")

    def stop(self) -> None:
        """Stop it; what is done is kept."""
        if self.child is not None and self.status is Status.RUNNING:
            self.child.stop()
            self._set(Status.STOPPING)

    def close(self, seconds: float) -> None:
        """Stop it and wait, in bounded time."""
        if self.child is not None:
            self.child.finish(seconds)

    def see(self) -> None:
        """Note that the user has seen how it ended."""
        if not self.alive and not self.seen:
            self.seen = True
            self.changed.emit()

    def forget(self) -> None:
        """Be as before the first training; nothing is deleted."""
        self.state, self.folder, self.name = TrainingState(), None, ""
        self._set(Status.IDLE)

    def _run(self, name: str, folder: Path, state: TrainingState, arguments: Sequence[str]) -> None:
        self.name, self.folder, self.state = name, folder, state
        state.paused = state.stopped = False
        state.error, self.cause, self.log = "", "", []
        child = Child(self)
        child.received.connect(self._take)
        child.looked.connect(self._show)
        child.ended.connect(self._ended)
        self.child = child
        child.start(arguments)
        self._set(Status.RUNNING)

    def _send(self, word: str) -> None:
        if self.child is not None:
            self.child.send(word)

    def _take(self, event: TrainingEvent) -> None:
        self.state.take(event)
        if isinstance(event, Paused | Continued):
            self._shown_at = 0.0  # the user waits for this one

    def _show(self) -> None:
        now = time.monotonic()
        if self.state.revision != self._shown and now - self._shown_at >= SHOWN_EVERY:
            self._shown, self._shown_at = self.state.revision, now
            self.progressed.emit()

    def _ended(self, status: int, killed: bool) -> None:
        child, self.child = self.child, None
        assert child is not None
        child.deleteLater()
        self.log = list(child.log)
        state = self.state
        self.progressed.emit()
        if state.done is not None:
            self._set(Status.DONE)
        elif state.error:
            self._set(Status.FAILED)
        elif state.stopped or self.status is Status.STOPPING:
            self._set(Status.STOPPED)
        else:
            self.cause = self._why(status, killed)
            self._set(Status.DIED)

    def _why(self, status: int, killed: bool) -> str:
        if killed and status == getattr(signal, "SIGKILL", None):
            return self.tr("it was killed, perhaps because the memory was full")
        if killed:
            return self.tr("it crashed, signal {0}").format(status)
        if status < 0:
            return self.tr("it could not be started")
        return self.tr("it ended with status {0}").format(status)

    def _set(self, status: Status) -> None:
        self.status, self.seen = status, False
        self.changed.emit()


def _resume(folder: Path) -> list[str]:
    return ["train", f"--resume={folder}", "--progress=json"]
