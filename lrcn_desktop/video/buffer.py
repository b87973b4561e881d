"""The last seconds of a live source, kept in memory as JPEG."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from lrcn_desktop.video.decoder import rgb
from lrcn_desktop.video.frame import Frame
from lrcn_desktop.video.opencv import cv2

QUALITY = 85  # JPEG, of 100
# Bytes of frames that may wait to be encoded, besides the pictures' megabytes: three at 1080p.
QUEUED = 20_000_000
MEGABYTE = 1_000_000
_STOPPING = 2.0  # seconds that `close` waits for the frame that is being encoded

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded frame: its time in seconds, its index, and the JPEG."""

    time: float
    index: int
    jpeg: bytes


class Snapshot:
    """What a buffer held at one moment; to be iterated once, as it releases what was read.

    Attributes:
        times: Of the frames, in seconds, rising.
    """

    def __init__(self, pictures: deque[Picture]) -> None:
        self._pictures = pictures
        self.times = tuple(picture.time for picture in pictures)

    @property
    def seconds(self) -> float:
        """From the first frame to the last."""
        return self.times[-1] - self.times[0] if self.times else 0.0

    def __iter__(self) -> Iterator[Frame]:
        """Decode the frames one by one."""
        while self._pictures:
            picture = self._pictures.popleft()
            image = cv2.imdecode(np.frombuffer(picture.jpeg, np.uint8), cv2.IMREAD_COLOR)
            if image is None:  # a JPEG of our own, in memory: cannot be damaged
                raise RuntimeError(f"the picture at {picture.time} s cannot be decoded")
            yield Frame(rgb(image), picture.time, picture.index)


class RollingBuffer:
    """Keeps the newest frames, bound in seconds and in megabytes, whichever is reached first.

    Frames are encoded on a thread of its own; those that come faster than it encodes are dropped.

    Args:
        seconds: The longest time from the oldest frame to the newest.
        megabytes: The most that the JPEGs may take, in millions of bytes.
        encode: Makes a JPEG of a frame; None: `encoded`.

    Attributes:
        dropped: Frames that were dropped as the thread was busy.
    """

    def __init__(
        self, seconds: float, megabytes: float, encode: Callable[[Frame], bytes] | None = None
    ) -> None:
        self.dropped = 0
        self._seconds, self._bytes = seconds, round(megabytes * MEGABYTE)
        self._encode = encode or encoded
        self._condition = threading.Condition()  # guards everything here
        self._queue: deque[Frame] = deque()
        self._waiting = 0  # bytes in it
        self._busy = False
        self._closing = False
        self._pictures: deque[Picture] = deque()
        self._size = 0
        self._thread = threading.Thread(target=self._work, name="rolling buffer", daemon=True)
        self._thread.start()

    @property
    def seconds(self) -> float:
        """How many seconds are held."""
        with self._condition:
            pictures = self._pictures
            return pictures[-1].time - pictures[0].time if pictures else 0.0

    @property
    def megabytes(self) -> float:
        """How many megabytes the JPEGs take."""
        return self._size / MEGABYTE

    def set_bounds(self, seconds: float, megabytes: float) -> None:
        """Keep to other bounds from now on; what is too much goes at once."""
        with self._condition:
            self._seconds, self._bytes = seconds, round(megabytes * MEGABYTE)
            self._trim()

    def push(self, frame: Frame) -> None:
        """Take a frame and return at once; one that is earlier than the last restarts it."""
        with self._condition:
            if self._closing:
                return
            size = frame.image.nbytes
            if self._queue and self._waiting + size > QUEUED:  # however large it is, one may wait
                self.dropped += 1
                return
            self._queue.append(frame)
            self._waiting += size
            self._condition.notify_all()

    def snapshot(self) -> Snapshot:
        """Return what is held; the buffer goes on."""
        with self._condition:
            return Snapshot(self._pictures.copy())

    def settle(self, seconds: float) -> bool:
        """Wait until every frame that was taken is held; say whether that took no longer."""
        with self._condition:
            return self._condition.wait_for(lambda: not self._queue and not self._busy, seconds)

    def close(self) -> None:
        """End the thread and release everything; safe to call twice."""
        with self._condition:
            self._closing = True
            self._queue.clear()
            self._waiting = 0
            self._condition.notify_all()
        self._thread.join(_STOPPING)
        with self._condition:
            self._pictures.clear()
            self._size = 0

    def _work(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._queue or self._closing)
                if self._closing:
                    return
                frame = self._queue.popleft()
                self._waiting -= frame.image.nbytes
                self._busy = True
            try:
                jpeg = self._encode(frame)
            except cv2.error:
                _log.exception("a frame of %s could not be kept", frame.image.shape)
                jpeg = b""
            with self._condition:
                if jpeg and not self._closing:
                    self._keep(Picture(frame.time, frame.index, jpeg))
                self._busy = False
                self._condition.notify_all()

    def _keep(self, picture: Picture) -> None:
        if self._pictures and picture.time <= self._pictures[-1].time:
            self._pictures.clear()
            self._size = 0
        self._pictures.append(picture)
        self._size += len(picture.jpeg)
        self._trim()

    def _trim(self) -> None:
        pictures = self._pictures
        while pictures and (
            self._size > self._bytes or pictures[-1].time - pictures[0].time > self._seconds
        ):
            self._size -= len(pictures.popleft().jpeg)


def encoded(frame: Frame) -> bytes:
    """Return a frame's picture as a JPEG file."""
    bgr = cv2.cvtColor(frame.image, cv2.COLOR_RGB2BGR)
    return cv2.imencode(".jpg", bgr, (cv2.IMWRITE_JPEG_QUALITY, QUALITY))[1].tobytes()
