"""Times as a ruler has them and as the user reads them."""

import math

_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400)


def tick_step(seconds: float, pixels: float, room: float = 84.0) -> float:
    """Return the seconds between labels that are at least `room` pixels apart.

    Args:
        seconds: In view.
        pixels: That they take.
        room: Pixels that a label needs.
    """
    least = seconds * room / max(pixels, 1.0)
    return next((step for step in _STEPS if step >= least), _STEPS[-1] * math.ceil(least / 14400))


def ticks(start: float, end: float, step: float) -> list[float]:
    """Return the multiples of `step` from `start` to `end` seconds."""
    return [k * step for k in range(math.ceil(start / step), math.floor(end / step) + 1)]


def precise(seconds: float, decimals: int = 1) -> str:
    """Return seconds as h:mm:ss.t, without the hours where there are none."""
    units = 10**decimals
    whole, rest = divmod(round(max(seconds, 0.0) * units), units)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    text = f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
    return f"{text}.{rest:0{decimals}}" if decimals else text
