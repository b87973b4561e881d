"""The memory in which decoded pictures are handed over: a few slots, used in turn."""

import mmap
import os
import sys
import tempfile
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

if sys.platform == "linux":
    import fcntl

MOST_PIXELS = 1 << 26  # of a picture, 8192x8192: larger ones are refused
BUDGET = 32 << 20  # bytes of all slots together, where one picture does not take more
_MOST_SLOTS = 16
_SIZE = 3 * MOST_PIXELS  # bytes that are mapped; the system gives memory for what is used only


class Ring:
    """Memory that two processes share; `key` says to the other one which.

    Attributes:
        key: For the other process's `Ring`: a file descriptor that it inherits, or a name.
    """

    def __init__(self, key: str | None = None) -> None:
        """Make new memory, or map that of `key`."""
        if sys.platform == "win32":
            self.key = key or f"lrcn-{uuid4()}"
            self._map = mmap.mmap(-1, _SIZE, tagname=self.key)
            return
        descriptor = _new_descriptor() if key is None else int(key)
        self.key = str(descriptor)
        self._map = mmap.mmap(descriptor, _SIZE)
        self._descriptor: int | None = descriptor

    @property
    def inherited(self) -> tuple[int, ...]:
        """The descriptors that the other process has to inherit; none once they are closed."""
        if sys.platform == "win32" or self._descriptor is None:
            return ()
        return (self._descriptor,)

    def slot(self, number: int, size: tuple[int, int]) -> NDArray[np.uint8]:
        """Return slot `number` as a picture (H, W, 3) of `size` (width, height).

        Raises:
            ValueError: There is no such slot.
        """
        width, height = size
        if not 0 <= number < slots(size):
            raise ValueError(f"there is no slot {number} for {size}")
        whole = np.frombuffer(self._map, np.uint8, 3 * width * height, 3 * width * height * number)
        return whole.reshape(height, width, 3)

    def shut_descriptor(self) -> None:
        """Close what only the other process needed; the memory stays."""
        if sys.platform != "win32" and self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def slots(size: tuple[int, int]) -> int:
    """Return how many pictures of `size` (width, height) the ring holds, at least 1.

    Raises:
        ValueError: There are no such pictures.
    """
    pixels = size[0] * size[1]
    if not (0 < size[0] <= MOST_PIXELS and 0 < pixels <= MOST_PIXELS):
        raise ValueError(f"pictures of {size[0]}x{size[1]}")
    return max(1, min(_MOST_SLOTS, BUDGET // (3 * pixels)))


def _new_descriptor() -> int:
    if sys.platform == "linux":
        descriptor = os.memfd_create("lrcn-frames", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        os.ftruncate(descriptor, _SIZE)
        # Whoever reads memory that the other one has cut off dies of it.
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW)
    else:
        with tempfile.TemporaryFile() as file:  # no name is left behind
            descriptor = os.dup(file.fileno())
        os.ftruncate(descriptor, _SIZE)
    return descriptor
