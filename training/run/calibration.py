"""Calibrating a run's model by the clips that its rounds held out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lrcn_desktop.model.model_info import ModelInfo
from training.fitting.example import Example
from training.run.figures import Said, calibrate, say
from training.run.known import HeldOut, calibrate_known, held_out
from training.run.mixing import mix_rounds, set_mix
from training.run.networks import Fitted


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
        weights: What the evidence for "known" counts for; None: there is none.
        figures: How known steps are told from unknown ones, for the model's file.
        mix: What the parts of a head count for (see `mix_rounds`); None: it is not learned.
    """

    info: ModelInfo
    held: dict[int, Said]
    rounds: list[Round]
    weights: NDArray[np.float32] | None = None
    figures: Mapping[str, float] = field(default_factory=dict)
    mix: Tensor | None = None

    def applied(self, fitted: Fitted) -> Fitted:
        """Return networks that were fitted to all clips with what the rounds tell of them.

        Their head is changed in place.
        """
        if self.mix is not None:
            set_mix(fitted.network, self.mix)
        return self._weighed(fitted)

    def _weighed(self, fitted: Fitted) -> Fitted:
        """Return networks with these weights, or without rejection where there are none."""
        if self.weights is None:
            return replace(fitted, rejection={})
        return replace(fitted, rejection={**fitted.rejection, "weights": self.weights})


def calibrate_rounds(info: ModelInfo, rounds: Sequence[Round], device: torch.device) -> Calibrated:
    """Fit mix, temperature, threshold and the evidence for "known" to what the rounds held out.

    What a clip is judged by was fitted to the clips of other rounds. The rounds' heads are changed.
    """
    mix: Tensor | None = None
    if info.head.project:
        mix = mix_rounds([(one.fitted.network, one.validation) for one in rounds])
    held: dict[int, Said] = {}
    unseen: list[tuple[int | None, HeldOut]] = []  # an activity's with its number
    for one in rounds:
        said = say(one.fitted, one.validation, device, fold=one.number)
        held |= dict(zip(one.indices, said, strict=True))
        if one.fitted.rejection:
            indices = [*one.indices, *(None for _ in one.kept)]
            clips = held_out(one.fitted, [*one.validation, *one.kept], one.number)
            unseen += zip(indices, clips, strict=True)
    info = calibrate(info, [held[index] for index in sorted(held)])
    if not any(clip.is_other for _, clip in unseen):
        return Calibrated(replace(info, rejection=None), held, list(rounds), mix=mix)
    known = calibrate_known(info, [clip for _, clip in unseen])
    for (index, _), scores, limit in zip(unseen, known.scores, known.thresholds, strict=True):
        if index is not None:
            held[index] = replace(held[index], known=torch.from_numpy(scores), threshold=limit)
    found = Calibrated(known.info, held, [], known.weights, known.figures.described(), mix)
    weighed = [replace(one, fitted=found._weighed(one.fitted)) for one in rounds]
    return replace(found, rounds=weighed)
