"""FFmpeg as a process of its own that is fed frames and cannot hang its owner."""

import contextlib
import queue
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.errors import UserError
from lrcn_desktop.video.ffmpeg import creation_flags

PATIENCE = 8.0  # seconds that a frame may take
SLICE = 0.5  # seconds of patience that are lost at most where the program is stopped meanwhile
FINISHING = 15.0  # seconds that the end of a file may take, and as much again for every
FINISHED_RATE = 20e6  # bytes per second, as the index is put before the pictures of an .mp4
DYING = 3.0  # seconds that a process which was killed or broke off is given to say why
REASONS = (  # FFmpeg's words for what the system refused
    "No space left on device",
    "File too large",
    "Disk quota exceeded",
    "Read-only file system",
    "Permission denied",
    "Input/output error",
)


class EncoderProcess:
    """Feeds a command's standard input; whatever it does, every method returns in bounded time.

    Should our own process die, the encoder's input ends with it, and the encoder finishes its file.

    Args:
        path: The file that the command writes, for the sentences.
        command: The program and its arguments.

    Raises:
        UserError: The program cannot be started.
    """

    def __init__(self, path: Path, command: Sequence[str]) -> None:
        self._path = path
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                # Ctrl-C in a terminal reaches every process of its group: the file is ours to end.
                start_new_session=True,
                creationflags=creation_flags(),
                # Too large a file is an error that FFmpeg reports, not a signal that kills it.
                restore_signals=False,
            )
        except OSError as error:
            raise UserError(
                f"Cannot write {path}: FFmpeg does not start ({error.strerror})."
            ) from error
        self._said: deque[str] = deque(maxlen=20)
        self._frames: queue.SimpleQueue[tuple[bytes, memoryview] | None]
        self._frames = queue.SimpleQueue()  # at most one
        self._taken = threading.Event()
        self._broken = False
        self._over = False
        self._threads = (
            threading.Thread(target=self._feed, name=f"feed {path.name}", daemon=True),
            threading.Thread(target=self._listen, name=f"encoder of {path.name}", daemon=True),
        )
        for thread in self._threads:
            thread.start()

    def write(self, head: bytes, frame: NDArray[np.uint8]) -> None:
        """Hand on a C-contiguous frame, not looked at any more afterwards, and what precedes it.

        Raises:
            UserError: The disk is full, or the encoder died or hangs; from then on, always.
        """
        if not self._broken:
            self._taken.clear()
            self._frames.put((head, frame.data))
            if not self._was_taken():
                self.abort()
                self._said.append(f"it took no picture for {PATIENCE:.0f} seconds")
        if self._broken:
            self._end(DYING)
            raise self._error()

    def _was_taken(self) -> bool:
        """Wait for the frame that was handed on, slice by slice.

        A program that was stopped for a while has lost one slice when it goes on, not its patience.
        """
        return any(self._taken.wait(SLICE) for _ in range(round(PATIENCE / SLICE)))

    def close(self) -> None:
        """End the input and wait until the file is finished; safe to call twice.

        Raises:
            UserError: The file could not be finished.
        """
        if self._over:
            return
        size = 0
        with contextlib.suppress(OSError):  # the drive is gone
            size = self._path.stat().st_size
        hangs = not self._end(FINISHING + size / FINISHED_RATE)
        if hangs:
            self.abort()
            self._said.append("it did not come to an end")
        if hangs or self._process.returncode:
            raise self._error()

    def abort(self) -> None:
        """Kill the process; what it wrote stays. Never raises, safe to call twice."""
        self._broken = True
        with contextlib.suppress(OSError):  # it has just ended by itself
            self._process.kill()
        self._end(DYING)

    def _end(self, seconds: float) -> bool:
        """Wait for the process, with its input at the end, and for the threads; False: it runs."""
        if self._over:
            return True
        self._frames.put(None)
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        for thread in self._threads:
            thread.join(DYING)
        self._over = True
        return True

    def _feed(self) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError), self._process.stdin as pipe:  # OSError: at its close
            for head, frame in iter(self._frames.get, None):
                try:
                    pipe.write(head)
                    pipe.write(frame)
                    pipe.flush()
                except OSError:  # the process is gone
                    self._broken = True
                self._taken.set()

    def _listen(self) -> None:
        assert self._process.stderr is not None
        with self._process.stderr as pipe:
            while line := pipe.readline(2000):
                self._said.append(line.decode(errors="replace").strip())

    def _error(self) -> UserError:
        said = "\n".join(self._said)
        known = next((reason for reason in REASONS if reason in said), None)
        status = self._process.returncode
        if known:
            return UserError(f"Cannot write {self._path}: {known}.")
        if status is not None and status < 0 and not self._said:
            name = (signal.strsignal(-status) or f"signal {-status}").lower()
            return UserError(f"Cannot write {self._path}: the video encoder was ended ({name}).")
        last = self._said[-1].rstrip(".") if self._said else f"it ended with status {status}"
        return UserError(f"Cannot write {self._path}: the video encoder failed ({last}).")
