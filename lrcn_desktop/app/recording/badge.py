"""The red dot over the picture while something is recorded."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtWidgets import QWidget

from lrcn_desktop.app.widgets.paint import fill_rounded, smooth_painter

_HEIGHT, _PAD, _DOT, _MARGIN = 30, 12, 10, 12
_RED, _TEXT, _AMBER = QColor("#FF4B3E"), QColor("#F4F6FA"), QColor("#F5B545")
_PANEL = QColor(13, 16, 22, 200)


class RecordingBadge(QWidget):
    """A small dark panel at the picture's top right: a dot, the time, and what is amiss.

    Attributes:
        text: What it says.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.text, self._amber = "", False
        self.hide()

    def show_text(self, text: str, *, amber: bool, room: QRect) -> None:
        """Say `text`, in amber where it needs attention, at the top right of `room`."""
        width = self.fontMetrics().horizontalAdvance(text) + 2 * _PAD + _DOT + 8
        self.setGeometry(room.right() - _MARGIN - width, room.y() + _MARGIN, width, _HEIGHT)
        if (text, amber) != (self.text, self._amber):
            self.text, self._amber = text, amber
            self.setAccessibleName(self.tr("Recording: {0}").format(text))
            self.update()
        if self.isHidden():
            self.show()
            self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the panel, the dot and the words."""
        painter = smooth_painter(self)
        fill_rounded(painter, self.rect(), _HEIGHT / 2, _PANEL)
        painter.setBrush(_RED)
        painter.drawEllipse(_PAD, (_HEIGHT - _DOT) // 2, _DOT, _DOT)
        painter.setPen(_AMBER if self._amber else _TEXT)
        words = self.rect().adjusted(_PAD + _DOT + 8, 0, -_PAD, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text)
        painter.end()
