"""The review of what is open: read, kept up with what models see, and written as one goes."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from lrcn_desktop.app.document.saver import Saver
from lrcn_desktop.app.worker import Worker
from lrcn_desktop.recognition.review.merging import merge
from lrcn_desktop.recognition.review.review import ModelSegments, Review, ReviewSnapshot
from lrcn_desktop.recognition.review.store import Found, ReviewFile, Saved
from lrcn_desktop.video.capture import Capture

if TYPE_CHECKING:
    from lrcn_desktop.recognition.history.history import History

_REST = 20  # times as long as a look takes: with thousands of segments it takes milliseconds
_SAVE_GROWTH = 10.0  # seconds between saves of what only the model has added


class Reviews(QObject):
    """Keeps a review of each source: the models' segments until the user corrects them.

    Attributes:
        review: Of the open source; None while nothing is open or it is being read.
        video: The source's file, or its folder of images; None where it has none.
        saver: Writes the review.
        failure: Why the last save failed, one sentence, or "".
    """

    changed = Signal()  # the segments are other ones
    saving_changed = Signal()  # whether and where the review is written
    failed = Signal(str)  # one sentence

    def __init__(self, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.review: Review | None = None
        self.video: Path | None = None
        self.failure = ""
        self.saver = Saver(worker, self)
        self._worker = worker
        self._capture: Capture | None = None
        self._file: ReviewFile | None = None
        self._request = 0  # the newest source; what was read for older ones is dropped
        self._history: History | None = None
        self._version = -1  # of the history, when it was last looked at
        self._before = ModelSegments()  # what was known before this history
        self._next_look = self._saved = 0.0
        self._last = ReviewSnapshot()  # what was read, or is being written
        self.saver.saved.connect(partial(self._kept, ""))
        self.saver.failed.connect(self._kept)
        self.saver.merged.connect(self._take_in)

    @property
    def unsaved(self) -> bool:
        """Whether corrections could not be written."""
        return self.failure != "" and self.review is not None and self.review.begun

    def open(self, capture: Capture | None, address: str) -> None:
        """Keep what was, and read what is kept of the source that is open now, if any."""
        self._save_growth()
        self.review = self._file = self._history = self.video = None
        self._capture = capture
        self._request += 1
        self._before, self._version = ModelSegments(), -1
        self.changed.emit()
        if capture is None:
            return
        path = Path(address).expanduser()
        if capture.source.seekable and path.exists():
            self.video = path
        find = partial(_find, self.video, capture.source.name, time.time())
        self.saver.when_saved(partial(self._read, self._request, find))

    def follow(self, history: History) -> None:
        """Take what was seen since the last look."""
        began, review = time.monotonic(), self.review
        if review is None or began < self._next_look:
            return
        if self._capture is not None:
            review.duration = self._capture.source.duration
        if history is not self._history:
            self._history, self._version, self._before = history, -1, review.result
        if history.version == self._version:
            return
        self._version = history.version
        if review.follow(self._before.renewed(ModelSegments.of(history))):
            self.changed.emit()
            if review.begun and began - self._saved > _SAVE_GROWTH:
                self._save()
        ended = time.monotonic()
        self._next_look = ended + _REST * (ended - began)

    def edited(self) -> None:
        """Write what the user has changed, and tell of it."""
        self._save()
        self.changed.emit()

    def close(self) -> None:
        """Write what there is to write."""
        self._save_growth()
        self.saver.flush()

    def _read(self, request: int, find: Callable[[], tuple[ReviewFile, Found]]) -> None:
        if request == self._request:
            self._worker.run(find, partial(self._opened, request), self.failed.emit, "read review")

    def _opened(self, request: int, opened: tuple[ReviewFile, Found]) -> None:
        if request != self._request or self._capture is None:
            return
        self._file, found = opened
        if found.error:
            self.failed.emit(found.error)
        self.failure = ""
        self.saver.path = found.path
        self._last = found.snapshot or ReviewSnapshot()
        self.review = Review(self._capture.source.duration, found.snapshot)
        self.changed.emit()

    def _save(self) -> None:
        if self.review is not None and self._file is not None:
            self._saved, self._last = time.monotonic(), self.review.snapshot
            self.saver.save_soon(self._file, self._last)

    def _save_growth(self) -> None:
        """Save what the model has added since the last correction, and what could not be saved."""
        review = self.review
        if review is not None and review.begun and (self.failure or review.snapshot != self._last):
            self._save()

    def _take_in(self, file: ReviewFile, given: ReviewSnapshot, saved: Saved) -> None:
        """Show what another window has corrected in the same video."""
        review, theirs = self.review, saved.merged
        if review is None or file is not self._file or theirs is None:
            return  # another source plays by now; the next save from there takes it in
        review.adopt(lambda snapshot: merge(given, snapshot, theirs).snapshot)
        file.adopted()
        self._last = theirs
        if self.saver.pending:
            self._save()  # what waits to be written does not know of it
        if saved.other is not None:
            self.failed.emit(
                self.tr(
                    "Another window changed some of the same segments differently: yours are "
                    "used, and the others are saved in {0}."
                ).format(saved.other)
            )
        self.changed.emit()

    def _kept(self, failure: str) -> None:
        self.failure = failure
        if failure:
            self.failed.emit(failure)
        self.saving_changed.emit()


def _find(video: Path | None, source: str, began: float) -> tuple[ReviewFile, Found]:
    """Return where the review is kept, and what is kept there already."""
    if video is None:
        return ReviewFile.of_session(source, began), Found()
    file = ReviewFile.of_video(video)
    return file, file.load()
