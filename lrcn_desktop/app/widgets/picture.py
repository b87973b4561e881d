"""The picture: the newest frame, as large as fits, and how often it is really painted."""

import time
from collections import deque

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QTransform
from PySide6.QtWidgets import QWidget

from lrcn_desktop.app.widgets.theme import current_theme
from lrcn_desktop.video.frame import Frame

_WINDOW = 2.0  # seconds over which paints are counted


class PictureView(QWidget):
    """Shows frames with their aspect ratio kept."""

    placed = Signal()  # the picture lies elsewhere than before
    shown = Signal()  # the first frame since there was none is on the screen
    clicked = Signal()
    double_clicked = Signal()  # before the second click

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(160, 120)
        self.setAccessibleName(self.tr("Picture"))
        self._frame: Frame | None = None
        self._mirrored = self._dark = False
        self._waiting = True  # for the first frame
        self._scaled: QImage | None = None  # the frame as painted last; None: to be made
        self.paints: deque[float] = deque(maxlen=512)

    @property
    def frame(self) -> Frame | None:
        """The frame on show, None before the first."""
        return self._frame

    @property
    def repaints_per_second(self) -> float:
        """Paints of this view a second, measured over the last two seconds."""
        now = time.monotonic()
        recent = [painted for painted in self.paints if now - painted <= _WINDOW]
        return (len(recent) - 1) / (now - recent[0]) if len(recent) > 1 else 0.0

    def show_frame(self, frame: Frame | None) -> None:
        """Paint `frame` soon; None clears the picture."""
        if frame is not self._frame:
            before, self._frame = self.picture_rect(), frame
            self._scaled = None
            self._waiting = self._waiting or frame is None
            self.update()
            if self.picture_rect() != before:
                self.placed.emit()

    def set_mirrored(self, mirrored: bool) -> None:
        """Show left and right swapped, as people know themselves from a mirror.

        Only the painting is: recognition, recordings and exports have the true picture, as the
        models trained on such.
        """
        self._mirrored, self._scaled = mirrored, None
        self.update()

    def set_dark(self, dark: bool) -> None:
        """Surround the picture with black instead of the theme's color."""
        self._dark = dark
        self.update()

    def picture_rect(self) -> QRect:
        """Return where the picture lies in this widget; empty without one."""
        if self._frame is None:
            return QRect()
        height, width = self._frame.image.shape[:2]
        size = QSize(width, height).scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        rect = QRect(0, 0, size.width(), size.height())
        rect.moveCenter(self.rect().center())
        return rect

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size that the view would like."""
        return QSize(960, 540)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Say that the picture was clicked."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(
            event.position().toPoint()
        ):
            self.clicked.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Say that the picture was double-clicked."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.double_clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the stage and the picture on it."""
        painter = QPainter(self)
        target = self.picture_rect()
        if not target.contains(event.rect()):
            around = QColor("black" if self._dark else current_theme().window)
            painter.fillRect(event.rect(), around)
        if self._frame is not None:
            painter.drawImage(target, self._image(self._frame, target.size()))
        painter.end()
        self.paints.append(time.monotonic())
        if self._waiting and self._frame is not None:
            self._waiting = False
            self.shown.emit()

    def _image(self, frame: Frame, size: QSize) -> QImage:
        """Return the frame at the screen's own resolution, made once for each frame and size."""
        pixels = size * self.devicePixelRatioF()
        if self._scaled is None or self._scaled.size() != pixels:
            self._scaled = to_image(frame).scaled(
                pixels,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            if self._mirrored:
                self._scaled = self._scaled.transformed(QTransform.fromScale(-1, 1))
        return self._scaled


def to_image(frame: Frame) -> QImage:
    """Return a frame's picture in the format that Qt scales and paints fastest.

    The conversion copies, so that Qt never looks into NumPy's memory later on.
    """
    height, width = frame.image.shape[:2]
    shared = QImage(frame.image.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return shared.convertToFormat(QImage.Format.Format_RGB32)
