"""Sparing a source the pictures on which no step of a model falls."""

from lrcn_desktop.recognition.clock import StepClock
from lrcn_desktop.video.source import Source


def want_steps_only(source: Source, rate: float | None) -> None:
    """Let `source` convert only the pictures that are a step of `rate` per second; None: all.

    For a source that is read in order to its end, by a recognizer or by what asks a `StepClock`.
    """
    clock = StepClock(rate)
    source.want(lambda time: clock.advance(time) > 0)
