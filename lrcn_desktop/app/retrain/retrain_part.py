"""Retraining as the main window sees it: a menu's entry, an indicator, and a window."""

from collections.abc import Callable

from lrcn_desktop.app.host import Host
from lrcn_desktop.app.part import Part
from lrcn_desktop.app.retrain.indicator import Indicator, summary
from lrcn_desktop.app.retrain.process import Training
from lrcn_desktop.app.retrain.window import RetrainWindow
from lrcn_desktop.app.widgets.confirm import LeaveQuestion

_STOPPING = 8.0  # seconds that the trainer has for its checkpoint when the program is closed


class RetrainPart(Part):
    """Keeps the training while its window comes and goes.

    Attributes:
        training: The one that runs, or ran last.
        window: Its window, None before it was first wanted.
    """

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.training = Training(self)
        self.window: RetrainWindow | None = None
        self.indicator = Indicator(self.training)
        self.indicator.clicked.connect(self.open)
        host.menus.bar.setCornerWidget(self.indicator)
        host.menus.retrain.connect(self.open)
        host.menus.retrain_with.connect(self.open_with)
        self._leave = LeaveQuestion(host.window)
        for moved in (self.training.changed, self.training.progressed):
            moved.connect(self._show_training)

    def open(self) -> None:
        """Show the window."""
        self._made().bring_up()

    def open_with(self, folder: str) -> None:
        """Show the window with a folder of clips chosen."""
        self._made().choose(folder)

    def _made(self) -> RetrainWindow:
        if self.window is None:
            host, session = self._host, self._host.document.session
            self.window = RetrainWindow(self.training, session, host.worker, host.window)
        return self.window

    def _show_training(self) -> None:
        self._host.menus.set_training(summary(self.training))

    def may_close(self, close: Callable[[], object]) -> bool:
        """Whether the program may be closed now; else ask, and call `close` when it may be."""
        if not self.training.alive:
            return True
        return self._leave.agreed(
            close,
            self.tr("Stop the training and quit?"),
            self.tr("The progress of {0} is saved: you can continue it next time.").format(
                self.training.name
            ),
            self.tr("Stop and quit"),
            self.tr("Continue"),
        )

    def close(self) -> None:
        """Stop all that was begun, in bounded time."""
        if self.window is not None:
            self.window.finish(1.0)
        self.training.close(_STOPPING)
