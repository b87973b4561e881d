"""The timeline as it is used: what is selected, and what mouse and keys want."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip

from lrcn_desktop.app.timeline.canvas import TimelineCanvas
from lrcn_desktop.app.timeline.geometry import GUTTER
from lrcn_desktop.app.timeline.interaction import Interaction
from lrcn_desktop.app.timeline.keys import wanted_by
from lrcn_desktop.app.widgets.class_colors import readable
from lrcn_desktop.recognition.segments import Segment


class TimelineView(TimelineCanvas):
    """The timeline with a selection; it says what mouse and keys want.

    For whoever edits segments: `editable` turns on the dragging of edges and the drawing of new
    segments. During a drag the view shows the new edge by itself and seeks to it (`sought`); near
    where the playhead was, and near other edges, it snaps. It changes no segment: the owner answers
    a signal with `show_segments`, and `select`.

    Attributes:
        selected: The segment with an outline, or None.
        also: Others that are selected with it.
        editable: Whether edges can be dragged and segments drawn.
    """

    sought = Signal(float)  # seconds: a click, the ruler scrubbed, an edge on its way
    segment_pressed = Signal(object)  # Segment: the left button went down on it
    segment_selected = Signal(object)  # Segment or None: another one has the outline
    segment_activated = Signal(object)  # Segment: double-clicked
    edge_dragged = Signal(object, str, float)  # Segment, "start" or "end", its new time: let go
    span_drawn = Signal(str, float, float)  # label of the row, start, end: dragged with Shift
    menu_wanted = Signal(object, float, object)  # Segment or None, the time, QPoint on the screen

    def __init__(self) -> None:
        super().__init__()
        self.setMouseTracking(True)
        self.selected: Segment | None = None
        self.also: list[Segment] = []
        self.editable = False
        self._mouse = Interaction(self)

    @property
    def busy(self) -> bool:
        """Whether something is being dragged."""
        return self._mouse.busy

    def show_source(self, duration: float | None) -> None:
        """Begin empty, with all of `duration` seconds in view; None: it is live, and grows."""
        self._mouse.cancel()
        super().show_source(duration)

    def show_segments(
        self,
        segments: Sequence[Segment],
        beneath: Sequence[Segment] = (),
        checked: Collection[Segment] = (),
    ) -> None:
        """Show `segments` (see `TimelineCanvas`); what was selected and is there yet stays so."""
        super().show_segments(segments, beneath, checked)
        if (old := self.selected) is not None:
            key = (old.label, old.start)
            also = [other for other in self.also if other in segments]
            self.select(next((s for s in segments if (s.label, s.start) == key), None))
            self.also = also if self.selected is not None else []

    def select(self, segment: Segment | None) -> None:
        """Give one segment the outline."""
        if segment != self.selected or self.also:
            self.also = []
            self.selected = segment
            self.segment_selected.emit(segment)
            self.update()

    def select_too(self, segment: Segment) -> None:
        """Add a segment to those that are selected, or take it away from them."""
        if segment in self.also:
            self.also.remove(segment)
        elif self.selected is None:
            self.select(segment)
        elif segment != self.selected:
            self.also.append(segment)
        self.update()

    def select_all(self) -> None:
        """Select every segment that is in view."""
        span = self.span
        inside = [s for s in self._segments if s.start < span.end and s.end > span.start]
        if inside:
            self.select(inside[0])
            self.also = inside[1:]
            self.update()

    def others(self, segment: Segment) -> list[Segment]:
        """Return what a segment that grows could swallow: of other labels, and not checked."""
        return [
            other
            for other in self._segments
            if other.label != segment.label and other not in self._checked
        ]

    @property
    def selection(self) -> list[Segment]:
        """All segments that are selected, in order of their start."""
        chosen = [self.selected] if self.selected is not None else []
        return sorted((*chosen, *self.also), key=lambda s: s.start)

    def zoom_to_selection(self) -> None:
        """Bring what is selected into view, as large as fits."""
        chosen = self.selection
        if not chosen:
            return
        start, end = chosen[0].start, max(s.end for s in chosen)
        margin = max(0.1 * (end - start), 0.5)
        self.change_span(lambda: self.span.show(start - margin, end + margin))

    def pin_selected(self) -> None:
        """Keep the row of the selected segment on top, or no longer."""
        if self.selected is not None:
            self.pin(self.selected.label)

    def event(self, event: QEvent) -> bool:
        """Show what is under the pointer; keep the keys that mean something here from the menus."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._hint(QPointF(event.pos())), self)
            return True
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and wanted_by(event, self) is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Zoom, pan, scroll, or go to the start or end."""
        wanted = wanted_by(event, self)
        if wanted is not None:
            wanted()
        elif event.key() == Qt.Key.Key_Escape and self._mouse.busy:
            self._mouse.cancel()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Begin a click, a scrub or a drag."""
        self._mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go on with it, or show what a press would do."""
        self._mouse.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """End it."""
        self._mouse.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Show all; on a segment, activate it."""
        segment = self.segment_at(event.position())
        if segment is None or not self.editable:
            self.show_all()
        else:
            self.segment_activated.emit(segment)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zoom around the pointer; with Shift, or sideways, pan; over the names, scroll."""
        self._mouse.wheel(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Ask for a menu for what is under the pointer, or for the selected segment by key."""
        self._mouse.menu(event)

    def _hint(self, position: QPointF) -> str:
        """Return what there is to say of a place: of a name, the whole of it."""
        row = self.places.row_at(position.y())
        if row is not None and position.x() < GUTTER:
            return readable(self.rows[row].label)
        segment = self.segment_at(position)
        return self._words(segment) if segment is not None else ""

    def _outlines(self) -> list[tuple[int, float, float, bool]]:
        """Return row, start, end and whether it is a drag's, of all that has an outline."""
        found = []
        labels = {row.label: number for number, row in enumerate(self.rows)}
        if self.selected is not None and self.selected.label in labels:
            found.append(
                (labels[self.selected.label], self.selected.start, self.selected.end, False)
            )
        for other in self.also:
            if other.label in labels:
                found.append((labels[other.label], other.start, other.end, False))
        drag = self._mouse.preview()
        if drag is not None and drag[0] in labels:
            found.append((labels[drag[0]], drag[1], drag[2], True))
        return found
