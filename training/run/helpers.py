"""Processes that do a run's fits beside the one that a person started, where there are cores.

A head is too small for more than one thread, but a run fits several of them, each by itself: one
for each round, and one on all clips. A helper opens the run's folder as a resumed session does,
begins with the last of these fits, and leaves each, done, in the folder, where the first process
finds it. Without helpers, or when one dies, that process does all of it, with the same result.
"""

import subprocess
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

import psutil
from filelock import FileLock, Timeout

from lrcn_desktop.recognition.engines.engine import CORES
from lrcn_desktop.resources import own_command
from lrcn_desktop.training_events import Epoch, parse

OPTION = "--beside"  # of `train`: help with the run in the folder that follows
WORTH = 20.0  # seconds of a processor's time that are left to do: a helper takes some 5 to start
_ROOM = 1.5  # times what this process occupies, that each helper must find free
_PATIENCE = 5.0  # seconds for a helper to end by itself
_WELL = (None, 0, 130)  # it is at work, has nothing left to do, or was asked to stop


class Helpers:
    """The helpers of one run, seen from its first process."""

    def __init__(
        self,
        folder: Path,
        told: Callable[[Epoch], None],
        lost: Callable[[str], None],
        *,
        wanted: bool,
    ) -> None:
        """Help with the run in `folder`.

        Args:
            folder: The run's.
            told: Hears of their epochs, called by `look`.
            lost: Hears, likewise, a sentence about each that came to harm.
            wanted: Whether the run's fits can be done beside each other.
        """
        self._folder, self._told, self._lost = folder, told, lost
        self._processes: list[subprocess.Popen[bytes]] = []
        self._errors: dict[int, IO[bytes]] = {}  # what each says of itself, by its number
        self._threads: list[threading.Thread] = []
        self._said: deque[bytes] = deque()
        self._wanted = wanted

    def offer(self, fits: int, seconds: float) -> None:
        """Start helpers, once, where that is worth it.

        Args:
            fits: How many come after the one that this process does.
            seconds: What is left to do in all, of a processor's time.
        """
        if not self._wanted or seconds < WORTH:
            return
        self._wanted = False
        own = psutil.Process().memory_info().rss
        room = int(psutil.virtual_memory().available // (_ROOM * own))
        for _ in range(min(fits, CORES - 1, room)):
            with suppress(OSError):  # then this process does it
                self._start()

    def look(self) -> None:
        """Hear what the helpers have said, and what became of them."""
        while self._said:
            event = parse(self._said.popleft())
            if isinstance(event, Epoch):
                self._told(event)
        for process in self._processes:
            if process.poll() not in _WELL and process.pid in self._errors:
                with self._errors.pop(process.pid) as errors:
                    errors.seek(0)
                    said = errors.read().decode(errors="replace").strip().splitlines()
                why = said[-1] if said else f"status {process.returncode}"
                self._lost(f"A process that helped came to harm ({why}): this one does its work.")

    def say(self, word: str) -> None:
        """Give every helper a word of `Control`."""
        for process in self._processes:
            assert process.stdin is not None
            with suppress(OSError, ValueError):  # it has ended
                process.stdin.write(f"{word}\n".encode())
                process.stdin.flush()

    def stop(self) -> None:
        """End them, in bounded time; what they have kept of a fit is there for the next session."""
        for process in self._processes:
            assert process.stdin is not None
            with suppress(OSError):
                process.stdin.close()
        deadline = time.monotonic() + _PATIENCE
        for process in self._processes:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for thread in self._threads:
            thread.join()
        for errors in self._errors.values():
            errors.close()
        self._processes, self._errors = [], {}  # whose end was asked for

    def _start(self) -> None:
        errors = tempfile.TemporaryFile()  # noqa: SIM115 - unlike a pipe, it is never full
        try:
            process = subprocess.Popen(
                [*own_command(), "train", OPTION, str(self._folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        except OSError:
            errors.close()
            raise
        self._errors[process.pid] = errors
        thread = threading.Thread(target=self._listen, args=(process,), name="helper", daemon=True)
        self._processes.append(process)
        self._threads.append(thread)
        thread.start()

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        with process.stdout:
            self._said.extend(process.stdout)


def claim(checkpoint: Path) -> FileLock | None:
    """Return the lock of the fit with this checkpoint, held; None: another process has it."""
    lock = FileLock(checkpoint.with_suffix(".lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return None
    return lock
