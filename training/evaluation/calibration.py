"""Temperature and threshold, fitted so that they hold on groups that are not there."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from training.evaluation.bootstrap import Array, resample

FLOOR = 0.75
"""The lowest temperature. Folds of single groups asked for 0.42 (`light`) and 0.50 (VGG-16), which
left a calibration error of 11 % and 4.4 % on new people; for `light` 8.8 % at 0.6, 5.0 at 0.8, 2.9
at 1.0 and 8.5 at 1.2. Folds of neighboring groups, which come nearer to new people, ask for about
0.6 still: this lies between the two. It is rarely met: the parts of a head that is fitted to
streams are mixed by held-out clips, and then ask for about 1."""

_TEMPERATURES = np.geomspace(FLOOR, 10, 60)
_THRESHOLDS = np.linspace(0, 0.9, 91)
_DRAWS = 500
_UNSURE = 0.9  # quantile of what the drawn groups ask for: new groups are seldom easier
_KEPT = 0.95  # of right steps are to reach the threshold


@dataclass(frozen=True, slots=True)
class Calibration:
    """How logits become probabilities, and from where on they are believed.

    Attributes:
        temperature: Logits are divided by it (Guo et al. 2017).
        threshold: The highest probability, 0..1, below which nothing known is seen.
    """

    temperature: float
    threshold: float


def fit_calibration(
    logits: Sequence[Tensor], labels: Sequence[Tensor], groups: Sequence[str]
) -> Calibration:
    """Fit both to clips that the network was not fitted to.

    Each is what nine of ten draws of whole groups (a bootstrap) agree with: the temperature is not
    lower, nor the threshold higher, than groups as varied as these can bear. Clips count alike,
    however long.

    Args:
        logits: (T, C) of each clip, at least one.
        labels: int64 (T,) likewise.
        groups: Each clip's.
    """
    temperature = fit_temperature(logits, labels, groups)
    probabilities = [torch.softmax(clip.double() / temperature, -1) for clip in logits]
    return Calibration(temperature, fit_threshold(probabilities, labels, groups))


def cross_fit(
    logits: Sequence[Tensor],
    labels: Sequence[Tensor],
    groups: Sequence[str],
    folds: Sequence[int],
) -> list[Calibration]:
    """Return the calibration of each clip, fitted to the clips of all folds but its own.

    Args:
        logits: (T, C) of each clip.
        labels: int64 (T,) likewise.
        groups: Each clip's.
        folds: Each clip's; at least two different ones.
    """
    fitted = {}
    for fold in set(folds):
        others = [number for number, other in enumerate(folds) if other != fold]
        fitted[fold] = fit_calibration(
            [logits[number] for number in others],
            [labels[number] for number in others],
            [groups[number] for number in others],
        )
    return [fitted[fold] for fold in folds]


def fit_temperature(
    logits: Sequence[Tensor], labels: Sequence[Tensor], groups: Sequence[str]
) -> float:
    """Return what to divide logits by (see `fit_calibration`), at least `FLOOR`."""
    clips = _clip_numbers(labels)
    flat, truth = torch.cat(list(logits)).double(), torch.cat(list(labels))
    losses = np.stack(
        [
            _means(cross_entropy(flat / float(t), truth, reduction="none"), clips, len(labels))
            for t in _TEMPERATURES
        ],
        axis=1,
    )
    best = _TEMPERATURES[resample(groups, losses, _DRAWS).argmin(1)]
    return float(np.quantile(best, _UNSURE))


def fit_threshold(
    probabilities: Sequence[Tensor], labels: Sequence[Tensor], groups: Sequence[str]
) -> float:
    """Return the confidence that 95 % of right steps reach (see `fit_calibration`).

    It is 0.9 at the most: where all clips are easy, any slightly harder one would be unknown.
    """
    clips = _clip_numbers(labels)
    confidence, said = torch.cat(list(probabilities)).max(-1)
    right = (said == torch.cat(list(labels))).double()
    reached = [right * (confidence >= float(t)) for t in _THRESHOLDS]
    table = np.stack([_means(steps, clips, len(labels)) for steps in reached], axis=1)
    drawn = resample(groups, table, _DRAWS)
    drawn = drawn[drawn[:, 0] > 0]
    if not len(drawn):
        return 0.0
    enough = drawn >= _KEPT * drawn[:, :1] - 1e-9  # the share falls with the threshold
    highest = enough.sum(1) - 1
    return float(np.quantile(_THRESHOLDS[highest], 1 - _UNSURE))


def _clip_numbers(labels: Sequence[Tensor]) -> Tensor:
    lengths = torch.tensor([len(clip) for clip in labels])
    return torch.arange(len(labels)).repeat_interleave(lengths)


def _means(steps: Tensor, clips: Tensor, count: int) -> Array:
    """Return the mean over the steps of each clip, (count,)."""
    sums = torch.zeros(count, dtype=torch.float64).index_add_(0, clips, steps.double())
    means: Array = (sums / torch.bincount(clips, minlength=count)).numpy()
    return means
