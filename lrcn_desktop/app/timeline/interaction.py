"""What the mouse does in the timeline: clicks, scrubs, pans, drags of edges, new segments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from lrcn_desktop.app.timeline.geometry import GUTTER, TOP
from lrcn_desktop.recognition.segments import Segment

if TYPE_CHECKING:
    from lrcn_desktop.app.timeline.view import TimelineView

_PIN = 16.0  # pixels at the left that pin a row
_NEAR = 5.0  # pixels from an edge that still mean the edge
_NOTCH = 120  # of the wheel, in Qt's units
_ZOOM = 1.25  # a notch
_PAN = 0.1  # of what is in view, a notch
_SHORTEST = 0.1  # seconds of a segment whose edge is dragged, or that is drawn


@dataclass(slots=True)
class _Press:
    """What goes on since the button went down.

    Attributes:
        kind: "click" until it moves and is a "pan"; "scrub", "edge" or "draw" from the start.
        origin, last: Where the pointer was then, and at the last move.
        begun, time: The times at both.
        segment: The one at the origin.
        edge: Which of its edges.
        label: The row's at the origin.
        playhead: Where it was then.
    """

    kind: str
    origin: QPointF
    last: QPointF
    begun: float
    time: float
    playhead: float
    segment: Segment | None = None
    edge: str = ""
    label: str = ""


class Interaction:
    """Turns a view's mouse events into its signals and the changes of what is in view."""

    def __init__(self, view: TimelineView) -> None:
        self._view = view
        self._press: _Press | None = None

    @property
    def busy(self) -> bool:
        """Whether the button is down."""
        return self._press is not None

    def preview(self) -> tuple[str, float, float] | None:
        """Return the label, start and end of what is being dragged or drawn."""
        press = self._press
        if press is None:
            return None
        if press.kind == "edge" and press.segment is not None:
            start, end = press.segment.start, press.segment.end
            return press.segment.label, *(
                (press.time, end) if press.edge == "start" else (start, press.time)
            )
        if press.kind == "draw":
            return press.label, min(press.begun, press.time), max(press.begun, press.time)
        return None

    def cancel(self) -> None:
        """Forget what the button began."""
        self._press = None
        self._view.update()

    def press(self, event: QMouseEvent) -> None:
        """Begin."""
        view, position = self._view, event.position()
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if position.x() < GUTTER - _NEAR:
            row = view.places.row_at(position.y())
            if row is not None and position.x() < _PIN:
                view.pin(view.rows[row].label)
            return
        time = self._time(position)
        press = self._press = _Press("click", position, position, time, time, view.position)
        if position.y() < TOP:
            press.kind = "scrub"
            view.sought.emit(time)
            return
        row = view.places.row_at(position.y())
        press.label = view.rows[row].label if row is not None else ""
        if view.editable and press.label and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            press.kind = "draw"
            return
        press.segment, press.edge = self._edge_at(position)
        if press.edge and press.segment is not None:
            press.kind = "edge"
            press.time = getattr(press.segment, press.edge)
        else:
            press.segment = view.segment_at(position)
        if press.segment is not None:
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                view.select_too(press.segment)
                press.kind = "chosen"
                return
            if press.edge or press.segment not in view.selection:
                view.select(press.segment)
            view.segment_pressed.emit(press.segment)

    def move(self, event: QMouseEvent) -> None:
        """Go on."""
        press, view, position = self._press, self._view, event.position()
        if press is None:
            _, edge = self._edge_at(position)
            shape = Qt.CursorShape.SizeHorCursor if edge else Qt.CursorShape.ArrowCursor
            view.setCursor(shape)
            return
        far = (position - press.origin).manhattanLength() >= QApplication.startDragDistance()
        if press.kind == "click" and far:
            press.kind = "pan"
            view.setCursor(Qt.CursorShape.ClosedHandCursor)
        moved, press.last = position - press.last, position
        if press.kind == "pan":
            seconds = -moved.x() * view.places.pixel
            view.change_span(lambda: view.span.pan(seconds))
            view.scroll_rows(-moved.y())
        elif press.kind not in ("click", "chosen"):
            time = self._time(position)
            if press.kind != "scrub":
                time = self._snapped(press, time)
            press.time = self._within(press, time)
            if press.kind != "draw":
                view.sought.emit(press.time)
            view.update()

    def release(self, event: QMouseEvent) -> None:
        """End: a click seeks, an edge that was moved is reported."""
        press, view = self._press, self._view
        if press is None or event.button() != Qt.MouseButton.LeftButton:
            return
        self._press = None
        view.setCursor(Qt.CursorShape.ArrowCursor)
        view.update()
        if press.kind == "click":
            if press.segment != view.selected or view.also:
                view.select(press.segment)
            view.sought.emit(press.begun)
        elif press.kind == "edge" and press.segment is not None:
            if press.time != getattr(press.segment, press.edge):
                view.edge_dragged.emit(press.segment, press.edge, press.time)
        elif press.kind == "draw" and abs(press.time - press.begun) >= _SHORTEST:
            start, end = sorted((press.begun, press.time))
            view.span_drawn.emit(press.label, start, end)

    def wheel(self, event: QWheelEvent) -> None:
        """Zoom around the pointer, pan sideways, or scroll the rows over their names."""
        view, position = self._view, event.position()
        across, down = event.angleDelta().x() / _NOTCH, event.angleDelta().y() / _NOTCH
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and not across:
            across, down = down, 0.0
        if abs(across) > abs(down):
            seconds = -across * _PAN * view.span.seconds
            view.change_span(lambda: view.span.pan(seconds))
        elif position.x() < GUTTER and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            view.scale_rows(_ZOOM**down)
        elif position.x() < GUTTER:
            view.scroll_rows(-3 * down * view.places.row_height)
        elif down:
            time = self._time(position)
            view.change_span(lambda: view.span.zoom(_ZOOM**down, time))
        event.accept()

    def menu(self, event: QContextMenuEvent) -> None:
        """Ask for a menu for what is under the pointer; by key, for what is selected."""
        view = self._view
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            time = view.position
            place = view.mapToGlobal(QPointF(view.places.x_at(time), view.height() / 2))
            view.menu_wanted.emit(view.selected, time, place.toPoint())
            return
        position = QPointF(event.pos())
        segment = view.segment_at(position)
        if segment is None or segment not in view.selection:
            view.select(segment)
        view.menu_wanted.emit(segment, self._time(position), event.globalPos())

    def _time(self, position: QPointF) -> float:
        return min(max(self._view.places.time_at(position.x()), 0.0), self._view.span.extent)

    def _within(self, press: _Press, time: float) -> float:
        """Keep a dragged edge on its side of the other one, and of what it would swallow."""
        segment = press.segment
        if press.kind != "edge" or segment is None:
            return time
        others = self._view.others(segment)
        if press.edge == "start":
            left = [s.start for s in others if s.end <= segment.start + _SHORTEST]
            least = max(left, default=-_SHORTEST) + _SHORTEST
            return min(max(time, min(least, segment.start)), segment.end - _SHORTEST)
        right = [s.end for s in others if s.start >= segment.end - _SHORTEST]
        most = min(right, default=float("inf")) - _SHORTEST
        return max(min(time, max(most, segment.end)), segment.start + _SHORTEST)

    def _snapped(self, press: _Press, time: float) -> float:
        """Return the playhead's place, or the edge of a segment, that is within a few pixels."""
        rows = self._view.rows
        edges = (times for row in rows for times in (row.bars.starts, row.bars.ends))
        times = np.concatenate([[press.playhead], *edges])
        nearest = float(times[np.abs(times - time).argmin()])
        return nearest if abs(nearest - time) <= _NEAR * self._view.places.pixel else time

    def _edge_at(self, position: QPointF) -> tuple[Segment | None, str]:
        """Return the segment whose edge is near, and which one; of a narrow one its outer sides."""
        view = self._view
        segment = view.segment_at(position) if view.editable else None
        if segment is None:
            return None, ""
        places = view.places
        start, end = places.x_at(segment.start), places.x_at(segment.end)
        near = min(_NEAR, max((end - start) / 4, 1.0))
        for edge, x in (("start", start), ("end", end)):
            if abs(position.x() - x) <= near:
                return segment, edge
        return segment, ""
