"""The words by which another program steers a run: pause, continue, stop."""

import os
import sys
import threading
from collections.abc import Callable

from lrcn_desktop.training_events import Continued, Paused


class Control:
    """Reads one word a line from the standard input."""

    def __init__(
        self, told: Callable[[Paused | Continued], None], *, until_end: bool = False
    ) -> None:
        """Listen.

        Args:
            told: Called when the run pauses and when it continues.
            until_end: Whether the end of the input stops the run: it goes on for one program only.
        """
        self._told, self._until_end = told, until_end
        self._pass_on: Callable[[str], None] = lambda _: None
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

    def pass_on(self, listener: Callable[[str], None]) -> None:
        """Call `listener` with every word, in a thread of its own, as soon as it is there."""
        self._pass_on = listener

    def _listen(self) -> None:
        kept = b""
        while received := os.read(0, 1024):  # not sys.stdin, whose lock would hinder the exit
            *lines, kept = (kept + received).split(b"\n")
            for line in lines:
                self._take(line.strip())
        if self._until_end:
            self._take(b"stop")

    def _take(self, word: bytes) -> None:
        self._pass_on(word.decode(errors="replace"))
        if word == b"pause":
            self._go.clear()
        elif word == b"continue":
            self._go.set()
        elif word == b"stop":
            self._stop.set()
            self._go.set()
