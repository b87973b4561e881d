"""The heaps of the C library, of which Linux's gives one to every thread.

What a thread freed stays with its heap, and where arrays of any size come and go, a heap keeps what
lies free between them, which grows with its highest tide.
"""

import ctypes
import sys
from collections.abc import Callable

_ARENA_MAX = -8  # mallopt(3)
_HEAPS = 2


def share_heaps() -> bool:
    """Let all threads share two heaps; return False where the C library has no such thing."""
    mallopt = _function("mallopt")
    return mallopt is not None and bool(mallopt(_ARENA_MAX, _HEAPS))


def return_free() -> None:
    """Return to the system what lies free, where the C library can."""
    trim = _function("malloc_trim")
    if trim is not None:
        trim(0)


def _function(name: str) -> Callable[..., int] | None:
    """Return a function of the C library, None where it has none of that name (musl's)."""
    if sys.platform != "linux":
        return None
    function: Callable[..., int] | None = getattr(ctypes.CDLL(None), name, None)
    return function
