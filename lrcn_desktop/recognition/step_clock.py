"""A model's step rate against a stream's time stamps."""

import math

from lrcn_desktop.video.source import Source

GAP = 1.0
"""Seconds without a frame after which what was seen before no longer counts."""

_TOLERANCE = 2e-3  # seconds: containers round time stamps to a millisecond

# With a step on every frame: how far, in frames, a time stamp may lie off before it means anything.
_LATE = 0.75  # by more, a frame is missing
_EARLY = 0.75  # by more, frames come faster than the source says
_OWED = 0.5  # that early frames count against later ones, at the most


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
        self._behind = 0.0  # with a step on every frame: frames that passed less steps

    def change(
        self, rate: float | None, *, every_frame: bool = False, highest: float = math.inf
    ) -> None:
        """Go on in the same stream at another rate, counted from the last frame."""
        after = rate, highest, every_frame or rate is None
        if after != (self._rate, self._highest, self._every_frame):
            self._rate, self._highest, self._every_frame = after
            self._start = self._stepped = self._last
            self._done, self._behind = 1, 0.0

    def restarts_at(self, time: float) -> bool:
        """Whether a frame at `time` seconds is a first one, or follows a gap or a jump."""
        return not 0 <= time - self._last <= GAP

    def due(self, time: float) -> int:
        """Return how many steps a frame at `time` seconds stands for, without advancing."""
        if self.restarts_at(time):
            return 1
        if self._rate is None or self._every_frame:
            passed = self._passed(time)
            if passed > 1 - _EARLY:
                return max(1, math.floor(passed + 1 - _LATE))
            return int(time - self._stepped + _TOLERANCE >= 1 / self._highest)
        return math.floor((time - self._start + _TOLERANCE) * self._rate) + 1 - self._done

    def advance(self, time: float) -> int:
        """Take the frame at `time` seconds and return how many steps it stands for."""
        steps = self.due(time)
        if self.restarts_at(time):
            self._start, self._done, self._behind = time, 0, 0.0
        elif self._every_frame:
            self._behind = max(self._passed(time) - steps, -_OWED)
        self._last = time
        self._done += steps
        if steps:
            self._stepped = time
        return steps

    def _passed(self, time: float) -> float:
        """Return how many frames have passed since the last step, without jitter 1."""
        since = time - self._last
        if self._rate is not None:
            return self._behind + since * self._rate
        return 1.0 if math.isinf(self._highest) else min(self._behind + since * self._highest, 1.0)


def want_steps_only(source: Source, rate: float | None) -> None:
    """Let `source` convert only the pictures that are a step of `rate` per second; None: all.

    For a source that is read in order to its end, by a recognizer or by what asks a `StepClock`.
    """
    clock = StepClock(rate)
    source.want(lambda time: clock.advance(time) > 0)
