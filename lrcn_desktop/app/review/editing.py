"""What the user does to segments: on the timeline, by menu and by key."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from lrcn_desktop.app.document.document import Document
from lrcn_desktop.app.review.labels_menu import ask_label, fill_labels
from lrcn_desktop.app.timeline.view import TimelineView
from lrcn_desktop.names import LONGEST, is_name
from lrcn_desktop.recognition.review.review import Review
from lrcn_desktop.recognition.segments import Segment

ADDED = 2.0  # seconds of a segment that is added at the playhead


class Editing(QObject):
    """Corrects a review; what is meant is the selected segment, else the one at the playhead."""

    refused = Signal(str)  # one sentence: why something could not be done

    def __init__(self, view: TimelineView, document: Document, parent: QObject) -> None:
        """Correct the review of a document, which `view` shows."""
        super().__init__(parent)
        self._view, self._document = view, document
        view.edge_dragged.connect(self._move_edge)
        view.span_drawn.connect(self._add)
        view.menu_wanted.connect(self._show_menu)
        view.segment_activated.connect(lambda _: self.choose_label())  # it is selected by then

    @property
    def review(self) -> Review | None:
        """What is corrected, None while nothing is open."""
        return self._document.review

    @property
    def labels(self) -> list[str]:
        """The activities to choose from: the model's, then those that were typed."""
        review = self.review
        if review is None:
            return []
        used = [segment.label for segment in (*review.segments, *review.result.segments)]
        return list(dict.fromkeys((*review.result.classes, *used)))

    @property
    def target(self) -> Segment | None:
        """The segment that a key means."""
        if self.review is None:
            return None
        selected = self.review.find(self._view.selected)
        return selected or self._at(self._document.position)

    @property
    def targets(self) -> list[Segment]:
        """All segments that a key means: those that are selected, else the one at the playhead."""
        if self.review is None:
            return []
        found = (self.review.find(segment) for segment in self._view.selection)
        chosen = [segment for segment in found if segment is not None]
        return chosen or ([self.target] if self.target is not None else [])

    def undo(self) -> None:
        """Take the last correction back."""
        if self.review is not None and self.review.undo():
            self._document.reviews.edited()

    def redo(self) -> None:
        """Do again what was taken back last."""
        if self.review is not None and self.review.redo():
            self._document.reviews.edited()

    def relabel(self, label: str) -> None:
        """Give the segments another label; undone as one step, and still selected."""
        if (review := self.review) is None:
            return
        with review.one_step():
            changed = [review.relabel(target, label) for target in self.targets]
        now = dict.fromkeys(review.find(each) for each in changed)  # neighbors may be one by now
        if any(now):
            self._document.reviews.edited()
            self._view.select(None)
            for segment in filter(None, now):
                self._view.select_too(segment)

    def choose_label(self) -> None:
        """Ask for the label of the segments."""
        if self.targets:
            self._ask(self.tr("Another activity"), self.relabel)

    def start_here(self) -> None:
        """Let the segment begin at the playhead; one that ends before it is not meant."""
        time, target = self._document.position, self.target
        if target is None or target.end <= time:
            target = self._at(time)
        self._change(target, lambda r, s: r.move_start(s, time))

    def end_here(self) -> None:
        """Let the segment end at the playhead; one that begins after it is not meant."""
        time, target = self._document.position, self.target
        if target is None or target.start >= time:
            target = self._at(time)
        self._change(target, lambda r, s: r.move_end(s, time))

    def split(self) -> None:
        """Split the segment at the playhead; where it lies elsewhere, the one that is there."""
        time, target = self._document.position, self.target
        if target is None or not target.start < time < target.end:
            target = self._at(time)
        self._change(target, lambda r, s: r.split(s, time))

    def delete(self) -> None:
        """Take the segment away."""
        if (review := self.review) is None:
            return
        with review.one_step():
            deleted = [review.delete(target) for target in self.targets]
        if any(deleted):
            self._view.select(None)
            self._document.reviews.edited()

    def add(self) -> None:
        """Ask for the activity that begins at the playhead, and add it."""
        view, time = self._view, self._document.position
        view.bring_into_view(time)
        place = view.mapToGlobal(QPoint(round(view.places.x_at(time)), 0))
        self.popup(self.adding_menu(time), place)

    def confirm(self) -> None:
        """Say that the segment is right as it is, and go on to the next."""
        targets = self.targets
        if self.review is not None and self.review.confirm(*targets):
            self._view.select(targets[0])
            self._document.reviews.edited()

    def confirm_all(self) -> None:
        """Say that all segments are right as they are."""
        if self.review is not None and self.review.confirm(*self.review.segments):
            self._document.reviews.edited()

    def select_all(self) -> None:
        """Select all segments that are in view."""
        self._view.select_all()

    def select_next(self, step: int, *, too: bool = False) -> None:
        """Select the next segment (1) or the one before (-1), and go to its start.

        Args:
            step: From the last or the first that is selected, else from the playhead.
            too: Keep what is selected selected.
        """
        if self.review is None or not (segments := self.review.segments):
            return
        time, places = (
            self._document.position,
            [
                segments.index(s)
                for s in map(self.review.find, self._view.selection)
                if s is not None
            ],
        )
        if places:
            place = (max(places) if step > 0 else min(places)) + step
        else:
            before = sum(segment.start <= time for segment in segments)
            place = before if step > 0 else before - 1
        segment = segments[max(0, min(place, len(segments) - 1))]
        if not too:
            self._view.select(segment)
        elif segment not in self._view.selection:
            self._view.select_too(segment)
        self._view.bring_into_view(segment.start)
        self._document.seek(segment.start)

    def _at(self, time: float) -> Segment | None:
        segments = self.review.segments if self.review is not None else ()
        here = [s for s in segments if s.start <= time < s.end]
        return min(here, key=lambda s: s.end - s.start, default=None)

    def _change(
        self,
        segment: Segment | None,
        change: Callable[[Review, Segment], Segment | None],
    ) -> None:
        if self.review is None or segment is None:
            return
        changed = change(self.review, segment)
        if changed is not None:
            self._document.reviews.edited()
            self._view.select(changed)

    def _move_edge(self, segment: Segment, edge: str, time: float) -> None:
        if edge == "start":
            self._change(segment, lambda r, s: r.move_start(s, time))
        else:
            self._change(segment, lambda r, s: r.move_end(s, time))

    def _add(self, label: str, start: float, end: float) -> None:
        added = self.review.add(start, end, label) if self.review is not None else None
        if added is not None:
            self._document.reviews.edited()
            self._view.select(added)

    def _ask(self, title: str, answer: Callable[[str], object]) -> None:
        def check(label: str) -> None:
            if label in self.labels or is_name(label):
                answer(label)
                return
            words = self.tr(
                "An activity's name has up to {0} characters, none of {1}, no dot at either end, "
                "and is not the name of a Windows device (CON)."
            )
            self.refused.emit(words.format(LONGEST, '< > : " / \\ | ? *'))

        ask_label(self._window(), title, self.labels, check)

    def _show_menu(self, segment: Segment | None, time: float, place: QPoint) -> None:
        if self.review is not None:
            menu = self.adding_menu(time) if segment is None else self._segment_menu(segment)
            self.popup(menu, place)

    def _segment_menu(self, segment: Segment) -> QMenu:
        menu = QMenu(self._window())
        fill_labels(menu, self.labels, self.relabel)
        self._entry(menu, self.tr("&Other activity..."), self.choose_label)
        menu.addSeparator()
        inside = segment.start < self._document.position < segment.end
        self._entry(menu, self.tr("&Split at the playhead"), self.split).setEnabled(inside)
        self._entry(menu, self.tr("S&tart at the playhead"), self.start_here)
        self._entry(menu, self.tr("&End at the playhead"), self.end_here)
        menu.addSeparator()
        checked = self.review is not None and segment in self.review.checked
        self._entry(menu, self.tr("&Confirm"), self.confirm).setEnabled(not checked)
        self._entry(menu, self.tr("&Delete"), self.delete)
        return menu

    def adding_menu(self, time: float) -> QMenu:
        """Return the menu that adds a segment at `time` seconds."""
        menu = QMenu(self._window())
        title = menu.addAction(self.tr("Add a segment here"))  # a section's text is not drawn
        title.setEnabled(False)

        def add(label: str) -> None:
            later = [s.start for s in (self.review.segments if self.review else ())]
            end = min((t for t in later if t > time), default=time + ADDED)
            self._add(label, time, max(min(end, time + ADDED), time + ADDED / 4))

        fill_labels(menu, self.labels, add)
        wanted = partial(self._ask, self.tr("Add a segment"), add)
        self._entry(menu, self.tr("&Other activity..."), wanted)
        return menu

    def popup(self, menu: QMenu, place: QPoint) -> None:
        """Show a menu at a place of the timeline."""
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def _window(self) -> QWidget:
        return self._view.window()

    @staticmethod
    def _entry(menu: QMenu, text: str, wanted: Callable[[], object]) -> QAction:
        action = menu.addAction(text)
        action.triggered.connect(lambda _=False: wanted())
        return action
