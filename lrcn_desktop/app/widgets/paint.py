"""What widgets paint themselves with."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPaintDevice, QPainter, QPen
from PySide6.QtWidgets import QWidget

from lrcn_desktop.app.widgets.theme import current_theme


def smooth_painter(device: QPaintDevice) -> QPainter:
    """Return a painter whose edges are smooth; `end` it."""
    painter = QPainter(device)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter


def fill_rounded(
    painter: QPainter,
    place: QRect | QRectF,
    radius: float,
    fill: QColor | QBrush,
    edge: QPen | None = None,
) -> None:
    """Fill a rectangle with round corners, with an `edge` around it or without."""
    painter.setPen(Qt.PenStyle.NoPen if edge is None else edge)
    painter.setBrush(fill)
    painter.drawRoundedRect(place, radius, radius)


def paint_drop_frame(widget: QWidget) -> None:
    """Paint the dashed frame that says: drop it here."""
    painter = smooth_painter(widget)
    edge = QPen(QColor(current_theme().border), 2, Qt.PenStyle.DashLine)
    room = widget.rect().adjusted(2, 2, -2, -2)
    fill_rounded(painter, room, 14, QColor(current_theme().panel), edge)
    painter.end()
