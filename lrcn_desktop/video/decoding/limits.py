"""How much memory a process that decodes may take."""

import os
import sys
import threading
import time

MOST_MEMORY = 900_000_000  # bytes, beside the pictures that it shares
OUT_OF_MEMORY = 77  # the exit status of a process that wanted more
_LOOK_EVERY = 0.1  # seconds


def has_room() -> bool:
    """Whether this process has memory for another file: FFmpeg does not give all of it back."""
    if sys.platform != "linux":
        return True
    with open("/proc/self/statm") as file:  # noqa: PTH123  # counted in pages, data the sixth
        pages = int(file.read().split()[5])
    return pages * os.sysconf("SC_PAGE_SIZE") < MOST_MEMORY / 3


def limit_memory() -> None:
    """Let this process have no more than `MOST_MEMORY`; above it, FFmpeg says that there is none.

    Linux counts what is written to (RLIMIT_DATA). macOS does not: there a thread looks. Windows
    limits nothing: the size of pictures does.
    """
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    if sys.platform == "linux":
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        most = MOST_MEMORY if hard == resource.RLIM_INFINITY else min(MOST_MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
    else:
        threading.Thread(target=_watch, daemon=True).start()


def _watch() -> None:
    import resource

    while resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < MOST_MEMORY:
        time.sleep(_LOOK_EVERY)
    os._exit(OUT_OF_MEMORY)
