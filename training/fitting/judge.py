"""How a network does on validation clips, after an epoch."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from training.fitting.example import Example
from training.fitting.network import Network


def judge(
    network: Network, examples: Sequence[Example], device: torch.device, weight: Tensor
) -> Tensor:
    """Judge whole clips, each from a fresh state.

    Args:
        network: In evaluation mode.
        examples: The clips; there may be none.
        device: The network's.
        weight: (C,) how much a step of each class counts in the loss.

    Returns:
        float64 (3 + C * C,), sums to be added to those of other processes: the loss, the weights,
        the right steps, and the confusion matrix of steps (rows the truth).
    """
    weight = weight.cpu()
    classes = len(weight)
    sums = torch.zeros(3 + classes * classes, dtype=torch.float64)
    for example in examples:
        logits, labels = network.logits(example, device), example.labels
        said = logits.argmax(-1)
        sums[0] += float(cross_entropy(logits, labels, weight=weight, reduction="sum"))
        sums[1] += float(weight[labels].sum())
        sums[2] += int((said == labels).sum())
        sums[3:] += (labels * classes + said).bincount(minlength=classes * classes)
    return sums


def figures(sums: Tensor) -> dict[str, Any]:
    """Return what `judge` found as figures: loss, accuracy of steps 0..1, confusion of steps."""
    matrix = sums[3:]
    if not matrix.sum():
        return {"validation_loss": None, "validation_accuracy": None, "confusion": None}
    side = round(len(matrix) ** 0.5)
    return {
        "validation_loss": float(sums[0] / sums[1]),
        "validation_accuracy": float(sums[2] / matrix.sum()),
        "confusion": matrix.long().view(side, side).tolist(),
    }
