"""The recordings that are under way, raw and annotated, without widgets."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Signal

from lrcn_desktop.app.worker import Worker
from lrcn_desktop.video.capture import Capture
from lrcn_desktop.video.frame import Frame, Image
from lrcn_desktop.video.recorder import Recorder
from lrcn_desktop.video.recording import steady_rate

FINISHING = 20.0  # seconds that a recording may take to write what waits, in the background

Kind = Literal["raw", "annotated"]
KINDS: tuple[Kind, ...] = ("raw", "annotated")


class Recordings(QObject):
    """Starts and stops recorders and tells how they ended."""

    changed = Signal()  # another one is under way, or one less
    saved = Signal(list, float)  # the files, and the seconds in them
    failed = Signal(str)  # one sentence

    def __init__(self, worker: Worker, parent: QObject) -> None:
        super().__init__(parent)
        self._worker = worker
        self._running: dict[Kind, Recorder] = {}

    @property
    def running(self) -> frozenset[Kind]:
        """What is being recorded."""
        return frozenset(self._running)

    @property
    def seconds(self) -> float:
        """How long the longest is."""
        return max((recorder.taken for recorder in self._running.values()), default=0.0)

    @property
    def dropped(self) -> int:
        """Frames that could not be encoded in time."""
        return sum(recorder.dropped for recorder in self._running.values())

    @property
    def takers(self) -> tuple[Callable[[Frame], None], ...]:
        """What is to be called with every frame."""
        return tuple(recorder.push for recorder in self._running.values())

    def start(
        self,
        kind: Kind,
        folder: Path,
        name: str,
        capture: Capture,
        draw: Callable[[Frame], Image] | None,
    ) -> None:
        """Begin to record `capture`, whose frames `takers` will be given."""
        rate = steady_rate(capture.source.rate, capture.rate)
        recorder = self._running[kind] = Recorder(folder, name, rate, draw)
        recorder.start()
        self.changed.emit()

    def stop(self, kinds: frozenset[Kind] | None = None) -> None:
        """Finish the recordings of these kinds, or all, in the background."""
        for kind in self._running.keys() & (KINDS if kinds is None else kinds):
            recorder = self._running.pop(kind)
            self._worker.run(
                partial(recorder.finish, FINISHING),
                partial(self._finished, recorder),
                self.failed.emit,
                "finish recording",
            )
        self.changed.emit()

    def check(self) -> None:
        """Look for one that ended by itself; call now and then."""
        for kind, recorder in list(self._running.items()):
            if recorder.error is not None:
                self.stop(frozenset({kind}))

    def _finished(self, recorder: Recorder, in_time: bool) -> None:
        if recorder.error is not None:
            kept = self.tr("; what was recorded until then is kept.") if recorder.paths else "."
            self.failed.emit(str(recorder.error).rstrip(".") + kept)
        elif not in_time:
            words = self.tr("The recording {0} could not be finished; what was written is kept.")
            self.failed.emit(words.format(", ".join(map(str, recorder.paths))))
        elif recorder.paths:
            self.saved.emit(list(recorder.paths), recorder.seconds)
