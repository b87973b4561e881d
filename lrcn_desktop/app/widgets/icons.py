"""The icons in `assets/icons`, drawn in the color of the theme."""

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from lrcn_desktop.resources import assets_dir

_SIZE = 96  # pixels: enough for every place that an icon is shown at, at twice the density


def icon(name: str, color: str) -> QIcon:
    """Return an icon of `assets/icons` in a color (#RRGGBB), fainter where disabled."""
    drawing = QIcon()
    drawing.addPixmap(pixmap(name, color), QIcon.Mode.Normal)
    drawing.addPixmap(pixmap(name, color, opacity=0.4), QIcon.Mode.Disabled)
    return drawing


def pixmap(name: str, color: str, size: int = _SIZE, opacity: float = 1.0) -> QPixmap:
    """Return an icon of `assets/icons` as a square picture of `size` pixels."""
    key, drawn = f"icon {name} {color} {size} {opacity}", QPixmap()
    if not QPixmapCache.find(key, drawn):  # else half of the time that a window takes to make
        drawn = _draw(name, color, size, opacity)
        QPixmapCache.insert(key, drawn)
    return drawn


def _draw(name: str, color: str, size: int, opacity: float) -> QPixmap:
    text = (assets_dir() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    renderer = QSvgRenderer(QByteArray(text.replace("currentColor", color).encode()))
    drawn = QPixmap(size, size)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setOpacity(opacity)
    renderer.render(painter)
    painter.end()
    return drawn


def app_icon() -> QIcon:
    """Return the program's own icon."""
    return QIcon(str(assets_dir() / "icons" / "lrcn-desktop.svg"))
