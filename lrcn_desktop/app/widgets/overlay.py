"""The live class probabilities as labelled bars, over the picture."""

import math
import time

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from lrcn_desktop.app.widgets.class_colours import class_colour, readable
from lrcn_desktop.recognition.prediction import Prediction

MOST_ROWS = 4
_FONT = 14  # pixels: the font's height at which the lengths below are pixels
WIDTH = 280
_MARGIN = 12
_PAD = 16
_HEAD = 64  # height of the headline and the line below it
_ROW = 36
_EASE = 0.12  # seconds: time constant of the bars' motion
_EQUAL = 0.04  # probabilities that differ by less count as equal for the rows' order
_STILL = 0.002  # a smaller way to go is not worth a repaint

_TEXT = QColor("#F4F6FA")
_MUTED = QColor("#AEB7C6")
_PANEL = QColor(13, 16, 22, 200)
_TRACK = QColor(255, 255, 255, 34)


class ProbabilityOverlay(QWidget):
    """A translucent panel: what is seen, and the most likely classes with their bars.

    Attributes:
        size_factor: How many times as large as the system's font asks for it is drawn.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(self.tr("Class probabilities"))
        self.size_factor = 1.0
        self._classes: tuple[str, ...] = ()
        self._prediction: Prediction | None = None
        self._since: float | None = None
        self._message = ""
        self._values: NDArray[np.float64] = np.zeros(0)  # as drawn, on their way to the targets
        self._places: NDArray[np.float64] = np.zeros(0)  # rows as drawn, 0 is the top
        self._moved = time.monotonic()

    def show_message(self, message: str) -> None:
        """Show a sentence instead of bars: no model yet, nothing recognized yet."""
        if self._prediction is not None or message != self._message:
            self._prediction, self._message, self._classes = None, message, ()
            self.setAccessibleDescription(message)
            self.update()

    def show_prediction(
        self, classes: tuple[str, ...], prediction: Prediction, since: float | None
    ) -> None:
        """Move the bars towards `prediction`; call on each tick, as it also animates.

        Args:
            classes: The model's classes, in the order of the probabilities.
            prediction: The newest.
            since: When the activity that goes on began, in the source's seconds, or None.
        """
        now = time.monotonic()
        elapsed, self._moved = now - self._moved, now
        if classes != self._classes:
            self._classes = classes
            self._values = np.zeros(len(classes))
            self._places = np.full(len(classes), float(MOST_ROWS))
        fresh = prediction is not self._prediction or since != self._since
        self._prediction, self._since = prediction, since
        if self._ease(1.0 - math.exp(-elapsed / _EASE)) or fresh:
            self.update()
        if fresh:
            self.setAccessibleDescription(f"{self._headline()} {100 * prediction.confidence:.0f} %")

    def fit(self, room: QRect) -> None:
        """Take a place at the top left of `room`, the picture, and leave most of it to be seen."""
        unit = self._unit()
        share = 0.42 * max(1.0, self.size_factor)
        width = max(min(WIDTH * unit, room.width() * share), 170 * unit)
        rows = self._rows_for((room.height() - 2 * _MARGIN) / unit)
        height = (_HEAD + rows * _ROW + (14 if rows else 6)) * unit
        left = min(room.x() + _MARGIN, room.right() - round(width))
        self.setGeometry(left, room.y() + _MARGIN, round(width), round(height))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the panel, the headline and the bars."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_PANEL)
        painter.drawRoundedRect(self.rect(), 12, 12)
        unit = self._unit()
        width, height = self.width() / unit, self.height() / unit
        painter.scale(unit, unit)
        self._paint_head(painter, width, height)
        if self._prediction is not None:
            painter.setClipRect(QRectF(0, _HEAD, width, height - _HEAD - 6))
            rows = int(height - _HEAD) // _ROW
            for index in np.flatnonzero(self._places < rows - 0.02):
                self._paint_row(painter, int(index), width)
        painter.end()

    def _unit(self) -> float:
        """Return the pixels of one unit of the lengths above."""
        return self.size_factor * self.fontMetrics().height() / _FONT

    def _rows_for(self, height: float) -> int:
        return max(0, min(MOST_ROWS, (int(height * 0.62) - _HEAD) // _ROW))

    def _ease(self, share: float) -> bool:
        """Move values and places by `share` of their way; say whether anything moved visibly."""
        assert self._prediction is not None
        way = self._prediction.probabilities - self._values
        self._values += way * share
        # Classes that are as good as equal keep their order: rows that swap for nothing distract.
        order = np.lexsort((self._places, -np.round(self._values / _EQUAL)))
        targets = np.empty(len(order))
        targets[order] = np.minimum(np.arange(len(order)), MOST_ROWS)
        climb = targets - self._places
        self._places += climb * share
        return bool(np.abs(way).max() > _STILL or np.abs(climb).max() > _STILL)

    def _headline(self) -> str:
        if self._prediction is None:
            return self._message
        label = self._prediction.label
        return self.tr("Unknown") if label is None else readable(label)

    def _paint_head(self, painter: QPainter, width: float, height: float) -> None:
        inner = round(width) - 2 * _PAD
        if self._prediction is None:
            painter.setFont(self._font(1.0))
            painter.setPen(_TEXT)
            room = QRectF(_PAD, 0, inner, height)
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(room, flags, self._message)
            return
        known = self._prediction.label is not None
        painter.setFont(self._font(1.45, QFont.Weight.DemiBold))
        painter.setPen(_TEXT if known else _MUTED)
        text = painter.fontMetrics().elidedText(
            self._headline(), Qt.TextElideMode.ElideRight, inner
        )
        painter.drawText(_PAD, 10, inner, 28, Qt.AlignmentFlag.AlignVCenter, text)
        painter.setFont(self._font(0.9))
        painter.setPen(_MUTED)
        text = painter.fontMetrics().elidedText(self._detail(), Qt.TextElideMode.ElideRight, inner)
        painter.drawText(_PAD, 35, inner, 18, Qt.AlignmentFlag.AlignVCenter, text)

    def _detail(self) -> str:
        assert self._prediction is not None
        if self._prediction.label is None:
            return self.tr("No activity above the threshold")
        if self._since is None:
            return self.tr("Just now")
        seconds = max(0.0, self._prediction.time - self._since)
        return self.tr("For {0:.0f} s").format(seconds)

    def _paint_row(self, painter: QPainter, index: int, width: float) -> None:
        assert self._prediction is not None
        value, place = float(self._values[index]), float(self._places[index])
        top = _HEAD + place * _ROW
        leads = self._prediction.label == self._classes[index]
        inner = width - 2 * _PAD
        painter.setOpacity(max(0.15, 1.0 - 1.7 * abs(place - round(place))))  # faint on the move
        painter.setFont(self._font(1.0, QFont.Weight.DemiBold if leads else QFont.Weight.Normal))
        painter.setPen(_TEXT if leads else _MUTED)
        line = QRectF(_PAD, top, inner, 20)
        painter.drawText(line, Qt.AlignmentFlag.AlignRight, f"{100 * value:.0f} %")
        name = painter.fontMetrics().elidedText(
            readable(self._classes[index]), Qt.TextElideMode.ElideRight, round(inner) - 52
        )
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft, name)
        thick = 8.0 if leads else 5.0
        bar = QRectF(_PAD, top + 24 - thick / 2, inner, thick)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_TRACK)
        painter.drawRoundedRect(bar, thick / 2, thick / 2)
        colour = class_colour(index)
        colour.setAlphaF(1.0 if leads else 0.75 if self._prediction.label else 0.45)
        painter.setBrush(colour)
        bar.setWidth(max(thick, inner * value))
        painter.drawRoundedRect(bar, thick / 2, thick / 2)

    def _font(self, scale: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(self.font().pointSizeF() * scale * _FONT / self.fontMetrics().height())
        font.setWeight(weight)
        return font
