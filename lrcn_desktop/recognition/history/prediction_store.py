"""Predictions in rising time, kept in little memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.recognition.prediction import Prediction

_FIRST, _MOST = 16, 1024  # rows of the first block, and of the largest


@dataclass(slots=True)
class _Block:
    """Some predictions, of which the first `rows` are there.

    Attributes:
        times: float64 (N,) seconds.
        probabilities: float16 (N, C).
        labels: int16 (N,), the class's number, -1 for none.
        steps: int32 (N,).
        known: float16 (N,).
        rows: How many.
    """

    times: NDArray[np.float64]
    probabilities: NDArray[np.float16]
    labels: NDArray[np.int16]
    steps: NDArray[np.int32]
    known: NDArray[np.float16]
    rows: int = 0


class PredictionStore:
    """Predictions of one unbroken run; a row takes 2 C + 16 bytes for C classes.

    Probabilities and `known` are rounded to float16, which is off by 0.00025 at the most; times,
    labels and steps are kept as they are. Blocks grow with the run, so that a short one takes
    little.

    Attributes:
        rows: How many there are room for: what the memory is reckoned by.
    """

    def __init__(self, classes: Sequence[str]) -> None:
        self._classes = tuple(classes)
        self._numbers = {label: number for number, label in enumerate(classes)}
        self._blocks: list[_Block] = []
        self._size = _FIRST
        self.rows = 0

    def append(self, prediction: Prediction) -> None:
        """Keep one more, later than all before it."""
        if not self._blocks or self._blocks[-1].rows == len(self._blocks[-1].times):
            self._add_block()
        block = self._blocks[-1]
        row = block.rows
        block.times[row] = prediction.time
        block.probabilities[row] = prediction.probabilities
        label = prediction.label
        block.labels[row] = -1 if label is None else self._numbers[label]
        block.steps[row] = prediction.steps
        block.known[row] = prediction.known
        block.rows += 1

    def between(self, start: float, end: float) -> Iterator[Prediction]:
        """Yield those from `start` up to, but not at, `end` seconds."""
        for block in self._blocks:
            times = block.times[: block.rows]
            first, last = np.searchsorted(times, (start, end))
            for row in range(int(first), int(last)):
                label = int(block.labels[row])
                yield Prediction(
                    float(times[row]),
                    block.probabilities[row].astype(np.float32),
                    None if label < 0 else self._classes[label],
                    int(block.steps[row]),
                    float(block.known[row]),
                )

    def sample(
        self, start: float, end: float, most: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float16]]:
        """Return times (N,) and probabilities (N, C) from `start` to `end` seconds.

        Of many only every so many-th, so that there are about `most`.
        """
        parts = []
        for block in self._blocks:
            times = block.times[: block.rows]
            first, last = np.searchsorted(times, (start, end))
            if first < last:
                parts.append((times[first:last], block.probabilities[first:last]))
        step = max(1, sum(len(times) for times, _ in parts) // max(most, 1))
        if not parts:
            return np.empty(0), np.empty((0, len(self._classes)), np.float16)
        return (
            np.concatenate([times[::step] for times, _ in parts]),
            np.concatenate([probabilities[::step] for _, probabilities in parts]),
        )

    def keep_only(self, spans: Sequence[tuple[float, float]]) -> None:
        """Free the blocks of which nothing lies in one of the `spans`, (start, end) in seconds."""
        self._keep(
            [
                block
                for block in self._blocks
                if any(
                    start <= block.times[block.rows - 1] and block.times[0] < end
                    for start, end in spans
                )
            ]
        )

    def forget_oldest(self) -> None:
        """Free the earliest block."""
        self._keep(self._blocks[1:])

    def _keep(self, blocks: list[_Block]) -> None:
        self._blocks = blocks
        self.rows = sum(len(block.times) for block in blocks)

    def _add_block(self) -> None:
        size = self._size
        self._size = min(2 * size, _MOST)
        block = _Block(
            np.empty(size),
            np.empty((size, len(self._classes)), np.float16),
            np.empty(size, np.int16),
            np.empty(size, np.int32),
            np.empty(size, np.float16),
        )
        self._blocks.append(block)
        self.rows += size
