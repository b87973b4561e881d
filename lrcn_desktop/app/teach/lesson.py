"""A project that is being taught: its examples, its model, and who is informed; without widgets."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from lrcn_desktop.app.document.document import Document
from lrcn_desktop.app.teach.before_after import BeforeAfter
from lrcn_desktop.app.teach.collecting import Collecting
from lrcn_desktop.app.teach.examples import Examples
from lrcn_desktop.app.teach.work import open_project, save_shift, take_refined, teach
from lrcn_desktop.app.worker import Worker
from lrcn_desktop.recognition.teaching.project import Project

if TYPE_CHECKING:  # slow: not at the window's start
    from lrcn_desktop.recognition.teaching.teacher import Taught, Teacher

_PAUSE = 3000  # milliseconds without a new model after which there is time for other work


class Lesson(QObject):
    """Keeps the project, and makes a model after each example.

    Attributes:
        examples: Those of the project that is open.
        collecting: Adds examples of what plays.
        before_after: Compares each model with the one before.
        taught: The newest model, or None.
        before: The model before it, or None.
        busy: Whether a model is being made.
        why: Why there is no model, one sentence; "" where there is one.
        file: The model's, or None.
    """

    project_changed = Signal()  # another project, or none
    clips_changed = Signal()  # another example, or one less, or an activity
    model_changed = Signal()  # a model is there, or is being made
    failed = Signal(str)  # one sentence

    def __init__(self, document: Document, worker: Worker, parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._worker = document, worker
        self.examples = Examples(worker, self)
        self.collecting = Collecting(document, worker, self)
        self.before_after = BeforeAfter(document, worker, self)
        self.taught: Taught | None = None
        self.before: Taught | None = None
        self.busy = False
        self.why = ""  # there is no model yet
        self.file: Path | None = None
        self._teacher: Teacher | None = None
        self._again = False  # something changed while a model was being made
        self._preparing = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self._prepare)
        self.examples.changed.connect(self._changed)
        self.examples.failed.connect(self.failed)
        self.collecting.added.connect(self._changed)
        self.collecting.failed.connect(self.failed)

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
        self._pause.stop()
        self.collecting.show(None, None)
        self.before_after.show(wanted=False)
        if self.project is not None:
            self._teacher = self.taught = self.file = None
            self.examples.show(None)
            self.project_changed.emit()

    def import_segments(self) -> None:
        """Add what the user set or confirmed in the timeline, as examples of its labels."""
        capture, review = self._document.capture, self._document.review
        video = capture.source.file if capture is not None else None
        segments = review.checked if review is not None else ()
        if video is None or not segments:
            self.failed.emit(
                self.tr(
                    "There is nothing to add: open a video and set or confirm segments in its "
                    "timeline first."
                )
            )
        else:
            self.examples.import_segments(video, segments)

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
        """Remember the threshold, in the project and in the model's file, whatever made it."""
        teacher, taught = self._teacher, self.taught
        if teacher is None:
            return
        self.examples.save()
        if self.busy:
            self.teach()  # the model that is being made may have the threshold from before
            return
        if taught is None:
            return

        def done(found: Taught) -> None:
            if self.taught is taught:
                self.taught = found

        self._worker.run(
            partial(save_shift, teacher, taught), done, self.failed.emit, "save threshold"
        )

    def use(self, taught: Taught, path: Path) -> None:
        """Recognize with a model of this project."""
        from lrcn_desktop.recognition.recognizer import Recognizer

        teacher = self._teacher
        if teacher is None:
            return
        self.before = self.taught
        self.taught, self.why, self.file = taught, "", path
        recognizer = Recognizer(taught.model, teacher.live_engine)
        if self.before is not None:
            self.before_after.compare(recognizer, taught.model)
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
        self.taught, self.before, self.why, self.file = None, None, "", None
        self.examples.show(teacher.project)
        self.collecting.show(teacher.project, teacher.features)
        self.before_after.show(wanted=True)
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
        elif self.taught is not None:
            self._pause.start()
        self.model_changed.emit()

    def _prepare(self) -> None:
        """Compute what refining will need while nothing is recorded."""
        teacher = self._teacher
        if teacher is None or self._preparing or self.busy:
            return  # the next model asks again
        self._preparing = True

        def wanted() -> bool:
            return teacher is self._teacher and self.collecting.recording is None

        def done(_: object) -> None:
            self._preparing = False

        self._worker.run(partial(teacher.prepare_views, wanted), done, done, "views")

    def _changed(self, teach: bool = True) -> None:
        if self.project is not None:
            self.clips_changed.emit()
            if teach:
                self.teach()
