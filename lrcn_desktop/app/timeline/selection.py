"""What of a timeline is in view and how, and which of its segments are selected."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from lrcn_desktop.app.timeline.view_range import ViewRange
from lrcn_desktop.recognition.segments import Segment


class SegmentSelection(QWidget):
    """A widget with segments of which one, or several, have an outline.

    Attributes:
        selected: The segment with an outline, or None.
        also: Others that are selected with it.
        span: What is in view.
        position: The playhead, in seconds.
    """

    segment_selected = Signal(object)  # Segment or None: another one has the outline

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.selected: Segment | None = None
        self.also: list[Segment] = []
        self.span = ViewRange()
        self.position = 0.0
        self._scale = 1.0
        self._pinned: list[str] = []
        self._segments: list[Segment] = []
        self._checked: frozenset[Segment] = frozenset()

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

    def change_span(self, change: Callable[[], None]) -> None:
        """Bring another stretch into view."""
        change()
        self.redraw()

    def redraw(self) -> None:
        """Draw everything again."""
        raise NotImplementedError

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

    def scale_rows(self, factor: float) -> None:
        """Make all rows `factor` times as high, within bounds."""
        self._scale = min(max(self._scale * factor, 1.0), 4.0)
        self.redraw()

    def pin(self, label: str) -> None:
        """Keep an activity's row on top, or no longer."""
        if label in self._pinned:
            self._pinned.remove(label)
        else:
            self._pinned.append(label)
        self.redraw()

    def pin_selected(self) -> None:
        """Keep the row of the selected segment on top, or no longer."""
        if self.selected is not None:
            self.pin(self.selected.label)
