"""The most memory that this process has had."""

import psutil


def peak_rss() -> float:
    """Return it in megabytes."""
    peak = getattr(psutil.Process().memory_info(), "peak_wset", None)
    if peak is not None:
        return float(peak) / 1e6
    import resource  # not on Windows

    unit = 1 if psutil.MACOS else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
