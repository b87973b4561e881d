"""From a project's clips to a model, at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import make_private
from lrcn_desktop.guard import guarded, reason
from lrcn_desktop.model.backbones.registry import FROZEN
from lrcn_desktop.model.library import SUFFIX, own_models_dir
from lrcn_desktop.model.model_file import ModelFile, write_model
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.model.shipped_negatives import ShippedNegatives, shipped_negatives
from lrcn_desktop.recognition.engines.engine import Engine
from lrcn_desktop.recognition.teaching.advice import advise
from lrcn_desktop.recognition.teaching.closed_form import Fit, fit
from lrcn_desktop.recognition.teaching.features import (
    BACKBONE,
    PRESET,
    RATE,
    Features,
    open_teaching_engine,
)
from lrcn_desktop.recognition.teaching.parts import HEAD, coordinates
from lrcn_desktop.recognition.teaching.project import OTHER, Clip, Project, digest
from lrcn_desktop.recognition.teaching.sample import UNKNOWN, LeftOut, Pooled, Sample
from lrcn_desktop.video.frame import Frame

_LEAST = 2  # activities that tell each other apart


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """What a model is taught.

    Attributes:
        activities: Those that have clips.
        clips: The examples that can be used.
        samples: Their features, in the same order.
        notes: What could not be used, one sentence each.
    """

    activities: tuple[str, ...]
    clips: tuple[Clip, ...]
    samples: tuple[Sample, ...]
    notes: tuple[str, ...]

    @property
    def digests(self) -> list[str]:
        """The names of the clips' contents, in the order of the alphabet."""
        return sorted(sample.name for sample in self.samples)

    def without_features(self) -> Material:
        """Return the same without what takes much memory, and holds files open."""
        none = np.empty((0, 0), np.float16)
        return replace(self, samples=tuple(replace(s, pooled=none) for s in self.samples))


@dataclass(frozen=True, slots=True, eq=False)
class Taught:
    """A model, and what there is to say of it.

    Attributes:
        model: The model.
        left_out: What it says of clips that it was not taught, by their numbers.
        material: What it was taught.
        advice: What would make it better, one sentence each.
        shift: What its threshold was moved by, in logits.
    """

    model: ModelFile
    left_out: dict[int, LeftOut]
    material: Material
    advice: tuple[str, ...]
    shift: float


