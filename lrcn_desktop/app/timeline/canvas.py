"""The timeline's picture: bands of segments, a ruler and the playhead."""

from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from lrcn_desktop.app.timeline.geometry import GUTTER, TOP, Geometry
from lrcn_desktop.app.timeline.keys import PAGE
from lrcn_desktop.app.timeline.painting import paint_bands, paint_covered, paint_marks
from lrcn_desktop.app.timeline.ribbon import Shares
from lrcn_desktop.app.timeline.rows import Row, arrange
from lrcn_desktop.app.timeline.view_range import ViewRange
from lrcn_desktop.app.timeline.words import describe
from lrcn_desktop.app.widgets.theme import Theme, current_theme, follow_theme
from lrcn_desktop.recognition.segments import Segment

Curves = Callable[[float, float, int], dict[str, Shares]]
"""Gives, for `start` to `end` seconds in so many columns, each activity's probability (columns,)"""

_REACH = 3.0  # pixels beside a narrow segment that still mean it


class TimelineCanvas(QWidget):
    """Shows segments over time, one band an activity.

    Times are seconds of the source. Segments are given in order of their start. Of thousands only
    those in view are drawn, into a picture that is kept until something changes.

    Attributes:
        span: What is in view.
        position: The playhead, in seconds.
        rows: The activities that occur; where there are many, in what is in view.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(self.tr("Timeline"))
        self._scale = 1.0
        self._loop: tuple[float, float] | None = None
        self._pinned: list[str] = []
        self._curves: Curves | None = None
        self.span = ViewRange()
        self.rows: list[Row] = []
        self._rows: list[Row] = []  # with those that are out of view
        self._classes: tuple[str, ...] = ()
        self._segments: list[Segment] = []
        self._beneath: list[Segment] = []
        self._checked: frozenset[Segment] = frozenset()
        self._covered: list[tuple[float, float]] = []
        self._analyzed = 0.0
        self.position = 0.0
        self._scroll = 0.0
        self.message = ""
        self._picture: QPixmap | None = None  # all but what moves: playhead, outline, drags
        follow_theme(self._apply_theme)

    @property
    def busy(self) -> bool:
        """Whether something is being dragged."""
        return False

    def _outlines(self) -> list[tuple[int, float, float, bool]]:
        """Return row, start, end and whether it is a drag's, of all that has an outline."""
        return []

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
        """Take the theme's colors."""
        self._redraw()

    def show_source(self, duration: float | None) -> None:
        """Begin empty, with all of `duration` seconds in view; None: it is live, and grows."""
        self.span = ViewRange(duration) if duration else ViewRange(live=True)
        self._classes, self._covered, self._analyzed = (), [], 0.0
        self.position, self._scroll, self._pinned = 0.0, 0.0, []
        self.show_segments([])

    def show_classes(self, classes: Sequence[str]) -> None:
        """Take the activities, in the order that gives their colors."""
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
        self._describe()
        self._redraw()

    def show_covered(self, covered: Sequence[tuple[float, float]], analyzed: float = 0.0) -> None:
        """Show which stretches, (start, end), were recognized, and up to where by the analysis."""
        if covered:
            self.span.grow(covered[-1][1])
        self._covered, self._analyzed = list(covered), analyzed
        self._redraw()

    def show_position(self, seconds: float) -> None:
        """Move the playhead; where it plays out of view, the view turns the page."""
        before, self.position = self.position, seconds
        if seconds == before:
            return
        span = self.span
        if seconds > span.extent + self.places.pixel:
            self.change_span(lambda: span.grow(seconds))
        plays = 0.0 < seconds - before < span.seconds
        if plays and not self.busy and span.start <= before <= span.end < seconds:
            self.change_span(lambda: span.pan(PAGE * span.seconds))
        self._describe()
        self.update()

    def show_curves(self, curves: Curves | None) -> None:
        """Take the probabilities from `curves`, which gives them for a stretch; None: there are no.

        They are redrawn with everything else: call `show_covered` when there are more.
        """
        self._curves = curves

    def show_loop(self, loop: tuple[float, float] | None) -> None:
        """Mark in the ruler what is played again and again, (start, end) in seconds."""
        self._loop = loop
        self.update()

    def show_message(self, message: str) -> None:
        """Say something in the place of the bands while there are none."""
        if message != self.message:
            self.message = message
            self._redraw()

    def scale_rows(self, factor: float) -> None:
        """Make all rows `factor` times as high, within bounds."""
        self._scale = min(max(self._scale * factor, 1.0), 4.0)
        self._redraw()

    def pin(self, label: str) -> None:
        """Keep an activity's row on top, or no longer."""
        if label in self._pinned:
            self._pinned.remove(label)
        else:
            self._pinned.append(label)
        self._redraw()

    def segment_at(self, position: QPointF) -> Segment | None:
        """Return the segment at a place of the widget."""
        places = self.places
        row = places.row_at(position.y())
        if row is None or position.x() < GUTTER:
            return None
        reach = _REACH * places.pixel
        time = places.time_at(position.x())
        return self.rows[row].bars.at(time - reach, time + reach)

    def change_span(self, change: Callable[[], None]) -> None:
        """Bring another stretch into view."""
        change()
        self._redraw()

    def zoom(self, factor: float) -> None:
        """Show `factor` times less, around the playhead where that is in view."""
        span = self.span
        inside = span.start <= self.position <= span.end
        around = self.position if inside else (span.start + span.end) / 2
        self.change_span(lambda: span.zoom(factor, around))

    def show_all(self) -> None:
        """Bring everything into view."""
        self.change_span(self.span.show_all)

    def bring_into_view(self, seconds: float) -> None:
        """Move the view, where needed, to show a time."""
        span = self.span
        if not span.start <= seconds <= span.end:
            self.change_span(lambda: span.pan(seconds - span.start - span.seconds / 4))

    def scroll_rows(self, pixels: float) -> None:
        """Move the rows up by `pixels`, as far as there are more."""
        scroll = min(max(self._scroll + pixels, 0.0), self.places.most_scroll)
        if scroll != self._scroll:
            self._scroll = scroll
            self._redraw()

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
            paint_bands(painter, places, self.rows, current_theme(), self.message, ribbons)
            painter.end()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        paint_marks(painter, places, self.position, current_theme(), self._outlines(), self._loop)
        if self.hasFocus():
            painter.setPen(current_theme().accent)
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 6, 6)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Redraw in the new size."""
        super().resizeEvent(event)
        self._redraw()

    def _redraw(self) -> None:
        """Redraw all; of more activities than have room, only those that are in view."""
        first = int(self._scroll // self.places.row_height)
        top = self.rows[first] if 0 < first < len(self.rows) else None
        places = replace(self.places, rows=len(self._rows), scroll=0.0)
        self.rows = sorted(self._rows, key=lambda row: row.label not in self._pinned)
        if places.most_scroll:
            within, pinned = places, self._pinned
            self.rows = [
                row
                for row in self.rows
                if row.label in pinned or row.is_within(within.start, within.end)
            ]
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
