"""The colour of a class as Qt wants it, and its name; both the same wherever it is shown."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from lrcn_desktop.recognition.drawing.class_style import CLASS_COLOURS, readable

__all__ = ["CLASS_COLOURS", "class_colour", "class_pen", "readable"]

_LINE_STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)


def class_colour(index: int) -> QColor:
    """Return the colour of class number `index`; they repeat after eight."""
    return QColor(CLASS_COLOURS[index % len(CLASS_COLOURS)])


def class_pen(index: int, width: float) -> QPen:
    """Return the pen of class number `index`; repeated colours differ in their dashes."""
    pen = QPen(class_colour(index), width)
    pen.setStyle(_LINE_STYLES[index // len(CLASS_COLOURS) % len(_LINE_STYLES)])
    pen.setCosmetic(True)
    return pen
