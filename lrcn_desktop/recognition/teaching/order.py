"""Activities that are the same pictures in opposite order, found by how their clips change."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.recognition.teaching.sample import UNKNOWN, Pooled, Sample

_OPPOSITE = -0.6  # correlation of the changes of two activities; about 0 where nothing is shared
_STEADY = (
    0.25  # what is common to the changes of two clips, over the root of how many pairs there are
)
_FEWEST = 3  # clips of each

Doubles = NDArray[np.float64]


def order_pairs(classes: int, samples: Sequence[Sample]) -> dict[int, int]:
    """Return which activity is which one backwards, by their numbers, both ways.

    Of each clip, what its last third shows is compared with its first; sitting down changes a
    picture steadily, and standing up the other way. What goes to and fro changes nothing steadily.

    Args:
        classes: How many activities there are.
        samples: Their clips.
    """
    changes: list[list[Doubles]] = [[] for _ in range(classes)]
    for sample in samples:
        if sample.label != UNKNOWN and len(sample.pooled) >= 3:
            changes[sample.label].append(_change(sample.pooled))
    steady = {
        label: found
        for label, of in enumerate(changes)
        if len(of) >= _FEWEST and (found := _in_common(np.stack(of))) > 0
    }
    alike = {
        (a, b): float((np.stack(changes[a]) @ np.stack(changes[b]).T).mean())
        / (steady[a] * steady[b]) ** 0.5
        for a in steady
        for b in steady
        if a != b
    }
    best = {
        a: min((alike[a, b], b) for b in steady if b != a)[1] for a in steady if len(steady) > 1
    }
    return {a: b for a, b in best.items() if best.get(b) == a and alike[a, b] < _OPPOSITE}


def _in_common(changes: Doubles) -> float:
    """Return the mean product of two clips' changes (N, P); 0 where it may be chance."""
    products = changes @ changes.T
    count = len(changes)
    own = float(np.trace(products))
    common = (float(products.sum()) - own) / (count * (count - 1))
    least = _STEADY / (count * (count - 1) / 2) ** 0.5
    return common if common >= least * own / count else 0.0


def _change(pooled: Pooled) -> Doubles:
    third = max(1, len(pooled) // 3)
    change: Doubles = pooled[-third:].mean(0, np.float64) - pooled[:third].mean(0, np.float64)
    return change
