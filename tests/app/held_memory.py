"""What a process holds, to a tenth of a megabyte.

Resident memory also has what lies free between what is held: it goes up and down by megabytes.
"""

import ctypes
import sys

import pytest

SMALL = 64  # bytes of an object that Python makes room for itself: a segment's are 24 to 80


class _Mallinfo(ctypes.Structure):
    """See mallinfo2(3)."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in (
            *("arena", "ordblks", "smblks", "hblks", "hblkhd"),
            *("usmblks", "fsmblks", "uordblks", "fordblks", "keepcost"),
        )
    ]


def held() -> float:
    """Return the megabytes that malloc has given out, and what Python's small objects take.

    The test is skipped where the C library does not tell: before glibc 2.33, and elsewhere.
    """
    mallinfo = getattr(ctypes.CDLL(None), "mallinfo2", None) if sys.platform == "linux" else None
    if mallinfo is None:
        pytest.skip("the C library does not tell what it has given out")
    mallinfo.restype = _Mallinfo
    found = mallinfo()
    return float(found.uordblks + found.hblkhd + SMALL * sys.getallocatedblocks()) / 1e6
