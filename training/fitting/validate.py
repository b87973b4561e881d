"""How a network does on validation clips, after an epoch."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from training.fitting.example import Example
from training.fitting.network import Network
from training.fitting.together import together

TEMPERATURES = torch.logspace(-0.6, 0.9, 16)
"""What logits are divided by to find the loss that calibration will leave."""


def validate(
    network: Network, examples: Sequence[Example], device: torch.device, weight: Tensor
) -> Tensor:
    """Score whole clips, each from a fresh state.

    Args:
        network: In evaluation mode.
        examples: The clips; there may be none.
        device: The network's.
        weight: (C,) how much a step of each class counts in the loss.

    Returns:
        float64 (16 + 2 + C * C,), sums to be added to those of other processes: the loss at each of
        `TEMPERATURES`, the weights, the right steps, and the confusion matrix of steps (rows the
        truth).
    """
    weight = weight.cpu()
    classes, count = len(weight), len(TEMPERATURES)
    sums = torch.zeros(count + 2 + classes * classes, dtype=torch.float64)
    if not examples:
        return sums
    logits = torch.cat(_logits(network, examples, device))
    labels, said = torch.cat([example.labels for example in examples]), logits.argmax(-1)
    for number, temperature in enumerate(TEMPERATURES):
        loss = cross_entropy(logits / temperature, labels, weight=weight, reduction="sum")
        sums[number] = float(loss)
    sums[count] = float(weight[labels].sum())
    sums[count + 1] = int((said == labels).sum())
    sums[count + 2 :] = (labels * classes + said).bincount(minlength=classes * classes)
    return sums


@torch.inference_mode()
def _logits(network: Network, examples: Sequence[Example], device: torch.device) -> list[Tensor]:
    """Return the logits (T, C) of each clip, on the CPU."""
    head = network.head
    if network.cnn is not None or (head.projection is not None and examples[0].rows is None):
        return [network.logits(example, device) for example in examples]
    found = [Tensor()] * len(examples)
    for numbers, inputs in together(examples):
        logits, _ = head.classify(inputs.to(device), head.initial_state(len(numbers)))
        for row, number in zip(logits.float().cpu(), numbers, strict=True):
            found[number] = row[: len(examples[number])]
    return found


def validation_figures(sums: Tensor) -> dict[str, Any]:
    """Return what `validate` found as figures.

    The loss is that at the best temperature: probabilities are calibrated afterwards, so that a
    network that is right, and too sure, is not thought worse than it will be.

    Returns:
        "validation_loss", "validation_accuracy" of steps 0..1, "confusion" of steps; None each
        where no clip was judged.
    """
    count = len(TEMPERATURES)
    matrix = sums[count + 2 :]
    if not matrix.sum():
        return {"validation_loss": None, "validation_accuracy": None, "confusion": None}
    side = round(len(matrix) ** 0.5)
    return {
        "validation_loss": float(sums[:count].min() / sums[count]),
        "validation_accuracy": float(sums[count + 1] / matrix.sum()),
        "confusion": matrix.long().view(side, side).tolist(),
    }
