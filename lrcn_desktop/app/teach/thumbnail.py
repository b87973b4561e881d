"""A small picture of an example, which plays while the pointer is on it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QHideEvent,
    QImage,
    QImageWriter,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from lrcn_desktop.app.widgets.theme import current_theme
from lrcn_desktop.errors import UserError
from lrcn_desktop.recognition.teaching.project import Clip
from lrcn_desktop.video.file import FileSource
from lrcn_desktop.video.frame import Image

WIDTH, HEIGHT = 68, 51  # pixels
_FRAMES = 12  # that are shown of an example
_TURN = 110  # milliseconds between them
_PACKED = b"JPG"
_RGB = QImage.Format.Format_RGB888


class Thumbnail(QWidget):
    """One example. The context menu, or the menu key, offers what can be done with it.

    Attributes:
        clip: The example.
    """

    menu_wanted = Signal(object, object)  # this widget, and where on the screen

    def __init__(self, clip: Clip, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.clip = clip
        self._frames: list[QByteArray] = []  # compressed: there may be hundreds of examples
        self._frame: QImage | None = None  # the one on show
        self._shown = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_TURN)
        self._timer.timeout.connect(self._turn)
        self.setFixedSize(WIDTH, HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(self.tr("Example {0}").format(clip.path.stem))
        self.setToolTip(
            self.tr("{0}\nThe right mouse button deletes, moves and trims it.").format(
                clip.path.name
            )
        )

    def show_frames(self, frames: list[QImage]) -> None:
        """Show an example's frames; none: it cannot be read."""
        self._frames = [_packed(frame) for frame in frames[:: max(1, len(frames) // _FRAMES)]]
        self._show(len(self._frames) // 2)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return its only size."""
        return QSize(WIDTH, HEIGHT)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802
        """Play."""
        self._play()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Stop playing."""
        self._timer.stop()
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Play for who has no mouse, too."""
        self._play()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Stop playing."""
        self._timer.stop()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Stop playing."""
        self._timer.stop()
        super().hideEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Offer what can be done."""
        self.menu_wanted.emit(self, event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Offer what can be done, with Return or the menu key."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Menu):
            self.menu_wanted.emit(self, self.mapToGlobal(self.rect().center()))
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        theme, room = current_theme(), QRectF(self.rect()).adjusted(1, 1, -1, -1)
        shape = QPainterPath()
        shape.addRoundedRect(room, 6, 6)
        painter.fillPath(shape, QColor(theme.raised))
        frame = self._frame
        if frame is not None:
            painter.setClipPath(shape)
            scale = max(room.width() / frame.width(), room.height() / frame.height())
            size = QPointF(frame.width() * scale, frame.height() * scale)
            left = room.center() - size / 2
            painter.drawImage(QRectF(left, left + size), frame)
            painter.setClipping(False)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.drawPath(shape)
        painter.end()

    def _play(self) -> None:
        if len(self._frames) > 1:
            self._timer.start()

    def _turn(self) -> None:
        self._show((self._shown + 1) % len(self._frames))

    def _show(self, number: int) -> None:
        self._shown = number
        self._frame = QImage.fromData(self._frames[number]) if self._frames else None
        self.update()


def read_frames(path: Path) -> list[QImage]:
    """Return some small frames of an example, evenly chosen; [] where it cannot be read."""
    try:
        with FileSource(path) as source:
            pictures: list[QImage] = []
            step = max(1, round((source.duration or 3.0) * source.rate / _FRAMES))
            for number, frame in enumerate(source):
                if number % step == 0:
                    pictures.append(small(frame.image))
                if len(pictures) >= _FRAMES:
                    break
            return pictures
    except UserError:
        return []


def small(image: Image) -> QImage:
    """Return a picture in the size of thumbnails on fine screens."""
    height, width = image.shape[:2]
    whole = QImage(np.ascontiguousarray(image).data, width, height, 3 * width, _RGB)
    return whole.scaledToWidth(2 * WIDTH, Qt.TransformationMode.SmoothTransformation).copy()


def _packed(frame: QImage) -> QByteArray:
    packed = QBuffer()
    packed.open(QBuffer.OpenModeFlag.WriteOnly)
    QImageWriter(packed, QByteArray(_PACKED)).write(frame)
    return packed.data()
