"""The clock of live sources: it goes on while the computer sleeps, and nobody can set it.

What is kept with a date and a time of day (recordings, events) asks the system's own clock, once,
as it begins; whatever lasts is measured by this one, or by `time.monotonic` where sleep is not to
count (patience, rates, what a training still takes).
"""

import sys
import time

if sys.platform == "linux":

    def now() -> float:
        """Return seconds since some moment."""
        return time.clock_gettime(time.CLOCK_BOOTTIME)

elif sys.platform == "darwin":

    def now() -> float:
        """Return seconds since some moment."""
        return time.clock_gettime(time.CLOCK_MONOTONIC)  # `time.monotonic` stands still in sleep

else:

    def now() -> float:
        """Return seconds since some moment."""
        return time.monotonic()  # goes on in sleep on Windows
