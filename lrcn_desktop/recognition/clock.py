"""A model's step rate against a stream's time stamps."""

import math

GAP = 1.0
"""Seconds without a frame after which what was seen before no longer counts."""

_TOLERANCE = 2e-3  # seconds: containers round time stamps to a millisecond


class StepClock:
    """Says how many steps of the model each frame stands for.

    The ticks lie at k / rate from the first frame on. A frame that comes before the next tick
    stands for none; one that comes after several missing frames stands for all the ticks that
    passed, so that a slow source, a dropped frame and a slow machine mean the same to the LSTM.
    """

    def __init__(self, rate: float | None) -> None:
        """Tick `rate` times a second, or on every frame where it is None."""
        self._rate = rate
        self.reset()

    def reset(self) -> None:
        """Forget the stream: the next frame is the first."""
        self._start = self._last = math.nan
        self._done = 0

    def starts_anew(self, time: float) -> bool:
        """Whether a frame at `time` seconds is a first one, or follows a gap or a jump."""
        return not 0 <= time - self._last <= GAP

    def due(self, time: float) -> int:
        """Return how many steps a frame at `time` seconds stands for, without advancing."""
        if self.starts_anew(time) or self._rate is None:
            return 1
        return math.floor((time - self._start + _TOLERANCE) * self._rate) + 1 - self._done

    def advance(self, time: float) -> int:
        """Take the frame at `time` seconds and return how many steps it stands for."""
        steps = self.due(time)
        if self.starts_anew(time):
            self._start, self._done = time, 0
        self._last = time
        self._done += steps
        return steps
