"""Features of clips, computed once and kept on disk.

A cache folder holds `features.json` (what made the features), `index.csv` (clip, label, group,
split, rate, file) and one array file a clip, (T, D) float16. A clip's file is named by the digest
of its content, so that a renamed clip is found again and a changed one is not mistaken.
"""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import atomic_write
from lrcn_desktop.recognition.clock import StepClock
from lrcn_desktop.recognition.engine import Engine
from training.data.dataset import Clip


@dataclass(frozen=True, slots=True)
class FeatureKind:
    """What made the features of a cache folder.

    Attributes:
        backbone: "vgg16".
        digest: `weights_digest` of its weights.
        size: Side of the input in pixels.
        rate: Steps a second.
        dim: D.
    """

    backbone: str
    digest: str
    size: int
    rate: float
    dim: int

    @property
    def folder(self) -> str:
        """The name of the cache folder of this kind."""
        return f"{self.backbone}-{self.digest[:12]}-{self.size}px-{self.rate:g}fps"


class FeatureCache:
    """One folder of features of one kind."""

    def __init__(self, root: Path, kind: FeatureKind) -> None:
        """Open or make the folder of `kind` under `root`."""
        self.folder = root / kind.folder
        self._kind = kind
        self._digests: dict[str, str] = {}
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(f"Cannot make the folder {self.folder}: {error.strerror}.") from error
        with atomic_write(self.folder / "features.json", "w") as file:
            json.dump(asdict(kind), file, indent=1)

    def path(self, clip: Clip) -> Path:
        """Return where the features of `clip` are kept."""
        if clip.name not in self._digests:
            self._digests[clip.name] = clip.digest()
        return self.folder / f"{self._digests[clip.name][:32]}.npy"

    def fill(self, clips: Sequence[Clip], engine: Engine) -> Iterator[Clip]:
        """Compute what is missing, yielding each clip that was.

        A clip's file appears only when it is whole, so that this may be interrupted anywhere.
        """
        for clip in clips:
            if not self.path(clip).exists():
                with atomic_write(self.path(clip), "wb") as file:
                    np.save(file, extract(clip, engine, self._kind.rate))
                yield clip

    def load(self, clip: Clip) -> NDArray[np.float16]:
        """Return the features of `clip`, (T, D) float16, mapped and not read."""
        features: NDArray[np.float16] = np.load(self.path(clip), mmap_mode="r")
        return features

    def labels(self, clip: Clip) -> list[str]:
        """Return the activity at each of the clip's steps."""
        return clip.labels([step / self._kind.rate for step in range(len(self.load(clip)))])

    def write_index(self, clips: Sequence[Clip]) -> None:
        """Write `index.csv`: what the cached files are, for people and other programs."""
        with atomic_write(self.folder / "index.csv", "w") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(("clip", "label", "group", "split", "rate", "file"))
            for clip in clips:
                labels = set(self.labels(clip))
                label = labels.pop() if len(labels) == 1 else ""
                row = (clip.name, label, clip.group, "", self._kind.rate, self.path(clip).name)
                rows.writerow(row)


def extract(clip: Clip, engine: Engine, rate: float) -> NDArray[np.float16]:
    """Return the features of a clip at `rate` steps a second, (T, D), as live use sees it.

    Raises:
        UserError: The clip cannot be decoded or has no frame.
    """
    clock = StepClock(rate)
    rows: list[NDArray[np.float16]] = []
    with clip.open() as source:
        for frame in source:
            if clip.seconds is not None and frame.time >= clip.seconds:
                break
            if steps := clock.advance(frame.time):
                rows += [engine.features(frame.image[None])[0].astype(np.float16)] * steps
    if not rows:
        raise UserError(f"{clip.name} has no frame: take it out of the data set.")
    return np.stack(rows)
