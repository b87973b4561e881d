"""From a decoded picture to RGB as a player shows it: turned, with square pixels."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import av
import numpy as np
from av.filter import Graph
from av.sidedata.sidedata import Type
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

from lrcn_desktop.video.decoding.ring import MOST_PIXELS

_WIDEST = 10  # times as wide as high, or the other way round, of a pixel; beyond, it is nonsense
_LARGE = 1280 * 720  # pixels from which on several threads convert


@dataclass(frozen=True, slots=True)
class Orientation:
    """How a picture is turned to be shown: first transposed, then mirrored.

    Attributes:
        transposed: Rows become columns.
        mirrored: Left and right are exchanged.
        flipped: Top and bottom are exchanged.
    """

    transposed: bool = False
    mirrored: bool = False
    flipped: bool = False

    @property
    def filters(self) -> list[tuple[str, str]]:
        """FFmpeg's filters that do it, each with its argument."""
        found = []
        if self.transposed:
            # FFmpeg's words: "cclock_flip" is the transposition alone.
            turn = {
                (False, False): "cclock_flip",
                (True, False): "clock",
                (False, True): "cclock",
                (True, True): "clock_flip",
            }[self.mirrored, self.flipped]
            return [("transpose", turn)]
        if self.mirrored:
            found.append(("hflip", ""))
        if self.flipped:
            found.append(("vflip", ""))
        return found


def orientation(frame: av.VideoFrame) -> Orientation:
    """Return how the display matrix of a picture turns it, to the quarter turn."""
    found: Any = frame.side_data  # PyAV's stubs take it for one of its items
    data = found.get(Type.DISPLAYMATRIX)
    if data is None or data.buffer_size < 36:
        return Orientation()
    a, b, _, c, d = (int(value) for value in np.frombuffer(bytes(data), np.int32, 5))
    if abs(a) + abs(d) >= abs(b) + abs(c):
        return Orientation(mirrored=a < 0, flipped=d < 0)
    return Orientation(transposed=True, mirrored=c < 0, flipped=b < 0)


def shown_size(frame: av.VideoFrame, pixel: Fraction | None) -> tuple[int, int]:
    """Return the (width, height) in which a picture is shown with square pixels.

    Args:
        frame: The picture.
        pixel: Width of its pixels in their heights; None: nothing is known.
    """
    width, height = frame.width, frame.height
    if pixel and Fraction(1, _WIDEST) <= pixel <= _WIDEST:
        wide = max(1, round(width * pixel))
        if wide * height <= MOST_PIXELS:
            width = wide
    return (height, width) if orientation(frame).transposed else (width, height)


class Converter:
    """Converts the pictures of one stream, which all come out in one size."""

    def __init__(self, size: tuple[int, int]) -> None:
        """Convert to `size`, (width, height)."""
        self._size = size
        # The same for all pictures: new ones for each take four times as long on small ones.
        self._scaler, self._reformatter = VideoReformatter(), VideoReformatter()
        self._turner: tuple[object, Graph] | None = None
        self._turn: tuple[int, Orientation] | None = None  # of the picture before, and its rotation

    def write(self, frame: av.VideoFrame, out: NDArray[np.uint8]) -> None:
        """Write a picture into `out`, RGB (H, W, 3).

        Raises:
            av.error.FFmpegError: FFmpeg cannot convert it.
        """
        width, height = self._size
        frame = self._turned(frame)
        if (frame.width, frame.height) != self._size or _bits(frame.format.name) > 8:
            # FFmpeg scales, and takes what has over 8 bits, to this in half the time (SIMD).
            frame = self._reformat(self._scaler, frame, "rgb0")
        rgb = self._reformat(self._reformatter, frame, "rgb24")
        plane = rgb.planes[0]
        rows = np.frombuffer(memoryview(plane), np.uint8, plane.line_size * height)
        np.copyto(out, rows.reshape(height, -1)[:, : 3 * width].reshape(height, width, 3))

    def _reformat(self, by: VideoReformatter, frame: av.VideoFrame, form: str) -> av.VideoFrame:
        width, height = self._size
        threads = 0 if width * height >= _LARGE else 1
        return by.reformat(
            frame, width, height, form, interpolation=Interpolation.BICUBIC, threads=threads
        )

    def _turned(self, frame: av.VideoFrame) -> av.VideoFrame:
        # A picture whose side data was looked at refers to itself: its memory would have to wait
        # for Python's garbage collection, hundreds of megabytes of them.
        if self._turn is None or self._turn[0] != frame.rotation:
            self._turn = frame.rotation, orientation(frame)
        turn = self._turn[1]
        if turn == Orientation():
            return frame
        kind = (turn, frame.width, frame.height, frame.format.name, frame.time_base)
        if self._turner is None or self._turner[0] != kind:
            self._turner = (kind, chain(frame, turn.filters))
        graph = self._turner[1]
        graph.vpush(frame)
        return graph.vpull()


@cache
def _bits(form: str) -> int:
    """Return how many bits a component of FFmpeg's pixel format of that name has, at most."""
    return max(component.bits for component in av.VideoFormat(form).components)


def chain(frame: av.VideoFrame, filters: list[tuple[str, str]]) -> Graph:
    """Return a graph of filters, one behind the other, for pictures like `frame`."""
    graph = Graph()
    source = graph.add_buffer(
        width=frame.width,
        height=frame.height,
        format=frame.format,
        time_base=frame.time_base or Fraction(1, 1000),
    )
    nodes = [source, *(graph.add(name, argument or None) for name, argument in filters)]
    graph.link_nodes(*nodes, graph.add("buffersink"))
    graph.configure()
    return graph
