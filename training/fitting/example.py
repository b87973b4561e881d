"""A clip as fitting sees it: an array file and its labels."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from lrcn_desktop.arrays import load_array

OTHER = -1
"""The label of a step that shows none of the activities."""


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A clip's inputs, on disk, and its labels.

    Attributes:
        name: The clip's.
        path: The array file, (T, P): features, or pixels (uint8).
        labels: int64 (T,), the class of each step, or `OTHER`; steps beyond them are not used.
        rate: Steps per second.
        stride: Of the stored steps, every so many are used.
        rows: (T, R), what a head's projection made of it, in memory instead of on disk; None: it
            has not been projected.
        group: The clip's, whose clips are on one side of a split; "": it is one by itself.
    """

    name: str
    path: Path
    labels: Tensor
    rate: float
    stride: int = 1
    rows: Tensor | None = None
    group: str = ""

    def read(self, start: int = 0, end: int | None = None) -> Tensor:
        """Return the steps from `start` on and before `end`, (t, P); no other part is read."""
        if self.rows is not None:
            return self.rows[: len(self)][start:end]
        stored = load_array(self.path)[:: self.stride][: len(self)]
        return torch.from_numpy(np.array(stored[start:end]))

    def __len__(self) -> int:
        return len(self.labels)
