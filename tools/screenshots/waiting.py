"""Letting the window go on while one waits for it."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QTimer

LONGEST = 600.0  # seconds


def wait(seconds: float) -> None:
    """Let the window go on for a while."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def wait_for(condition: Callable[[], object], what: str, longest: float = LONGEST) -> None:
    """Let the window go on until `condition` holds.

    Raises:
        TimeoutError: It did not within `longest` seconds; it names `what`.
    """
    deadline = time.monotonic() + longest
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"This did not happen within {longest:.0f} seconds: {what}")
        wait(0.05)
