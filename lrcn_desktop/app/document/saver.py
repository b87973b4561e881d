"""Saving as one goes: off the window's thread, one write at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from lrcn_desktop.app.worker import Worker
from lrcn_desktop.recognition.review.review import ReviewSnapshot
from lrcn_desktop.recognition.review.store import ReviewFile, Saved

SOON = 500  # milliseconds from a change to its being written


@dataclass(frozen=True, slots=True)
class _Change:
    file: ReviewFile
    snapshot: ReviewSnapshot


class Saver(QObject):
    """Writes the newest state of a review a moment after it has changed.

    Attributes:
        path: Where the last one was written; None before that and after a failure.
        merged: Another window's corrections are on disk too, and not yet in the review.
    """

    saved = Signal()
    merged = Signal(object, object, object)  # a ReviewFile, the state it was given, and its Saved
    failed = Signal(str)  # one sentence

    def __init__(self, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path: Path | None = None
        self._worker = worker
        self._change: _Change | None = None  # not yet written
        self._writing = False
        self._waiting: list[Callable[[], object]] = []
        self._timer = QTimer(self, singleShot=True, interval=SOON)
        self._timer.timeout.connect(self.flush)

    @property
    def pending(self) -> bool:
        """Whether something is not yet on disk."""
        return self._change is not None or self._writing

    def save_soon(self, file: ReviewFile, snapshot: ReviewSnapshot) -> None:
        """Write `snapshot` within half a second, or the state that comes after it by then."""
        self._change = _Change(file, snapshot)
        if not self._timer.isActive():
            self._timer.start()

    def flush(self) -> None:
        """Write what there is to write now."""
        self._timer.stop()
        if self._change is not None and not self._writing:
            change, self._change = self._change, None
            self._writing = True
            work = partial(change.file.save, change.snapshot)
            done = partial(self._written, change)
            self._worker.run(work, done, self._not_written, "save review")

    def when_saved(self, then: Callable[[], object]) -> None:
        """Call `then` when nothing is left to be written: at once, or after it was tried."""
        self._waiting.append(then)
        self.flush()
        self._go_on()

    def _written(self, change: _Change, saved: Saved) -> None:
        self.path = saved.path
        self._writing = False
        if saved.merged is not None:
            self.merged.emit(change.file, change.snapshot, saved)
        self.saved.emit()
        self._go_on()

    def _not_written(self, sentence: str) -> None:
        self.path = None
        self._writing = False
        self.failed.emit(sentence)
        self._go_on()

    def _go_on(self) -> None:
        if self._writing:
            return
        if self._change is not None:
            if self._waiting or not self._timer.isActive():
                self.flush()
            return
        waiting, self._waiting = self._waiting, []
        for then in waiting:
            then()
