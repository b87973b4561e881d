"""Whether a step costs the same, in time and memory, however long the stream has been."""

import time
from collections.abc import Callable

import numpy as np
import psutil
from numpy.typing import NDArray

from lrcn_desktop.model.model import Model
from lrcn_desktop.recognition.engines.engine import Engine
from lrcn_desktop.recognition.recognizer import Recognizer
from lrcn_desktop.video.frame import Frame

POINTS = (10, 1_000, 100_000)
_AROUND = 200  # steps whose median is a point's time, at the most
_FRAMES = 64  # known ones, which the steps between the points take together


class KnownFeatures(Engine):
    """Hands out features that were computed before: all of a step but the convolutions.

    These keep nothing from one frame to the next; what could grow is around them.
    """

    def __init__(self, features: NDArray[np.float32]) -> None:
        """Hand out rows of `features` (N, D) in turn."""
        self.name, self.dim = "known features", features.shape[1]
        self._features, self._next = features, 0

    def features(self, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the next rows, whatever the frames (N, H, W, 3) show."""
        self._next = (self._next + 1) % len(self._features)
        rows = np.arange(self._next, self._next + len(frames)) % len(self._features)
        return self._features[rows]


def growth(
    model: Model, progress: Callable[[int], None] = lambda _: None
) -> dict[str, dict[str, float]]:
    """Take 100,000 steps of one stream; those before a point singly, the others in batches.

    Returns:
        For each of `POINTS`: "ms", the median of the steps up to there (at most 200), and
        "rss_mb", the process's memory then.
    """
    features = np.random.default_rng(0).random((_FRAMES, model.info.backbone.dim), np.float32)
    engine = KnownFeatures(features)
    engine.batch = len(features)
    recognizer = Recognizer(model, engine)
    image, rate = np.zeros((240, 320, 3), np.uint8), model.info.step_rate or 30.0
    process, taken = psutil.Process(), np.zeros(_AROUND)
    found: dict[str, dict[str, float]] = {}
    for number in range(1, POINTS[-1] + 1):
        frame = Frame(image, number / rate, number)
        if any(point - _AROUND < number <= point for point in POINTS):
            recognizer.flush()
            began = time.perf_counter()
            recognizer.step(frame)
            taken[number % _AROUND] = time.perf_counter() - began
        else:
            recognizer.feed(frame)
        if number in POINTS:
            recent = taken[1 : number + 1] if number < _AROUND else taken
            rss = process.memory_info().rss / 1e6
            found[str(number)] = {"ms": 1000 * float(np.median(recent)), "rss_mb": rss}
        if number % 1000 == 0:
            progress(number)
    return found
