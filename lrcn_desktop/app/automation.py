"""What scripts ask of the window: lines while it starts, a screenshot after a while."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QObject, Qt, QTimer, SignalInstance
from PySide6.QtWidgets import QWidget

from lrcn_desktop.app.document.document import Document
from lrcn_desktop.app.widgets.status import Figures
from lrcn_desktop.errors import UserError
from lrcn_desktop.files import atomic_write, check_writable

LONGEST_WAIT = 60.0  # seconds for the first prediction
_FORMATS = {".png": "PNG", ".jpg": "JPG", ".jpeg": "JPG", ".bmp": "BMP"}
_LOOK, _OFTEN = 50, 5  # milliseconds


class ScreenshotTimer(QObject):
    """Saves the window's picture after some seconds, or after an error, and closes the window.

    Attributes:
        error: One sentence when the source, the model or the saving failed, else "".
        figures: What the status bar said then; None without a source.
    """

    def __init__(
        self,
        window: QWidget,
        document: Document,
        figures: Callable[[], Figures | None],
        path: Path,
        seconds: float,
        *,
        waits: bool,
    ) -> None:
        """Count `seconds` from now, or with `waits` from the first prediction on show."""
        super().__init__(window)
        self._document, self._get_figures = document, figures
        self.error = ""
        self.figures: Figures | None = None
        self._window, self._path, self._seconds = window, path, seconds
        self._began = time.monotonic()
        self._since = None if waits else self._began
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(_LOOK)
        document.failed.connect(self._fail)

    def _fail(self, sentence: str) -> None:
        self.error = self.error or sentence

    def _look(self) -> None:
        now = time.monotonic()
        if self._since is None and _recognizes(self._document):
            self._since = now
        if self._since is None and not self.error and now - self._began > LONGEST_WAIT:
            self.error = f"Nothing was recognized within {LONGEST_WAIT:.0f} seconds."
        if self.error or (self._since is not None and now - self._since >= self._seconds):
            self._timer.stop()
            try:
                self.figures = self._get_figures()
                self._save()
            finally:  # nobody is there to close it
                self._window.close()

    def _save(self) -> None:
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self._window.grab().save(buffer, _FORMATS[self._path.suffix.lower()])
        try:
            with atomic_write(self._path, "wb") as file:
                file.write(buffer.data().data())
        except UserError as error:
            self._fail(str(error))


class StartLines(QObject):
    """Prints how far the start is, a line each: "window", with a source "picture", then "ready".

    That is: the window is on the screen, the first frame is, the first prediction is.
    """

    def __init__(
        self, window: QWidget, document: Document, picture: SignalInstance, *, waits: bool
    ) -> None:
        """Look at `window`; with `waits`, for its first prediction and the signal `picture` too."""
        super().__init__(window)
        self._window, self._document, self._waits = window, document, waits
        self._left = ["window", "ready"]
        picture.connect(partial(_say, "picture"), Qt.ConnectionType.SingleShotConnection)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(_OFTEN)

    def _look(self) -> None:
        shown = self._window.isVisible()
        if shown and "window" in self._left:
            _say(self._left.pop(0))
        if shown and (not self._waits or _recognizes(self._document)):
            self._timer.stop()
            _say(self._left.pop(0))


def _say(line: str) -> None:
    print(line, flush=True)


def check_target(path: Path) -> None:
    """Check, before anything starts, that a screenshot can be saved there.

    Raises:
        UserError: The ending names no picture format, or the file cannot be written.
    """
    if path.suffix.lower() not in _FORMATS:
        raise UserError(f"The screenshot {path} must end in one of {', '.join(_FORMATS)}.")
    if not path.resolve().parent.is_dir():
        raise UserError(f"The screenshot's folder {path.resolve().parent} does not exist: make it.")
    check_writable(path)


def _recognizes(document: Document) -> bool:
    return document.live is not None and document.live.latest is not None
