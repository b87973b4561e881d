"""Retraining as the main window sees it: a menu's entry, an indicator, and a window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMainWindow

from lrcn_desktop.app.part import Part
from lrcn_desktop.app.questions import LeaveQuestion
from lrcn_desktop.app.retrain.indicator import Indicator, summary
from lrcn_desktop.app.retrain.process import Training
from lrcn_desktop.app.retrain.window import RetrainWindow

if TYPE_CHECKING:
    from lrcn_desktop.app.session import Session
    from lrcn_desktop.app.worker import Worker

_STOPPING = 8.0  # seconds that the trainer has for its checkpoint when the program is closed


class Retraining(Part):
    """Keeps the training while its window comes and goes.

    Attributes:
        training: The one that runs, or ran last.
        window: Its window, None before it was first wanted.
    """

    told = Signal(str)  # a few words about the training, "" when there is nothing to tell

    def __init__(self, main: QMainWindow, session: Session, worker: Worker) -> None:
        super().__init__(main)
        self.training = Training(self)
        self.window: RetrainWindow | None = None
        self.indicator = Indicator(self.training)
        self.indicator.clicked.connect(self.open)
        main.menuBar().setCornerWidget(self.indicator)
        self._main, self._session, self._worker = main, session, worker
        self._leave = LeaveQuestion(main)
        for moved in (self.training.changed, self.training.progressed):
            moved.connect(lambda: self.told.emit(summary(self.training)))

    def open(self) -> None:
        """Show the window."""
        self._made().bring_up()

    def open_with(self, folder: str) -> None:
        """Show the window with a folder of clips chosen."""
        self._made().choose(folder)

    def _made(self) -> RetrainWindow:
        if self.window is None:
            self.window = RetrainWindow(self.training, self._session, self._worker, self._main)
        return self.window

    def may_close(self, close: Callable[[], object]) -> bool:
        """Whether the program may be closed now; else ask, and call `close` when it may be."""
        if not self.training.alive:
            return True
        return self._leave.agreed(
            close,
            self.tr("Stop the training and quit?"),
            self.tr("What {0} has learnt is kept: you can continue it next time.").format(
                self.training.name
            ),
            self.tr("Stop and quit"),
            self.tr("Go on"),
        )

    def close(self) -> None:
        """Stop all that was begun, in bounded time."""
        if self.window is not None:
            self.window.finish(1.0)
        self.training.close(_STOPPING)
