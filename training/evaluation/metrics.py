"""How good a head is on clips that it was not fitted to, and how honest its probabilities."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Shares of what is right, 0..1.

    Attributes:
        frame: Of steps, every clip counting alike.
        clip_mean: Of clips, by the mean probabilities over the clip; None where clips have no one
            label.
        clip_last: Of clips, by the last step; None likewise.
    """

    frame: float
    clip_mean: float | None
    clip_last: float | None


def mean(values: Sequence[float]) -> float:
    """Return the mean of at least one value, the same in whatever order they come."""
    return math.fsum(values) / len(values)


def class_accuracy(
    probabilities: Sequence[Tensor], labels: Sequence[Tensor], classes: Sequence[int]
) -> float:
    """Return the share of right steps among those whose truth is one of `classes`."""
    truth = torch.cat(list(labels))
    right = torch.cat(list(probabilities)).argmax(-1) == truth
    return float(right[torch.isin(truth, torch.tensor(classes))].float().mean())


@dataclass(frozen=True, slots=True)
class Bin:
    """The steps whose confidence, the highest probability, lies in one interval.

    Attributes:
        confidence: Their mean confidence.
        accuracy: The share of them that is right.
        steps: How many they are.
    """

    confidence: float
    accuracy: float
    steps: int


def reliability(probabilities: Tensor, labels: Tensor, bins: int = 15) -> list[Bin]:
    """Sort steps, (N, C) and (N,), by confidence into equal intervals of 0..1; no empty ones."""
    confidence, predicted = probabilities.double().max(-1)
    right = (predicted == labels).double()
    place = (confidence * bins).long().clamp_max(bins - 1)
    return [
        Bin(float(confidence[inside].mean()), float(right[inside].mean()), int(inside.sum()))
        for inside in (place == number for number in range(bins))
        if inside.any()
    ]


def calibration_error(probabilities: Tensor, labels: Tensor, bins: int = 15) -> float:
    """Return the expected calibration error of steps, 0..1 (Guo et al. 2017), with equal bins."""
    found = reliability(probabilities, labels, bins)
    return sum(b.steps * abs(b.accuracy - b.confidence) for b in found) / len(labels)
