"""The recorder's thread: takes frames as they come and writes them, never in anybody's way."""

import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from lrcn_desktop.errors import UserError
from lrcn_desktop.video.frame import Frame, Image
from lrcn_desktop.video.recording import LONGEST_GAP, Recording

QUEUED = 100 * 2**20  # bytes of frames that may wait for the encoder: half a second at 1080p
LOSING = 2.0  # seconds that the last lost frame counts as news
BEHIND = 0.5  # seconds of frames that wait, from which on the encoder is spared repeats

_log = logging.getLogger(__name__)


class Recorder(threading.Thread):
    """Records what `push` brings, until `finish`.

    Args:
        folder: Where the files go; made where it is missing.
        name: What the files' names end in.
        rate: Frames a second of the file, above 0.
        draw: Makes the picture that is recorded, on this thread; None: the frame as it is.

    Attributes:
        error: Why the recording ended by itself, or None; the files so far are kept.
        dropped: Frames that the encoder had no time for; the ones before stand in their place, so
            that the recording is as long as the time that passed.
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        rate: float,
        draw: Callable[[Frame], Image] | None = None,
    ) -> None:
        super().__init__(name="recorder", daemon=True)
        self.error: UserError | None = None
        self.dropped = 0
        self._draw = draw
        self._recording = Recording(folder, name, rate)
        self._condition = threading.Condition()  # guards what follows
        self._queue: deque[tuple[Frame, bool]] = deque()  # and whether some before it was dropped
        self._waiting = 0  # bytes in it
        self._arrived: float | None = None  # the last frame's time
        self._written = 0.0  # the time up to which all is written
        self._refused: Frame | None = None  # the last one, where it was dropped
        self._ending = False
        self._hurry = math.inf  # the moment from which only the last frame is still written
        self._dropped_at = -LOSING

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files so far."""
        return tuple(self._recording.paths)

    @property
    def seconds(self) -> float:
        """How much is written."""
        return self._recording.seconds

    @property
    def taken(self) -> float:
        """How long the recording will be, in seconds, with what still waits for the encoder."""
        with self._condition:
            if self._arrived is None:
                return self._recording.seconds
            times = [self._written, *(frame.time for frame, _ in self._queue), self._arrived]
            steps = (after - before for before, after in pairwise(times))
            # Where a new file begins, the time between the two is in neither.
            waiting = sum(step for step in steps if step <= LONGEST_GAP)
            return self._recording.seconds + waiting

    @property
    def losing(self) -> bool:
        """Whether frames were dropped just now."""
        return time.monotonic() - self._dropped_at < LOSING

    def push(self, frame: Frame) -> None:
        """Take a frame and return at once."""
        with self._condition:
            if self._ending:
                return
            if self._arrived is None:
                self._written = frame.time
            self._arrived = frame.time
            # However large a frame is, one may wait.
            if self._queue and self._waiting + frame.image.nbytes > QUEUED:
                self.dropped += 1
                self._dropped_at = time.monotonic()
                self._refused = frame
                return
            self._queue.append((frame, self._refused is not None))
            self._refused = None
            self._waiting += frame.image.nbytes
            self._condition.notify_all()

    def finish(self, seconds: float) -> bool:
        """Write what waits and finish the file.

        Args:
            seconds: How long that may take: where half of it is not enough, only the last frame is
                still written; then it is ended by force, and still plays.

        Returns:
            Whether it ended in time.
        """
        with self._condition:
            self._ending = True
            self._hurry = time.monotonic() + seconds / 2
            self._condition.notify_all()
        if self.ident is None:  # never started
            return True
        self.join(seconds)
        if not self.is_alive():
            return True
        self._recording.abort()
        self.join(seconds)
        return False

    def run(self) -> None:
        """Record until finished; the thread's own work, not to be called."""
        try:
            while (taken := self._next()) is not None:
                frame, after_loss, repeat = taken
                image = frame.image if self._draw is None else self._draw(frame)
                self._recording.write(frame.time, image, after_loss=after_loss, repeat=repeat)
                with self._condition:
                    self._written = frame.time
            self._recording.close()
        except UserError as error:
            self._fail(error)
        except Exception as error:
            _log.exception("recording failed")
            self._fail(UserError(f"Recording stopped by an unexpected error: {error!r}."))

    def _next(self) -> tuple[Frame, bool, bool] | None:
        """Return the next frame, None at the end.

        With it: whether some before it were dropped, and whether there is time for repeats.
        """
        with self._condition:
            self._condition.wait_for(lambda: self._queue or self._ending)
            if self._ending and self._refused is not None:  # with it the end is where it was
                self._queue.append((self._refused, True))
                self._waiting += self._refused.image.nbytes
                self.dropped -= 1
                self._refused = None
            if not self._queue:
                return None
            frame, after_loss = self._queue.popleft()
            while self._queue and time.monotonic() > self._hurry:
                self._waiting -= frame.image.nbytes
                self.dropped += 1
                frame, after_loss = self._queue.popleft()[0], True
            self._waiting -= frame.image.nbytes
            behind = bool(self._queue) and self._queue[-1][0].time - frame.time > BEHIND
            return frame, after_loss, not (after_loss or behind)

    def _fail(self, error: UserError) -> None:
        self.error = error
        with self._condition:
            self._ending = True
            self._queue.clear()
        self._recording.abort()
