"""Refining as the window sees it: `lrcn-desktop teach` in a process of its own."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from lrcn_desktop.app.retrain.child import Child
from lrcn_desktop.training_events import Failed, Progress

_FILE = ".refined.safetensors"  # in the project, until it is used


class Refining(QObject):
    """Runs the command and says what it made."""

    progressed = Signal(float)  # 0..1
    done = Signal(object)  # the model file's path
    failed = Signal(str)  # one sentence; "" where it was stopped

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._child: Child | None = None
        self._out = Path()
        self._why, self._stopped = "", False

    @property
    def running(self) -> bool:
        """Whether it is under way."""
        return self._child is not None

    def start(self, project: Path) -> None:
        """Refine the model of a project."""
        if self._child is not None:
            return
        self._out, self._why, self._stopped = project / _FILE, "", False
        child = self._child = Child(self)
        child.received.connect(self._take)
        child.ended.connect(self._ended)
        child.start(["teach", str(project), "--out", str(self._out), "--progress", "json"])
        self.progressed.emit(0.0)

    def stop(self) -> None:
        """Stop it; the model stays as it is."""
        if self._child is not None:
            self._stopped = True
            self._child.interrupt()

    def finish(self, seconds: float) -> None:
        """Stop it, and wait for its end so long."""
        if self._child is not None:
            self._stopped = True
            self._child.interrupt()
            self._child.finish(seconds)

    def _take(self, event: object) -> None:
        if isinstance(event, Progress) and event.total:
            self.progressed.emit(min(event.done / event.total, 1.0))
        elif isinstance(event, Failed):
            self._why = event.message

    def _ended(self, status: int, _killed: bool) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.deleteLater()
        if status == 0 and not self._stopped:
            self.done.emit(self._out)
        elif self._stopped:
            self.failed.emit("")
        else:
            self.failed.emit(self._why or self.tr("Refining ended unexpectedly: try it again."))
