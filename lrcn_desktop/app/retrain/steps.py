"""Where the user is: clips, training, result."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from lrcn_desktop.app.widgets.paint import smooth_painter
from lrcn_desktop.app.widgets.theme import current_theme

_BALL, _GAP, _LINE = 24, 9, 46


class Steps(QWidget):
    """Three numbered steps in a row, the present one in the accent color."""

    def __init__(self, names: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names, self._present = names, 0
        self.setFixedHeight(_BALL + 12)

    def set_present(self, present: int) -> None:
        """Show the step number `present`, from 0."""
        self._present = present
        self.setAccessibleName(
            self.tr("Step {0} of {1}: {2}").format(
                present + 1, len(self._names), self._names[present]
            )
        )
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the room that all steps need."""
        text = sum(self.fontMetrics().horizontalAdvance(name) for name in self._names)
        return QSize(text + len(self._names) * (_BALL + 3 * _GAP + _LINE), self.height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the steps from the left."""
        painter = smooth_painter(self)
        x, middle = 1.0, self.height() / 2
        for number, name in enumerate(self._names):
            ball = QRectF(x, middle - _BALL / 2, _BALL, _BALL)
            self._paint_ball(painter, ball, number)
            font = QFont(self.font())
            font.setBold(number == self._present)
            painter.setFont(font)
            color = current_theme().text if number == self._present else current_theme().muted
            painter.setPen(QColor(color))
            width = painter.fontMetrics().horizontalAdvance(name)
            x = ball.right() + _GAP
            room = QRectF(x, 0, width + 2, self.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name)
            x += width + _GAP
            if number < len(self._names) - 1:
                painter.setPen(QPen(QColor(current_theme().border), 1.5))
                painter.drawLine(QPointF(x + 4, middle), QPointF(x + _LINE - 4, middle))
                x += _LINE + _GAP / 2
        painter.end()

    def _paint_ball(self, painter: QPainter, ball: QRectF, number: int) -> None:
        theme = current_theme()
        reached = number <= self._present
        painter.setPen(QPen(QColor(theme.accent if reached else theme.border), 1.5))
        present = number == self._present
        painter.setBrush(QColor(theme.accent if present else theme.panel))
        painter.drawEllipse(ball)
        if number < self._present:
            painter.setPen(QPen(QColor(theme.accent), 2.0))
            painter.drawPolyline([ball.topLeft() + QPointF(*p) for p in _CHECK])
            return
        painter.setPen(QColor(theme.on_accent if present else theme.muted))
        font = QFont(self.font())
        font.setBold(True)
        painter.setFont(font)
        painter.drawText(ball, Qt.AlignmentFlag.AlignCenter, str(number + 1))


_CHECK = ((7.0, 12.5), (10.5, 16.0), (17.0, 8.5))
