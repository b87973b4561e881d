"""One opened file or stream: its pictures in order, each with its time, and exact seeking."""

import math
import re
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction

import av
from av.format import Flags
from av.packet import Packet
from av.video.stream import VideoStream

from lrcn_desktop.video.decoding.deinterlace import Deinterlacer
from lrcn_desktop.video.decoding.opening import (
    DEFAULT_RATE,
    PLAUSIBLE_RATE,
    UnusableError,
    choose_sound,
    choose_stream,
    claimed_rate,
    open_container,
)
from lrcn_desktop.video.decoding.picture import shown_size
from lrcn_desktop.video.decoding.stamps import Stamps

SEEK_MARGINS = (0.0, 0.5, 2.0, 10.0, 60.0)  # seconds before the target
_SUSPICIOUS = 64  # pictures; a decoder may be as late to leave one out
_LEAST_CHUNK = 8  # bytes of a frame in an AVI: what was never finished claims a billion frames
_MOST_FAILURES = 100  # reads in a row, before what fails is taken for the end


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded picture that is not converted yet.

    Attributes:
        frame: FFmpeg's.
        time: Seconds from the start of the file, which sound shares.
        index: Position in the file, from 0.
    """

    frame: av.VideoFrame
    time: float
    index: int


class Media:
    """An open file or stream.

    Args:
        address: A file's path, or a stream's address.
        timeouts: Of a stream: seconds that opening and that reading may take. None: it is a file.
        tick: Called after each picture that is decoded; what it raises ends the call under way.

    Attributes:
        size: (width, height) in which its pictures are shown.
        rate: Pictures per second.
        duration: Seconds that the container claims, None where it does not.
        codec: FFmpeg's name.
        has_sound: Whether there is sound that can be decoded.

    Raises:
        UnusableError: It holds no video that can be decoded.
        TimeoutError: The network did not answer.
    """

    def __init__(
        self,
        address: str,
        *,
        timeouts: tuple[float, float] | None = None,
        tick: Callable[[], None] = lambda: None,
    ) -> None:
        self._address, self._timeouts, self._tick = address, timeouts, tick
        self._network = timeouts is not None
        self._ahead: deque[Picture] = deque()
        self._open()
        self.rate = claimed_rate(self._stream)
        self.duration = self._claimed_duration()
        self._stamps = Stamps(self.rate, self.duration, self._discontinuous)
        first = self._take()
        if first is None:
            raise UnusableError("picture")
        second = self._take()
        self._ahead.extend(p for p in (first, second) if p is not None)
        self._first_time = first.time
        self._check_rate(first, second)
        self.size = shown_size(first.frame, self._pixel)
        self.codec: str = self._stream.codec_context.name

    def next(self) -> Picture | None:
        """Return the next picture, None at the end."""
        return self._ahead.popleft() if self._ahead else self._take()

    def seek(self, time: float) -> None:
        """Go on with the picture shown at `time` seconds, exactly; beyond the end, the last."""
        target = max(0.0, time)
        near = target if self.duration is None else min(target, self.duration)
        for margin in SEEK_MARGINS if self._seekable else ():
            if self._jump(near - margin) and self._find(target):
                return
            if near < margin:
                break
        self._restart()
        self._find(target, anywhere=True)

    def close(self) -> None:
        """Close the file, and give its memory back at once."""
        self._ahead.clear()
        self._container.close()
        # What decodes refers to this object, and this to it.
        self._frames: Iterator[av.VideoFrame] = iter(())
        del self._stream, self._container

    @property
    def _seekable(self) -> bool:
        """Whether the container's time stamps can be trusted to find a place."""
        return self._stamped and self._stamps.sound

    def _open(self) -> None:
        self._container = open_container(self._address, self._timeouts)
        self.has_sound = choose_sound(self._container) is not None
        self._stream = choose_stream(self._container, live=self._network)
        flags = Flags(self._container.format.flags)
        self._discontinuous = bool(flags & Flags.ts_discont)
        self._stamped = not flags & Flags.no_timestamps
        self._begin()

    def _begin(self) -> None:
        self._unit = self._stream.time_base or _CLOCK
        start: int | None = self._container.start_time  # PyAV's stubs leave the None out
        self._origin = (
            (self._stream.start_time or 0) * self._unit
            if start is None
            else Fraction(start, av.time_base)
        )
        self._pixel: Fraction | None = self._stream.sample_aspect_ratio
        self._deinterlacer = Deinterlacer()
        self._frames = self._decoded()
        self._index = 0
        self._forget_damage()

    def _restart(self) -> None:
        """Begin again with a fresh decoder: the only seek that holds for every container."""
        self._ahead.clear()
        self._container.close()
        self._open()
        self._stamps.restart()

    def _jump(self, time: float) -> bool:
        """Let the container go to a key picture before `time`; say if it could."""
        self._ahead.clear()
        stamp = math.floor((Fraction(max(0.0, time)) + self._origin) / self._unit)
        try:
            self._container.seek(stamp, backward=True, stream=self._stream)
        except av.error.FFmpegError:
            return False
        self._deinterlacer.reset()
        self._frames = self._decoded()
        self._stamps.jump()
        self._forget_damage()
        return True

    def _find(self, target: float, anywhere: bool = False) -> bool:
        """Decode up to `target`; keep the picture shown then, and the one after it.

        Args:
            target: Seconds.
            anywhere: Be content with a picture that is no key picture, or is after the target.

        Returns:
            False when the first picture is after the target already, or there is none.
        """
        shown = self._take(found=True)
        if shown is None:
            return False
        known = self._stamps.placed and shown.frame.key_frame
        if not anywhere and (shown.time > target or not known):
            return False
        following = self._take()
        while following is not None and following.time <= target:
            shown, following = following, self._take()
        self._ahead.extend(picture for picture in (shown, following) if picture is not None)
        return True

    def _take(self, found: bool = False) -> Picture | None:
        frame = next(self._frames, None)
        if frame is None:
            return None
        # The filter that deinterlaces counts in half as long units.
        unit = frame.time_base or _CLOCK
        time = (frame.pts or 0) * unit.numerator / unit.denominator
        if found:
            self._index = max(0, round((time - self._first_time) * self.rate))
        picture = Picture(frame, time, self._index)
        self._index += 1
        self._tick()
        return picture

    def _decoded(self) -> Iterator[av.VideoFrame]:
        """Yield every picture from here on, with the time from the start as its time stamp."""
        unit, origin = float(self._unit), float(self._origin)
        for frame in self._raw():
            stamps = (frame.pts, frame.dts) if self._stamped else (None, None)  # made up
            seconds = self._stamps.place(*stamps, unit, origin)
            self._count_lost(frame, seconds)
            frame.time_base = _CLOCK
            frame.pts = round(seconds * _CLOCK.denominator)
            yield from self._whole(frame)
        with suppress(av.error.FFmpegError):
            yield from self._deinterlacer.flush()

    def _whole(self, frame: av.VideoFrame) -> list[av.VideoFrame]:
        try:
            return self._deinterlacer.push(frame)
        except av.error.FFmpegError:  # too small for it, or of a kind that it does not know
            self._deinterlacer.reset()
            return [frame]

    def _raw(self) -> Iterator[av.VideoFrame]:
        """Yield what FFmpeg decodes; what it cannot is counted, and what comes after goes on."""
        failures = 0
        while failures < _MOST_FAILURES:
            try:
                for packet in self._container.demux(self._stream):
                    failures = 0
                    yield from self._pictures_of(packet)
                return
            except (av.error.ExitError, av.error.TimeoutError) as error:
                raise TimeoutError from error
            except av.error.MemoryError as error:
                raise UnusableError("memory") from error
            except (av.error.FFmpegError, OSError):
                failures += 1
                self._note_error()
                if self._network:
                    return

    def _pictures_of(self, packet: "Packet[VideoStream]") -> list[av.VideoFrame]:
        if packet.is_corrupt and not self._discontinuous:  # cut off
            self._note_error()
            return []
        try:
            return list(self._stream.decode(packet))
        except av.error.EOFError:
            return []
        except av.error.MemoryError as error:
            raise UnusableError("memory") from error
        except (av.error.FFmpegError, ValueError):
            self._note_error()
            return []

    @property
    def lost(self) -> int:
        """Pictures that could not be decoded, or in part only, since the start or the last seek."""
        return max(self._errors, self._missing) + self._corrupt

    def _forget_damage(self) -> None:
        self._errors = self._missing = self._corrupt = 0
        self._suspicious = 0  # pictures before which a gap is put down to an error

    def _note_error(self) -> None:
        self._errors += 1
        self._suspicious = _SUSPICIOUS

    def _count_lost(self, frame: av.VideoFrame, seconds: float) -> None:
        """Count what is missing before a picture, some time after an error, and the picture."""
        self._corrupt += frame.is_corrupt
        if self._suspicious:
            self._suspicious -= 1
            self._missing += max(0, round(self._stamps.step(seconds) * self.rate) - 1)

    def _claimed_duration(self) -> float | None:
        stream, container = self._stream, self._container
        if not self._stamped:
            return None  # guessed from the bit rate
        if container.format.name == "avi" and stream.frames:
            # The header's count, which a cut does not change.
            finished = stream.frames * _LEAST_CHUNK <= container.size
            return stream.frames / self.rate if finished else None
        if stream.duration:
            end = ((stream.start_time or 0) + stream.duration) * self._unit - self._origin
            return float(end) if end > 0 else None
        told = re.match(r"(\d+):(\d\d):(\d\d(?:\.\d+)?)", stream.metadata.get("DURATION", ""))
        if told:
            return int(told[1]) * 3600 + int(told[2]) * 60 + float(told[3])
        length = container.duration or 0
        return length / av.time_base if length > 0 else None

    def _check_rate(self, first: Picture, second: Picture | None) -> None:
        """Believe a high rate only where the pictures come at it."""
        if self.rate > PLAUSIBLE_RATE and second is not None:
            step = second.time - first.time
            if step * self.rate > 1.5:
                self.rate = 1 / step if step < 1 else DEFAULT_RATE
                self._stamps.rate = self.rate


_CLOCK = Fraction(1, 1_000_000)
