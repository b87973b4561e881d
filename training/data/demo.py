"""The drawn demo scene as a data set."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from lrcn_desktop.video.demo import ACTIVITIES, ORDER_PAIRS, DemoSource
from lrcn_desktop.video.source import Source
from training.data.clip import Clip
from training.data.dataset import DataSet


@dataclass(frozen=True, slots=True)
class DemoClip(Clip):
    """The first seconds of the demo scene with a seed of its own; one activity after another."""

    seed: int
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
        for time in (0.0, (self.length or 0.0) / 2):
            digest.update(scene.render(time).data)
        return digest.hexdigest()

    @property
    def seconds(self) -> float | None:
        """Its length: the scene itself has no end."""
        return self.length


def demo_data_set(rate: float, clips: int = 60, seconds: float = 51.2) -> DataSet:
    """Return the demo scene as a data set: a seed a clip, each a group of its own.

    Its seeds begin at 1000: the window's demo, seed 0, is not among them.
    """
    names = {seed: f"demo-{seed}" for seed in range(1000, 1000 + clips)}
    frames = round(seconds * rate)
    members = tuple(
        DemoClip(name, name, "", seed, rate, length=seconds, frames=frames)
        for seed, name in names.items()
    )
    return DataSet("demo", tuple(ACTIVITIES), members, ORDER_PAIRS)
