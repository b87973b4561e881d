"""Giving corrections to Retrain: cutting them into clips, with a banner that can give it up."""

import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from lrcn_desktop.app.widgets.banner import ProgressBanner
from lrcn_desktop.app.worker import Worker
from lrcn_desktop.recognition.segments import Segment

_LOOK = 100  # milliseconds between looks at the progress


class ClipExport(QObject):
    """Cuts segments into clips, off the window's thread.

    Attributes:
        banner: Says what goes on.
    """

    done = Signal(str)  # the folder that Retrain is to open with
    failed = Signal(str)  # one sentence
    changed = Signal()  # it has begun or ended

    def __init__(self, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.banner = ProgressBanner()
        self.banner.cancelled.connect(self.cancel)
        self._worker = worker
        self._cancelled = threading.Event()
        self._words = ""
        self._share = 0.0
        self._timer = QTimer(self, interval=_LOOK)
        self._timer.timeout.connect(self._look)

    @property
    def busy(self) -> bool:
        """Whether clips are being cut."""
        return self._timer.isActive()

    def give(self, video: Path, segments: Sequence[Segment]) -> None:
        """Cut `segments` out of `video`."""
        from lrcn_desktop.recognition.review.clips import corrections_dir

        self._cancelled = cancelled = threading.Event()
        self._share = 0.0
        words = self.tr("Cutting clips of what you set or confirmed ({0}) ...")
        self._words = words.format(len(segments))
        folder = corrections_dir()
        self._timer.start()
        self._look()
        self.changed.emit()
        self._worker.run(
            partial(self._cut, video, tuple(segments), folder, cancelled),
            partial(self._ended, folder),
            self._ended_badly,
            "cut clips",
        )

    def cancel(self) -> None:
        """Give it up; what Retrain had before stays."""
        self._cancelled.set()

    def _cut(
        self, video: Path, segments: Sequence[Segment], folder: Path, cancelled: threading.Event
    ) -> int:
        from lrcn_desktop.recognition.review.clips import cut_clips

        def progress(share: float) -> None:
            self._share = share

        return cut_clips(video, segments, folder, progress, cancelled.is_set)

    def _look(self) -> None:
        self.banner.show_progress(self._words, self._share)

    def _ended(self, folder: Path, clips: int) -> None:
        self._stop()
        if clips:
            self.done.emit(str(folder))

    def _ended_badly(self, sentence: str) -> None:
        self._stop()
        self.failed.emit(sentence)

    def _stop(self) -> None:
        self._timer.stop()
        self.banner.show_progress("")
        self.changed.emit()
