"""What evidence for "known" counts for, and the threshold, from clips that were left out."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Doubles = NDArray[np.float64]

KEPT = 0.85  # of the steps of the activities that are to be shown
POSTURES_KEPT = 0.96  # likewise, by postures: fewer steps of other activities pass by these
OWN = 0.25  # of what clips of something else count for: the user's are few, and alike
_STEPS = 60
_DECAY = 1e-3


def fit_weights(known: Sequence[Array], others: Sequence[Array], own: int = 0) -> Array:
    """Return what each kind of evidence counts for, and the offset, float32 (E + 1,).

    By logistic regression in which both sides weigh alike, and each clip of a side; no evidence
    counts against what it is evidence for (projected Newton steps).

    Args:
        known: Averaged evidence (T, E) of each clip of the activities.
        others: That of clips that show none of them.
        own: How many of these, the first ones, are the user's: they count for `OWN` of them.
    """
    inputs, targets, shares = _weighed(known, others, own)
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


def fit_threshold(known: Sequence[Array], share: float = KEPT) -> float:
    """Return the highest threshold that shows a share of what is known.

    The highest, since what the camera will see beside the activities is more varied, and more like
    them, than any clips that stand for it.

    Args:
        known: How surely each step of the activities' clips is known, 0..1 (T,), clip by clip.
        share: Of their steps, 0..1.
    """
    limits = np.linspace(0.02, 0.98, 97)
    kept = np.mean([(clip[:, None] >= limits).mean(0) for clip in known], axis=0)
    return float(limits[max(0, int((kept >= share).sum()) - 1)])


def _weighed(
    known: Sequence[Array], others: Sequence[Array], own: int
) -> tuple[Doubles, Doubles, Doubles]:
    inputs = np.concatenate([*known, *others]).astype(np.float64)
    lengths = np.array([len(clip) for clip in (*known, *others)])
    outer = np.full(len(others), 1 / len(others))
    if 0 < own < len(others):
        outer[:own], outer[own:] = OWN / own, (1 - OWN) / (len(others) - own)
    clips = 0.5 * np.concatenate([np.full(len(known), 1 / len(known)), outer])
    targets = np.repeat([1.0, 0.0], [lengths[: len(known)].sum(), lengths[len(known) :].sum()])
    return inputs, targets, np.repeat(clips / lengths, lengths)
