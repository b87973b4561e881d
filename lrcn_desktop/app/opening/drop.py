"""Dragging things onto the window: what they are, and a frame that says where to let go."""

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QColor, QDropEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from lrcn_desktop.app.widgets.paint import fill_rounded, smooth_painter
from lrcn_desktop.app.widgets.theme import current_theme

MODEL_SUFFIX = ".safetensors"


class DropTarget(QObject):
    """Makes a window take whatever is dropped on it.

    Anything is taken, for what is refused is refused without a word.
    """

    dropped = Signal(list)  # list[str]: paths and addresses; empty where it was something else

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)
        self.hint = DropHint(window)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Show the frame while something is dragged over the window, and take what is dropped."""
        kind = event.type()
        if kind == QEvent.Type.DragLeave:
            self.hint.hide()
        elif isinstance(event, QDropEvent) and kind in (QEvent.Type.DragEnter, QEvent.Type.Drop):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            found = addresses_in(event.mimeData())
            if kind == QEvent.Type.DragEnter:
                self.hint.show_for(found)
            else:
                self.hint.hide()
                self.dropped.emit(found)
            return True
        return super().eventFilter(watched, event)


class DropHint(QWidget):
    """A frame over the whole window with a few words: what happens to what is dropped."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.text = ""
        self.hide()

    def show_for(self, addresses: list[str]) -> None:
        """Cover the window and say what a drop of `addresses` does."""
        if not addresses:
            self.text = self.tr("This cannot be opened")
        elif addresses[0].lower().endswith(MODEL_SUFFIX):
            self.text = self.tr("Drop to use this model")
        else:
            self.text = self.tr("Drop to open")
        self.setAccessibleName(self.text)
        self.setGeometry(self.window().rect())
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the veil, the frame and the words."""
        painter = smooth_painter(self)
        veil = QColor(current_theme().window)
        veil.setAlpha(215)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(QColor(current_theme().accent), 3, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(self.rect().adjusted(14, 14, -14, -14), 14, 14)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 1.7)
        font.setBold(True)
        painter.setFont(font)
        words = painter.fontMetrics().boundingRect(self.text).adjusted(-34, -20, 34, 20)
        words.moveCenter(self.rect().center())
        fill_rounded(
            painter,
            words,
            12,
            QColor(current_theme().panel),
            QPen(QColor(current_theme().accent), 2),
        )
        painter.setPen(QColor(current_theme().text))
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.text)
        painter.end()


def addresses_in(mime: QMimeData) -> list[str]:
    """Return the paths and addresses that something dragged holds: files, links, or plain text."""
    if mime.hasUrls():
        return [url.toLocalFile() if url.isLocalFile() else url.toString() for url in mime.urls()]
    words = mime.text().split() if mime.hasText() else []
    return words if len(words) == 1 and "://" in words[0] else []