class Teacher:
    """Teaches the model of one project; its calls may come from any thread, one at a time."""

    def __init__(self, project: Project, features: Features | None = None) -> None:
        self.project, self.features = project, features or Features()
        self._lock = threading.Lock()
        self._names: dict[tuple[str, int, int], str] = {}  # of contents, by path, size and time
        self._coordinates = coordinates()
        self._shipped: ShippedNegatives | None = None
        self._negatives: tuple[tuple[str, ...], ShippedNegatives | None] | None = None
        self._live: Engine | None = None

    def material(self) -> Material:
        """Read the clips, computing what features are missing.

        A clip that cannot be used is left out, and a note says why.
        """
        with self._lock:
            self.project.look()
            return self._material()

    def teach(self) -> Taught:
        """Return the model of the clips as they are now.

        Raises:
            UserError: There are too few clips, or a shipped file is damaged.
        """
        material = self.material()
        check_enough(material)
        found = fit(
            self.project.name,
            material.activities,
            material.samples,
            self.negatives(),
            kept=self._coordinates,
        )
        return self.taught(material, found)

    def with_views(
        self, material: Material, *, advance: Callable[[int], None], check: Callable[[], None]
    ) -> Material:
        """Return the same with views of its clips, computing what features are missing.

        Args:
            material: The clips.
            advance: Is given how many clips are done.
            check: Called before each; it may raise KeyboardInterrupt.
        """
        samples = []
        for number, (clip, sample) in enumerate(zip(material.clips, material.samples, strict=True)):
            check()
            views = self.features.of_views(clip.path, sample.name, self.project.folder)
            samples.append(replace(sample, views=views))
            advance(number + 1)
        return replace(material, samples=tuple(samples))

    def prepare_views(self, wanted: Callable[[], bool]) -> None:
        """Compute the features of views that are missing, as long as they are wanted.

        It may run beside other calls: refining has less to do then.
        """
        for clip in self.project.clips():
            if not wanted():
                return
            with suppress(UserError, OSError):  # what cannot be read is a note of `material`
                self.features.of_views(clip.path, digest(clip.path), self.project.folder)

    def taught(self, material: Material, found: Fit) -> Taught:
        """Return a fit with what there is to say of it, at the threshold that the user wants."""
        info = found.model.info
        shift = self.project.shift
        info = replace(
            info,
            threshold=shifted(info.threshold, shift),
            training=info.training | described(material),
        )
        advice = advise(material.activities, material.clips, material.samples, found.left_out)
        model = replace(found.model, info=info)
        return Taught(model, found.left_out, material.without_features(), tuple(advice), shift)

    def warm_up(self) -> None:
        """Open the engines and read what ships, so that the first example is as quick as others.

        Raises:
            UserError: No engine works here, or a shipped file is damaged.
        """
        frame = Frame(np.zeros((64, 64, 3), np.uint8), 0.0, 0)
        self.features.of_frame(frame)
        self.negatives()
        _ = self.live_engine

    @property
    def live_engine(self) -> Engine:
        """The engine for recognition; it is another than that of the examples' features."""
        if self._live is None:
            self._live = open_teaching_engine()
        return self._live

    def save(self, taught: Taught) -> Path:
        """Write the model among the user's own, and return its file.

        Raises:
            UserError: It cannot be written.
        """
        folder = own_models_dir()
        try:
            make_private(folder)
        except OSError as error:
            raise UserError(f"Cannot make the folder {folder} ({reason(error)}).") from error
        path = folder / f"{taught.model.info.name}{SUFFIX}"
        write_model(path, taught.model)
        return path

    def negatives(self) -> ShippedNegatives | None:
        """Return what ships for telling what was not taught, less what was taught by name.

        Raises:
            UserError: The file is damaged.
        """
        activities = tuple(self.project.activities)
        if self._negatives is None:
            info = ModelInfo(
                "negatives",
                ("a", "b"),
                PRESET,
                BACKBONE,
                HEAD,
                RATE,
                backbone_digest=FROZEN[BACKBONE.kind].digest,
            )
            self._shipped = shipped_negatives(info)
        if self._negatives is None or self._negatives[0] != activities:
            found = None if self._shipped is None else self._shipped.without(activities)
            self._negatives = activities, found
        return self._negatives[1]

    def _material(self) -> Material:
        clips, notes = self.project.clips(), list(self.project.notes)
        read: list[tuple[Clip, str, Pooled]] = []
        before, self._names = self._names, {}
        for clip in clips:
            try:
                read.append((clip, *self._read(clip, before)))
            except UserError as error:
                notes.append(f"{error} It is left out.".replace("..", "."))
        shown: dict[str, set[str]] = {}
        for clip, name, _ in read:
            shown.setdefault(name, set()).add(clip.activity)
        twice = {name for name, activities in shown.items() if len(activities) > 1}
        for name in sorted(twice):
            same = [clip for clip, other, _ in read if other == name]
            notes.append(
                f"{same[0].path.name} is an example of both {_called(same[0])} and "
                f"{_called(same[-1])}: delete one of the two. Until then neither counts."
            )
        once: dict[str, tuple[Clip, str, Pooled]] = {}
        for entry in read:
            if entry[1] not in twice:
                once.setdefault(entry[1], entry)
        used = list(once.values())
        activities = tuple(
            name for name in self.project.activities if any(c.activity == name for c, *_ in used)
        )
        number = {name: index for index, name in enumerate(activities)} | {OTHER: UNKNOWN}
        samples = [
            Sample(number[clip.activity], pooled, clip.source, name) for clip, name, pooled in used
        ]
        return Material(
            activities,
            tuple(clip for clip, *_ in used),
            tuple(samples),
            tuple(notes),
        )

    def _read(self, clip: Clip, before: Mapping[tuple[str, int, int], str]) -> tuple[str, Pooled]:
        """Return the name of a clip's content, and its features."""
        with guarded(clip.path, "cannot be read"):
            state = clip.path.stat()
            key = str(clip.path), state.st_size, state.st_mtime_ns
            name = before.get(key) or digest(clip.path)
        pooled = self.features.of_clip(clip.path, name, self.project.folder, sound=key in before)
        self._names[key] = name
        return name, pooled


def described(material: Material) -> dict[str, object]:
    """Return the figures of a model file that say what it was taught."""
    labels = [sample.label for sample in material.samples]
    counts = {name: labels.count(number) for number, name in enumerate(material.activities)}
    return {
        "data": "taught",
        "clips": sum(counts.values()),
        "clips per activity": counts,
        "clips of something else": labels.count(UNKNOWN),
        "clips_sha256": material.digests,
    }


def check_enough(material: Material) -> None:
    """Check that there is something to tell apart.

    Raises:
        UserError: There are clips of fewer than two activities.
    """
    if len(material.activities) >= _LEAST:
        return
    if not material.activities:
        raise UserError("There is no clip of any activity yet: record one each of two activities.")
    raise UserError(
        f"Only {material.activities[0]} has a clip: record one of a second activity as well."
    )


def shifted(threshold: float, shift: float) -> float:
    """Return a threshold that was moved by so many logits, 0..1."""
    inside = min(max(threshold, 1e-4), 1 - 1e-4)
    return float(1 / (1 + (1 - inside) / inside * np.exp(-shift)))


def _called(clip: Clip) -> str:
    return "something else" if clip.activity == OTHER else clip.activity
