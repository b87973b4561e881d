"""Reading a source on a thread of its own, a few frames ahead of whoever works on them."""

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from lrcn_desktop.video.frame import Frame
from lrcn_desktop.video.source import Source

_LEAST, _MOST = 16, 128  # frames that wait: as many as a GPU is given at once, and as many again
_BYTES = 64e6  # that they take, where there are more than the least
_POLL = 0.1  # seconds between looks at whether anyone still wants frames


@contextmanager
def decode_ahead(source: Source, most: int | None = None) -> Iterator[Iterator[Frame]]:
    """Give the rest of `source` as an iterator, decoded while the last frames are worked on.

    At most `most` frames wait; None: what fits into some memory.
    What reading raises is raised from the iterator, after the frames before it. After the block
    nothing reads the source any more; it is not closed.
    """
    width, height = source.size
    fitting = int(min(max(_LEAST, _BYTES / (3 * width * height)), _MOST))
    waiting: queue.Queue[Frame | BaseException | None] = queue.Queue(most or fitting)
    over = threading.Event()

    def put(item: Frame | BaseException | None) -> None:
        placed = False
        while not placed and not over.is_set():
            with suppress(queue.Full):
                waiting.put(item, timeout=_POLL)
                placed = True

    def read() -> None:
        try:
            while not over.is_set() and (frame := source.read()) is not None:
                put(frame)
            put(None)
        except BaseException as error:  # whatever it is, it belongs to who iterates
            put(error)

    def frames() -> Iterator[Frame]:
        while (item := waiting.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item

    thread = threading.Thread(target=read, name=f"decode {source.name}", daemon=True)
    thread.start()
    try:
        yield frames()
    finally:
        over.set()
        thread.join()
