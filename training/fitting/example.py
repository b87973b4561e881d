"""A clip as fitting sees it: an array file and its labels."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A clip's inputs, on disk, and its labels.

    Attributes:
        name: The clip's.
        path: The array file, (T, P): features, or pixels (uint8).
        labels: int64 (T,), the class of each step.
        rate: Steps a second.
    """

    name: str
    path: Path
    labels: Tensor
    rate: float

    def read(self, start: int = 0, end: int | None = None) -> Tensor:
        """Return the steps from `start` on and before `end`, (t, P); no other part is read."""
        steps = np.load(self.path, mmap_mode="r", allow_pickle=False)[start:end]
        return torch.from_numpy(np.array(steps))

    def __len__(self) -> int:
        return len(self.labels)
