"""A process that decodes, seen from its owner: started, spoken to, waited for in bounded time."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import lrcn_desktop
from lrcn_desktop.video.decoding.limits import OUT_OF_MEMORY
from lrcn_desktop.video.decoding.messages import Lines, Message, packed
from lrcn_desktop.video.decoding.ring import Ring
from lrcn_desktop.video.ffmpeg import creation_flags

FROZEN_WORD = "decode-for"  # the program, built as a folder, is its own decoder with this argument
SLICE = 0.5  # seconds: Windows does not interrupt a wait for Ctrl-C
END = 5.0  # seconds that a process that was killed may take to be gone
START = 60.0  # seconds that one may take to start, on a machine that is busy with other things
LOOK = 3.0  # seconds for which one is watched that has nothing to say
MOST_LOOKS = 20  # at one that is slow, before it is given up
_FULL_SPEED = 0.5  # of a core's time: one that uses more and says nothing goes round in circles
_SIGKILL = 9  # a number that Windows has no name for
CODE = (
    "import sys; sys.path.append({root!r}); "
    "from lrcn_desktop.video.decoding.child import main; main()"
)


class DecoderDiedError(Exception):
    """The process has ended by itself.

    Attributes:
        reason: One short clause.
        lasting: Whether it is the fault of what it decoded, so that another try would end alike.
    """

    def __init__(self, reason: str, lasting: bool) -> None:
        super().__init__(reason)
        self.reason, self.lasting = reason, lasting


class DecoderProcess:
    """A process that decodes for this one, and its end of the line.

    Not `multiprocessing`: its processes import the program's main file again, which a script
    without a guard does not survive, and which takes long.

    Attributes:
        ring: Where its pictures are.
        niceness: The system's priority that it was started with.

    Raises:
        OSError: It cannot be started.
    """

    def __init__(self) -> None:
        self.niceness = niceness()
        self.ring = Ring()
        self._lines, self._ready = Lines(), False
        self._socket, theirs = socket.socketpair()
        with theirs:
            try:
                self._process = self._started(theirs)
            except BaseException:
                self._socket.close()
                raise
            finally:
                self.ring.shut_descriptor()

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def send(self, *fields: object) -> None:
        """Send a message; that it has ended is reported by `receive`."""
        with suppress(OSError):
            self._socket.settimeout(END)
            self._socket.sendall(packed(*fields))

    def receive(self, seconds: float, *, lenient: bool = True) -> list[Message]:
        """Wait for messages and return them, at least one.

        Args:
            seconds: How long it may work without a message.
            lenient: Where other programs leave it little of the processor's time, it may take
                longer.

        Raises:
            TimeoutError: None came.
            DecoderDiedError: It has ended.
            ValueError: It talks nonsense.
        """
        messages = self._hear(seconds if self._ready else START, lenient=lenient)
        if not self._ready:  # the first says only that it is there
            self._ready = True
            messages = messages[1:] or self._hear(seconds, lenient=lenient)
        return messages

    def _hear(self, seconds: float, *, lenient: bool) -> list[Message]:
        messages = self.listen(seconds)
        for _ in range(MOST_LOOKS if lenient else 0):
            if messages:
                break
            before, _ = self.activity()
            messages = self.listen(LOOK)
            now, runnable = self.activity()
            blocked = now == before and not runnable
            if blocked or now - before > _FULL_SPEED * LOOK:
                break
        if not messages:
            raise TimeoutError
        return messages

    def activity(self) -> tuple[float, bool]:
        """Return the seconds of processor time that it has used, and whether it wants more now."""
        import psutil  # here, as it is needed for what hardly happens

        try:
            process = psutil.Process(self.pid)
            times = process.cpu_times()
            return times.user + times.system, "R" in thread_states(self.pid)
        except psutil.Error:
            return 0.0, False

    def listen(self, seconds: float) -> list[Message]:
        """Return what comes within `seconds`, nothing where nothing does."""
        deadline = time.monotonic() + seconds
        messages: list[Message] = []
        while not messages and (rest := deadline - time.monotonic()) > 0:
            try:
                self._socket.settimeout(min(rest, SLICE))
                data = self._socket.recv(1 << 16)
            except TimeoutError:
                continue
            except OSError:
                data = b""
            if not data:
                raise self._death()
            messages = self._lines.feed(data)
        return messages

    def hang_up(self) -> None:
        """End whoever waits in `receive`, and the process; from another thread."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        """End the process at once."""
        self._process.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(END)
        self._socket.close()

    def _started(self, theirs: socket.socket) -> "subprocess.Popen[bytes]":
        key = str(theirs.fileno()) if sys.platform != "win32" else "-"
        process = subprocess.Popen(
            [*command(), key, self.ring.key],
            stdin=subprocess.PIPE if sys.platform == "win32" else subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=() if sys.platform == "win32" else (theirs.fileno(), *self.ring.inherited),
            start_new_session=True,  # the terminal's Ctrl-C is for its owner
            creationflags=creation_flags(),
        )
        if sys.platform == "win32":  # a socket is shared with a process that is there
            assert process.stdin is not None
            with process.stdin as line:
                line.write(theirs.share(process.pid).hex().encode())
        return process

    def _death(self) -> DecoderDiedError:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(END)
        code = self._process.returncode
        if code == OUT_OF_MEMORY:
            return DecoderDiedError("needs more memory than a decoder may have", True)
        if code is None or -code in (_SIGKILL, signal.SIGTERM):
            return DecoderDiedError("the process that decodes it was killed", False)
        known = -code in set(signal.Signals)
        name = signal.Signals(-code).name if known else f"status {code}"
        return DecoderDiedError(f"crashes its decoder ({name})", True)


def thread_states(pid: int) -> set[str]:
    """Return what the threads of a process do, in Linux's letters; those that wait for a disk run.

    Elsewhere nothing is known.
    """
    found = set()
    for thread in Path(f"/proc/{pid}/task").glob("*/stat"):
        with suppress(OSError):
            found.add(thread.read_text().rpartition(") ")[2][:1].replace("D", "R"))
    return found


def command() -> list[str]:
    """Return what starts a decoder: this Python, or the standalone build itself."""
    if getattr(sys, "frozen", False):
        return [sys.executable, FROZEN_WORD]
    root = str(Path(lrcn_desktop.__file__).parents[1])
    return [sys.executable, "-P", "-c", CODE.format(root=root)]


def niceness() -> int:
    """Return the priority of this thread, which the processes that it starts will have."""
    return os.getpriority(os.PRIO_PROCESS, 0) if sys.platform != "win32" else 0
