"""Engines: the features of frames, by whatever is fastest on this machine."""

import os
import time
from abc import ABC, abstractmethod
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Card = Literal["cuda", "mps"]
"""NVIDIA's, or AMD's behind the same interface; Apple's."""

Failure = Literal["out of memory", "failed"]


CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
"""Cores that this process may use."""

_FRAMES = 3  # that are timed at most
_SECONDS = 0.2  # after which no more are: the first step waits for this
_SIZE = (480, 640)  # height and width of a usual camera's frames


class Engine(ABC):
    """Features of frames; resizing and normalization are part of it.

    Attributes:
        name: What the user calls it, such as "CPU (ncnn, 2 threads)".
        dim: D, the numbers that describe a frame.
        card: Which kind of graphics card it runs on, None for the processor.
        failure: Why a graphics card is not used, though it was meant to be; None otherwise.
        batch: How many frames it is best given at once where there is no hurry.
        seconds: That a frame takes here at best; None: not measured yet.
    """

    name: str
    dim: int
    batch: int = 1
    card: Card | None = None
    failure: Failure | None = None
    seconds: float | None = None

    @abstractmethod
    def features(self, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Map uint8 RGB frames (N, H, W, 3) to float32 (N, D), channels first."""

    def frame_seconds(self) -> float:
        """Return the seconds that a frame takes here at best, measured where nobody did so."""
        if self.seconds is None:
            image = np.random.default_rng(0).integers(0, 256, (1, *_SIZE, 3), np.uint8)
            taken: list[float] = []
            while len(taken) < _FRAMES and sum(taken) < _SECONDS:
                began = time.perf_counter()
                self.features(image)
                taken.append(time.perf_counter() - began)
            self.seconds = max(min(taken), 1e-6)
        return self.seconds
