"""What can be done with the examples of a project, off the window's thread where it takes time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from lrcn_desktop.app.worker import Worker
from lrcn_desktop.errors import UserError
from lrcn_desktop.recognition.segments import Segment
from lrcn_desktop.recognition.teaching.project import Clip, Deleted, Project


class Examples(QObject):
    """Changes the examples of a project, and remembers what was deleted.

    Attributes:
        project: What is open, or None.
    """

    changed = Signal(bool)  # another example or activity; whether the model is another one now
    failed = Signal(str)  # one sentence

    def __init__(self, worker: Worker, parent: QObject) -> None:
        super().__init__(parent)
        self.project: Project | None = None
        self._worker = worker
        self._deleted: list[tuple[Deleted, Clip | None]] = []  # and what took its place

    def show(self, project: Project | None) -> None:
        """Work with another project, or none."""
        self.project = project
        self._deleted.clear()

    def add_activity(self, name: str) -> None:
        """Add an activity."""
        self._try(lambda project: project.add_activity(name), teach=False)

    def rename_activity(self, name: str, new: str) -> None:
        """Give an activity another name."""
        self._try(lambda project: project.rename_activity(name, new))

    def remove_activity(self, name: str) -> None:
        """Remove an activity; `undo` brings back its examples one by one."""

        def remove(project: Project) -> None:
            self._deleted += [(deleted, None) for deleted in project.remove_activity(name)]

        self._try(remove)

    def delete(self, clip: Clip) -> None:
        """Delete an example; `undo` restores it."""
        self._try(lambda project: self._deleted.append((project.delete(clip), None)))

    def move(self, clip: Clip, activity: str) -> None:
        """Make a clip an example of another activity."""
        self._try(lambda project: project.move(clip, activity))

    @property
    def can_undo(self) -> bool:
        """Whether something was deleted or trimmed that can be restored."""
        return bool(self._deleted)

    def undo(self) -> None:
        """Restore what was deleted or trimmed last."""
        if not self._deleted:
            return
        deleted, instead = self._deleted.pop()

        def restore(project: Project) -> None:
            if instead is not None and instead.path.exists():
                project.delete(instead)
            project.restore(deleted)

        self._try(restore)

    def trim(self, clip: Clip, start: float, end: float) -> None:
        """Keep only what is from `start` to `end` seconds of an example; `undo` restores it."""

        def work(project: Project) -> tuple[Deleted, Clip]:
            from lrcn_desktop.recognition.teaching.cutting import cut

            part = cut(clip.path, start, end, clip.path.parent, clip.path.stem)
            trimmed = Clip(part, clip.activity, clip.place)
            project.set_place(trimmed)
            return project.delete(clip), trimmed

        self._slowly(work, "trim example", self._deleted.append)

    def import_files(self, activity: str, paths: Sequence[Path]) -> None:
        """Copy video files into the project, as examples of an activity."""

        def work(project: Project) -> None:
            from lrcn_desktop.recognition.teaching.cutting import copy_in

            for path in paths:
                copied = copy_in(path, project.folder / activity)
                project.set_place(Clip(copied, activity, f"file {path.parent}"))

        self._slowly(work, "import examples")

    def import_segments(self, video: Path, segments: Sequence[Segment]) -> None:
        """Cut segments out of a video, as examples of their labels."""

        def work(project: Project) -> None:
            from lrcn_desktop.recognition.review.clips import cut_clips

            cut_clips(video, segments, project.folder)
            project.look()
            project.save()

        self._slowly(work, "import segments")

    def save(self) -> None:
        """Write what the project remembers."""
        self._try(lambda project: project.save(), teach=False)

    def _try(self, change: Callable[[Project], object], *, teach: bool = True) -> None:
        if self.project is None:
            return
        try:
            change(self.project)
        except UserError as error:
            self.failed.emit(str(error))
        self.changed.emit(teach)

    def _slowly(
        self,
        work: Callable[[Project], object],
        name: str,
        take: Callable[[tuple[Deleted, Clip]], object] | None = None,
    ) -> None:
        project = self.project
        if project is None:
            return

        def done(result: tuple[Deleted, Clip]) -> None:
            if take is not None:
                take(result)
            self.changed.emit(True)

        self._worker.run(lambda: work(project), done, self.failed.emit, name)
