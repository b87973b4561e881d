"""What evidence for "known" counts for, and the threshold, from clips that were left out."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

KEPT = 0.85  # of the steps of the activities that are to be shown
_STEPS = 60
_DECAY = 1e-3


def fit_weights(known: Sequence[Array], others: Sequence[Array]) -> Array:
    """Return what each kind of evidence counts for, and the offset, float32 (E + 1,).

    By logistic regression in which both sides weigh alike, and each clip of a side; no evidence
    counts against what it is evidence for (projected Newton steps).

    Args:
        known: Averaged evidence (T, E) of each clip of the activities.
        others: That of clips that show none of them.
    """
    inputs, targets, shares = _weighed(known, others)
    middle = shares @ inputs
    size = np.sqrt(np.maximum(shares @ np.square(inputs - middle), 1e-12))
    x = np.hstack([(inputs - middle) / size, np.ones((len(inputs), 1))])
    weights = np.zeros(x.shape[1])
    weights[:-1] = 0.5
    decay = np.append(np.full(x.shape[1] - 1, _DECAY), 1e-9)
    for _ in range(_STEPS):
        p = 0.5 * (1 + np.tanh(0.5 * np.clip(x @ weights, -60, 60)))
        gradient = x.T @ (shares * (p - targets)) + decay * weights
        # A weight at its bound that would go below it stays there.
        free = (weights > 0) | (gradient < 0)
        free[-1] = True
        curvature = (x * (shares * p * (1 - p))[:, None]).T @ x + np.diag(decay + 1e-6)
        step = np.zeros_like(weights)
        step[free] = np.linalg.solve(curvature[np.ix_(free, free)], gradient[free])
        length = float(np.linalg.norm(step))
        weights = weights - step * min(1.0, 2.0 / max(length, 1e-12))
        weights[:-1] = np.maximum(weights[:-1], 0)
        if length < 1e-6:
            break
    real = weights[:-1] / size
    return np.append(real, weights[-1] - real @ middle).astype(np.float32)


def fit_threshold(known: Sequence[Array], others: Sequence[Array]) -> float:
    """Return the threshold that shows most of the known and least of the others.

    Args:
        known: How surely each step of the activities' clips is known, 0..1 (T,), clip by clip.
        others: Likewise of clips that show none of them.
    """
    limits = np.linspace(0.02, 0.98, 97)
    kept, passed = (
        np.mean([(clip[:, None] >= limits).mean(0) for clip in side], axis=0)
        for side in (known, others)
    )
    gain = np.where(kept >= KEPT, kept - passed, kept - 2)
    best = np.flatnonzero(gain >= gain.max() - 1e-9)  # few clips leave room: half of it each side
    return float(limits[best[len(best) // 2]])


def _weighed(
    known: Sequence[Array], others: Sequence[Array]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    sides = ((1.0, known), (0.0, others))
    inputs = np.concatenate([clip for _, clips in sides for clip in clips]).astype(np.float64)
    targets = np.concatenate([np.full(len(clip), y) for y, clips in sides for clip in clips])
    shares = np.concatenate(
        [np.full(len(clip), 0.5 / len(clips) / len(clip)) for _, clips in sides for clip in clips]
    )
    return inputs, targets, shares
