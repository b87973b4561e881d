"""What is said over the last picture while a live source sends none."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from lrcn_desktop.app.widgets.icons import pixmap
from lrcn_desktop.app.widgets.paint import fill_rounded, smooth_painter

_PAD = 18
_ICON = 26
_HEIGHT = 72
_DIM = QColor(8, 10, 14, 120)
_PANEL = QColor(13, 16, 22, 225)
_TEXT, _MUTED, _AMBER = "#F4F6FA", "#AEB7C6", "#F5B545"


class LossNote(QWidget):
    """Dims the picture and says at its foot what is missing, and for how long."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._lost = self._waiting = ""
        self._picture = QRect()
        self._icon = pixmap("warning", _AMBER, 2 * _ICON)
        self._icon.setDevicePixelRatio(2)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence on show, else empty."""
        return f"{self._lost}. {self._waiting}" if self._lost else ""

    def show_loss(self, lost: str, waiting: str) -> None:
        """Say what was `lost`, and what is waited for; empty strings hide the note."""
        if (lost, waiting) == (self._lost, self._waiting):
            return
        if lost != self._lost:  # not at every second: a screen reader would not fall silent
            self.setAccessibleName(lost)
        self._lost, self._waiting = lost, waiting
        self.setVisible(bool(lost))
        self.raise_()
        self.update()

    def fit(self, room: QRect, picture: QRect) -> None:
        """Lie in all of `room`, and dim the `picture` in it."""
        self.setGeometry(room)
        self._picture = picture

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the veil and the two lines on their panel."""
        painter = smooth_painter(self)
        painter.fillRect(self._picture, _DIM)
        bold = QFont(self.font())
        bold.setPointSizeF(self.font().pointSizeF() * 1.15)
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        most = self.width() - 40
        wanted = max(
            painter.fontMetrics().horizontalAdvance(self._lost),
            painter.fontMetrics().horizontalAdvance(self._waiting),
        )
        panel = QRect(0, 0, min(most, wanted + 3 * _PAD + _ICON), _HEIGHT)
        panel.moveCenter(self.rect().center())
        panel.moveBottom(self.rect().bottom() - _PAD)  # the bars lie at the top
        fill_rounded(painter, panel, 12, _PANEL)
        painter.drawPixmap(panel.x() + _PAD, panel.y() + (_HEIGHT - _ICON) // 2, self._icon)
        line = QRect(panel.x() + 2 * _PAD + _ICON, panel.y() + 13, 0, 24)
        line.setRight(panel.right() - _PAD)
        _draw(painter, line, self._lost, _TEXT, Qt.TextElideMode.ElideMiddle)
        painter.setFont(self.font())
        _draw(painter, line.translated(0, 24), self._waiting, _MUTED, Qt.TextElideMode.ElideRight)
        painter.end()


def _draw(painter: QPainter, room: QRect, text: str, color: str, elide: Qt.TextElideMode) -> None:
    painter.setPen(QColor(color))
    fitting = painter.fontMetrics().elidedText(text, elide, room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, fitting)
