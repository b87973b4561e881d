"""A lane over or under the timeline, in step with what that has in view."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from lrcn_desktop.app.timeline.geometry import GUTTER
from lrcn_desktop.app.timeline.view import TimelineView
from lrcn_desktop.app.widgets.theme import current_theme


class Lane(QWidget):
    """Paints a name, what `paint_band` paints, and the playhead; a click seeks.

    Attributes:
        name: What is written beside it.
    """

    sought = Signal(float)  # seconds
    margin = 0.0  # pixels over and under the band

    def __init__(self, view: TimelineView, height: int, parent: QWidget | None = None) -> None:
        """Follow `view`, `height` pixels high."""
        super().__init__(parent)
        self.name = ""
        self._view, self._height = view, height
        self._drawn: tuple[object, ...] = ()  # what was painted last
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the height of the lane."""
        return QSize(300, self._height)

    def state(self) -> tuple[object, ...]:
        """Return what the picture of the lane depends on."""
        return self._view.places, round(self._view.places.x_at(self._view.position))

    def refresh(self) -> None:
        """Paint again where that has changed."""
        state = self.state()
        if state != self._drawn:
            self._drawn = state
            self.update()

    def paint_band(self, painter: QPainter, band: QRectF) -> None:
        """Paint what the lane shows into `band`, which is clipped."""
        raise NotImplementedError

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the name, the band and the playhead."""
        theme, places = current_theme(), self._view.places
        painter = QPainter(self)
        painter.setPen(QColor(theme.muted))
        name = QRectF(17, 0, GUTTER - 27, self.height())
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, self.name)
        height = self.height() - 2 * self.margin
        band = QRectF(GUTTER, self.margin, places.right - GUTTER, height)
        painter.fillRect(band, QColor(theme.window))
        painter.setClipRect(band)
        self.paint_band(painter, band)
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
