"""A model's step rate against a stream's time stamps."""

import math

GAP = 1.0
"""Seconds without a frame after which what was seen before no longer counts."""

_TOLERANCE = 2e-3  # seconds: containers round time stamps to a millisecond


class StepClock:
    """Says how many steps of the model each frame stands for.

    At a rate of its own, the ticks lie at k / rate from the first frame on. A frame that comes
    before the next tick stands for none; one that comes after several missing frames stands for all
    the ticks that passed, so that a slow source, a dropped frame and a slow machine mean the same
    to the LSTM.

    With a step on every frame there are no ticks, which frames that come irregularly would fall
    beside: each frame is one step, and stands for the missing ones before it where the source's
    rate is known.
    """

    def __init__(
        self, rate: float | None, *, every_frame: bool = False, highest: float = math.inf
    ) -> None:
        """Make the clock of a stream that has not begun.

        Args:
            rate: Ticks per second; with a step on every frame, the source's frames per second. None
                if that is unknown, which is a step on every frame, missing ones or not.
            every_frame: Take a step on every frame.
            highest: Steps per second that even a step on every frame does not exceed.
        """
        self._rate, self._highest = rate, highest
        self._every_frame = every_frame or rate is None
        self.reset()

    def reset(self) -> None:
        """Forget the stream: the next frame is the first."""
        self._start = self._last = self._stepped = math.nan
        self._done = 0

    def change(
        self, rate: float | None, *, every_frame: bool = False, highest: float = math.inf
    ) -> None:
        """Go on in the same stream at another rate, counted from the last frame."""
        after = rate, highest, every_frame or rate is None
        if after != (self._rate, self._highest, self._every_frame):
            self._rate, self._highest, self._every_frame = after
            self._start = self._stepped = self._last
            self._done = 1

    def starts_anew(self, time: float) -> bool:
        """Whether a frame at `time` seconds is a first one, or follows a gap or a jump."""
        return not 0 <= time - self._last <= GAP

    def due(self, time: float) -> int:
        """Return how many steps a frame at `time` seconds stands for, without advancing."""
        if self.starts_anew(time):
            return 1
        if self._every_frame:
            since = time - self._stepped
            allowed = since + _TOLERANCE >= 1 / self._highest
            return max(int(allowed), 0 if self._rate is None else round(since * self._rate))
        assert self._rate is not None
        return math.floor((time - self._start + _TOLERANCE) * self._rate) + 1 - self._done

    def advance(self, time: float) -> int:
        """Take the frame at `time` seconds and return how many steps it stands for."""
        steps = self.due(time)
        if self.starts_anew(time):
            self._start, self._done = time, 0
        self._last = time
        self._done += steps
        if steps:
            self._stepped = time
        return steps
