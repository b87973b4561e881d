"""The last seconds of what plays: kept in memory and saved when asked for, without widgets."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from lrcn_desktop.app.recording.recording_settings import KEEP, MEGABYTES, SECONDS, buffer_bounds
from lrcn_desktop.app.settings import Setting, Settings
from lrcn_desktop.app.worker import Worker
from lrcn_desktop.errors import UserError
from lrcn_desktop.video.buffer import RollingBuffer, Snapshot
from lrcn_desktop.video.frame import Frame
from lrcn_desktop.video.recording import Recording, steady_rate

Saved = tuple[list[Path], float, str]  # the files, the seconds in them, why they are not all


class LastSeconds(QObject):
    """Owns the rolling buffer, within the bounds of the settings, and writes it to files.

    Attributes:
        saving: Whether files are being written.
    """

    changed = Signal()  # whether there is a buffer, or whether it is being saved
    saved = Signal(list, float)  # the files, and the seconds in them
    failed = Signal(str)  # one sentence

    def __init__(self, settings: Settings, worker: Worker, parent: QObject) -> None:
        super().__init__(parent)
        self._settings, self._worker = settings, worker
        self._buffer: RollingBuffer | None = None
        self._wanted = False  # whether something plays that can be kept
        self.saving = False
        settings.changed.connect(self._settings_changed)

    @property
    def ready(self) -> bool:
        """Whether `save` would do something."""
        return self._buffer is not None and not self.saving

    @property
    def held(self) -> tuple[float, float] | None:
        """Seconds and megabytes that are held, None without a buffer."""
        return (self._buffer.seconds, self._buffer.megabytes) if self._buffer else None

    @property
    def takers(self) -> tuple[Callable[[Frame], None], ...]:
        """What is to be called with every frame."""
        return (self._buffer.push,) if self._buffer else ()

    def begin(self, wanted: bool) -> None:
        """Forget what was kept and keep what plays now, where it is `wanted`."""
        self._wanted = wanted
        self._drop()
        self._make()

    def save(self, folder: Path, name: str, rate: float) -> None:
        """Write what is held to `folder`, in the background, while the buffer goes on.

        Args:
            folder: Where the file goes.
            name: What its name ends in.
            rate: The rate that the source declares.
        """
        if self._buffer is None or self.saving:
            return
        self.saving = True
        self.changed.emit()
        work = partial(_write, self._buffer.snapshot(), folder, name, rate, datetime.now())
        self._worker.run(work, self._written, self._failed, "save the last seconds")

    def close(self) -> None:
        """Release the buffer."""
        self._wanted = False
        self._drop()

    def _written(self, outcome: Saved) -> None:
        paths, seconds, sentence = outcome
        self.saving = False
        self.changed.emit()
        if paths and not sentence:
            self.saved.emit(paths, seconds)
        elif paths:
            kept = self.tr("; the {0:.0f} seconds until then are kept.").format(seconds)
            self.failed.emit(sentence.rstrip(".") + kept)
        else:
            self.failed.emit(sentence or self.tr("There is nothing to save yet: wait a moment."))

    def _failed(self, sentence: str) -> None:
        self._written(([], 0.0, sentence))

    def _settings_changed(self, setting: Setting[Any]) -> None:
        if setting in (SECONDS, MEGABYTES) and self._buffer is not None:
            self._buffer.set_bounds(*buffer_bounds(self._settings))
        elif setting == KEEP:
            self._drop() if self._buffer is not None else self._make()
            self.changed.emit()

    def _make(self) -> None:
        if self._wanted and self._settings.get(KEEP):
            self._buffer = RollingBuffer(*buffer_bounds(self._settings))

    def _drop(self) -> None:
        buffer, self._buffer = self._buffer, None
        if buffer is not None:
            buffer.close()


def _write(snapshot: Snapshot, folder: Path, name: str, rate: float, now: datetime) -> Saved:
    """Write what a buffer held at `now`, as far as it goes."""
    if not snapshot.times:
        return [], 0.0, ""
    measured = (len(snapshot.times) - 1) / snapshot.seconds if snapshot.seconds else 0.0
    recording = Recording(folder, name, steady_rate(rate, measured))
    end = snapshot.times[-1]
    try:
        for frame in snapshot:
            taken = now - timedelta(seconds=end - frame.time)
            recording.write(frame.time, frame.image, taken)
        recording.close()
    except UserError as error:
        recording.abort()
        return recording.paths, recording.seconds, str(error)
    except BaseException:
        recording.abort()
        raise
    return recording.paths, recording.seconds, ""
