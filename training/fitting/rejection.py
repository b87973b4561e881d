"""Fitting what says "none of these": distances to the classes, and a side to lie on."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, softplus

from lrcn_desktop.model.presets import HeadConfig
from lrcn_desktop.model.rejection import EVIDENCE, RejectionConfig

Array = NDArray[np.float32]

_DECAY = 8e-3  # of the squared weights that say on which side a frame lies
_PER_CLIP = 4  # what a clip's many alike frames count for in a covariance
_MOST = 60_000  # steps that are looked at: neighbors are alike


def fit_rejection(
    config: RejectionConfig,
    head: HeadConfig,
    known: Sequence[tuple[Tensor, Tensor]],
    others: Sequence[Tensor],
    classes: int,
) -> dict[str, Array]:
    """Fit all but the weights of the evidence.

    Args:
        config: How "known" is decided.
        head: The head whose rows these are.
        known: The rows (T, R) of each clip of the activities, and its labels (T,).
        others: The rows of each clip that shows none of them; at least one.
        classes: How many activities there are.
    """
    count = config.components
    stride = -(-sum(len(labels) for _, labels in known) // _MOST) or 1
    inside, outside = (
        [rows[::stride, : head.project].double() for rows in clips]
        for clips in ([rows for rows, _ in known], others)
    )
    rows = torch.cat(inside)
    labels = torch.cat([labels[::stride] for _, labels in known])
    means = torch.stack([rows[labels == c, :count].mean(0) for c in range(classes)])
    within = rows[:, :count] - means[labels]
    covariance = within.T @ within / len(within)
    # Shrunk towards a sphere (Ledoit and Wolf 2004): clips are few, and their frames are alike.
    share = count / (count + _PER_CLIP * len(known))
    sphere = torch.eye(count, dtype=torch.float64) * (covariance.trace() / count + 1e-6)
    precision = torch.linalg.inv((1 - share) * covariance + share * sphere)
    whiten = torch.linalg.cholesky((precision + precision.T) / 2)
    found = {
        "means": means.float().numpy(),
        "whiten": whiten.float().numpy(),
        "side": _side(inside, outside),
        "weights": np.zeros(len(EVIDENCE) + 1, np.float32),
    }
    # Row by row, as they come from a file: else products with them are rounded in another way.
    return {name: np.ascontiguousarray(array) for name, array in found.items()}


def fit_weights(known: Sequence[Array], others: Sequence[Array]) -> Array:
    """Return what the evidence counts for, and the offset, (E + 1,).

    By logistic regression on clips that fitted nothing of the evidence; no evidence counts against
    what it is evidence for.

    Args:
        known: The averaged evidence (T, E) of each clip, where its activity was named rightly.
        others: That of clips that show none of the activities.
    """
    inputs, targets, shares = _weighed(
        [torch.from_numpy(e).double() for e in known],
        [torch.from_numpy(e).double() for e in others],
    )
    middle = inputs.mean(0)
    size = (inputs - middle).square().mean(0).sqrt().clamp_min(1e-6)
    inputs = (inputs - middle) / size
    raw = torch.zeros(inputs.shape[1] + 1, dtype=torch.float64, requires_grad=True)

    def loss() -> Tensor:
        logits = inputs @ softplus(raw[:-1]) + raw[-1]
        fit = binary_cross_entropy_with_logits(logits, targets, shares, reduction="sum")
        return fit + 1e-3 * softplus(raw[:-1]).square().sum()

    _minimize(loss, raw)
    weights = softplus(raw[:-1]).detach() / size
    offset = raw[-1].detach() - weights @ middle
    return torch.cat([weights, offset[None]]).float().numpy()


def _side(known: Sequence[Tensor], others: Sequence[Tensor]) -> Array:
    """Return the direction (K,) in which known frames lie of the others, (T, K) of each clip."""
    inputs, targets, shares = _weighed(known, others)
    weights = torch.zeros(inputs.shape[1] + 1, dtype=torch.float64, requires_grad=True)

    def loss() -> Tensor:
        logits = inputs @ weights[:-1] + weights[-1]
        fit = binary_cross_entropy_with_logits(logits, targets, shares, reduction="sum")
        return fit + _DECAY / 2 * weights[:-1].square().sum()

    _minimize(loss, weights)
    return weights[:-1].detach().float().numpy()


def _weighed(known: Sequence[Tensor], others: Sequence[Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    """Return all rows, targets and shares: both sides weigh alike, and each clip of a side."""
    inputs, targets, shares = [], [], []
    for target, clips in ((1.0, known), (0.0, others)):
        for clip in clips:
            inputs.append(clip)
            targets.append(torch.full((len(clip),), target, dtype=torch.float64))
            share = 0.5 / len(clips) / max(1, len(clip))
            shares.append(torch.full((len(clip),), share, dtype=torch.float64))
    return torch.cat(inputs), torch.cat(targets), torch.cat(shares)


def _minimize(loss: Callable[[], Tensor], weights: Tensor) -> None:
    optimizer = torch.optim.LBFGS([weights], max_iter=100, line_search_fn="strong_wolfe")

    def evaluate() -> Tensor:
        optimizer.zero_grad()
        value = loss()
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimizer.step(evaluate)  # type: ignore[no-untyped-call]
