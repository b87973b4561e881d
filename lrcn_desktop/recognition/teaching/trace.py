"""What was watched lately, kept so that a newer model can say what it would have said of it."""

from __future__ import annotations

import threading
from collections import deque
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.model.head_arrays import HeadArrays, softmax
from lrcn_desktop.model.model_file import ModelFile
from lrcn_desktop.model.rejection import Rejection
from lrcn_desktop.recognition.known import decide
from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.recognition.segments import MAX_GAP, Segment
from lrcn_desktop.recognition.teaching.features import BACKBONE, RATE

SECONDS = 60.0


class Trace:
    """The pooled features of the last minute of a stream; any thread may use it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._steps: deque[tuple[float, NDArray[np.float16]]] = deque(maxlen=int(SECONDS * RATE))

    def push(self, time: float, pooled: NDArray[np.float32]) -> None:
        """Take a step at `time` seconds; where time goes back, what came before is forgotten."""
        with self._lock:
            if self._steps and time <= self._steps[-1][0]:
                self._steps.clear()
            self._steps.append((time, pooled.astype(np.float16)))

    def clear(self) -> None:
        """Forget everything: another source plays."""
        with self._lock:
            self._steps.clear()

    def replay(self, model: ModelFile) -> list[Prediction]:
        """Return what a taught model says of each step."""
        with self._lock:
            steps = list(self._steps)
        times = [time for time, _ in steps]
        breaks = [n for n, (a, b) in enumerate(pairwise(times), 1) if b - a > MAX_GAP]
        found: list[Prediction] = []
        for first, end in pairwise([0, *breaks, len(steps)]):
            if first < end:
                pooled = np.stack([row for _, row in steps[first:end]]).astype(np.float32)
                found += _watch(model, times[first:end], pooled)
        return found


def seconds_shown(segments: list[Segment], start: float, end: float) -> dict[str, float]:
    """Return how long each activity is shown from `start` to `end` seconds."""
    found: dict[str, float] = {}
    for segment in segments:
        length = min(segment.end, end) - max(segment.start, start)
        if length > 0:
            found[segment.label] = found.get(segment.label, 0.0) + length
    return found


def _watch(model: ModelFile, times: list[float], pooled: NDArray[np.float32]) -> list[Prediction]:
    info = model.info
    head = HeadArrays(info.head, BACKBONE.shape, model.head_arrays(), RATE)
    state = head.initial_state()
    rows, _ = head.project(pooled, state[-1])
    taken = head.classify(rows, state)
    probabilities = softmax(taken.logits / np.float32(info.temperature))
    scores: list[float | None] = [None] * len(times)
    if info.rejection is not None:
        rejection = Rejection(info.rejection, info.head, model.rejection_arrays(), RATE)
        known, _ = rejection.run(rows, probabilities, rejection.initial_state())
        scores = [float(score) for score in known]
    return [
        Prediction(time, of, *_decided(of, score, model))
        for time, of, score in zip(times, probabilities, scores, strict=True)
    ]


def _decided(
    probabilities: NDArray[np.float32], score: float | None, model: ModelFile
) -> tuple[str | None, int, float]:
    label, known = decide(probabilities, score, model.info)
    return label, 1, known
