"""A small live picture of one camera at a time."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QStackedLayout, QWidget

from lrcn_desktop.app.widgets.building import new_label
from lrcn_desktop.app.widgets.picture import PictureView
from lrcn_desktop.app.worker import Worker
from lrcn_desktop.video.capture import Capture
from lrcn_desktop.video.open import open_source
from lrcn_desktop.video.source import Source

_TICK = 33  # milliseconds between looks at the capture


class Preview(QWidget):
    """Opens a camera off the window's thread, shows it, and releases it before the next.

    A camera opens only once, so `release` calls back when it is free again.
    """

    def __init__(self, worker: Worker) -> None:
        super().__init__()
        self._worker = worker
        self._capture: Capture | None = None
        self._shown = ""  # the address that `_capture` has open
        self._wanted = ""  # the address to be shown, "" for none
        self._busy = False  # a camera is being opened, or let go
        self._borrowed: Capture | None = None
        self._released: Callable[[], object] | None = None
        self.picture = PictureView()
        self.picture.set_dark(True)
        self.words = new_label(style="muted", wraps=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.words)
        self._stack.addWidget(self.picture)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size that the preview would like."""
        return QSize(420, 300)

    def show_words(self, words: str) -> None:
        """Show a sentence, and no camera."""
        self._want("", None)
        self._say(words)

    def show_camera(self, address: str) -> None:
        """Show the camera at `address` as soon as the one before was released."""
        self._want(address, None)
        self._say(self.tr("Opening the camera ..."))

    def show_capture(self, capture: Capture) -> None:
        """Show what `capture`, which stays another's, plays already."""
        self._want("", capture)

    def release(self, released: Callable[[], object]) -> None:
        """Release the camera and call `released` when it is free."""
        self._released = released
        self._want("", None)

    def _want(self, address: str, borrowed: Capture | None) -> None:
        self._wanted, self._borrowed = address, borrowed
        if address or borrowed is not None:
            self._timer.start(_TICK)
        else:
            self._timer.stop()
        self._go_on()

    def _go_on(self) -> None:
        """Do the next thing, one at a time: release a camera, open the wanted one, call back."""
        if self._busy:
            return
        if self._capture is not None and self._shown != self._wanted:
            capture, self._capture = self._capture, None
            self._run(capture.stop, lambda _: self._done())
        elif self._capture is None and self._wanted:
            self._run(partial(open_source, self._wanted), partial(self._opened, self._wanted))
        elif self._released is not None:
            released, self._released = self._released, None
            released()

    def _run(self, work: Callable[[], object], done: Callable[[Any], None]) -> None:
        self._busy = True
        self._worker.run(work, done, self._failed, "preview")

    def _opened(self, address: str, source: Source) -> None:
        self._capture, self._shown = Capture(source), address
        if address == self._wanted:
            self._capture.start()
        self._done()

    def _done(self) -> None:
        self._busy = False
        self._go_on()

    def _failed(self, sentence: str) -> None:
        if self._wanted:
            self._wanted = ""
            self._say(sentence)
        self._done()

    def _look(self) -> None:
        capture = self._borrowed or self._capture
        captured = capture.latest.peek() if capture is not None else None
        if capture is not None and capture.error is not None:
            self._say(str(capture.error))
        elif captured is not None:
            self.picture.show_frame(captured.frame)
            self._stack.setCurrentWidget(self.picture)

    def _say(self, words: str) -> None:
        self.words.setText(words)
        self._stack.setCurrentWidget(self.words)
