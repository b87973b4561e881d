"""Calibrating a run's model by the clips that its rounds held out: mix, temperature, "known"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lrcn_desktop.model.model_info import ModelInfo
from training.fitting.example import Example
from training.fitting.projection import projected
from training.run.figures import ClipLogits, calibrate, predict_logits
from training.run.known import HeldOut, calibrate_known, held_out
from training.run.mixing import mix_rounds, set_mix
from training.run.networks import Fitted, Recipe


@dataclass(frozen=True, slots=True)
class Round:
    """The networks of one round, and clips that they were not fitted to.

    Attributes:
        number: Of the round.
        fitted: The networks.
        indices: The clips' numbers in the data set.
        validation: The clips.
        kept: Clips that show none of the activities.
    """

    number: int
    fitted: Fitted
    indices: Sequence[int]
    validation: list[Example]
    kept: list[Example]


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What the held-out clips tell.

    Attributes:
        info: The description, with temperature, threshold and rejection.
        held: What the networks said of each clip while it was held out, by its number.
        rounds: The rounds, calibrated.
        mix: What each part of a head counts for, where it is fitted to streams.
        weights: What the evidence for "known" counts for; None: there is none.
        figures: How well known steps are separated from unknown ones, for the model's file.
    """

    info: ModelInfo
    held: dict[int, ClipLogits]
    rounds: list[Round]
    mix: Tensor | None = None
    weights: NDArray[np.float32] | None = None
    figures: Mapping[str, float] = field(default_factory=dict)

    def apply(self, fitted: Fitted) -> Fitted:
        """Return networks with this mix and these weights, or without rejection without any."""
        if self.mix is not None:
            set_mix(fitted.network, self.mix)
        if self.weights is None:
            return replace(fitted, rejection={})
        return _weighed(fitted, self.weights)


def calibrate_rounds(recipe: Recipe, rounds: Sequence[Round], device: torch.device) -> Calibrated:
    """Fit mix, temperature, threshold and the evidence for "known" to what the rounds held out.

    What a clip is judged by was fitted to the clips of other rounds.
    """
    info, mix = recipe.info, None
    sides = [_as_rows(one) for one in rounds]
    if recipe.fits.sequences.streams:
        mix = mix_rounds(
            [
                (one.fitted.network, validation)
                for one, (validation, _) in zip(rounds, sides, strict=True)
            ]
        )
    held: dict[int, ClipLogits] = {}
    unseen: list[tuple[int | None, HeldOut]] = []  # an activity's with its number
    for one, (validation, kept) in zip(rounds, sides, strict=True):
        said = predict_logits(one.fitted, validation, device, fold=one.number)
        held |= dict(zip(one.indices, said, strict=True))
        if one.fitted.rejection:
            indices = [*one.indices, *(None for _ in kept)]
            clips = held_out(one.fitted, [*validation, *kept], one.number)
            unseen += zip(indices, clips, strict=True)
    info = calibrate(info, [held[index] for index in sorted(held)])
    if not any(clip.is_other for _, clip in unseen):
        return Calibrated(replace(info, rejection=None), held, list(rounds), mix)
    known = calibrate_known(info, [clip for _, clip in unseen])
    for (index, _), scores, limit in zip(unseen, known.scores, known.thresholds, strict=True):
        if index is not None:
            held[index] = replace(held[index], known=torch.from_numpy(scores), threshold=limit)
    rounds = [replace(one, fitted=_weighed(one.fitted, known.weights)) for one in rounds]
    figures = known.figures.described()
    return Calibrated(known.info, held, rounds, mix, known.weights, figures)


def _as_rows(one: Round) -> tuple[list[Example], list[Example]]:
    """Return the clips that judge a round, projected once where its head projects."""
    projection = one.fitted.network.head.projection
    if projection is None:
        return one.validation, one.kept
    return projected(projection, one.validation), projected(projection, one.kept)


def _weighed(fitted: Fitted, weights: NDArray[np.float32]) -> Fitted:
    return replace(fitted, rejection={**fitted.rejection, "weights": weights})
