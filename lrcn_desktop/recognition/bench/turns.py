"""Times of jobs that take turns, so that a noisy machine is unkind to all of them alike."""

import math
import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Job = Callable[[], object]
Seconds = NDArray[np.float64]

_KNOWN = 0.02  # of a median: how far off it may be to count as known


def take_turns(
    jobs: Mapping[str, Job],
    rounds: int,
    fewer: Mapping[str, int] | None = None,
    rest: float = 0.0,
    least: int | None = None,
    warm: int = 0,
) -> dict[str, Seconds]:
    """Run every job once a round, after a round that does not count.

    Args:
        jobs: By name. Each must have its result in host memory when it returns.
        rounds: How often each runs at most.
        fewer: Rounds of the jobs that take too long for so many: none of them goes uncounted, and
            nothing waits for their medians.
        rest: Seconds before each, for the threads of the one before to fall asleep.
        least: Rounds after which it may end, once all medians are known; None: never earlier.
        warm: Calls before the one that is timed, in every turn: what the job before has cooled, a
            card's clock or a processor's caches, is then as in a row.

    Returns:
        The seconds of every call, by name.
    """
    seconds: dict[str, list[float]] = {name: [] for name in jobs}
    fewer = fewer or {}
    for number in range(rounds + 1):
        for name, job in jobs.items():
            if number <= fewer.get(name, rounds) and (number or name not in fewer):
                time.sleep(rest)
                for _ in range(warm):
                    job()
                began = time.perf_counter()
                job()
                if number:
                    seconds[name].append(time.perf_counter() - began)
        if number >= (least or rounds) and all(
            is_known(taken) for name, taken in seconds.items() if name not in fewer
        ):
            break
    return {name: np.array(taken) for name, taken in seconds.items()}


def is_known(seconds: Sequence[float]) -> bool:
    """Say whether the median of these times is known to 2 %: by its 95 % interval, from ranks."""
    ordered, middle, half = sorted(seconds), len(seconds) / 2, 0.98 * math.sqrt(len(seconds))
    if middle - half < 1:  # the interval would reach to the least and the most: too few
        return False
    low, high = ordered[math.floor(middle - half)], ordered[math.ceil(middle + half) - 1]
    return high - low <= 2 * _KNOWN * float(np.median(ordered))


def percentiles(seconds: Seconds) -> dict[str, float]:
    """Return the median and the 99th percentile in milliseconds, and of how many runs."""
    p50, p99 = (float(value) for value in 1000 * np.percentile(seconds, (50, 99)))
    return {"p50": p50, "p99": p99, "runs": len(seconds)}
