"""Teaching without a window: from a folder of examples to a model file."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import check_writable
from lrcn_desktop.model.library import find_model
from lrcn_desktop.model.model import Model, save_model
from lrcn_desktop.model.model_file import ModelFile, read_model, write_model
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.recognition.teaching.adding import add_to as add_activities
from lrcn_desktop.recognition.teaching.advice import advise
from lrcn_desktop.recognition.teaching.closed_form import Fit, fit
from lrcn_desktop.recognition.teaching.outlines import outlines
from lrcn_desktop.recognition.teaching.project import Project
from lrcn_desktop.recognition.teaching.teacher import (
    Material,
    Teacher,
    check_enough,
    described,
    shifted,
)
from training.progress import Reporter, Silent
from training.teach.candidate import Candidate, choose, right_and_shown
from training.teach.refine import EPOCHS, FOLDS, refine

_LEAST = 2  # clips of each activity, so that one can be left out


@dataclass(frozen=True, slots=True)
class Lesson:
    """What `teach` made.

    Attributes:
        info: The description of the model that was saved.
        verdict: Which of the fits it is, and why, in a sentence.
        advice: What would make it better, one sentence each.
        notes: What could not be used, one sentence each.
    """

    info: ModelInfo
    verdict: str
    advice: tuple[str, ...]
    notes: tuple[str, ...]


def teach(
    folder: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    add_to: str | os.PathLike[str] | None = None,
    quick: bool = False,
    seed: int = 0,
    reporter: Reporter | None = None,
    check: Callable[[], None] = lambda: None,
) -> Lesson:
    """Make a model of a few examples.

    By class means in principal components, of the clips alone and of views of them (see `views`),
    and by a network with memory; the one that does best on clips that it was not taught is saved.

    Args:
        folder: A folder for each activity with video files in it, and `_other` for something else.
        out: The model file.
        add_to: A model, by name or path, whose own activities stay in the new one; class means
            add to it. None: the model knows only what is taught.
        quick: Only by class means.
        seed: Of everything random.
        reporter: Gets the progress.
        check: Called now and then; it may raise KeyboardInterrupt.

    Raises:
        UserError: There are too few clips, or the model cannot be written.
    """
    folder, out, reporter = Path(folder), Path(out), reporter or Silent()
    if not folder.is_dir():
        raise UserError(f"{folder} is not a folder: give one with a folder of clips per activity.")
    check_writable(out)
    teacher = Teacher(Project.open(folder))
    reporter.stage("features", "computing features", 1, "clip")
    material = teacher.material()
    for note in material.notes:
        reporter.note(note)
    if add_to is not None:
        return _add(read_model(find_model(add_to)), material, out, teacher)
    check_enough(material)
    found = fit(out.stem, material.activities, material.samples, teacher.negatives())
    model: ModelFile | Model = found.model
    left_out, verdict = found.left_out, "Recognized by class means."
    if not quick and _fewest(material) >= _LEAST:
        fits = _refined(out.stem, material, found, teacher, seed, reporter, check)
        best, verdict = choose(fits)
        model, left_out = best.model, best.left_out
    info = replace(
        model.info,
        threshold=shifted(model.info.threshold, teacher.project.shift),
        training=model.info.training
        | described(material)
        | {"verdict": verdict, "outlines": outlines(material.activities, material.clips)},
    )
    if isinstance(model, Model):
        save_model(out, replace(model, info=info))
    else:
        write_model(out, replace(model, info=info))
    advice = advise(material.activities, material.clips, material.samples, left_out)
    return Lesson(info, verdict, tuple(advice), material.notes)


def _add(base: ModelFile, material: Material, out: Path, teacher: Teacher) -> Lesson:
    if not material.activities:
        raise UserError("There is no clip of any activity yet: record one or more first.")
    model = add_activities(
        base, out.stem, material.activities, material.samples, teacher.negatives()
    )
    info = replace(
        model.info,
        threshold=shifted(model.info.threshold, teacher.project.shift),
        training=model.info.training
        | {
            "clips_sha256": material.digests,
            "outlines": outlines(material.activities, material.clips),
        },
    )
    write_model(out, replace(model, info=info))
    verdict = f"{', '.join(material.activities)} added to {base.info.name}, whose own stay."
    advice = advise(material.activities, material.clips, material.samples, {})
    return Lesson(info, verdict, tuple(advice), material.notes)


def _fewest(material: Material) -> int:
    labels = [sample.label for sample in material.samples]
    return min(labels.count(number) for number in range(len(material.activities)))


def _refined(
    name: str,
    material: Material,
    found: Fit,
    teacher: Teacher,
    seed: int,
    reporter: Reporter,
    check: Callable[[], None],
) -> list[Candidate]:
    """Return what can be fitted in more time, and what was fitted already, the simplest first.

    Each is judged by the same halves of the clips.
    """
    classes, negatives = material.activities, teacher.negatives()
    fits = []
    reporter.stage("views", "computing features of views", len(material.clips), "clip")
    varied = teacher.with_views(material, advance=reporter.advance, check=check)
    for words, of in (("by class means", material), ("by class means of varied clips", varied)):
        whole = found if of is material else fit(name, classes, of.samples, negatives)
        halves = fit(name, classes, of.samples, negatives, folds=FOLDS)
        right = right_and_shown(halves.model.info, halves.left_out)
        fits.append(Candidate(words, right, whole.model, whole.left_out))
    reporter.stage("fit", "refining", EPOCHS * (FOLDS + 1), "epoch")
    memory = refine(name, material, seed=seed, advance=reporter.advance, check=check)
    right = right_and_shown(memory.model.info, memory.left_out)
    return [*fits, Candidate("with memory", right, memory.model, memory.left_out)]
