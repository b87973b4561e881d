"""Interlaced pictures made whole, by FFmpeg's own filter."""

import av
from av.filter import Graph

from lrcn_desktop.video.decoding.picture import chain

_FILTER = ("bwdif", "mode=send_frame:deint=interlaced")  # progressive pictures pass as they are


class Deinterlacer:
    """Takes the pictures of a stream and gives as many back.

    Until the first interlaced one they pass at once; from then on, one picture late.
    """

    def __init__(self) -> None:
        self._graph: Graph | None = None
        self._kind: object = None

    def push(self, frame: av.VideoFrame) -> list[av.VideoFrame]:
        """Take the next picture, which has a time stamp; return those that are ready.

        Raises:
            av.error.FFmpegError: The filter cannot take it.
        """
        if self._graph is None and not frame.interlaced_frame:
            return [frame]
        kind = (frame.width, frame.height, frame.format.name)
        before = []
        if self._graph is None or kind != self._kind:
            before = self.flush()
            self._graph, self._kind = chain(frame, [_FILTER]), kind
        self._graph.vpush(frame)
        return before + self._ready()

    def flush(self) -> list[av.VideoFrame]:
        """Return what is left at the end of the stream, and begin again."""
        if self._graph is None:
            return []
        self._graph.vpush(None)
        rest = self._ready()
        self._graph = None
        return rest

    def reset(self) -> None:
        """Forget the pictures before a seek."""
        self._graph = None

    def _ready(self) -> list[av.VideoFrame]:
        assert self._graph is not None
        ready = []
        while True:
            try:
                ready.append(self._graph.vpull())
            except (av.error.BlockingIOError, av.error.EOFError):
                return ready
