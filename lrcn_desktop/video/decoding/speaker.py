"""Playing a file's sound in step with its picture, which another process shows."""

import statistics
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress

import av
import numpy as np

from lrcn_desktop.video.decoding.opening import UnusableError
from lrcn_desktop.video.decoding.output import LATENCY, Output
from lrcn_desktop.video.decoding.sound import RATE, Block, Samples, SoundReader

MOST_HELD = 4 * RATE  # samples that wait to be played, 0.8 MB
_REACH = RATE  # samples beyond those that wait, up to which reading on is quicker than a seek
_BACK = 3 * RATE // 10  # samples before them, for which the sound waits: the picture was late
_OFF = 0.03  # seconds that the sound may be off before it jumps
_LOOKS = 9  # the median of so many looks says how far it is off: one may come late
_REST = 1.0  # seconds of silence after which the output is given back

Clock = tuple[float, float]
"""A moment of `time.monotonic()`, which all processes share, and the file's time then."""


class Playhead:
    """Which samples are due, so that the sound follows a clock without jumping at every look."""

    def __init__(self) -> None:
        self._clock: Clock | None = None
        self._next = 0
        self._off: deque[int] = deque(maxlen=_LOOKS)

    def next(self, clock: Clock | None, moment: float, count: int) -> int | None:
        """Return the first of `count` samples that are heard from `moment` on; None: silence."""
        before, self._clock = self._clock, clock
        if clock is None:
            return None
        due = sample_due(clock, moment)
        self._off.append(due - self._next)
        far = _OFF * RATE
        if before is None:
            jump = True
        elif before != clock:
            jump = abs(due - self._next) > far
        else:
            jump = len(self._off) == _LOOKS and abs(statistics.median(self._off)) > far
        if jump:
            self._off.clear()
            self._next = due
        first, self._next = self._next, self._next + count
        return first


def sample_due(clock: Clock, moment: float) -> int:
    """Return which sample, counted from the file's start, a clock wants heard at a moment."""
    return round((moment - clock[0] + clock[1]) * RATE)


class Waiting:
    """Blocks of decoded sound that wait to be played; not guarded."""

    def __init__(self) -> None:
        self._blocks: deque[Block] = deque()
        self.held = 0

    @property
    def has_room(self) -> bool:
        """Whether another block may wait."""
        return self.held < MOST_HELD

    def reaches(self, sample: int) -> bool:
        """Whether a sample is among those that wait, or soon will be."""
        if not self._blocks:
            return False
        last = self._blocks[-1]
        return self._blocks[0][0] - _BACK <= sample <= last[0] + len(last[1]) + _REACH

    def put(self, block: Block) -> None:
        """Append a block that begins where the last one ends, or later."""
        self._blocks.append(block)
        self.held += len(block[1])

    def take(self, first: int, count: int) -> Samples:
        """Return `count` samples from `first` on, 0 where there are none; forget older ones."""
        samples = np.zeros((count, 2), np.int16)
        while self._blocks and self._blocks[0][0] + len(self._blocks[0][1]) <= first:
            self.held -= len(self._blocks.popleft()[1])
        for start, block in self._blocks:
            if start >= first + count:
                break
            low, high = max(start, first), min(start + len(block), first + count)
            samples[low - first : high - first] = block[low - start : high - start]
        return samples

    def clear(self) -> None:
        """Forget all."""
        self._blocks.clear()
        self.held = 0


class Speaker(threading.Thread):
    """Decodes a file's sound and plays it by the clock that `follow` is given.

    It ends by itself, without a word, where there is no sound or no output.

    Args:
        address: The file's path.
        output: Makes what plays.
    """

    def __init__(self, address: str, output: Callable[[], Output] = Output) -> None:
        super().__init__(name="speaker", daemon=True)
        self._address, self._make_output = address, output
        self._changed = threading.Condition()  # guards what follows
        self._clock: Clock | None = None
        self._playhead, self._waiting = Playhead(), Waiting()
        self._target: float | None = None  # where to seek
        self._ended = False  # nothing more to decode
        self._playing = False  # the output runs
        self._closed = False

    def follow(self, clock: Clock | None) -> None:
        """Play by another clock from now on; None: be silent."""
        with self._changed:
            self._clock = clock
            if clock is not None:
                due = sample_due(clock, time.monotonic() + LATENCY)
                if not self._waiting.reaches(due):
                    self._target = due / RATE
            self._changed.notify_all()

    def close(self) -> None:
        """Be silent and end."""
        with self._changed:
            self._clock, self._closed = None, True
            self._changed.notify_all()

    def run(self) -> None:
        """Play until closed; the thread's own work, not to be called."""
        with suppress(UnusableError, av.error.FFmpegError, OSError, ValueError):
            reader = SoundReader(self._address)
            try:
                self._play(reader)
            finally:
                reader.close()

    def _play(self, reader: SoundReader) -> None:
        output: Output | None = None
        while True:
            with self._changed:
                work = self._changed.wait_for(self._has_work, _REST if self._playing else None)
                clock, target, self._target = self._clock, self._target, None
                if target is not None:
                    self._waiting.clear()
                    self._ended = False
            rests = clock is None and not work
            if self._playing and output is not None and (self._closed or rests):
                output.stop()
                self._playing = False
            if self._closed:
                return
            if clock is not None and not self._playing:
                output = output or self._make_output()
                output.start(self._fill)
                self._playing = True
            if work:
                self._decode(reader, target)

    def _has_work(self) -> bool:
        if self._closed or self._target is not None:
            return True
        if self._clock is None:
            return False
        return not self._playing or (self._waiting.has_room and not self._ended)

    def _decode(self, reader: SoundReader, target: float | None) -> None:
        if target is not None:
            reader.seek(target)
        if not self._waiting.has_room or self._ended:
            return
        block = reader.next()
        with self._changed:
            if self._target is None:  # else it is not wanted any more
                self._ended = block is None
                if block is not None:
                    self._waiting.put(block)

    def _fill(self, count: int) -> Samples:
        """Return what is heard next; called by the output, on its thread."""
        with self._changed:
            first = self._playhead.next(self._clock, time.monotonic() + LATENCY, count)
            if first is None:
                return np.zeros((count, 2), np.int16)
            samples = self._waiting.take(first, count)
            if self._waiting.has_room:
                self._changed.notify_all()
            return samples
