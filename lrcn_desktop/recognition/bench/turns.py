"""Times of jobs that take turns, so that a noisy machine is unkind to all of them alike."""

import time
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

Job = Callable[[], object]
Seconds = NDArray[np.float64]


def take_turns(
    jobs: Mapping[str, Job],
    rounds: int,
    fewer: Mapping[str, int] | None = None,
    rest: float = 0.0,
) -> dict[str, Seconds]:
    """Run every job once a round, after a round that does not count.

    Args:
        jobs: By name. Each must have its result in host memory when it returns.
        rounds: How often each runs.
        fewer: Rounds of the jobs that take too long for so many.
        rest: Seconds before each, for the threads of the one before to fall asleep.

    Returns:
        The seconds of every call, by name.
    """
    seconds: dict[str, list[float]] = {name: [] for name in jobs}
    for number in range(rounds + 1):
        for name, job in jobs.items():
            if number <= (fewer or {}).get(name, rounds):
                time.sleep(rest)
                began = time.perf_counter()
                job()
                if number:
                    seconds[name].append(time.perf_counter() - began)
    return {name: np.array(taken) for name, taken in seconds.items()}


def percentiles(seconds: Seconds) -> dict[str, float]:
    """Return the median and the 99th percentile in milliseconds, and of how many runs."""
    p50, p99 = (float(value) for value in 1000 * np.percentile(seconds, (50, 99)))
    return {"p50": p50, "p99": p99, "runs": len(seconds)}
