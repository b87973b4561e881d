"""Waiting for what shows in nothing but a property or a file."""

import time
from collections.abc import Callable

LOOK = 0.01  # seconds between looks


def until(condition: Callable[[], object], seconds: float = 60.0) -> float:
    """Wait for `condition` and return the seconds that it took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "it never came to pass"
        time.sleep(LOOK)
    return time.monotonic() - began
