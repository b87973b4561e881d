"""The capture thread: reads a source at its pace and keeps the newest frame."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from lrcn_desktop.errors import UserError
from lrcn_desktop.video.frame import Frame
from lrcn_desktop.video.latest import Latest
from lrcn_desktop.video.loss import Loss
from lrcn_desktop.video.source import Source

# Seconds behind its time stamps that playing makes up for; beyond, frames are left out, or, where a
# source cannot do that, it plays on from now.
LATE = 0.1
RATE_WINDOW = 2.0  # seconds
STOP_TIMEOUT = 1.5  # seconds that `stop` waits for a read under way
MOST_BACKS = 10  # steps back that may wait: more than a held key would need, and it stops soon
BEFORE = 0.0005  # seconds: a frame's time less this is a time at which the one before it is shown
POLL = 0.05  # seconds between looks at the commands while the recognizer has not taken a frame

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Captured:
    """A frame as it left the capture thread.

    Attributes:
        frame: The frame.
        generation: Goes up at every seek and every restart; a recognizer resets when it changes.
        arrived: `time.monotonic()` when the frame was handed on.
    """

    frame: Frame
    generation: int
    arrived: float


def finish_captures(seconds: float) -> None:
    """Wait for the captures that were stopped in the middle of a read that hangs.

    To be called before the process ends: a thread that comes back from OpenCV's code while Python
    is being taken down brings the process down with it.
    """
    deadline = time.monotonic() + seconds
    for thread in threading.enumerate():
        if isinstance(thread, Capture):
            thread.join(max(0.0, deadline - time.monotonic()))


class Capture(threading.Thread):
    """Reads a source on its own thread, playing from the start, until `stop`.

    A source that is not live plays at the pace of its time stamps. A live one is read as fast as
    its frames come, also while paused, so that nothing stale is shown afterwards.

    Args:
        source: Read and closed by this thread from now on.
        every_frame: False: keep up, a frame that nobody took in time is replaced. True: wait
            until each frame was taken before reading on (not for live sources). May be changed.

    Attributes:
        source: The source.
        latest: The newest frame.
        error: Why reading ended, or None; a seek or a restart clears it.
        position: Time of the newest frame, in seconds.
        speed: How much faster than its time stamps a source that is not live plays; above 0.
        listeners: Called on this thread with every frame that is handed on. They must return at
            once and never raise; to change who listens, put another tuple in its place.
    """

    def __init__(self, source: Source, every_frame: bool = False) -> None:
        super().__init__(name=f"capture {source.name}", daemon=True)
        self.source = source
        self.every_frame = every_frame
        self.latest: Latest[Captured] = Latest()
        self.error: UserError | None = None
        self.position = 0.0
        self.speed = 1.0
        self.listeners: tuple[Callable[[Captured], None], ...] = ()
        self._command = threading.Condition()  # guards what follows
        self._paused = False
        self._ended = False
        self._stopping = False
        self._target: float | None = None  # where to seek
        self._steps = 0  # frames to hand on although paused
        self._backs = 0  # frames to go back
        self._rebase = True  # pace from the next frame on
        self._arrivals: deque[float] = deque()
        self._next: Frame | None = None  # read, but not yet due; only the thread touches it
        self._generation = 0
        self._origin = (0.0, 0.0)  # a moment of the monotonic clock, and the time stamp due then

    @property
    def paused(self) -> bool:
        """Whether playing is paused."""
        return self._paused

    @property
    def ended(self) -> bool:
        """Whether the source has come to its end, or to an `error`."""
        return self._ended

    @property
    def loss(self) -> Loss | None:
        """Why a live source sends nothing just now, though it may again; None: all is well."""
        return None if self._stopping else self.source.loss

    @property
    def rate(self) -> float:
        """Frames a second handed on over the last two seconds, 0 before anything is known."""
        with self._command:
            since = time.monotonic() - RATE_WINDOW
            while self._arrivals and self._arrivals[0] < since:
                self._arrivals.popleft()
            if len(self._arrivals) < 2:
                return 0.0
            return (len(self._arrivals) - 1) / (self._arrivals[-1] - self._arrivals[0])

    @property
    def clock(self) -> tuple[float, float] | None:
        """A moment of `time.monotonic()` and the source's time then, while it plays as in life.

        None: it stands still, is about to be elsewhere, plays at another speed or is live.
        """
        with self._command:
            moves = self._target is not None or self._backs or self._rebase
            still = self._paused or self._ended or self._stopping
            return None if moves or still or self.speed != 1.0 or self.source.live else self._origin

    def play(self) -> None:
        """Go on playing; after the end, from the start."""
        with self._command:
            self._paused = False
            self._steps = self._backs = 0
            self._rebase = True
            if self._ended and self.source.seekable:
                self._target = 0.0
            self._command.notify_all()

    def pause(self) -> None:
        """Hold the newest frame."""
        with self._command:
            self._paused = True
            self._command.notify_all()

    def step(self) -> None:
        """While paused, hand on one more frame."""
        with self._command:
            if self._paused:
                self._steps += 1
                self._command.notify_all()

    def step_back(self) -> None:
        """While paused, show the frame before; nothing happens where the source cannot seek."""
        with self._command:
            if self._paused and self.source.seekable:
                self._backs = min(self._backs + 1, MOST_BACKS)
                self._command.notify_all()

    def seek(self, seconds: float) -> None:
        """Continue from the frame at `seconds`; nothing happens where the source cannot seek."""
        with self._command:
            if self.source.seekable:
                self._target = seconds
                self._command.notify_all()

    def set_speed(self, speed: float) -> None:
        """Play `speed` times as fast from now on."""
        with self._command:
            self.speed = speed
            self._rebase = True
            self._command.notify_all()

    def stop(self) -> None:
        """End the thread and close the source; safe to call twice.

        A read that hangs on a dead stream is left to its own time-out: this returns in any case.
        """
        with self._command:
            self._stopping = True
            self._command.notify_all()
        self.latest.close()
        if self.source.live:  # it may be waiting for a lost source to come back
            self.source.close()
        if self.is_alive() and self is not threading.current_thread():
            self.join(STOP_TIMEOUT)
        self.source.close()

    def run(self) -> None:
        """Play until stopped; the thread's own work, not to be called."""
        while self._wait_for_work():
            try:
                self._work()
            except UserError as error:
                self._fail(error)
            except Exception as error:
                _log.exception("reading %s failed", self.source.name)
                self._fail(
                    UserError(
                        f"{self.source.name} stopped with an unexpected fault, "
                        f"{type(error).__name__}: {error}; open it again."
                    )
                )

    def _wait_for_work(self) -> bool:
        """Wait until there is a frame to read or a command; False when it is time to stop."""
        with self._command:
            self._command.wait_for(
                lambda: (
                    self._stopping
                    or self._target is not None
                    or self._backs > 0
                    or (not self._ended and (not self._paused or self._steps or self.source.live))
                )
            )
            return not self._stopping

    def _work(self) -> None:
        """Do one round: seek if asked to, get a frame, hand it on when it is due."""
        with self._command:
            target, self._target = self._target, None
            if target is not None:
                self._backs = 0
            elif self._backs:
                self._backs -= 1
                target = max(0.0, self.position - BEFORE)
        if target is not None:
            self._seek(target)
        if self._next is None:
            self._next = self.source.read()
        if self._next is None:
            with self._command:
                self._ended = self._target is None
                self._steps = 0
        elif self._may_hand_on(self._next):
            self._hand_on(self._next)
            self._next = None

    def _seek(self, target: float) -> None:
        self._next = None
        self.source.seek(target)
        with self._command:
            self._generation += 1
            self._ended = False
            self.error = None
            self._rebase = True
            self._steps = max(self._steps, 1)  # paused or not, the new frame is shown

    def _may_hand_on(self, frame: Frame) -> bool:
        """Wait until the frame is due; False when a command came first."""
        with self._command:
            while not self._stopping and self._target is None:
                if self._paused:
                    if self._steps:
                        return True
                    if self.source.live:
                        self._next = None  # read and let go
                    return False
                if self.source.live:
                    return True
                now = time.monotonic()
                begun, stamp = self._origin
                due = begun + (frame.time - stamp) / self.speed
                late = now - due > LATE
                if late and not self._rebase and not self.every_frame:
                    late = not self.source.skip(stamp + (now - begun) * self.speed)
                if self._rebase or late:
                    self._origin, due = (now, frame.time), now
                    self._rebase = False
                wait = due - now
                if wait <= 0:
                    return True
                self._command.wait(wait)
            return False

    def _hand_on(self, frame: Frame) -> None:
        with self._command:
            self._steps = max(0, self._steps - 1)
            arrived = time.monotonic()
            self._arrivals.append(arrived)
            self.position = frame.time
        captured = Captured(frame, self._generation, arrived)
        self.latest.put(captured)
        for listener in self.listeners:
            listener(captured)
        if not self.every_frame or self.source.live:
            return
        while not self.latest.wait_taken(POLL):
            if self._stopping or self._target is not None or not self.every_frame:
                return

    def _fail(self, error: UserError) -> None:
        with self._command:
            self.error = error
            self._ended = True
            self._steps = 0
