"""The bars over the picture, in one of its corners."""

from typing import Literal

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from lrcn_desktop.app.widgets.bar_parts import Colors
from lrcn_desktop.app.widgets.bars import FOOT, HEAD, ROW, BarsView
from lrcn_desktop.app.widgets.paint import fill_rounded

Corner = Literal["top left", "top right", "bottom left", "bottom right"]
CORNERS: tuple[Corner, ...] = ("top left", "top right", "bottom left", "bottom right")
MOST_ROWS = 4
WIDTH, NARROWEST = 280, 170
_MARGIN = 12
_BACK = QColor(13, 16, 22, 210)


class ProbabilityOverlay(BarsView):
    """A translucent panel with the most likely classes.

    Attributes:
        corner: Where it lies in the picture.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.corner: Corner = "top left"
        self._room = QRect()

    def fit(self, room: QRect) -> None:
        """Take a place in a corner of `room`, the picture, and leave most of it to be seen."""
        self._room, unit = room, self.unit
        share = 0.42 * max(1.0, self.size_factor)
        width = round(max(min(WIDTH * unit, room.width() * share), NARROWEST * unit))
        fitting = int((room.height() - 2 * _MARGIN) / unit * 0.62 - HEAD - FOOT) // ROW
        rows = max(0, min(MOST_ROWS + self.scored, fitting)) if self.shows_bars else 0
        height = round((HEAD + rows * ROW + FOOT) * unit)
        right, bottom = room.right() + 1 - _MARGIN - width, room.bottom() + 1 - _MARGIN - height
        left = right if self.corner.endswith("right") else room.x() + _MARGIN
        top = bottom if self.corner.startswith("bottom") else room.y() + _MARGIN
        self.setGeometry(left, top, width, height)

    def updateGeometry(self) -> None:  # noqa: N802
        """Take the room that bars, or a message alone, need."""
        super().updateGeometry()
        if not self._room.isEmpty():
            self.fit(self._room)

    def most_places(self) -> int:
        """Return how many classes may have a bar."""
        return MOST_ROWS

    def paint_back(self, painter: QPainter) -> None:
        """Paint the panel."""
        fill_rounded(painter, self.rect(), 12, _BACK)

    def colors(self) -> Colors:
        """Return those that are legible on the panel."""
        tick, track = QColor("#F4F6FA"), QColor(255, 255, 255, 40)
        return Colors(QColor("#F4F6FA"), QColor("#C3CAD6"), track, tick)
