"""Engines: the features of frames, by whatever is fastest on this machine."""

import os
from abc import ABC, abstractmethod
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lrcn_desktop.model.weights import InputScaling

Failure = Literal["out of memory", "failed"]


CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
"""Cores that this process may use."""


class Engine(ABC):
    """Features of frames; resizing and normalization are part of it.

    Attributes:
        name: What a person calls it, such as "CPU (ncnn, 2 threads)".
        dim: D, the numbers that describe a frame.
        failure: Why a graphics card is not used, though it was meant to be; None otherwise.
        batch: How many frames it is best given at once where there is no hurry.
    """

    name: str
    dim: int
    batch: int = 1
    failure: Failure | None = None

    @abstractmethod
    def features(self, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Map uint8 RGB frames (N, H, W, 3) to float32 (N, D), channels first."""


def scale_input(resized: Tensor, scaling: InputScaling) -> Tensor:
    """Map resized RGB (N, 3, S, S) in 0..255 to what the weights expect."""
    x = resized.flip(1) if scaling.order == "BGR" else resized
    mean = torch.tensor(scaling.mean, device=x.device).view(3, 1, 1)
    std = torch.tensor(scaling.std, device=x.device).view(3, 1, 1)
    return (x * scaling.scale - mean) / std
