"""The color of a class as Qt wants it, and its name; both the same wherever it is shown."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from lrcn_desktop.recognition.drawing.class_style import CLASS_COLORS, color_numbers, readable

__all__ = ["CLASS_COLORS", "class_color", "class_pen", "color_numbers", "color_of", "readable"]

_LINE_STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)


def class_color(number: int) -> QColor:
    """Return color number `number` (see `color_numbers`); they repeat after eight."""
    return QColor(CLASS_COLORS[number % len(CLASS_COLORS)])


def color_of(label: str, classes: Sequence[str]) -> QColor:
    """Return the color of one of `classes`; gray for what is none of them."""
    if label not in classes:
        return QColor("#7C8798")
    return class_color(color_numbers(classes)[list(classes).index(label)])


def class_pen(number: int, width: float) -> QPen:
    """Return the pen of color number `number`; repeated colors differ in their dashes."""
    pen = QPen(class_color(number), width)
    pen.setStyle(_LINE_STYLES[number // len(CLASS_COLORS) % len(_LINE_STYLES)])
    pen.setCosmetic(True)
    return pen
