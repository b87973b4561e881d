"""The lane of the timeline that shows what the video looks like."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from lrcn_desktop.app.timeline.geometry import GUTTER
from lrcn_desktop.app.timeline.view import TimelineView
from lrcn_desktop.app.widgets.theme import current_theme

HEIGHT = 44  # pixels
_WIDE = 4 / 3  # of a picture, before one has come
_FINEST = 0.25  # seconds between two pictures at the least


class FilmstripLane(QWidget):
    """Shows pictures side by side over a timeline, in step with what that has in view.

    A picture stands at the left edge of what it shows, at times that stay the same while the view
    pans, so that none is decoded twice.
    """

    sought = Signal(float)  # seconds

    def __init__(
        self,
        view: TimelineView,
        picture: Callable[[float], QImage | None],
        parent: QWidget | None = None,
    ) -> None:
        """Take pictures from `picture`, by their time in seconds."""
        super().__init__(parent)
        self._view, self._picture = view, picture
        self._drawn: tuple[object, ...] = ()  # what was painted last
        self._ratio = _WIDE
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Filmstrip"))

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the height of the pictures."""
        return QSize(300, HEIGHT)

    def refresh(self) -> None:
        """Paint again where the view or its playhead has moved."""
        drawn = (self._view.places, round(self._view.places.x_at(self._view.position)))
        if drawn != self._drawn:
            self._drawn = drawn
            self.update()

    def step(self) -> float:
        """Return the seconds from one picture to the next: a power of two."""
        seconds, step = self._ratio * HEIGHT * self._view.places.pixel, _FINEST
        while step < seconds:
            step *= 2
        return step

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the name, the pictures and the playhead."""
        theme, places = current_theme(), self._view.places
        painter = QPainter(self)
        painter.setPen(QColor(theme.muted))
        name = QRectF(17, 0, GUTTER - 27, self.height())
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, self.tr("Video"))
        band = QRectF(GUTTER, 0, places.right - GUTTER, self.height())
        painter.fillRect(band, QColor(theme.window))
        painter.setClipRect(band)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        step = self.step()
        time = int(places.start / step) * step
        while time < min(places.end, self._view.span.extent):
            left, width = places.x_at(time), step / places.pixel
            image = self._picture(time)
            if image is not None:
                self._ratio = image.width() / image.height()
                room = QRectF(left, 0, min(width, self._ratio * HEIGHT) - 1, HEIGHT)
                painter.drawImage(room, image)
            time += step
        painter.setClipping(False)
        x = places.x_at(self._view.position)
        if GUTTER - 1 <= x <= places.right + 1:
            painter.fillRect(QRectF(x - 0.75, 0, 1.5, self.height()), QColor(theme.text))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go where it is clicked."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._seek(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go along."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._seek(event)

    def _seek(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if x >= GUTTER:
            time = self._view.places.time_at(x)
            self.sought.emit(min(max(time, 0.0), self._view.span.extent))
