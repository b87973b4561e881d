"""Linear algebra of small data: principal components, discriminants, temperatures."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.model.head_arrays import softmax
from lrcn_desktop.recognition.teaching.evidence import OWN

Array = NDArray[np.float32]
Doubles = NDArray[np.float64]

_PER_CLIP = 4  # what a clip's many alike steps count for in a covariance
_SURE = 0.97  # of a step whose activity is certain: few clips cannot prove more
_SIDE = 0.3  # share of a sphere in the covariance by which known and other are distinguished


def principal(frames: Array, count: int) -> tuple[Array, Array, float]:
    """Return the mean of (N, P), `count` principal components, and what brings them to unit size.

    By the products of the rows, of which there are fewer than columns. Where there are fewer
    frames than components, the others are zero.
    """
    width = frames.shape[1]
    basis = np.zeros((count, width), np.float32)
    if len(frames) < 2:
        return np.zeros(width, np.float32), basis, 1.0
    mean = frames.mean(0)
    centered = frames - mean
    squares, vectors = np.linalg.eigh(centered @ centered.T)
    squares, vectors = squares[::-1][:count], vectors[:, ::-1][:, :count]
    found = int((squares > max(squares[0] * 1e-6, 1e-6)).sum())
    if not found:
        return mean, basis, 0.0  # frames that are all alike
    basis[:found] = (vectors[:, :found].T @ centered) / np.sqrt(squares[:found, None])
    mean_square = float(squares[:found].sum()) / (len(frames) * count)
    return mean, basis, mean_square**-0.5


def sphere_share(width: int, clips: int) -> float:
    """Return how far a covariance of so few clips is shrunk towards a sphere, 0..1."""
    return width / (width + _PER_CLIP * clips)


def inverse(covariance: Doubles, share: float) -> Doubles:
    """Return the inverse of a covariance that is shrunk towards a sphere by `share`."""
    count = len(covariance)
    sphere = np.eye(count) * (np.trace(covariance) / count + 1e-6)
    inverse = np.linalg.inv((1 - share) * covariance + share * sphere)
    return (inverse + inverse.T) / 2


def linear(means: Array, covariance: Array, scale: Array, share: float) -> tuple[Array, Array]:
    """Return weight (C, K) and bias (C,) of the linear discriminant between classes.

    Args:
        means: (C, K).
        covariance: (K, K), that the classes share.
        scale: (K,), what the inputs are multiplied by first.
        share: How far the covariance is shrunk towards a sphere, 0..1.
    """
    scaled, means = covariance * np.outer(scale, scale), means * scale
    sphere = np.trace(scaled) / len(scaled) + np.float32(1e-6)
    shrunk = (1 - share) * scaled + share * sphere * np.eye(len(scaled), dtype=np.float32)
    weight = np.linalg.solve(shrunk, means.T).T
    return weight * scale, -0.5 * (weight * means).sum(-1)


def side_of(known: Doubles, shares: Doubles, others: Doubles, own: int) -> Array:
    """Return the direction (K,) in which known steps lie of the others.

    Args:
        known: (N, K), steps of the activities.
        shares: (N,), what each counts for.
        others: (M, K), steps of none of them.
        own: How many of these, the first ones, are the user's.
    """
    if not len(others):
        return np.zeros(known.shape[1], np.float32)
    weights = np.ones(len(others))
    if 0 < own < len(others):
        weights[:own] = OWN / (1 - OWN) * (len(others) - own) / own
    inner, outer = np.average(known, 0, shares), np.average(others, 0, weights)
    covariance = np.zeros((known.shape[1],) * 2)
    for rows, mean, weight in ((known, inner, shares), (others, outer, weights)):
        away = rows - mean
        covariance += (away * weight[:, None]).T @ away / weight.sum() / 2
    sphere = np.eye(len(covariance)) * np.trace(covariance) / len(covariance)
    direction = np.linalg.solve((1 - _SIDE) * covariance + _SIDE * sphere, inner - outer)
    return direction.astype(np.float32)


def fit_temperature(logits: Sequence[Array], labels: Sequence[int]) -> tuple[float, float]:
    """Return what logits are to be divided by, and the cross-entropy that is left.

    Args:
        logits: (T, C) of each clip, by a model that was not fitted to it.
        labels: The activity of each.
    """
    count = logits[0].shape[1]
    lengths = [len(steps) for steps in logits]
    whole = np.concatenate(logits)
    targets = np.full((len(logits), count), (1 - _SURE) / (count - 1), np.float32)
    targets[np.arange(len(logits)), labels] = _SURE
    weights = np.repeat(targets / np.array(lengths)[:, None], lengths, axis=0) / len(logits)
    found = []
    for temperature in np.geomspace(0.25, 256, 41):
        probabilities = softmax(whole / np.float32(temperature))
        loss = -float((np.log(np.maximum(probabilities, 1e-9)) * weights).sum())
        found.append((loss, float(temperature)))
    loss, temperature = min(found)
    return temperature, loss
