"""A file's sound, decoded block by block: every sample with its time, and seeking."""

import math
from collections.abc import Callable, Iterator
from fractions import Fraction

import av
import numpy as np
from av.format import Flags
from av.stream import Discard
from numpy.typing import NDArray

from lrcn_desktop.video.decoding.opening import UnusableError, choose_sound, open_container
from lrcn_desktop.video.decoding.stamps import Stamps

RATE = 48_000  # samples per second, of two channels
_SEEK_MARGINS = (0.0, 1.0, 10.0)  # seconds before the target
_LOOSE = 0.03  # seconds: less than this between a block and its time stamp is the stamp's rounding
_MOST_FAILURES = 100  # reads in a row, before what fails is taken for the end
_PEAKS = 10  # per second
_MOST_PEAKS = _PEAKS * 3600 * 48
_AT_ONCE = 600  # peaks that are handed over together

Samples = NDArray[np.int16]
Block = tuple[int, Samples]
"""Where it begins, in samples from the start of the file, and the samples (N, 2)."""


class SoundReader:
    """The sound of an open file, from its start until `seek`.

    Args:
        address: The file's path.
        tick: Called after each block; what it raises ends the call under way.

    Raises:
        UnusableError: It has no sound that can be decoded.
    """

    def __init__(self, address: str, tick: Callable[[], None] = lambda: None) -> None:
        self._address, self._tick = address, tick
        self._blocks: Iterator[Block] = iter(())
        self._open()

    def next(self) -> Block | None:
        """Return the next block, None at the end. A block begins where the one before ends, or
        later.
        """
        return next(self._blocks, None)

    def seek(self, time: float) -> None:
        """Go on at `time` seconds, or shortly before it."""
        target = max(0.0, time)
        for margin in _SEEK_MARGINS:
            stamp = math.floor((Fraction(max(0.0, target - margin)) + self._origin) / self._unit)
            try:
                self._container.seek(stamp, backward=True, stream=self._stream)
            except av.error.FFmpegError:
                self._container.close()
                self._open()
                return
            self._begin()
            first = self.next()
            if first is not None and first[0] <= (target + 0.1) * RATE:
                break
        self._blocks = self._before(first, self._blocks)

    def close(self) -> None:
        """Close the file."""
        self._blocks = iter(())
        self._container.close()

    def _open(self) -> None:
        self._container = open_container(self._address, None)
        stream = choose_sound(self._container)
        if stream is None:
            self._container.close()
            raise UnusableError("sound")
        for other in self._container.streams:
            if other is not stream:
                other.discard = Discard.all
        self._stream = stream
        self._unit = stream.time_base or Fraction(1, RATE)
        start: int | None = self._container.start_time  # PyAV's stubs leave the None out
        self._origin = Fraction(start or 0, av.time_base)  # the picture's time 0
        discontinuous = bool(Flags(self._container.format.flags) & Flags.ts_discont)
        self._stamps = Stamps(50.0, None, discontinuous)
        self._begin()

    def _begin(self) -> None:
        self._stamps.jump()
        self._end: int | None = None  # of the last block
        self._resampler = _resampler()
        self._blocks = self._placed()

    @staticmethod
    def _before(first: Block | None, rest: Iterator[Block]) -> Iterator[Block]:
        if first is not None:
            yield first
            yield from rest

    def _placed(self) -> Iterator[Block]:
        unit, origin = float(self._unit), float(self._origin)
        for frame in self._decoded():
            if frame.sample_rate <= 0 or frame.samples <= 0:
                continue
            self._stamps.rate = frame.sample_rate / frame.samples  # blocks per second
            begin = round(self._stamps.place(frame.pts, frame.dts, unit, origin) * RATE)
            samples = self._resampled(frame)
            end = self._end
            if end is None or begin > end + _LOOSE * RATE:
                end = begin
            elif begin < end - _LOOSE * RATE:  # there is more than its time stamps have room for
                continue
            self._end = end + len(samples)
            if len(samples):
                yield end, samples
            self._tick()

    def _resampled(self, frame: av.AudioFrame) -> Samples:
        frame.pts = None
        try:
            frames = self._resampler.resample(frame)
        except (ValueError, av.error.FFmpegError):  # it is of another kind than those before
            self._resampler = _resampler()
            try:
                frames = self._resampler.resample(frame)
            except (ValueError, av.error.FFmpegError):
                return np.empty((0, 2), np.int16)
        parts = [f.to_ndarray().reshape(-1, 2) for f in frames]
        return np.concatenate(parts) if parts else np.empty((0, 2), np.int16)

    def _decoded(self) -> Iterator[av.AudioFrame]:
        """Yield what FFmpeg decodes; what it cannot is left out."""
        failures = 0
        while failures < _MOST_FAILURES:
            try:
                for packet in self._container.demux(self._stream):
                    try:
                        frames = list(self._stream.decode(packet))
                    except av.error.EOFError:
                        continue
                    except (av.error.FFmpegError, ValueError):
                        self._tick()
                        continue
                    failures = 0
                    yield from frames
                return
            except (av.error.FFmpegError, OSError):
                failures += 1


def peaks(address: str, tick: Callable[[], None]) -> Iterator[list[int]]:
    """Yield how loud a file is, 0 to 255 in every tenth of a second, some seconds at a time.

    Args:
        address: The file's path.
        tick: Called now and then; what it raises ends the work.

    Raises:
        UnusableError: It has no sound that can be decoded.
    """
    reader = SoundReader(address, tick)
    length = RATE // _PEAKS
    found: list[int] = []
    loudest, place = 0, 0  # the peak under way, and its number
    while (block := reader.next()) is not None:
        start, samples = block
        levels = np.abs(samples.astype(np.int32)).max(axis=1)
        while len(levels) and place < _MOST_PEAKS:
            while start // length > place and place < _MOST_PEAKS:
                found.append(min(255, loudest >> 7))
                loudest, place = 0, place + 1
                if len(found) == _AT_ONCE:
                    yield found
                    found = []
            count = length - start % length
            loudest = max(loudest, int(levels[:count].max()))
            start, levels = start + count, levels[count:]
        if place >= _MOST_PEAKS:
            break
    reader.close()
    yield [*found, min(255, loudest >> 7)]


def _resampler() -> av.AudioResampler:
    return av.AudioResampler(format="s16", layout="stereo", rate=RATE)
