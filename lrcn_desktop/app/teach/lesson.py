"""A project that is being taught: its examples, its model, and who is informed; without widgets."""

from __future__ import annotations

import threading
import time
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from lrcn_desktop.app.document.document import Document
from lrcn_desktop.app.teach.examples import Examples
from lrcn_desktop.app.teach.work import open_project, take_refined, teach
from lrcn_desktop.app.worker import Worker
from lrcn_desktop.recognition.teaching.project import OTHER, Clip, Project
from lrcn_desktop.video.buffer import RollingBuffer
from lrcn_desktop.video.recording import steady_rate

if TYPE_CHECKING:  # slow: not at the window's start
    from lrcn_desktop.recognition.teaching.recording import ClipRecording
    from lrcn_desktop.recognition.teaching.teacher import Taught, Teacher
    from lrcn_desktop.video.capture import Captured

_HELD, _MEGABYTES = 3.4, 80.0  # of the buffer that they come from
_FINISHING = 10.0  # seconds that a clip's file may take
_LOST = 1.0  # seconds without a frame after which a recording ends by itself


class Lesson(QObject):
    """Keeps the project, records examples, and makes a model after each.

    Attributes:
        examples: Those of the project that is open.
        taught: The newest model, or None.
        recording: The example that is being recorded, or None.
        busy: Whether a model is being made.
        why: Why there is no model, one sentence; "" where there is one.
        file: The model's, or None.
    """

    project_changed = Signal()  # another project, or none
    clips_changed = Signal()  # another example, or one less, or an activity
    model_changed = Signal()  # a model is there, or is being made
    recording_changed = Signal()
    failed = Signal(str)  # one sentence

    def __init__(self, document: Document, worker: Worker, parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._worker = document, worker
        self.examples = Examples(worker, self)
        self.taught: Taught | None = None
        self.recording: ClipRecording | None = None
        self.busy = False
        self.why = ""  # there is no model yet
        self.file: Path | None = None
        self._teacher: Teacher | None = None
        self._again = False  # something changed while a model was being made
        self._buffer: RollingBuffer | None = None
        self._capture: object | None = None
        self._last_frame = 0.0
        session = document.session
        session.frame_listeners = (*session.frame_listeners, self._take)
        document.source_changed.connect(self._show_source)
        self.examples.changed.connect(self._changed)
        self.examples.failed.connect(self.failed)

    @property
    def project(self) -> Project | None:
        """What is open, or None."""
        return self.examples.project

    def open(self, folder: Path) -> None:
        """Open a project, or make one, off the window's thread."""
        self._worker.run(
            partial(open_project, folder), self._opened, self.failed.emit, "open teaching project"
        )

    def close(self) -> None:
        """End what runs; every example that was recorded is kept."""
        recording, self.recording = self.recording, None
        if recording is not None:
            self._finish(recording, silent=True)
        self._drop_buffer()
        if self.project is not None:
            self._teacher = self.taught = self.file = None
            self.examples.show(None)
            self.project_changed.emit()

    def import_segments(self) -> None:
        """Add what the user set or confirmed in the timeline, as examples of its labels."""
        capture = self._document.capture
        video = capture.source.file if capture is not None else None
        segments = [s for s in self._document.segments if s.origin == "person"]
        if video is None or not segments:
            self.failed.emit(
                self.tr(
                    "There is nothing to add: open a video and set or confirm segments in its "
                    "timeline first."
                )
            )
        else:
            self.examples.import_segments(video, segments)

    # Recording

    @property
    def can_record(self) -> bool:
        """Whether something plays that examples can be recorded of."""
        capture = self._document.capture
        return self.project is not None and capture is not None and not capture.ended

    def record(self, activity: str) -> None:
        """Begin to record an example."""
        capture, teacher = self._document.capture, self._teacher
        if self.recording is not None or capture is None or teacher is None:
            return
        if not self.can_record:
            return
        from lrcn_desktop.recognition.teaching.recording import ClipRecording

        rate = steady_rate(capture.source.rate, capture.rate)
        name = "something else" if activity == OTHER else activity
        self._last_frame = time.monotonic()
        self.recording = ClipRecording(
            teacher.project.folder, activity, name, rate, teacher.features
        )
        self.recording_changed.emit()

    def stop(self) -> None:
        """End the example, and make a model with it."""
        recording, self.recording = self.recording, None
        if recording is not None:
            self._finish(recording)
            self.recording_changed.emit()

    def add_last_seconds(self, activity: str) -> None:
        """Add the last seconds of what plays as an example of an activity."""
        buffer, project, capture = self._buffer, self.project, self._document.capture
        if buffer is None or project is None or capture is None:
            return
        place = self._place()

        def work() -> None:
            from lrcn_desktop.recognition.teaching.cutting import write_frames

            snapshot = buffer.snapshot()
            name = "something else" if activity == OTHER else activity
            folder = project.folder / activity
            for path in write_frames(snapshot, folder, name, capture.source.rate):
                project.set_place(Clip(path, activity, place))

        self._worker.run(work, lambda _: self._changed(), self.failed.emit, "add last seconds")

    def look(self) -> None:
        """Look at the recording; call now and then."""
        recording, capture = self.recording, self._document.capture
        if recording is None:
            return
        lost = capture is None or capture.ended or capture.loss is not None
        late = time.monotonic() - self._last_frame > _LOST
        if recording.error is not None or lost or late:
            self.stop()
            if recording.error is None:
                words = self.tr(
                    "No frame came while {0} was recorded: the {1:.1f} s until then are kept."
                )
                self.failed.emit(words.format(_shown(recording.activity), recording.seconds))

    # The model

    def teach(self) -> None:
        """Make a model of the examples as they are, off the window's thread."""
        teacher = self._teacher
        if teacher is None:
            return
        if self.busy:
            self._again = True
            return
        self.busy, self._again = True, False
        self.model_changed.emit()
        self._worker.run(
            partial(teach, teacher),
            partial(self._made, teacher),
            partial(self._not_made, teacher),
            "teach",
        )

    def set_shift(self, shift: float) -> None:
        """Move the threshold for "unknown" by so many logits; its effect is seen at once."""
        from lrcn_desktop.recognition.teaching.teacher import shifted

        project, taught, recognizer = self.project, self.taught, self._document.recognizer
        if project is None:
            return
        project.shift = shift
        if taught is None or recognizer is None:
            return
        if recognizer.model_name == taught.model.info.name:
            base = shifted(taught.model.info.threshold, -taught.shift)
            recognizer.set_threshold(shifted(base, shift))

    def save_shift(self) -> None:
        """Remember the threshold, in the project and in the model's file."""
        if self.project is not None:
            self.examples.save()

    def use(self, taught: Taught, path: Path) -> None:
        """Recognize with a model of this project."""
        from lrcn_desktop.recognition.recognizer import Recognizer

        teacher = self._teacher
        if teacher is None:
            return
        self.taught, self.why, self.file = taught, "", path
        recognizer = Recognizer(taught.model, teacher.live_engine)
        self._document.session.use(str(path), recognizer)

    def take_refined(self, path: Path) -> None:
        """Use what refining made, where the examples are still those that it was made of."""
        teacher, taught = self._teacher, self.taught
        if teacher is None or taught is None:
            return

        def done(found: tuple[Taught, Path] | None) -> None:
            if found is None:
                words = self.tr("The examples changed while it refined: refine once more.")
                self.failed.emit(words)
            elif teacher is self._teacher:
                self.use(*found)
            self.model_changed.emit()

        self._worker.run(
            partial(take_refined, teacher, taught, path), done, self.failed.emit, "use refined"
        )

    def _opened(self, teacher: Teacher) -> None:
        self._teacher = teacher
        self.taught, self.why, self.file = None, "", None
        self.examples.show(teacher.project)
        self._make_buffer()
        self.project_changed.emit()
        for note in teacher.project.notes:
            self.failed.emit(note)
        self.teach()

    def _made(self, teacher: Teacher, made: tuple[Taught, Path]) -> None:
        if teacher is self._teacher:
            self.use(*made)
        self._ended(teacher)

    def _not_made(self, teacher: Teacher, sentence: str) -> None:
        if teacher is self._teacher:
            self.why = sentence
        self._ended(teacher)

    def _ended(self, teacher: Teacher) -> None:
        self.busy = False
        if teacher is not self._teacher or self._again:
            self.teach()
        self.model_changed.emit()

    def _finish(self, recording: ClipRecording, silent: bool = False) -> None:
        project, place = self.project, self._place()

        def work() -> None:
            for path in recording.finish(_FINISHING):
                if project is not None:
                    project.set_place(Clip(path, recording.activity, place))

        def done(_: object) -> None:
            if recording.error is not None:
                words = self.tr("{0} What was recorded until then is kept.")
                self.failed.emit(words.format(recording.error))
            self._changed()

        failed = _ignore if silent else self.failed.emit
        self._worker.run(work, _ignore if silent else done, failed, "finish example")

    def _changed(self, teach: bool = True) -> None:
        if self.project is not None:
            self.clips_changed.emit()
            if teach:
                self.teach()

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
        self._drop_buffer()
        if self.project is not None and self._document.capture is not None:
            self._buffer = RollingBuffer(_HELD, _MEGABYTES)

    def _drop_buffer(self) -> None:
        buffer, self._buffer = self._buffer, None
        if buffer is not None:
            buffer.close()

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


def _ignore(_: object) -> None:
    """Nobody is there any more."""
