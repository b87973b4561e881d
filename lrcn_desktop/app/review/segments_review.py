"""What the tab of segments does: it follows the document, and corrects by `Editing`."""

from PySide6.QtCore import QObject

from lrcn_desktop.app.host import Host
from lrcn_desktop.app.review.editing import Editing
from lrcn_desktop.app.review.segments_panel import SegmentsPanel
from lrcn_desktop.recognition.segments import Segment


class SegmentsReview(QObject):
    """Fills the tab, and lets its buttons and keys correct the current segment.

    Attributes:
        panel: The tab.
    """

    def __init__(self, host: Host, editing: Editing, parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._editing = host.document, editing
        self._view = host.places.timeline.view
        self._filling = self._stale = False
        thumbnails = host.document.thumbnails
        self.panel = panel = SegmentsPanel(thumbnails.get)
        host.places.add_to_side(panel, self.tr("Segments"))
        thumbnails.arrived.connect(self._show_pictures)
        panel.chosen.connect(self._go_to)
        for signal, change in (
            (panel.confirmed, editing.confirm),
            (panel.deleted, editing.delete),
            (panel.relabeled, editing.choose_label),
        ):
            signal.connect(change)
        self._view.segment_selected.connect(self._follow)
        for changed in (self._document.segments_changed, self._document.source_changed):
            changed.connect(self._fill)
        host.places.workbench.arranged.connect(self._catch_up)

    def _fill(self) -> None:
        """Show the segments as they are; the current row stays, or what took its place."""
        if not self.panel.isVisible():
            self._stale = True
            return
        self._stale = False
        before, row = self.panel.current, self.panel.table.currentIndex().row()
        review, document = self._document.review, self._document
        self._filling = True
        checked = review.checked if review is not None else ()
        self.panel.model.show(document.segments, checked, document.classes)
        self.panel.show_count()
        shown = self.panel.model.segments
        same = next((n for n, each in enumerate(shown) if _same(each, before)), None)
        if before is not None:
            self.panel.select_row(row if same is None else same)
        self._filling = False
        if before is not None and same is None and self.panel.current is not None:
            self._go_to(self.panel.current)

    def _catch_up(self) -> None:
        if self._stale:
            self._fill()

    def _show_pictures(self) -> None:
        if self.panel.isVisible():
            self.panel.model.repaint_pictures()

    def _go_to(self, segment: Segment) -> None:
        if not self._filling:
            self._view.select(segment)
            self._view.bring_into_view(segment.start)
            self._document.seek(segment.start)

    def _follow(self, segment: Segment | None) -> None:
        """Make what was selected in the timeline the current row."""
        shown = self.panel.model.segments
        if segment in shown and segment != self.panel.current:
            self._filling = True
            self.panel.select_row(shown.index(segment))
            self._filling = False


def _same(segment: Segment, before: Segment | None) -> bool:
    return before is not None and (segment.label, segment.start) == (before.label, before.start)
