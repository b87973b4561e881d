"""Reading a source on a thread of its own, a few frames ahead of whoever works on them."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from lrcn_desktop.video.frame import Frame
from lrcn_desktop.video.source import Source

_MOST = 128  # frames that wait: as many as a GPU is given at once, and as many again
_BYTES = 64_000_000  # that they take, where there is more than one


@contextmanager
def decode_ahead(source: Source, most: int = _MOST) -> Iterator[Iterator[Frame]]:
    """Give the rest of `source` as an iterator, decoded while the last frames are worked on.

    At most `most` frames wait, and no more than fit into some memory.
    What reading raises is raised from the iterator, after the frames before it. After the block
    nothing reads the source any more; it is not closed.
    """
    waiting = _Waiting(most)

    def read() -> None:
        try:
            while (frame := source.read()) is not None and waiting.put(frame):
                pass
            waiting.put(None)
        except BaseException as error:  # whatever it is, it belongs to who iterates
            waiting.put(error)

    def frames() -> Iterator[Frame]:
        while (item := waiting.take()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item

    thread = threading.Thread(target=read, name=f"decode {source.name}", daemon=True)
    thread.start()
    try:
        yield frames()
    finally:
        waiting.close()
        thread.join()


class _Waiting:
    """Frames between two threads, bounded in their number and in their bytes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._items: deque[Frame | BaseException | None] = deque()
        self._bytes = 0
        self._closed = False
        self._changed = threading.Condition()

    def put(self, item: Frame | BaseException | None) -> bool:
        """Wait for room and put `item` last; False when nobody wants any more."""
        size = item.image.nbytes if isinstance(item, Frame) else 0
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._has_room(size))
            self._items.append(item)
            self._bytes += size
            self._changed.notify_all()
            return not self._closed

    def take(self) -> Frame | BaseException | None:
        """Wait for the first item and return it."""
        with self._changed:
            self._changed.wait_for(lambda: self._items)
            item = self._items.popleft()
            self._bytes -= item.image.nbytes if isinstance(item, Frame) else 0
            self._changed.notify_all()
            return item

    def close(self) -> None:
        """Let whoever puts go."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _has_room(self, size: int) -> bool:
        fits = len(self._items) < self._most and self._bytes + size <= _BYTES
        return not self._items or fits
