"""A small plot of lines, painted here: a library for it takes a third of the program's start."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from lrcn_desktop.app.widgets.theme import Theme, current_theme, follow_theme

_LEFT, _TOP, _RIGHT = 46, 6, 8  # pixels around the lines; below them stand the numbers
_MOST_TICKS = 5
_DOT = 2.5  # a dot's radius, in pixels


@dataclass(frozen=True, slots=True)
class Line:
    """A line.

    Attributes:
        x, y: Its points, as many of each; it breaks where y is NaN.
        pen: Draws it.
        dots: Whether each point is a dot too.
        fill: The color of the area below it, if any.
    """

    x: Sequence[float]
    y: Sequence[float]
    pen: QPen
    dots: bool = False
    fill: QColor | None = None


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis shows.

    Attributes:
        low, high: Its ends.
        ticks: Values and their texts; None: round numbers.
    """

    low: float
    high: float
    ticks: Sequence[tuple[float, str]] | None = None

    def marks(self) -> Sequence[tuple[float, str]]:
        """Return the values to mark, and their texts."""
        return round_ticks(self.low, self.high) if self.ticks is None else self.ticks


PERCENT = Axis(0.0, 100.0, [(value, f"{value} %") for value in (0, 50, 100)])


class LinePlot(QWidget):
    """Draws lines over a grid, the last on top."""

    def __init__(self, x: Axis, y: Axis, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._x, self._y = x, y
        self._lines: Sequence[Line] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        follow_theme(self._apply_theme)

    def set_axes(self, x: Axis, y: Axis) -> None:
        """Show another part of the plane."""
        self._x, self._y = x, y
        self.update()

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Draw these in place of what was drawn."""
        self._lines = lines
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802
        """Draw the grid, the numbers and the lines."""
        below = self.fontMetrics().height() + 4
        area = QRectF(self.rect()).adjusted(_LEFT, _TOP, -_RIGHT, -below)
        painter = QPainter(self)
        self._draw_axes(painter, area)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(area.adjusted(-_DOT, -_DOT, _DOT, _DOT))
        for line in self._lines:
            self._draw_line(painter, area, line)

    def _apply_theme(self, _: Theme) -> None:
        self.update()

    def _draw_axes(self, painter: QPainter, area: QRectF) -> None:
        theme = current_theme()
        text, grid = QColor(theme.muted), QColor(theme.border)
        line_height = self.fontMetrics().height()
        painter.setPen(grid)
        painter.drawLine(area.bottomLeft(), area.topLeft())
        for value, name in self._y.marks():
            at = self._height(area, value)
            painter.setPen(grid)
            painter.drawLine(QLineF(area.left(), at, area.right(), at))
            painter.setPen(text)
            place = QRectF(0, at - line_height / 2, _LEFT - 6, line_height)
            place.moveTop(min(max(place.top(), 0), self.height() - line_height))
            painter.drawText(place, Qt.AlignmentFlag.AlignRight, name)
        for value, name in self._x.marks():
            width = self.fontMetrics().horizontalAdvance(name)
            left = self._across(area, value) - width / 2
            left = min(max(left, 0), self.width() - width)
            place = QRectF(left, area.bottom() + 4, width, line_height)
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft, name)

    def _draw_line(self, painter: QPainter, area: QRectF, line: Line) -> None:
        for points in self._pieces(area, line):
            if line.fill is not None:
                first, last = points[0].x(), points[-1].x()
                ends = [QPointF(last, area.bottom()), QPointF(first, area.bottom())]
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(line.fill)
                painter.drawPolygon(QPolygonF([*points, *ends]))
            painter.setPen(line.pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(QPolygonF(points))
            if line.dots:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(line.pen.color())
                for point in points:
                    painter.drawEllipse(point, _DOT, _DOT)

    def _pieces(self, area: QRectF, line: Line) -> list[list[QPointF]]:
        """Return the stretches without a break, in pixels."""
        left, bottom = area.left(), area.bottom()
        x0, wide = self._x.low, area.width() / (self._x.high - self._x.low)
        y0, high = self._y.low, area.height() / (self._y.high - self._y.low)
        pieces: list[list[QPointF]] = [[]]
        for x, y in zip(line.x, line.y, strict=True):
            if y == y:  # not NaN; quicker than a call, for thousands of points a second
                pieces[-1].append(QPointF(left + wide * (x - x0), bottom - high * (y - y0)))
            elif pieces[-1]:
                pieces.append([])
        return [piece for piece in pieces if piece]

    def _across(self, area: QRectF, value: float) -> float:
        share = (value - self._x.low) / (self._x.high - self._x.low)
        return area.left() + share * area.width()

    def _height(self, area: QRectF, value: float) -> float:
        share = (value - self._y.low) / (self._y.high - self._y.low)
        return area.bottom() - share * area.height()


def round_ticks(low: float, high: float) -> list[tuple[float, str]]:
    """Return round values from `low` to `high`, at most five, and their texts."""
    least = (high - low) / _MOST_TICKS
    power = 10.0 ** math.floor(math.log10(least))
    step = next(power * factor for factor in (1, 2, 5, 10, 20) if power * factor > least)
    first, last = math.ceil(low / step), math.floor(high / step)
    return [(number * step, f"{number * step:g}") for number in range(first, last + 1)]
