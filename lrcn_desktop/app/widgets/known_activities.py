"""What the shipped model knows, in small drawings."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from lrcn_desktop.app.widgets.class_colors import color_of
from lrcn_desktop.app.widgets.theme import current_theme

_TILE, _GAP, _DRAWN = 96.0, 10.0, 56.0  # units: a tile, between two, the drawing in it
_LARGEST = 1.2

Line = tuple[tuple[float, float], ...]
Dot = tuple[float, float, float]  # x, y, radius

# Each drawing on a square of 40 units: lines, then discs; the first disc is a head.
_DRAWINGS: dict[str, tuple[tuple[Line, ...], tuple[Dot, ...]]] = {
    "ApplyEyeMakeup": (
        (((8, 20), (14, 14), (26, 14), (32, 20), (26, 26), (14, 26), (8, 20)), ((27, 10), (36, 3))),
        ((20, 20, 4.5),),
    ),
    "ApplyLipstick": (
        (
            ((8, 22), (15, 18), (20, 20), (25, 18), (32, 22), (20, 29), (8, 22)),
            ((8, 22), (20, 23.5), (32, 22)),
            ((28, 15), (34, 8), (37, 11), (31, 18)),
        ),
        (),
    ),
    "BaseballPitch": (
        (
            ((17, 14), (19, 25), (11, 37)),
            ((19, 25), (29, 28), (30, 37)),
            ((17, 15), (28, 13), (34, 7)),
            ((17, 16), (8, 20)),
        ),
        ((15, 8, 4.5), (36, 4, 2.5)),
    ),
    "Basketball": (
        (((16, 15), (16, 27), (11, 37)), ((16, 27), (22, 37)), ((16, 17), (24, 20), (29, 26))),
        ((16, 8, 4.5), (30, 31, 5)),
    ),
    "BasketballDunk": (
        (
            ((12, 18), (13, 28), (6, 36)),
            ((13, 28), (20, 34)),
            ((12, 19), (22, 12)),
            ((27, 13), (38, 13)),
            ((28, 13), (30, 21), (35, 21), (37, 13)),
        ),
        ((11, 12, 4.5), (25, 8, 4)),
    ),
    "Punch": (
        (
            ((12, 15), (13, 27), (7, 37)),
            ((13, 27), (20, 37)),
            ((12, 17), (30, 16)),
            ((12, 18), (18, 22), (16, 15)),
        ),
        ((12, 8, 4.5), (33, 16, 3.5)),
    ),
    "YoYo": (
        (
            ((14, 15), (14, 27), (10, 37)),
            ((14, 27), (19, 37)),
            ((14, 17), (24, 14)),
            ((24, 14), (27, 30)),
        ),
        ((14, 8, 4.5), (27, 33, 4)),
    ),
}


class KnownActivities(QWidget):
    """Shows each activity of the shipped model as a small drawing with its name."""

    def __init__(self) -> None:
        super().__init__()
        self._names = {
            "ApplyEyeMakeup": self.tr("Eye makeup"),
            "ApplyLipstick": self.tr("Lipstick"),
            "BaseballPitch": self.tr("Pitching"),
            "Basketball": self.tr("Basketball"),
            "BasketballDunk": self.tr("Dunking"),
            "Punch": self.tr("Punching"),
            "YoYo": self.tr("Yo-yo"),
        }
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        names = ", ".join(self._names.values())
        self.setAccessibleName(self.tr("It knows: {0}").format(names))

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the room for one row."""
        return QSize(round(len(_DRAWINGS) * (_TILE + _GAP)), 88)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the drawings side by side."""
        theme, painter = current_theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = len(_DRAWINGS) * (_TILE + _GAP) - _GAP
        scale = min(self.width() / whole, _LARGEST, self.height() / 88)
        painter.translate((self.width() - whole * scale) / 2, 0)
        painter.scale(scale, scale)
        font = QFont(self.font())
        font.setPixelSize(13)
        painter.setFont(font)
        for number, label in enumerate(_DRAWINGS):
            left = number * (_TILE + _GAP)
            self._draw(painter, label, left + (_TILE - _DRAWN) / 2)
            painter.setPen(QColor(theme.muted))
            name = QRectF(left - _GAP / 2, _DRAWN + 6, _TILE + _GAP, 20)
            painter.drawText(name, Qt.AlignmentFlag.AlignCenter, self._names[label])
        painter.end()

    def _draw(self, painter: QPainter, label: str, left: float) -> None:
        lines, discs = _DRAWINGS[label]
        color = color_of(label, tuple(_DRAWINGS))
        painter.save()
        painter.translate(left, 2)
        painter.scale(_DRAWN / 40, _DRAWN / 40)
        pen = QPen(color, 2.6)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        for line in lines:
            painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in line]))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        for x, y, radius in discs:
            painter.drawEllipse(QPointF(x, y), radius, radius)
        painter.restore()
