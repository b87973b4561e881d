"""What a lesson does off the window's thread."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lrcn_desktop.heaps import return_free
from lrcn_desktop.recognition.teaching.project import Project

if TYPE_CHECKING:  # slow: not at the window's start
    from lrcn_desktop.recognition.teaching.teacher import Taught, Teacher


def open_project(folder: Path) -> Teacher:
    """Open a project, or make one, with all that its first example needs."""
    from lrcn_desktop.recognition.teaching.teacher import Teacher

    teacher = Teacher(Project.open(folder))
    teacher.warm_up()
    return teacher


def teach(teacher: Teacher) -> tuple[Taught, Path]:
    """Make a model of the examples as they are, and return it and its file."""
    try:
        taught = teacher.teach()
        return taught, teacher.save(taught)
    finally:
        return_free()  # a fit leaves 80 MB that the C library would keep


def save_shift(teacher: Teacher, taught: Taught) -> Taught:
    """Save a model again with the threshold that the user has set since, and return it.

    Raises:
        UserError: It cannot be written.
    """
    from lrcn_desktop.recognition.teaching.teacher import shifted

    info, shift = taught.model.info, teacher.project.shift
    info = replace(info, threshold=shifted(info.threshold, shift - taught.shift))
    found = replace(taught, model=replace(taught.model, info=info), shift=shift)
    teacher.save(found)
    return found


def export_model(model: Path, project: Project, to: Path) -> None:
    """Write a model as a file to give away: with outlines of its examples.

    Raises:
        UserError: It cannot be read or written.
    """
    from lrcn_desktop.model.model_file import read_model, write_model
    from lrcn_desktop.recognition.teaching.outlines import outlines

    found = read_model(model)
    drawn = {"outlines": outlines(found.info.classes, project.clips())}
    info = replace(found.info, training=found.info.training | drawn)
    write_model(to, replace(found, info=info))


def take_refined(teacher: Teacher, taught: Taught, path: Path) -> tuple[Taught, Path] | None:
    """Return what refining made, and its file; None where the examples are others by now."""
    from lrcn_desktop.model.model_file import read_model

    model = read_model(path)
    path.unlink(missing_ok=True)
    same = model.info.training.get("clips_sha256") == taught.material.digests
    if not same or model.info.classes != taught.material.activities:
        return None
    info = replace(model.info, name=taught.model.info.name)
    refined = replace(taught, model=replace(model, info=info), shift=teacher.project.shift)
    return refined, teacher.save(refined)
