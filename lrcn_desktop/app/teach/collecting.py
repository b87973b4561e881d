"""Collecting examples from what plays: recorded while a key is held, or its last seconds."""

from __future__ import annotations

import threading
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from lrcn_desktop.app.document.document import Document
from lrcn_desktop.app.worker import Worker
from lrcn_desktop.errors import UserError
from lrcn_desktop.recognition.teaching.project import OTHER, Clip, Project
from lrcn_desktop.video.buffer import RollingBuffer
from lrcn_desktop.video.frame import Image
from lrcn_desktop.video.recording import steady_rate

if TYPE_CHECKING:  # slow: not at the window's start
    from lrcn_desktop.recognition.teaching.features import Features
    from lrcn_desktop.recognition.teaching.recording import ClipRecording
    from lrcn_desktop.video.capture import Captured

_HELD, _MEGABYTES = 3.4, 80.0  # of the buffer that they come from
_FINISHING = 10.0  # seconds that a clip's file may take
LOST = 1.0  # seconds without a frame after which a recording ends by itself


class Collecting(QObject):
    """Puts examples into the project that is open.

    Attributes:
        recording: The example that is being recorded, or None.
        pictures: Small ones of recorded examples, by their files, for who takes them.
    """

    recording_changed = Signal()
    added = Signal()
    failed = Signal(str)  # one sentence

    def __init__(self, document: Document, worker: Worker, parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._worker = document, worker
        self.recording: ClipRecording | None = None
        self.pictures: dict[Path, list[Image]] = {}
        self._project: Project | None = None
        self._features: Features | None = None
        self._buffer: RollingBuffer | None = None
        self._capture: object | None = None
        self._last_frame = 0.0
        session = document.session
        session.frame_listeners = (*session.frame_listeners, self._take)
        document.source_changed.connect(self._show_source)

    def show(self, project: Project | None, features: Features | None) -> None:
        """Collect for another project, or none; what is being recorded is kept."""
        recording, self.recording = self.recording, None
        if recording is not None:
            self._finish(recording)
        self._project, self._features = project, features
        self._make_buffer()

    @property
    def can_record(self) -> bool:
        """Whether something plays that examples can be recorded of."""
        capture = self._document.capture
        return self._project is not None and capture is not None and not capture.ended

    def record(self, activity: str) -> None:
        """Begin to record an example."""
        capture, project, features = self._document.capture, self._project, self._features
        if self.recording is not None or not self.can_record:
            return
        assert capture is not None
        assert project is not None
        assert features is not None
        from lrcn_desktop.recognition.teaching.recording import ClipRecording

        rate = steady_rate(capture.source.rate, capture.rate)
        self._last_frame = time.monotonic()
        self.recording = ClipRecording(project.folder, activity, _shown(activity), rate, features)
        self.recording_changed.emit()

    def stop(self) -> None:
        """End the example, and add it."""
        recording, self.recording = self.recording, None
        if recording is not None:
            self._finish(recording)
            self.recording_changed.emit()

    def add_last_seconds(self, activity: str) -> None:
        """Add the last seconds of what plays as an example of an activity."""
        buffer, project, capture = self._buffer, self._project, self._document.capture
        if buffer is None or project is None or capture is None:
            return
        place, rate = self._place(), capture.source.rate

        def work() -> None:
            from lrcn_desktop.recognition.teaching.cutting import write_frames

            folder = project.folder / activity
            for path in write_frames(buffer.snapshot(), folder, _shown(activity), rate):
                project.set_place(Clip(path, activity, place))

        self._worker.run(work, self._added, self.failed.emit, "add last seconds")

    def look(self) -> None:
        """Look whether frames still come for what is being recorded; call now and then."""
        recording, capture = self.recording, self._document.capture
        if recording is None:
            return
        lost = capture is None or capture.ended or capture.loss is not None
        late = time.monotonic() - self._last_frame > LOST
        if recording.error is not None or lost or late:
            self.recording = None
            self._finish(recording, lost=True)
            self.recording_changed.emit()

    def _finish(self, recording: ClipRecording, *, lost: bool = False) -> None:
        project, place = self._project, self._place()

        def work() -> tuple[tuple[Path, ...], UserError | None]:
            paths, error = recording.finish(_FINISHING), recording.error
            if project is not None:
                try:
                    for path in paths:
                        project.set_place(Clip(path, recording.activity, place))
                except UserError as failed:  # a full disk: the clip is there all the same
                    error = error or failed
            return paths, error

        def done(finished: tuple[tuple[Path, ...], UserError | None]) -> None:
            paths, error = finished
            if len(paths) == 1:
                self.pictures = {paths[0]: recording.pictures}
            if error is not None:
                words = self.tr("{0} What was recorded until then is kept.")
                self.failed.emit(words.format(error))
            elif lost:
                words = self.tr(
                    "No frame came while {0} was recorded: the {1:.1f} s until then are kept."
                )
                self.failed.emit(words.format(_shown(recording.activity), recording.seconds))
            self._added(None)

        self._worker.run(work, done, self.failed.emit, "finish example")

    def _added(self, _: object) -> None:
        self.added.emit()

    def _place(self) -> str:
        """Return where and when it is recorded: the source, and the hour."""
        capture = self._document.capture
        name = capture.source.name if capture is not None else ""
        return f"{name}, {datetime.now():%Y-%m-%d %H}"

    def _show_source(self) -> None:
        if self._document.capture is not self._capture:
            self._capture = self._document.capture
            self.stop()
            self._make_buffer()

    def _make_buffer(self) -> None:
        buffer, self._buffer = self._buffer, None
        if buffer is not None:
            buffer.close()
        if self._project is not None and self._document.capture is not None:
            self._buffer = RollingBuffer(_HELD, _MEGABYTES)

    def _take(self, captured: Captured) -> None:
        """Hand a frame on; on the thread of a capture, which may be the one before."""
        if threading.current_thread() is not self._document.capture:
            return
        buffer, recording = self._buffer, self.recording
        if buffer is not None:
            buffer.push(captured.frame)
        if recording is not None:
            self._last_frame = time.monotonic()
            recording.push(captured.frame)


def _shown(activity: str) -> str:
    return "something else" if activity == OTHER else activity
