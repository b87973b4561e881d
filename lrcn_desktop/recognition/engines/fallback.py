"""From a graphics card that fails to the processor, in the middle of a stream."""

import logging
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.recognition.engines.engine import Engine, Failure

_log = logging.getLogger(__name__)


class FallbackEngine(Engine):
    """A graphics card's engine, and the processor's in its place once it fails.

    The step that failed is done again, and the recognizer's state is on the processor anyway, so
    that the stream goes on as if nothing had happened, but slower.
    """

    def __init__(self, first: Engine, spare: Callable[[], Engine]) -> None:
        """Use `first`, and what `spare` makes when that raises."""
        self._spare: Callable[[], Engine] | None = spare
        self.dim = first.dim
        self._take_over(first)

    def features(self, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Map uint8 RGB frames (N, H, W, 3) to float32 (N, D)."""
        if self._spare is None:
            return self._engine.features(frames)
        try:
            return self._engine.features(frames)
        except RuntimeError as error:  # torch.OutOfMemoryError and AcceleratorError are such
            self._fall_back(error, self._spare)
        return self._engine.features(frames)

    def _fall_back(self, error: RuntimeError, spare: Callable[[], Engine]) -> None:
        _log.warning("%s failed, the processor takes over: %s", self.name, error)
        engine = spare()
        assert engine.dim == self.dim
        self._spare = None
        self._take_over(engine)
        self.failure = failure_of(error)
        _free_memory()

    def _take_over(self, engine: Engine) -> None:
        self._engine = engine
        self.name, self.batch = engine.name, engine.batch
        self.card, self.seconds = engine.card, engine.seconds


def failure_of(error: Exception) -> Failure:
    """Tell a device that had no memory left (Metal says so by a mere RuntimeError) from others."""
    full = type(error).__name__ == "OutOfMemoryError" or "out of memory" in str(error).lower()
    return "out of memory" if full else "failed"


def _free_memory() -> None:
    """Give the card's memory back, for whoever took the rest."""
    import torch  # loaded already, where a card was used

    try:
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        if torch.backends.mps.is_available():
            torch.mps.empty_cache()
    except RuntimeError as error:  # a card that is gone takes nothing back
        _log.warning("the graphics card's memory could not be freed: %s", error)
