"""One file or stream that another process decodes."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile

import numpy as np

from lrcn_desktop.errors import UserError
from lrcn_desktop.video.decoding import pool
from lrcn_desktop.video.decoding.messages import Message
from lrcn_desktop.video.decoding.process import DecoderDiedError, DecoderProcess
from lrcn_desktop.video.decoding.ring import slots
from lrcn_desktop.video.frame import NO_PICTURE, Frame

PATIENCE = 6.0  # seconds without a word from the process, after which it hangs
CLOSING = 2.0  # seconds that it may take to close a file

# What a message that is none of ours raises as it is taken apart.
_NONSENSE = (ValueError, TypeError, LookupError, OverflowError)

Wanted = Callable[[float], bool]


class DecoderFailedError(Exception):
    """There is nothing to decode, or no more.

    Attributes:
        kind: As `UnusableError.kind`; or "time-out", "hang", "died" (`detail` is how).
        detail: What belongs to it.
        lasting: Whether another try would end alike.
    """

    def __init__(self, kind: str, detail: str = "", lasting: bool = True) -> None:
        super().__init__(kind, detail)
        self.kind, self.detail, self.lasting = kind, detail, lasting


@dataclass(slots=True)
class _Coming:
    """A frame of which the process has told.

    Attributes:
        index: Its position.
        time: In seconds.
        slot: Where in the ring its picture is, -1 where there is none, None where it is to come.
        wanted: Whether the picture is, None before that is known.
    """

    index: int
    time: float
    slot: int | None
    wanted: bool | None = None


class MediaDecoder:
    """An open file or stream; read by one thread at a time, closed by any.

    Args:
        address: A file's path, or a stream's address.
        timeouts: Of a stream: seconds that opening and reading may take. None: it is a file.

    Attributes:
        size: (width, height) of its pictures.
        rate: Pictures per second, above 0.
        duration: Seconds that the container claims, or None.
        codec: FFmpeg's name of it.
        has_sound: Whether it has sound that can be decoded.
        lost: Pictures that could not be decoded since the beginning or the last seek.

    Raises:
        DecoderFailedError: It cannot be decoded.
    """

    def __init__(self, address: str, timeouts: tuple[float, float] | None = None) -> None:
        self._closing = threading.Event()
        self._lock = threading.Lock()  # held by who reads
        self._arrived: deque[Message] = deque()
        self._wanted: Wanted | None = None
        self._broke = False
        self._over = False  # the process is another's, or gone
        self._taken = 0  # pictures taken out of the ring of which the process does not know
        self._begin_run(0)
        self._patience = PATIENCE + max(timeouts or (0.0,))
        try:
            self._process: DecoderProcess = pool.acquire()
        except OSError as error:
            raise UserError(
                "The process that decodes videos cannot be started: "
                "close other programs to free memory and try again."
            ) from error
        try:
            self._process.send("open", address, timeouts)
            self._take_opened(self._await("opened"))
        except BaseException as error:
            if isinstance(error, DecoderFailedError) and error.kind not in ("hang", "died"):
                self._give_back()
            else:
                self._process.end()
            raise
        self._target: float | None = None  # where to seek before the next read
        self._playing = False

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._closing.is_set()

    @property
    def broken(self) -> bool:
        """Whether its process is lost, so that it has to be opened again."""
        return self._broke

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def want(self, wanted: Wanted | None) -> None:
        """Convert from now on only the pictures at whose time `wanted` says so; None: all.

        It is asked once for every frame in their order, ahead of `read`; the others have no
        picture.
        """
        self._wanted = wanted

    def read(self) -> Frame | None:
        """Return the next frame, None at the end and once closed.

        Raises:
            DecoderFailedError: The process has died, hangs or gives up.
        """
        with self._lock:
            if self._over:
                return None
            try:
                return self._next()
            except DecoderFailedError:
                if self.closed:
                    return None
                raise
            except _NONSENSE as error:
                raise self._broken("died", "talks nonsense") from error
            finally:
                if self.closed:  # meanwhile, by another thread
                    self._over = True
                    self._process.end()

    def seek(self, seconds: float) -> None:
        """Go on with the frame shown at `seconds`."""
        self._target = seconds

    def close(self) -> None:
        """Close it: at once, or as soon as the read under way has ended, which it soon does."""
        if self._closing.is_set():
            return
        self._closing.set()
        if not self._lock.acquire(blocking=False):
            self._process.hang_up()
            return
        try:
            self._over = True
            self._give_back()
        finally:
            self._lock.release()

    def _next(self) -> Frame | None:
        if self._target is not None or not self._playing:
            self._play()
        while not self._ready():
            if not self._coming and self._failed is not None:
                self._playing = False
                raise self._failed
            if not self._coming and self._ended:
                return None
            self._hear()
        coming = self._coming.popleft()
        if coming.slot is None or coming.slot < 0:
            return Frame(NO_PICTURE, coming.time, coming.index)
        image = self._process.ring.slot(coming.slot, self.size).copy()
        self._taken += 1
        if self._taken * 2 >= slots(self.size):
            self._process.send("free", self._run, self._taken)
            self._taken = 0
        return Frame(image if coming.wanted else NO_PICTURE, coming.time, coming.index)

    def _ready(self) -> bool:
        """Whether the next frame is there, with its picture if that is wanted."""
        if not self._coming:
            return False
        first = self._coming[0]
        return first.slot is not None or first.wanted is False

    def _play(self) -> None:
        mode = "all" if self._wanted is None else "ask"
        self._begin_run(self._run + 1)
        if self._target is None:
            self._process.send("play", self._run, mode)
        else:
            self._process.send("seek", self._run, mode, self._target)
            self._target, self.lost = None, 0
        self._playing = True

    def _begin_run(self, run: int) -> None:
        self._run: int = run
        self._taken = 0
        self._ended: bool = False
        self._coming: deque[_Coming] = deque()
        self._failed: DecoderFailedError | None = None
        self._told = 0  # frames of this run that the process asked about

    def _hear(self) -> None:
        """Take what the process says next, and answer what it asks."""
        if not self._arrived:
            self._receive()
        asked = self._told
        picked: list[int] = []
        while self._arrived:
            self._take(self._arrived.popleft(), picked)
        if self._told > asked:
            self._process.send("pick", self._run, picked, self._told - 1)

    def _take(self, message: Message, picked: list[int]) -> None:
        name, *rest = message
        if name == "failed":  # told after the frames before it
            self._failed = self._failure(message)
            self._coming = deque(
                takewhile(lambda c: c.slot is not None or not c.wanted, self._coming)
            )
        if name not in ("picture", "time", "lost", "end") or rest[0] != self._run:
            return
        if name == "lost":
            self.lost = int(rest[1])
        elif name == "end":
            self._ended = True
        elif name == "time":
            coming = _Coming(int(rest[1]), float(rest[2]), None)
            coming.wanted = self._wanted is None or self._wanted(coming.time)
            if coming.wanted:
                picked.append(self._told)
            self._told += 1
            self._coming.append(coming)
        else:
            self._take_picture(int(rest[1]), float(rest[2]), int(rest[3]))

    def _take_picture(self, index: int, time: float, slot: int) -> None:
        asked = next((c for c in self._coming if c.slot is None and c.wanted), None)
        if asked is not None:
            asked.slot = slot
            return
        wanted = self._wanted is None or self._wanted(time)
        self._coming.append(_Coming(index, time, slot, wanted))

    def _await(self, name: str) -> Message:
        """Return the next message of that name; what else comes is of no use any more."""
        while True:
            while self._arrived:
                message = self._arrived.popleft()
                if message[0] == name:
                    return message
                if message[0] == "failed" and name == "opened":
                    raise self._failure(message)
            self._receive()

    def _failure(self, message: Message) -> DecoderFailedError:
        """Return what a message "failed" says."""
        if len(message) != 3:
            return self._broken("died", "talks nonsense")
        return DecoderFailedError(str(message[1]), str(message[2]))

    def _receive(self) -> None:
        try:
            self._arrived.extend(self._process.receive(self._patience, lenient=not self.closed))
        except TimeoutError as error:
            raise self._broken("hang") from error
        except DecoderDiedError as error:
            raise self._broken("died", error.reason, error.lasting) from error
        except ValueError as error:
            raise self._broken("died", "talks nonsense") from error

    def _take_opened(self, message: Message) -> None:
        try:
            _, width, height, rate, duration, codec, has_sound = message
            self.size = (int(width), int(height))
            slots(self.size)
            self.rate = float(rate)
            self.duration = None if duration is None else float(duration)
            self.codec = str(codec)
            self.has_sound = bool(has_sound)
            self.lost = 0
            if not 0 < self.rate < np.inf:
                raise ValueError("a rate that is none")
        except _NONSENSE as error:
            raise self._broken("died", "talks nonsense") from error

    def _broken(self, kind: str, detail: str = "", lasting: bool = True) -> DecoderFailedError:
        """End a process that cannot be used any more."""
        self._process.end()
        self._playing, self._broke = False, True
        return DecoderFailedError(kind, detail, lasting)

    def _give_back(self) -> None:
        """Let the process close what it decodes, and keep it for the next; or end it."""
        if not self._process.alive:
            self._process.end()
            return
        try:
            self._patience = CLOSING
            self._process.send("close")
            usable = self._await("closed")[1:] == [True]
        except DecoderFailedError:
            return  # ended
        if usable:
            pool.release(self._process)
        else:
            self._process.end()
