"""Units for new activities beside logits that stay: a logistic regression, by Newton's method."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

_STEPS = 40
_SMALL = 1e-5  # of a probability's slope, and of what a step has to gain


def fit_units(
    inputs: Doubles, logits: Doubles, labels: NDArray[np.int_], shares: Doubles, decay: float
) -> Doubles:
    """Return weights and biases (A, D + 1) of logits for A new activities.

    They minimize the cross-entropy of all activities together; nothing changes the logits of those
    that were there.

    Args:
        inputs: (N, D).
        logits: (N,), of what was there: the logarithm of the sum of the exponentials.
        labels: (N,), 0 for what was there, 1..A for the new activities.
        shares: (N,), what each step counts for.
        decay: Of the weights, not of the biases.
    """
    count, width = int(labels.max()), inputs.shape[1] + 1
    rows = np.hstack([inputs, np.ones((len(inputs), 1))])
    weights = np.zeros((count, width))
    weights[:, -1] = np.median(logits)
    decays = np.append(np.full(width - 1, decay), 1e-6)
    targets = np.eye(count + 1)[labels]

    def loss_of(weights: Doubles) -> tuple[float, Doubles]:
        every = np.hstack([logits[:, None], rows @ weights.T])
        losses = log_sum(every) - every[np.arange(len(every)), labels]
        return float(shares @ losses + 0.5 * (decays * weights * weights).sum()), every

    loss, every = loss_of(weights)
    for _ in range(_STEPS):
        probabilities = np.exp(every - log_sum(every)[:, None])[:, 1:]
        away = (probabilities - targets[:, 1:]) * shares[:, None]
        step = np.empty_like(weights)
        for number in range(count):
            slope = shares * np.maximum(
                probabilities[:, number] * (1 - probabilities[:, number]), _SMALL
            )
            curvature = (rows * slope[:, None]).T @ rows + np.diag(decays)
            gradient = rows.T @ away[:, number] + decays * weights[number]
            step[number] = np.linalg.solve(curvature, gradient)
        length, gained = 1.0, False
        while not gained and length > 1e-4:  # back, where the step is too long
            less, found = loss_of(weights - length * step)
            gained = less < loss - _SMALL * abs(loss)
            if gained:
                weights, loss, every = weights - length * step, less, found
            length /= 2
        if not gained:
            break
    return weights


def fit_direction(
    inputs: Doubles, logits: Doubles, known: NDArray[np.bool_], shares: Doubles, decay: float
) -> Doubles:
    """Return the direction (D,) that mends a decision between known and unknown.

    Args:
        inputs: (N, D).
        logits: (N,), for "known", as they are without it.
        known: (N,), as it should be.
        shares: (N,), what each counts for.
        decay: How much is held against a change.
    """
    direction = np.zeros(inputs.shape[1])
    for _ in range(_STEPS):
        p = 0.5 * (1 + np.tanh(0.5 * (logits + inputs @ direction)))
        slope = shares * np.maximum(p * (1 - p), _SMALL)
        curvature = (inputs * slope[:, None]).T @ inputs + decay * np.eye(len(direction))
        step = np.linalg.solve(curvature, inputs.T @ (shares * (p - known)) + decay * direction)
        length = float(np.linalg.norm(step))
        direction = direction - step * min(1.0, 5.0 / max(length, 1e-12))
        if length < 1e-4:
            break
    return direction


def log_sum(logits: NDArray[np.floating]) -> Doubles:
    """Return the logarithm of the sum of the exponentials of logits (N, C)."""
    highest = logits.max(-1, keepdims=True).astype(np.float64)
    total: Doubles = np.log(np.exp(logits - highest).sum(-1)) + highest[:, 0]
    return total
