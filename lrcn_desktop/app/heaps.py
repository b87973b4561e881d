"""The heaps of the C library, of which Linux's gives one to every thread.

The window's slow calls run on threads that come and go. What one of them freed stays with its heap:
after an hour of teaching that is hundreds of megabytes that nobody uses.
"""

import ctypes
import sys

_ARENA_MAX = -8  # mallopt(3)
_HEAPS = 2


def share_heaps() -> bool:
    """Let all threads share two heaps; return False where the C library has no such thing."""
    if sys.platform != "linux":
        return False
    try:
        return bool(ctypes.CDLL(None).mallopt(_ARENA_MAX, _HEAPS))
    except AttributeError:  # musl's
        return False


def trim_heaps() -> bool:
    """Give back to the system what was freed; return False where the C library has no such thing.

    It takes some milliseconds, in which other threads wait for memory.
    """
    if sys.platform != "linux":
        return False
    try:
        return bool(ctypes.CDLL(None).malloc_trim(0))
    except AttributeError:  # musl's
        return False
