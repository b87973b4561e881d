"""A live source that is opened again by itself whenever it is lost."""

import logging
import threading
from collections import deque
from dataclasses import replace
from statistics import median

from lrcn_desktop import clock
from lrcn_desktop.errors import UserError
from lrcn_desktop.video.frame import Frame
from lrcn_desktop.video.loss import Loss, LossKind, SourceLostError
from lrcn_desktop.video.source import Source

PATIENCE = 1.5  # seconds without a picture, in which a live source usually sends many
SLOW = 3.0  # times the usual wait, for a source that sends less than two pictures per second
FIRST_PAUSE = 0.25  # seconds before it is opened again; the double after every failure
LONGEST_PAUSE = 3.0

_log = logging.getLogger(__name__)


class ReconnectingSource(Source):
    """A camera or stream that outlives being unplugged, cut off or stalled, until it is closed.

    The frames' times and indices go on rising over a gap, the times by as much as it lasted. All
    is done by the thread that reads, so nothing piles up however long a source stays away; a read
    that hangs ends with its own time-out, and meanwhile `loss` tells of it.
    """

    live = True
    seekable = False
    duration = None

    def __init__(self, source: Source) -> None:
        """Keep `source`, which is live and open, and can `reopen`."""
        self.name, self.rate, self.size = source.name, source.rate, source.size
        self._source = source
        self._closed = threading.Event()
        self._kind: LossKind | None = None  # None: nothing is known to be wrong
        self._asked: float | None = None  # when the read under way began
        self._waits: deque[float] = deque(maxlen=9)  # seconds that the latest reads took
        self._usual = 0.0  # their median: one long wait does not change what is usual
        self._last = (0.0, clock.now())  # the last frame's time, and its arrival
        self._shift: float | None = 0.0  # from the source's time to ours; None: just reopened
        self._count = 0

    @property
    def loss(self) -> Loss | None:
        """Why no picture comes just now, None while all is well; may be asked from any thread."""
        asked = self._asked
        if asked is None or self._closed.is_set():
            return None
        if self._kind is not None:
            return Loss(self._kind, asked)
        silent = clock.now() - asked > max(PATIENCE, SLOW * self._usual)
        return Loss("silent", asked) if silent else None

    def read(self) -> Frame | None:
        """Wait for the next frame, over any loss; None once closed."""
        self._asked = clock.now()
        try:
            while not self._closed.is_set():
                try:
                    frame = self._source.read()
                except SourceLostError as lost:
                    _log.warning("%s", lost)
                    self._kind = lost.kind
                    self._open_again()
                    continue
                if frame is None:
                    return None
                self._note_wait(clock.now() - self._asked)
                return self._placed(frame)
            return None
        finally:
            self._asked = None

    def reopen(self) -> Source:
        """Open the same source once more."""
        return ReconnectingSource(self._source.reopen())

    def close(self) -> None:
        """Give the source up; what is being opened just now is closed as soon as it is open."""
        self._closed.set()
        self._source.close()

    def _open_again(self) -> None:
        """Try until the source is open again or given up."""
        self._source.close()
        pause = FIRST_PAUSE
        while not self._closed.wait(pause):
            try:
                source = self._source.reopen()
            except UserError as error:
                _log.debug("%s is not back yet: %s", self.name, error)
                pause = min(2 * pause, LONGEST_PAUSE)
                continue
            self._source, self._shift = source, None
            self.size = source.size
            if self._closed.is_set():  # meanwhile, by another thread that knew the old one only
                source.close()
            _log.warning("%s is back", self.name)
            return

    def _note_wait(self, seconds: float) -> None:
        self._waits.append(seconds)
        self._usual = median(self._waits)
        self._kind = None

    def _placed(self, frame: Frame) -> Frame:
        """Return the frame with its time and index in the whole stream, gaps included."""
        now = clock.now()
        if self._shift is None:
            last, arrived = self._last
            self._shift = last + max(now - arrived, 1 / self.rate) - frame.time
        placed = replace(frame, time=frame.time + self._shift, index=self._count)
        self._last = (placed.time, now)
        self._count += 1
        return placed
