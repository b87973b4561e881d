"""One colour for a class, the same in the bars, the plot and the legend, in both themes.

The eight colours were searched for, not picked: each has a contrast of 2.8 to 1 or more on both
the light and the dark window, and any two differ clearly (CIE76 distance of 15 or more) for
ordinary sight and under simulated protanopia, deuteranopia and tritanopia.
"""

import re

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

CLASS_COLOURS = (
    "#EB7500",
    "#08964F",
    "#6060D7",
    "#C20A94",
    "#609CD7",
    "#D00B24",
    "#8338FF",
    "#CD7A99",
)

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


def readable(label: str) -> str:
    """Return a class name as a person writes it: "ApplyEyeMakeup" as "Apply Eye Makeup"."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", label.replace("_", " ")).strip()
    return words[:1].upper() + words[1:]
