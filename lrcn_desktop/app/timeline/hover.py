"""What the video looks like where the pointer is over the timeline."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from lrcn_desktop.app.timeline.geometry import GUTTER
from lrcn_desktop.app.timeline.ruler import precise
from lrcn_desktop.app.timeline.view import TimelineView
from lrcn_desktop.app.widgets.theme import current_theme

_PICTURE, _LINE, _GAP = 96, 20, 8  # pixels: height of the picture, of the time, above the timeline


class HoverPreview(QWidget):
    """A small picture and its time above the pointer; it takes no clicks.

    Attributes:
        time: What it shows, in seconds; None: it is hidden.
    """

    def __init__(self, view: TimelineView, picture: Callable[[float], QImage | None]) -> None:
        """Follow the pointer over `view`, with pictures by their time in seconds."""
        super().__init__(view.window())
        self._view, self._picture = view, picture
        self.time: float | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        self.watch(view)

    def watch(self, widget: QWidget) -> None:
        """Follow the pointer over another widget that has the timeline's places."""
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Follow the pointer."""
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove:
            position = event.position()
            inside = GUTTER <= position.x() <= self._view.places.right
            self._show(watched, position.toPoint()) if inside else self._go()
        elif event.type() in (QEvent.Type.Leave, QEvent.Type.Hide, QEvent.Type.Wheel):
            self._go()
        return super().eventFilter(watched, event)

    def refresh(self) -> None:
        """Show the picture that has arrived."""
        if self.time is not None:
            self._place(self._at)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the picture and its time."""
        if self.time is None:
            return
        theme, painter = current_theme(), QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.text))
        image = self._picture(self.time)
        if image is not None:
            painter.drawImage(QRect(2, 2, self.width() - 4, self.height() - _LINE - 2), image)
        painter.setPen(QColor(theme.panel))
        line = QRect(0, self.height() - _LINE, self.width(), _LINE)
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, precise(self.time, 1))
        painter.end()

    def _show(self, watched: QObject, position: QPoint) -> None:
        if not isinstance(watched, QWidget):
            return
        if self.parentWidget() is not self._view.window():
            self.setParent(self._view.window())
        time = self._view.places.time_at(position.x())
        if not 0 <= time <= self._view.span.extent:
            self._go()
            return
        self.time = time
        top = self._view.parentWidget() or self._view
        at = watched.mapTo(self._view.window(), QPoint(position.x(), 0))
        self._place(QPoint(at.x(), top.mapTo(self._view.window(), QPoint(0, 0)).y()))

    def _place(self, at: QPoint) -> None:
        self._at = at
        image = self._picture(self.time or 0.0)
        width = 64 if image is None else round(_PICTURE * image.width() / image.height()) + 4
        height = _LINE + (0 if image is None else _PICTURE + 2)
        room = self._view.window().width()
        left = min(max(at.x() - width // 2, 4), max(room - width - 4, 4))
        self.setGeometry(left, max(at.y() - height - _GAP, 0), width, height)
        self.show()
        self.raise_()
        self.update()

    def _go(self) -> None:
        self.time = None
        self.hide()
