"""A clip as fitting sees it: an array file and its labels."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from training.features.arrays import load_array


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A clip's inputs, on disk, and its labels.

    Attributes:
        name: The clip's.
        path: The array file, (T, P): features, or pixels (uint8).
        labels: int64 (T,), the class of each step; steps beyond them are not used.
        rate: Steps a second.
        stride: Of the stored steps, every so many are used.
    """

    name: str
    path: Path
    labels: Tensor
    rate: float
    stride: int = 1

    def read(self, start: int = 0, end: int | None = None) -> Tensor:
        """Return the steps from `start` on and before `end`, (t, P); no other part is read."""
        stored = load_array(self.path)[:: self.stride][: len(self)]
        return torch.from_numpy(np.array(stored[start:end]))

    def __len__(self) -> int:
        return len(self.labels)
