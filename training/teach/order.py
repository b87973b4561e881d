"""Activities that are the same pictures in opposite order, found by how their clips change."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.recognition.teaching.closed_form import UNKNOWN, Sample

_OPPOSITE = -0.4  # cosine of the mean changes of the two; what shares no direction has about 0
_STEADY = 0.35  # of the clips' changes that is common to an activity; by chance 1 / clips
_FEWEST = 3  # clips of each


def order_pairs(classes: int, samples: Sequence[Sample]) -> dict[int, int]:
    """Return which activity is which one backwards, by their numbers, both ways.

    Of each clip, what its last third shows is compared with its first; sitting down changes a
    picture steadily, and standing up the other way. What goes to and fro changes nothing steadily.

    Args:
        classes: How many activities there are.
        samples: Their clips.
    """
    changes: list[list[NDArray[np.float64]]] = [[] for _ in range(classes)]
    for sample in samples:
        if sample.label != UNKNOWN and len(sample.pooled) >= 3:
            changes[sample.label].append(_change(sample.pooled))
    means = [np.mean(of, axis=0) if len(of) >= _FEWEST else None for of in changes]
    steady = []
    for of, mean in zip(changes, means, strict=True):
        size = np.mean([np.square(change).sum() for change in of]) if of else 0.0
        common = 0.0 if mean is None or not size else float(np.square(mean).sum() / size)
        steady.append(common >= _STEADY)
    cosines = {
        (a, b): _cosine(first, second)
        for a, first in enumerate(means)
        for b, second in enumerate(means)
        if a != b and first is not None and second is not None and steady[a] and steady[b]
    }
    best = {
        a: min((b for x, b in cosines if x == a), key=lambda b, a=a: cosines[a, b])  # type: ignore[misc]
        for a in {a for a, _ in cosines}
    }
    return {a: b for a, b in best.items() if best.get(b) == a and cosines[a, b] < _OPPOSITE}


def _change(pooled: NDArray[np.float32]) -> NDArray[np.float64]:
    third = max(1, len(pooled) // 3)
    change: NDArray[np.float64] = (pooled[-third:].mean(0) - pooled[:third].mean(0)).astype(float)
    return change


def _cosine(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    return float(a @ b / max(float(np.linalg.norm(a) * np.linalg.norm(b)), 1e-9))
