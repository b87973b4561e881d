"""The most memory that this process has had."""

import re
from pathlib import Path

import psutil

_STATUS = Path("/proc/self/status")  # Linux's


def peak_rss() -> float:
    """Return it in megabytes."""
    if _STATUS.exists():  # what `resource` tells there may be that of who started this process
        found = re.search(r"^VmHWM:\s*(\d+) kB", _STATUS.read_text("ascii"), re.MULTILINE)
        if found is not None:
            return int(found[1]) * 1024 / 1e6
    peak = getattr(psutil.Process().memory_info(), "peak_wset", None)  # Windows'
    if peak is not None:
        return float(peak) / 1e6
    import resource

    unit = 1 if psutil.MACOS else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
