"""The outlines of a taught model's activities, in a row."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from lrcn_desktop.app.teach.flow import FlowLayout
from lrcn_desktop.app.widgets.building import in_column
from lrcn_desktop.app.widgets.theme import current_theme

_SCALE = 1.5


class Outlines(QWidget):
    """Shows one drawing per activity, with its name."""

    def __init__(self, outlines: Mapping[str, object]) -> None:
        super().__init__()
        from lrcn_desktop.recognition.teaching.outlines import unpacked

        row = FlowLayout(self)
        for activity, text in outlines.items():
            outline = unpacked(text)
            if outline is not None:
                height, width = outline.shape
                image = QImage(width, height, QImage.Format.Format_ARGB32)
                image.fill(QColor(current_theme().raised))
                line = QColor(current_theme().text)
                for y, x in zip(*outline.nonzero(), strict=True):
                    image.setPixelColor(int(x), int(y), line)
                row.addWidget(_Drawing(str(activity), image))


class _Drawing(QWidget):
    def __init__(self, activity: str, image: QImage) -> None:
        super().__init__()
        picture, name = QLabel(), QLabel(activity)
        size = QSize(round(image.width() * _SCALE), round(image.height() * _SCALE))
        smooth = Qt.TransformationMode.SmoothTransformation
        picture.setPixmap(
            QPixmap.fromImage(image.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, smooth))
        )
        picture.setAccessibleName(activity)
        name.setObjectName("muted")
        name.setTextFormat(Qt.TextFormat.PlainText)
        name.setMaximumWidth(size.width())
        in_column(picture, name, spacing=2, margins=0, on=self)
        self.setFixedSize(self.sizeHint())
