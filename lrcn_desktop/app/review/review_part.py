"""Reviewing as the window sees it: what was seen, corrected, kept and given away."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from lrcn_desktop.app.part import Part
from lrcn_desktop.app.questions import LeaveQuestion
from lrcn_desktop.app.review.edit_menu import EditMenu
from lrcn_desktop.app.review.editing import Editing
from lrcn_desktop.app.review.giving import Giving
from lrcn_desktop.app.review.note import ReviewNote
from lrcn_desktop.app.review.saver import Saver
from lrcn_desktop.recognition.review.keeping import Found, ReviewFile, Saved
from lrcn_desktop.recognition.review.merging import merge
from lrcn_desktop.recognition.review.review import Kept, ModelResult, Review
from lrcn_desktop.recognition.segments import Segment

if TYPE_CHECKING:
    from lrcn_desktop.app.main_window import MainWindow
    from lrcn_desktop.recognition.track import Track

_LOOK = 0.25  # seconds between looks at what the model has seen
_REST = 20  # times as long as a look takes: with thousands of segments it takes milliseconds
_SAVE_GROWTH = 10.0  # seconds between saves of what only the model has added


class ReviewPart(Part):
    """Keeps a review of what is open: the model's segments until the person corrects them.

    Attributes:
        review: The segments, and undo and redo; None while nothing is open or it is being read.
        editing: What menus, keys and mouse do.
        saver: Writes it.
        giving: Makes clips of it.
    """

    changed = Signal()  # the segments are other ones

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._view = window.timeline.view
        self.review: Review | None = None
        self._file: ReviewFile | None = None
        self._video: Path | None = None  # the file, or the folder of images
        self._request = 0  # the newest source; what was read for older ones is let go
        self._track: Track | None = None
        self._version = -1  # of the track, when it was last looked at
        self._before = ModelResult()  # what the model had said before this track
        self._next_look = self._saved = 0.0
        self._last = Kept()  # what was read, or is being written
        self._failure = ""  # of the last save
        self._leave = LeaveQuestion(window)
        self.saver = Saver(window.worker, self)
        self.giving = Giving(window.worker, self)
        self.note = ReviewNote()
        self.editing = Editing(self._view, self._playhead, self)
        self.menu = EditMenu(window.menuBar(), window.menus, self.editing, self.give)
        window.middle.insertWidget(window.middle.indexOf(window.stage), self.giving.banner)
        window.timeline.add_below(self.note)
        self._connect()

    def segments(self) -> list[Segment]:
        """Return the segments as they stand: the person's, or the model's before a correction."""
        return list(self.review.segments) if self.review is not None else []

    def show_source(self) -> None:
        """Keep what was, and read what is kept of the source that is open now."""
        self._save_growth()
        self.review = self.editing.review = self._file = self._track = None
        self._request += 1
        self._before, self._version = ModelResult(), -1
        self._view.editable = False
        capture = self._window.session.capture
        self._video = None
        self._show_note()
        if capture is None:
            return
        source, address = capture.source, self._window.session.address
        path = Path(address).expanduser()
        if source.seekable and path.exists():
            self._video = path
        find = partial(_find, self._video, source.name, time.time())
        self.saver.when_saved(partial(self._read, self._request, find))

    def tick(self) -> None:
        """Follow what the model sees."""
        began = time.monotonic()
        if self.review is not None and began >= self._next_look:
            self._follow(self.review)
            ended = time.monotonic()
            self._next_look = ended + max(_LOOK, _REST * (ended - began))

    def may_close(self, close: Callable[[], object]) -> bool:
        """Whether no correction would be lost; else ask."""
        if not self._unsaved:
            return True
        return self._leave.agreed(
            close,
            self.tr("Quit without your corrections?"),
            self.tr("They could be written neither beside the video nor in the data folder."),
            self.tr("Quit"),
            self.tr("Go on"),
        )

    def close(self) -> None:
        """Write what there is to write, and cut no more clips."""
        self.giving.cancel()
        self._save_growth()
        self.saver.flush()

    def give(self) -> None:
        """Cut what the person set or confirmed into clips, and open Retrain with them."""
        if self._video is None or self.review is None or self.giving.busy:
            return
        segments = self.review.checked
        if not segments:
            text = self.tr("Nothing to give: correct a segment, or confirm one that is right (C).")
            self._window.errors.show_error(text)
            return
        self.giving.give(self._video, segments)

    @property
    def _unsaved(self) -> bool:
        """Whether corrections could not be written."""
        return self._failure != "" and self.review is not None and self.review.begun

    def _connect(self) -> None:
        editing, errors = self.editing, self._window.errors
        editing.edited.connect(self._edited)
        editing.sought.connect(self._window.seek)
        editing.refused.connect(errors.show_error)
        self.saver.saved.connect(partial(self._kept, ""))
        self.saver.failed.connect(self._kept)
        self.saver.merged.connect(self._take_in)
        self.note.give_clicked.connect(self.give)
        self.giving.done.connect(self._window.retraining.open_with)
        self.giving.failed.connect(errors.show_error)
        self.giving.changed.connect(self._show_note)

    def _playhead(self) -> float:
        capture = self._window.session.capture
        return capture.position if capture is not None else 0.0

    def _read(self, request: int, find: Callable[[], tuple[ReviewFile, Found]]) -> None:
        if request == self._request:
            self._window.worker.run(
                find,
                partial(self._opened, request),
                self._window.errors.show_error,
                "read review",
            )

    def _opened(self, request: int, opened: tuple[ReviewFile, Found]) -> None:
        capture = self._window.session.capture
        if request != self._request or capture is None:
            return
        self._file, found = opened
        if found.error:
            self._window.errors.show_error(found.error)
        self._failure = ""
        self.saver.path = found.path
        self._last = found.kept or Kept()
        self.review = self.editing.review = Review(capture.source.duration, found.kept)
        self._view.editable = True
        if self._window.timeline.track is None and found.kept is not None:
            self._view.show_classes(found.kept.result.classes)
        self._show()

    def _follow(self, review: Review) -> None:
        """Take what the track has more than at the last look."""
        capture, track = self._window.session.capture, self._window.timeline.track
        if capture is not None:
            review.duration = capture.source.duration
        if track is not self._track:
            self._track, self._version, self._before = track, -1, review.result
        if track is None or track.version == self._version:
            return
        self._version = track.version
        seen = ModelResult(
            track.model, track.classes, tuple(track.segments()), tuple(track.covered())
        )
        if review.follow(self._before.renewed(seen)):
            self._show()
            if review.begun and time.monotonic() - self._saved > _SAVE_GROWTH:
                self._save()

    def _edited(self) -> None:
        self._save()
        self._show()

    def _save(self) -> None:
        if self.review is not None and self._file is not None:
            self._saved, self._last = time.monotonic(), self.review.kept
            self.saver.save_soon(self._file, self._last)

    def _save_growth(self) -> None:
        """Save what the model has added since the last correction, and what could not be saved."""
        review = self.review
        if review is not None and review.begun and (self._failure or review.kept != self._last):
            self._save()

    def _take_in(self, file: ReviewFile, given: Kept, saved: Saved) -> None:
        """Show what another window has corrected in the same video."""
        review, theirs = self.review, saved.merged
        if review is None or file is not self._file or theirs is None:
            return  # another source plays by now; the next save from there takes it in
        review.adopt(lambda kept: merge(given, kept, theirs).kept)
        file.adopted()
        self._last = theirs
        if self.saver.pending:
            self._save()  # what waits to be written does not know of it
        if saved.other is not None:
            self._window.errors.show_error(
                self.tr(
                    "Another window has changed some of the same segments in another way: yours "
                    "stand, and the other ones are kept in {0}."
                ).format(saved.other)
            )
        self._show()

    def _kept(self, failure: str) -> None:
        self._failure = failure
        if failure:
            self._window.errors.show_error(failure)
        self._show_note()

    def _show(self) -> None:
        review = self.review
        if review is None:
            return
        beneath = review.result.segments if review.begun else ()
        selected = self._view.selected
        self._view.show_segments(review.segments, beneath, review.checked)
        analysis = self._window.timeline.analysis
        analysed = analysis.position if analysis is not None else 0.0
        self._view.show_covered(review.result.covered, analysed)
        self._view.select(review.find(selected))
        self._show_note()
        self.changed.emit()

    def _show_note(self) -> None:
        review = self.review
        can_give = self._video is not None and not self.giving.busy
        can_give = can_give and review is not None and bool(review.checked)
        self.menu.refresh(can_give=can_give)
        if review is None or not review.begun:
            self.note.show_text("", can_give=False)
            return
        one, many = self.tr("1 correction"), self.tr("{0} corrections")
        count = one if review.corrections == 1 else many.format(review.corrections)
        where = self.saver.path
        if self._failure:
            state = self.tr("not saved")
        elif self.saver.pending or where is None:
            state = self.tr("saving ...")
        elif self._video is not None and where.parent == self._video.absolute().parent:
            state = self.tr("saved in {0}").format(where.name)
        else:
            state = self.tr("saved in {0}").format(where)
        self.note.show_text(f"{count}, {state}", can_give=can_give)


def _find(video: Path | None, source: str, began: float) -> tuple[ReviewFile, Found]:
    """Return where the review is kept, and what is kept there already."""
    if video is None:
        return ReviewFile.of_session(source, began), Found()
    file = ReviewFile.of_video(video)
    return file, file.load()
