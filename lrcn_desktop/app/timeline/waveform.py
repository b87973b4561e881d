"""The lane of the timeline that shows how loud it is."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF

from lrcn_desktop.app.timeline.geometry import Geometry
from lrcn_desktop.app.timeline.lane import Lane
from lrcn_desktop.app.timeline.view import TimelineView
from lrcn_desktop.app.widgets.theme import current_theme
from lrcn_desktop.video.waveform import PEAKS

_HEIGHT = 28  # pixels
_LOW = 1.0  # pixels of silence
_POWER = 0.7  # of a level, for its height: speech is quiet


class WaveformLane(Lane):
    """Shows the waveform.

    Attributes:
        peaks: uint8 (N,), ten per second from the file's start, as far as they are known.
    """

    margin = 2.0

    def __init__(self, view: TimelineView) -> None:
        super().__init__(view, _HEIGHT)
        self.name = self.tr("Sound")
        self.peaks: NDArray[np.uint8] = np.empty(0, np.uint8)
        self.setAccessibleName(self.tr("Waveform"))

    def show_peaks(self, peaks: NDArray[np.uint8]) -> None:
        """Show these peaks; they may grow."""
        self.peaks = peaks
        self.refresh()

    def state(self) -> tuple[object, ...]:
        """Return what the picture of the lane depends on."""
        return (*super().state(), len(self.peaks))

    def paint_band(self, painter: QPainter, band: QRectF) -> None:
        """Paint the wave."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(current_theme().muted))
        painter.drawPolygon(outline(self.peaks, self._view.places, band))


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
