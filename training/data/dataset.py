"""Data sets: clips, what they show, and which of them belong together."""

import hashlib
import re
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lrcn_desktop.errors import UserError
from lrcn_desktop.video.demo import ACTIVITIES, ORDER_PAIRS, DemoSource
from lrcn_desktop.video.file import FileSource
from lrcn_desktop.video.source import Source

VIDEO_SUFFIXES = frozenset({".avi", ".mp4", ".mov", ".mkv", ".webm", ".m4v", ".mpg", ".mpeg"})
_UCF_GROUP = re.compile(r"_g(\d+)_c\d+$")


@dataclass(frozen=True, slots=True)
class Clip(ABC):
    """A stretch of video whose activities are known.

    Attributes:
        name: Unique in its data set; names its entry in the feature cache.
        group: Clips of one group show the same people and place: they stay on one side of a split.
    """

    name: str
    group: str

    @abstractmethod
    def open(self) -> Source:
        """Open it for decoding."""

    @abstractmethod
    def labels(self, times: Sequence[float]) -> list[str]:
        """Return the activity at each of `times`, seconds from its start."""

    @abstractmethod
    def digest(self) -> str:
        """Return a digest of its content: the same digest, the same frames."""

    @property
    def seconds(self) -> float | None:
        """How much of the source belongs to it; None: all."""
        return None


@dataclass(frozen=True, slots=True)
class FileClip(Clip):
    """A video file that shows one activity."""

    path: Path
    label: str

    def open(self) -> Source:
        """Open the file."""
        return FileSource(self.path)

    def labels(self, times: Sequence[float]) -> list[str]:
        """Return its one activity for each time."""
        return [self.label] * len(times)

    def digest(self) -> str:
        """Return the file's SHA-256."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class DemoClip(Clip):
    """The first seconds of the demo scene with a seed of its own; one activity after another."""

    seed: int
    length: float
    rate: float

    def open(self) -> Source:
        """Open the scene, drawing no more frames than will be used."""
        return DemoSource(self.seed, rate=self.rate)

    def labels(self, times: Sequence[float]) -> list[str]:
        """Return the scene's truth."""
        scene = DemoSource(self.seed)
        return [scene.truth(time) for time in times]

    def digest(self) -> str:
        """Return the SHA-256 of its length and of two of its frames: the drawing may change."""
        digest = hashlib.sha256(str(self.length).encode())
        scene = DemoSource(self.seed)
        for time in (0.0, self.length / 2):
            digest.update(scene.render(time).data)
        return digest.hexdigest()

    @property
    def seconds(self) -> float | None:
        """Its length."""
        return self.length


@dataclass(frozen=True, slots=True)
class DataSet:
    """Clips and the activities that they show, in a fixed order.

    Attributes:
        name: What a person calls it.
        classes: The activities.
        clips: The clips.
        order_pairs: Activities that are the same frames in opposite order, where there are such.
    """

    name: str
    classes: tuple[str, ...]
    clips: tuple[Clip, ...]
    order_pairs: tuple[tuple[str, str], ...] = ()


def demo_data_set(rate: float, clips: int = 60, seconds: float = 51.2) -> DataSet:
    """Return the demo scene as a data set: a seed a clip, each a group of its own.

    Its seeds begin at 1000: the window's demo, seed 0, is not among them.
    """
    names = {seed: f"demo-{seed}" for seed in range(1000, 1000 + clips)}
    members = tuple(DemoClip(name, name, seed, seconds, rate) for seed, name in names.items())
    return DataSet("demo", tuple(ACTIVITIES), members, ORDER_PAIRS)


def scan_folder(folder: Path, activities: Sequence[str] | None = None) -> DataSet:
    """Read a folder of one sub-folder of video files an activity, as UCF-101 is published.

    Groups come from UCF-style names (v_NAME_gGG_cCC); any other file is a group of its own.
    Files that are alike to the byte tie their groups together.

    Args:
        folder: The data set.
        activities: The sub-folders to use; None: all that hold videos.

    Raises:
        UserError: The folder or an activity has no videos.
    """
    if not folder.is_dir():
        raise UserError(f"{folder} is no folder: give the folder that has one folder an activity.")
    found = {
        sub.name: sorted(f for f in sub.iterdir() if f.suffix.lower() in VIDEO_SUFFIXES)
        for sub in sorted(folder.iterdir())
        if sub.is_dir()
    }
    names = list(activities) if activities else [name for name, files in found.items() if files]
    for name in names:
        if not found.get(name):
            raise UserError(f"{folder} has no videos of {name!r}: name folders that it has.")
    if len(names) < 2:
        raise UserError(f"{folder} has videos of {len(names)} activity: at least two are needed.")
    clips = [
        FileClip(f"{label}/{path.stem}", _group(path, label), path, label)
        for label in names
        for path in found[label]
    ]
    return DataSet(folder.name, tuple(names), tuple(tie_identical(clips)))


def _group(path: Path, label: str) -> str:
    match = _UCF_GROUP.search(path.stem)
    return f"{label}/g{match[1]}" if match else f"{label}/{path.stem}"


def tie_identical(clips: Iterable[FileClip]) -> list[FileClip]:
    """Give clips whose files are alike to the byte, and all of their groups, one group."""
    clips = list(clips)
    by_size: dict[int, list[FileClip]] = defaultdict(list)
    for clip in clips:
        by_size[clip.path.stat().st_size].append(clip)
    by_content: dict[str, list[FileClip]] = defaultdict(list)
    for same in by_size.values():
        if len(same) > 1:
            for clip in same:
                by_content[clip.digest()].append(clip)
    leader: dict[str, str] = {}

    def find(group: str) -> str:
        while leader.get(group, group) != group:
            group = leader[group]
        return group

    for same in by_content.values():
        first = find(same[0].group)
        for clip in same[1:]:
            leader[find(clip.group)] = first
    return [replace(clip, group=find(clip.group)) for clip in clips]
