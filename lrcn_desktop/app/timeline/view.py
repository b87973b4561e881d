"""The timeline's picture: bands of segments, a ruler and the playhead."""

from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from lrcn_desktop.app.timeline.geometry import GUTTER, TOP, Geometry
from lrcn_desktop.app.timeline.interaction import Interaction
from lrcn_desktop.app.timeline.keys import PAGE, wanted_by
from lrcn_desktop.app.timeline.painting import Shares, paint_bands, paint_covered, paint_marks
from lrcn_desktop.app.timeline.rows import Row, arrange, in_order
from lrcn_desktop.app.timeline.selection import SegmentSelection
from lrcn_desktop.app.timeline.view_range import ViewRange
from lrcn_desktop.app.timeline.words import describe
from lrcn_desktop.app.widgets.class_colours import readable
from lrcn_desktop.app.widgets.theme import Theme, current_theme, follow_theme
from lrcn_desktop.recognition.segments import Segment

Curves = Callable[[float, float, int], dict[str, Shares]]
"""Gives, for `start` to `end` seconds in so many columns, each activity's probability (columns,)"""

_REACH = 3.0  # pixels beside a narrow segment that still mean it


class TimelineView(SegmentSelection):
    """Shows segments over time, one band an activity, and says what mouse and keys want.

    Times are seconds of the source. Segments are given in order of their start. Of thousands only
    those in view are drawn, into a picture that is kept until something changes.

    For whoever edits segments: `editable` turns on the dragging of edges and the drawing of new
    segments. During a drag the view shows the new edge by itself and seeks to it (`sought`); near
    where the playhead was, and near other edges, it snaps. It changes no segment: the owner answers
    a signal with `show_segments`, and `select`.

    Attributes:
        editable: Whether edges can be dragged and segments drawn.
        rows: The activities that occur; where there are many, in what is in view.
    """

    sought = Signal(float)  # seconds: a click, the ruler scrubbed, an edge on its way
    segment_pressed = Signal(object)  # Segment: the left button went down on it
    segment_activated = Signal(object)  # Segment: double-clicked
    edge_dragged = Signal(object, str, float)  # Segment, "start" or "end", its new time: let go
    span_drawn = Signal(str, float, float)  # label of the row, start, end: dragged with Shift
    menu_wanted = Signal(object, float, object)  # Segment or None, the time, QPoint on the screen

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(self.tr("Timeline"))
        self._loop: tuple[float, float] | None = None
        self._curves: Curves | None = None
        self.editable = False
        self.rows: list[Row] = []
        self._rows: list[Row] = []  # with those that are out of view
        self._classes: tuple[str, ...] = ()
        self._beneath: list[Segment] = []
        self._covered: list[tuple[float, float]] = []
        self._analyzed = 0.0
        self._scroll = 0.0
        self._message = ""
        self._mouse = Interaction(self)
        self._picture: QPixmap | None = None  # all but what moves: playhead, outline, drags
        follow_theme(self._apply_theme)

    @property
    def places(self) -> Geometry:
        """Where everything is: `places.x_at(time)`, `places.time_at(x)`, `places.row_at(y)`."""
        return Geometry(
            self.width(),
            self.height(),
            self.span.start,
            self.span.end,
            len(self.rows),
            self._scroll,
            self.fontMetrics().height() + 2.0,
            self._scale,
        )

    def _apply_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self.redraw()

    def show_source(self, duration: float | None) -> None:
        """Begin empty, with all of `duration` seconds in view; None: it is live, and grows."""
        self.span = ViewRange(duration) if duration else ViewRange(live=True)
        self._classes, self._covered, self._analyzed = (), [], 0.0
        self.position, self._scroll, self._pinned = 0.0, 0.0, []
        self._mouse.cancel()
        self.show_segments([])

    def show_classes(self, classes: Sequence[str]) -> None:
        """Take the activities, in the order that gives their colours."""
        if tuple(classes) != self._classes:
            self._classes = tuple(classes)
            self.show_segments(self._segments, self._beneath, self._checked)

    def show_segments(
        self,
        segments: Sequence[Segment],
        beneath: Sequence[Segment] = (),
        checked: Collection[Segment] = (),
    ) -> None:
        """Show `segments`, with a tick on those that a person has `checked`.

        Where they were corrected, the model's own are shown `beneath` them, thinly.
        """
        self._segments, self._beneath = list(segments), list(beneath)
        self._checked = frozenset(checked)
        ticked = [segment for segment in segments if segment in self._checked]
        self._rows = arrange(segments, beneath, self._classes, ticked)
        if (old := self.selected) is not None:
            key = (old.label, old.start)
            also = [other for other in self.also if other in segments]
            self.select(next((s for s in segments if (s.label, s.start) == key), None))
            self.also = also if self.selected is not None else []
        self._describe()
        self.redraw()

    def show_covered(self, covered: Sequence[tuple[float, float]], analyzed: float = 0.0) -> None:
        """Show which stretches, (start, end), were recognized, and up to where by the analysis."""
        if covered:
            self.span.grow(covered[-1][1])
        self._covered, self._analyzed = list(covered), analyzed
        self.redraw()

    def show_position(self, seconds: float) -> None:
        """Move the playhead; where it plays out of view, the view turns the page."""
        before, self.position = self.position, seconds
        if seconds == before:
            return
        span = self.span
        if seconds > span.extent + self.places.pixel:
            self.change_span(lambda: span.grow(seconds))
        plays = 0.0 < seconds - before < span.seconds
        if plays and not self._mouse.busy and span.start <= before <= span.end < seconds:
            self.change_span(lambda: span.pan(PAGE * span.seconds))
        self._describe()
        self.update()

    def show_curves(self, curves: Curves | None) -> None:
        """Take the probabilities from `curves`, which gives them for a stretch; None: there are no.

        They are drawn anew with everything else: call `show_covered` when there are more.
        """
        self._curves = curves

    def show_loop(self, loop: tuple[float, float] | None) -> None:
        """Mark in the ruler what is played again and again, (start, end) in seconds."""
        self._loop = loop
        self.update()

    def show_message(self, message: str) -> None:
        """Say something in the place of the bands while there are none."""
        if message != self._message:
            self._message = message
            self.redraw()

    def segment_at(self, position: QPointF) -> Segment | None:
        """Return the segment at a place of the widget."""
        places = self.places
        row = places.row_at(position.y())
        if row is None or position.x() < GUTTER:
            return None
        reach = _REACH * places.pixel
        time = places.time_at(position.x())
        return self.rows[row].bars.at(time - reach, time + reach)

    def scroll_rows(self, pixels: float) -> None:
        """Move the rows up by `pixels`, as far as there are more."""
        scroll = min(max(self._scroll + pixels, 0.0), self.places.most_scroll)
        if scroll != self._scroll:
            self._scroll = scroll
            self.redraw()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return room for eight activities, at their least height."""
        return QSize(600, TOP + 8 * round(self.fontMetrics().height() + 2))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return room for two activities."""
        return QSize(300, TOP + 2 * round(self.fontMetrics().height() + 2))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the kept picture, and on it what moves."""
        ratio = self.devicePixelRatioF()
        places = self.places
        if self._picture is None:
            self._picture = QPixmap(self.size() * ratio)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(current_theme().panel)
            painter = QPainter(self._picture)
            painter.setFont(self.font())
            paint_covered(painter, places, self._covered, self._analyzed, current_theme())
            ribbons = self._ribbons(places)
            paint_bands(painter, places, self.rows, current_theme(), self._message, ribbons)
            painter.end()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        paint_marks(painter, places, self.position, current_theme(), self._outlines(), self._loop)
        if self.hasFocus():
            painter.setPen(current_theme().accent)
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 6, 6)
        painter.end()

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

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Draw anew in the new size."""
        super().resizeEvent(event)
        self.redraw()

    def _hint(self, position: QPointF) -> str:
        """Return what there is to say of a place: of a name, the whole of it."""
        row = self.places.row_at(position.y())
        if row is not None and position.x() < GUTTER:
            return readable(self.rows[row].label)
        segment = self.segment_at(position)
        return self._words(segment) if segment is not None else ""

    def redraw(self) -> None:
        """Draw all again; of more activities than have room, only those that are in view."""
        first = int(self._scroll // self.places.row_height)
        top = self.rows[first] if 0 < first < len(self.rows) else None
        places = replace(self.places, rows=len(self._rows), scroll=0.0)
        all_fit = not places.most_scroll
        self.rows = in_order(self._rows, self._pinned, None if all_fit else places)
        labels = [row.label for row in self.rows]
        if top is not None and top.label in labels:  # what is on top stays there
            self._scroll = labels.index(top.label) * self.places.row_height
        self._scroll = min(self._scroll, self.places.most_scroll)
        self._picture = None
        self.update()

    def _ribbons(self, places: Geometry) -> dict[str, Shares]:
        """Return the probabilities of the activities in view, a value every other pixel."""
        if self._curves is None:
            return {}
        columns = max(int(places.bands.width() / 2), 1)
        return self._curves(places.start, places.end, columns)

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

    def _words(self, segment: Segment) -> str:
        return describe(segment, checked=segment in self._checked)

    def _describe(self) -> None:
        """Tell a screen reader what is under the playhead."""
        place = bisect_right(self._segments, self.position, key=lambda s: s.start) - 1
        current = self._segments[place] if place >= 0 else None
        if current is not None and self.position >= current.end:
            current = None
        text = self._words(current) if current is not None else self.tr("No activity here")
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)
