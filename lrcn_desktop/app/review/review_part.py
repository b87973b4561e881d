"""Reviewing as the window sees it: what was seen is corrected, and given to a training."""

from collections.abc import Callable
from pathlib import Path

from lrcn_desktop.app.host import Host
from lrcn_desktop.app.part import Part
from lrcn_desktop.app.review.clip_export import ClipExport
from lrcn_desktop.app.review.edit_menu import EditMenu
from lrcn_desktop.app.review.editing import Editing
from lrcn_desktop.app.review.review_status import ReviewStatus
from lrcn_desktop.app.review.segments_review import SegmentsReview
from lrcn_desktop.app.widgets.banner import NoteBanner
from lrcn_desktop.app.widgets.class_colors import readable
from lrcn_desktop.app.widgets.confirm import LeaveQuestion
from lrcn_desktop.recognition.review.clips import LEAST_ACTIVITIES, activities_of


class ReviewPart(Part):
    """Lets the user correct the document's review, and says how it stands.

    Attributes:
        editing: What menus, keys and mouse do.
        giving: Makes clips of it.
        segments: The side's tab.
        note: Says how many corrections there are, and where they are kept.
    """

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._document, self._reviews = host.document, host.document.reviews
        self._leave = LeaveQuestion(host.window)
        self.giving = ClipExport(host.worker, self)
        self.note = ReviewStatus()
        self.editing = Editing(host.places.timeline.view, host.document, self)
        self.menu = EditMenu(host.menus, self.editing, self.give)
        self.segments = SegmentsReview(host, self.editing, self)
        host.places.add_notice(self.giving.banner)
        host.places.timeline.add_below(self.note)
        self.editing.refused.connect(host.show_error)
        self.note.give_clicked.connect(self.give)
        self._note = NoteBanner(calm=True)
        host.places.add_notice(self._note)
        self.giving.done.connect(self._given)
        self.giving.failed.connect(host.show_error)
        for changed in (
            self.giving.changed,
            self._reviews.saving_changed,
            self._document.segments_changed,
            self._document.source_changed,
        ):
            changed.connect(self._show_note)

    def may_close(self, close: Callable[[], object]) -> bool:
        """Whether no correction would be lost; else ask."""
        if not self._reviews.unsaved:
            return True
        return self._leave.agreed(
            close,
            self.tr("Quit without your corrections?"),
            self.tr("They could be written neither beside the video nor in the data folder."),
            self.tr("Quit"),
            self.tr("Continue"),
        )

    def close(self) -> None:
        """Cut no more clips."""
        self.giving.cancel()

    def give(self) -> None:
        """Cut what the user set or confirmed into clips, and open Retrain with them."""
        video, review = self._reviews.video, self._document.review
        if video is None or review is None or self.giving.busy:
            return
        segments = review.checked
        if not segments:
            text = self.tr(
                "No corrections yet: correct a segment, or confirm one that is right (C)."
            )
            self._host.show_error(text)
            return
        self.giving.give(video, segments)

    def _given(self, folder: str) -> None:
        """Open Retrain with the clips, where there are enough activities for a training."""
        labels = activities_of(Path(folder))
        if len(labels) >= LEAST_ACTIVITIES:
            self._host.menus.retrain_with.emit(folder)
            return
        text = self.tr(
            "The clips of {0} are kept. A training needs a second activity: set or confirm "
            "segments of another one, in this video or in others, and give them too."
        )
        self._note.show_note(text.format(", ".join(map(readable, labels))))

    def _show_note(self) -> None:
        reviews, review = self._reviews, self._document.review
        can_give = reviews.video is not None and not self.giving.busy
        can_give = can_give and review is not None and bool(review.checked)
        self.menu.refresh(can_give=can_give)
        if review is None or not review.begun:
            self.note.show_text("", can_give=False)
            return
        one, many = self.tr("1 correction"), self.tr("{0} corrections")
        count = one if review.corrections == 1 else many.format(review.corrections)
        where = reviews.saver.path
        if reviews.failure:
            state = self.tr("not saved")
        elif reviews.saver.pending or where is None:
            state = self.tr("saving ...")
        elif reviews.video is not None and where.parent == reviews.video.absolute().parent:
            state = self.tr("saved in {0}").format(where.name)
        else:
            state = self.tr("saved in {0}").format(where)
        self.note.show_text(f"{count}, {state}", can_give=can_give)
