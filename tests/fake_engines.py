"""Engines that stand in front of a real one, to be slow, to fail or to be counted."""

import time

import numpy as np

from lrcn_desktop.recognition.engines.engine import Engine


class Wrapped(Engine):
    """Gives the features of another engine."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.name, self.dim = engine.name, engine.dim

    def features(self, frames: np.ndarray) -> np.ndarray:
        return self.engine.features(frames)


class SlowEngine(Wrapped):
    """Takes some seconds longer, whatever was measured of it."""

    def __init__(self, engine: Engine, taking: float) -> None:
        super().__init__(engine)
        self.taking = taking

    def features(self, frames: np.ndarray) -> np.ndarray:
        time.sleep(self.taking)
        return super().features(frames)


class FailingEngine(Wrapped):
    """A graphics card that raises `error` after some steps."""

    def __init__(self, engine: Engine, error: Exception, steps: int = 0) -> None:
        super().__init__(engine)
        self.name, self.card = "GPU (CUDA)", "mps"
        self.error, self.steps = error, steps

    def features(self, frames: np.ndarray) -> np.ndarray:
        self.steps -= 1
        if self.steps < 0:
            raise self.error
        return super().features(frames)
