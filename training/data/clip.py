"""A clip: a stretch of video whose activities are known."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lrcn_desktop.video.file import FileSource, ImagesApart
from lrcn_desktop.video.images import SUFFIXES, ImageFolderSource, natural_key
from lrcn_desktop.video.source import Source

OTHER = "_other"
"""The label, and the folder's name, of clips that show none of the activities: negatives."""
IMAGE_RATE = 25.0  # images a second of a folder of images, as UCF-101's videos have


@dataclass(frozen=True, slots=True)
class Clip(ABC):
    """A stretch of video whose activities are known.

    Attributes:
        name: Unique in its data set; names its entry in the feature cache.
        group: Clips of one group show the same people and place: they stay on one side of a split.
        label: Its activity; "" where it shows several; `OTHER` where it shows none.
        side: "train", "validation" or "test" where a published split says so; else "".
        frames: How many it has, where known.
        length: In seconds, where known.
    """

    name: str
    group: str
    label: str
    side: str = field(default="", kw_only=True)
    frames: int | None = field(default=None, kw_only=True)
    length: float | None = field(default=None, kw_only=True)

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
    """A video file, or a folder of images, that shows one activity.

    Attributes:
        path: The file or the folder.
        sha256: `content_digest` of it, where known.
    """

    path: Path
    sha256: str = field(default="", kw_only=True)

    def open(self) -> Source:
        """Open the file or the folder."""
        return open_clip(self.path)

    def labels(self, times: Sequence[float]) -> list[str]:
        """Return its one activity for each time."""
        return [self.label] * len(times)

    def digest(self) -> str:
        """Return its SHA-256; nothing is read where it is known."""
        return self.sha256 or content_digest(self.path)


def open_clip(path: Path) -> Source:
    """Open a video file or a folder of images.

    Raises:
        UserError: It cannot be read.
    """
    return ImageFolderSource(path, IMAGE_RATE) if path.is_dir() else FileSource(path)


def checked_clip(path: Path) -> Source:
    """Open a video file or a folder of images that was never looked at.

    Images too are decoded in a process of its own then.

    Raises:
        UserError: It cannot be read.
    """
    return ImagesApart(path) if path.is_dir() else FileSource(path)


def content_digest(path: Path) -> str:
    """Return the SHA-256 of a file, or of the digests of a folder's images in their order.

    Raises:
        OSError: It cannot be read.
    """
    if not path.is_dir():
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    whole = hashlib.sha256()
    for image in image_files(path):
        whole.update(bytes.fromhex(content_digest(image)))
    return whole.hexdigest()


def image_files(folder: Path) -> list[Path]:
    """Return the images that `ImageFolderSource` plays, in its order.

    Raises:
        OSError: The folder cannot be read.
    """
    found = [f for f in folder.iterdir() if f.suffix.lower() in SUFFIXES and f.is_file()]
    return sorted(
        (f for f in found if not f.name.startswith(".")), key=lambda f: natural_key(f.name)
    )
