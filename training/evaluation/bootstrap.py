"""What a figure would be on other groups: a bootstrap that draws whole groups.

Clips of one group show the same people and place and are right or wrong together, so that groups,
not clips, are the independent cases (Efron and Tibshirani 1993; Field and Welsh 2007).
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from training.evaluation.metrics import mean

Interval = tuple[float, float]
Array = NDArray[np.float64]

DRAWS = 2000
_SEED = 0
_CELLS = 4_000_000  # of the matrix of draws that is held at once
_Z = 1.96  # of a 95 % interval
_FEW = 10  # groups; from fewer, percentiles of a bootstrap are far too narrow
_SIDED = 6  # groups that differ; five that all agree are chance in 6 of 100 (sign test)


def resample(groups: Sequence[str], values: Array, draws: int = DRAWS) -> Array:
    """Return sums over groups drawn at random, with replacement; the same ones at every call.

    Args:
        groups: (N,) each clip's group.
        values: (N, K) of each clip.
        draws: How often as many groups are drawn as there are.

    Returns:
        (draws, K) the sum of the drawn groups' values.
    """
    names, place = np.unique(np.asarray(groups, dtype=str), return_inverse=True)
    count = len(names)
    sums = np.zeros((count, values.shape[1]))
    np.add.at(sums, place, values)
    random = np.random.default_rng(_SEED)
    rows = max(1, _CELLS // count)
    even = np.full(count, 1 / count)
    parts = [
        random.multinomial(count, even, size=min(rows, draws - start)) @ sums
        for start in range(0, draws, rows)
    ]
    return np.concatenate(parts)


def share_interval(share: float, drawn: Array, groups: int) -> Interval:
    """Return the 95 % interval of a share.

    Where every draw gives the same, or there are too few groups to draw from, it is Wilson's, with
    the groups as the cases: the widest that they allow.

    Args:
        share: What was measured, 0..1.
        drawn: (draws,) the share in each draw.
        groups: How many groups it was measured on.
    """
    if groups < _FEW or float(np.ptp(drawn)) < 1e-12:
        return wilson(share, groups)
    low, high = np.quantile(drawn, (0.025, 0.975))
    return min(float(low), share), max(float(high), share)


def difference_interval(
    difference: Sequence[float], groups: Sequence[str], drawn: Array
) -> Interval:
    """Return the 95 % interval of the mean difference between two networks on the same clips.

    It holds 0 where fewer than six groups differ at all.

    Args:
        difference: (N,) of each clip.
        groups: (N,) each clip's group.
        drawn: (draws,) the mean difference in each draw.
    """
    low, high = (float(value) for value in np.quantile(drawn, (0.025, 0.975)))
    share = mean(difference)
    low, high = min(low, share), max(high, share)
    differing = {group for group, value in zip(groups, difference, strict=True) if value}
    return (low, high) if len(differing) >= _SIDED else (min(low, 0.0), max(high, 0.0))


def wilson(share: float, count: int) -> Interval:
    """Return Wilson's 95 % interval of a share measured on `count` independent cases."""
    spread = _Z * math.sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))
    middle, scale = share + _Z**2 / (2 * count), 1 + _Z**2 / count
    low, high = (middle - spread) / scale, (middle + spread) / scale
    return max(0.0, min(low, share)), min(1.0, max(high, share))
