"""The lane of the timeline that shows what the video looks like."""

from collections.abc import Callable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from lrcn_desktop.app.timeline.lane import Lane
from lrcn_desktop.app.timeline.view import TimelineView

HEIGHT = 44  # pixels
_WIDE = 4 / 3  # of a picture, before one has come
_FINEST = 0.25  # seconds between two pictures at the least


class FilmstripLane(Lane):
    """Shows pictures side by side.

    A picture stands for what begins at its left edge, at times that stay the same while the view
    pans, so that none is decoded twice; its sides are cut so that the next one follows it.
    """

    def __init__(
        self,
        view: TimelineView,
        picture: Callable[[float], QImage | None],
        parent: QWidget | None = None,
    ) -> None:
        """Take pictures from `picture`, by their time in seconds."""
        super().__init__(view, HEIGHT, parent)
        self.name = self.tr("Video")
        self._picture = picture
        self._ratio = _WIDE
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Filmstrip"))

    def step(self) -> float:
        """Return the seconds from one picture to the next, no more than one is wide."""
        seconds, step = self._ratio * HEIGHT * self._view.places.pixel, _FINEST
        while 2 * step <= seconds:
            step *= 2
        return 1.5 * step if 1.5 * step <= seconds else step

    def paint_band(self, painter: QPainter, band: QRectF) -> None:
        """Paint the pictures."""
        places = self._view.places
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        step = self.step()
        time = int(places.start / step) * step
        while time < min(places.end, self._view.span.extent):
            left, width = places.x_at(time), step / places.pixel
            image = self._picture(time)
            if image is not None:
                self._ratio = image.width() / image.height()
                room = QRectF(left, 0, min(width, self._ratio * HEIGHT) - 1, HEIGHT)
                middle = QRectF(image.rect())
                middle.setWidth(image.height() * room.width() / HEIGHT)
                middle.moveCenter(QRectF(image.rect()).center())
                painter.drawImage(room, image, middle)
            time += step
