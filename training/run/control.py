"""The words by which another program steers a run: pause, continue, stop."""

import os
import sys
import threading
from collections.abc import Callable

from lrcn_desktop.training_events import Continued, Paused


class Control:
    """Reads one word a line from the standard input; the end of it means nothing."""

    def __init__(self, told: Callable[[Paused | Continued], None]) -> None:
        """Listen; `told` is called when the run pauses and when it continues."""
        self._told = told
        self._go, self._stop = threading.Event(), threading.Event()
        self._go.set()
        if sys.stdin is not None:  # closed, and another file may have its number
            threading.Thread(target=self._listen, name="control", daemon=True).start()

    def check_paused(self) -> None:
        """Wait while paused.

        Raises:
            KeyboardInterrupt: It was asked to stop.
        """
        if not self._go.is_set() and not self._stop.is_set():
            self._told(Paused())
            self._go.wait()
            if not self._stop.is_set():
                self._told(Continued())
        if self._stop.is_set():
            raise KeyboardInterrupt

    def _listen(self) -> None:
        kept = b""
        while received := os.read(0, 1024):  # not sys.stdin, whose lock would hinder the exit
            *lines, kept = (kept + received).split(b"\n")
            for line in lines:
                self._take(line.strip())

    def _take(self, word: bytes) -> None:
        if word == b"pause":
            self._go.clear()
        elif word == b"continue":
            self._go.set()
        elif word == b"stop":
            self._stop.set()
            self._go.set()
