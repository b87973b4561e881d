"""The lane of the timeline that shows how loud it is."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from lrcn_desktop.app.timeline.geometry import GUTTER, Geometry
from lrcn_desktop.app.timeline.view import TimelineView
from lrcn_desktop.app.widgets.theme import Theme, current_theme, follow_theme
from lrcn_desktop.video.waveform import PEAKS

_HEIGHT = 28  # pixels
_LOW = 1.0  # pixels of silence
_POWER = 0.7  # of a level, for its height: speech is quiet


class WaveformLane(QWidget):
    """Shows the waveform under a timeline, in step with what that has in view.

    Attributes:
        peaks: uint8 (N,), ten per second from the file's start, as far as they are known.
    """

    sought = Signal(float)  # seconds

    def __init__(self, view: TimelineView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._drawn: tuple[object, ...] = ()  # what was painted last
        self.peaks: NDArray[np.uint8] = np.empty(0, np.uint8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Waveform"))
        follow_theme(self._apply_theme)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the height of a row."""
        return QSize(300, _HEIGHT)

    def show_peaks(self, peaks: NDArray[np.uint8]) -> None:
        """Show these peaks; they may grow."""
        self.peaks = peaks
        self.refresh()

    def refresh(self) -> None:
        """Paint again where the view has moved, its playhead has, or there is more to show."""
        drawn = (self._view.places, self._view.position, len(self.peaks))
        if drawn != self._drawn:
            self._drawn = drawn
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the name, the wave and the playhead."""
        theme, places = current_theme(), self._view.places
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(theme.muted))
        name = QRectF(17, 0, GUTTER - 27, self.height())
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, self.tr("Sound"))
        band = QRectF(GUTTER, 2, places.right - GUTTER, self.height() - 4)
        painter.fillRect(band, QColor(theme.window))
        painter.setClipRect(band)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.muted))
        painter.drawPolygon(outline(self.peaks, places, band))
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

    def _apply_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self.update()


def outline(peaks: NDArray[np.uint8], places: Geometry, band: QRectF) -> QPolygonF:
    """Return the shape of the peaks that are in view, the loudest of those that share a pixel."""
    columns = np.arange(int(band.width()) + 1)
    times = places.start + columns * places.pixel
    edges = np.clip((np.append(times, times[-1] + places.pixel) * PEAKS).astype(int), 0, None)
    first, last = edges[:-1], np.maximum(edges[1:], edges[:-1] + 1)
    there = first < len(peaks)
    if not there.any():
        return QPolygonF()
    columns, first = columns[there], first[there]
    # One more, so that the last stretch has an end.
    ends = np.append(first, min(int(last[there][-1]), len(peaks)))
    levels = np.maximum.reduceat(np.append(peaks, 0), ends)[:-1]
    half = np.maximum((levels / 255) ** _POWER * band.height() / 2, _LOW / 2)
    middle = band.center().y()
    xs = (band.left() + columns).tolist()
    upper = [QPointF(x, middle - h) for x, h in zip(xs, half.tolist(), strict=True)]
    lower = [QPointF(x, middle + h) for x, h in zip(xs, half.tolist(), strict=True)]
    return QPolygonF([*upper, *reversed(lower)])
