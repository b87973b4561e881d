"""What a model that can be added to sees of clips."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.model.head_arrays import HeadArrays
from lrcn_desktop.model.model_file import ModelFile
from lrcn_desktop.recognition.teaching.features import RATE
from lrcn_desktop.recognition.teaching.sample import Pooled

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """Steps as a model sees them.

    Attributes:
        inputs: float32 (T, K + L), principal components and the running mean of the motion.
        rest: float32 (T,), what the components leave out.
        logits: float32 (T, C), of the activities that it knows.
    """

    inputs: Array
    rest: Array
    logits: Array

    def at(self, steps: NDArray[np.int_] | list[int]) -> Watched:
        """Return these steps alone."""
        return Watched(self.inputs[steps], self.rest[steps], self.logits[steps])


class Watcher:
    """Watches clips with a model that averages motion over some seconds."""

    def __init__(self, model: ModelFile) -> None:
        info = model.info
        arrays = {key: np.asarray(array) for key, array in model.head_arrays().items()}
        self._config = info.head
        self._head = HeadArrays(info.head, info.backbone.shape, arrays, RATE)

    def watch(self, pooled: Pooled) -> Watched:
        """Watch a clip, (T, P), from its start."""
        state = self._head.initial_state()
        rows, _ = self._head.project(pooled.astype(np.float32), state[-1])
        return self._watched(rows)

    def watch_single(self, pooled: Array) -> Watched:
        """Watch single steps (M, P): they have no motion, and a cut before each."""
        found = self._head.components(pooled)
        still = np.zeros((len(found), self._config.motion), np.float32)
        cut = np.full_like(found[:, :1], -1.0)
        return self._watched(np.hstack([found[:, :-1], still, found[:, -1:], cut]))

    def _watched(self, rows: Array) -> Watched:
        state, width = self._head.initial_state(), self._config.project
        motion, _ = self._head.average_motion(rows, state[-2])
        logits = self._head.classify(rows, state).logits
        inputs = np.hstack([rows[:, :width], motion])
        return Watched(inputs, rows[:, width + self._config.motion], logits)
