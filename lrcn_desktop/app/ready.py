"""A line for whoever started the program: its window is shown, and it recognizes."""

from PySide6.QtCore import QObject, QTimer

from lrcn_desktop.app.main_window import MainWindow

_LOOK = 50  # milliseconds


class ReadyLine(QObject):
    """Prints "ready" once, when the window is shown and, with a source, the first prediction is."""

    def __init__(self, window: MainWindow, *, waits: bool) -> None:
        """Look at `window`; with `waits`, for its first prediction too."""
        super().__init__(window)
        self._window, self._waits = window, waits
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(_LOOK)

    def _look(self) -> None:
        live = self._window.session.live
        recognizes = live is not None and live.latest is not None
        if self._window.isVisible() and (recognizes or not self._waits):
            self._timer.stop()
            print("ready", flush=True)
