"""From held-out clips to what a model calls unknown: weights, threshold, and how well it does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lrcn_desktop.model.head_arrays import softmax
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.model.rejection import Rejection
from training.fitting.example import OTHER, Example
from training.fitting.projection import projected
from training.fitting.rejection import fit_weights
from training.run.networks import Fitted

Array = NDArray[np.float32]

_KEPT = 0.85  # of the steps that are named rightly are to be shown, at the least
_ALIKE = 0.005  # by which a threshold may fall short of the best: more is chance


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """A clip that a round was not fitted to.

    Attributes:
        rows: (T, R), as the round's projection gives them.
        logits: (T, C), not yet calibrated.
        labels: (T,), `OTHER` where no activity is seen.
        rejection: The tensors of the round's `Rejection`.
        fold: The number of the round.
    """

    rows: Array
    logits: Array
    labels: NDArray[np.int64]
    rejection: Mapping[str, Array]
    fold: int

    @property
    def is_other(self) -> bool:
        """Whether it shows none of the activities."""
        return bool((self.labels == OTHER).all())


@dataclass(frozen=True, slots=True)
class KnownFigures:
    """How known steps are distinguished from unknown ones, every clip counting alike; 0..1 each.

    Attributes:
        auroc: The chance that a known step scores higher than an unknown one.
        shown: Steps of the activities that are named, and rightly.
        false_alarms: Steps of none of them that are named all the same.
    """

    auroc: float
    shown: float
    false_alarms: float

    def described(self) -> dict[str, float]:
        """Return them as figures of a model file."""
        return {
            "known against unknown, AUROC": self.auroc,
            "known steps shown right": self.shown,
            "unknown steps shown": self.false_alarms,
        }


def held_out(fitted: Fitted, examples: Sequence[Example], fold: int) -> list[HeldOut]:
    """Return what a round says of clips that it was not fitted to."""
    head = fitted.network.head
    assert head.projection is not None
    result = []
    for example in projected(head.projection, examples):
        assert example.rows is not None
        rows = example.rows.float()
        logits, _ = head.classify(rows[None], head.initial_state())
        said = logits[0].detach().numpy()
        labels = example.labels.numpy()
        result.append(HeldOut(rows.numpy(), said, labels, fitted.rejection, fold))
    return result


def known_scores(info: ModelInfo, fitted: Fitted, example: Example) -> Tensor | None:
    """Return how surely each step of a clip, seen from its start, shows an activity, 0..1 (T,).

    None where the model has no rejection.
    """
    if info.rejection is None:
        return None
    (clip,) = held_out(fitted, [example], 0)
    weights = fitted.rejection["weights"]
    return torch.from_numpy(_known(info, clip, weights, _evidence(info, clip)))


@dataclass(frozen=True, slots=True, eq=False)
class KnownCalibration:
    """What says which steps are known.

    Attributes:
        info: The description, with its threshold.
        weights: What the evidence counts for.
        scores: How surely each of the held-out clips shows an activity, (T,) each, in their order.
        thresholds: What each of these clips has to reach.
        figures: How well it does on them.
    """

    info: ModelInfo
    weights: Array
    scores: list[Array]
    thresholds: list[float]
    figures: KnownFigures


def calibrate_known(info: ModelInfo, clips: Sequence[HeldOut]) -> KnownCalibration:
    """Fit what evidence counts for, and the threshold, to clips that fitted none of the evidence.

    Scores, thresholds and figures of a clip are of weights and a threshold that other rounds' clips
    were fitted to.
    """
    evidence = [_evidence(info, clip) for clip in clips]
    right = [_right(clip) for clip in clips]
    everything = range(len(clips))
    weights, threshold = _fit(info, clips, evidence, right, everything)
    scores: list[Array] = [evidence[0][:, 0]] * len(clips)
    thresholds = [threshold] * len(clips)
    for fold in sorted({clip.fold for clip in clips}):
        others = [i for i in everything if clips[i].fold != fold]
        if len({clips[i].is_other for i in others}) < 2:
            others = list(everything)
        found, limit = _fit(info, clips, evidence, right, others)
        for i in everything:
            if clips[i].fold == fold:
                scores[i], thresholds[i] = _known(info, clips[i], found, evidence[i]), limit
    shown = [score >= limit for score, limit in zip(scores, thresholds, strict=True)]
    figures = _figures(clips, right, scores, shown)
    return KnownCalibration(
        replace(info, threshold=threshold), weights, scores, thresholds, figures
    )


def _fit(
    info: ModelInfo,
    clips: Sequence[HeldOut],
    evidence: Sequence[Array],
    right: Sequence[NDArray[np.bool_]],
    chosen: Sequence[int],
) -> tuple[Array, float]:
    """Return the weights and the threshold that suit the chosen clips."""
    known = [i for i in chosen if not clips[i].is_other and right[i].any()]
    others = [i for i in chosen if clips[i].is_other]
    weights = fit_weights([evidence[i][right[i]] for i in known], [evidence[i] for i in others])
    inside = [_known(info, clips[i], weights, evidence[i])[right[i]] for i in known]
    outside = [_known(info, clips[i], weights, evidence[i]) for i in others]
    limits = np.linspace(0.02, 0.98, 97)
    kept = np.mean([(scores[:, None] >= limits).mean(0) for scores in inside], axis=0)
    passed = np.mean([(scores[:, None] >= limits).mean(0) for scores in outside], axis=0)
    gain = np.where(kept >= _KEPT, kept - passed, kept - 2)
    best = np.flatnonzero(gain >= gain.max() - _ALIKE)
    # To name what is not there is the worse fault: a quarter of the room is left above.
    return weights, float(limits[best[3 * len(best) // 4]])


def _figures(
    clips: Sequence[HeldOut],
    right: Sequence[NDArray[np.bool_]],
    scores: Sequence[Array],
    shown: Sequence[NDArray[np.bool_]],
) -> KnownFigures:
    known = [i for i, clip in enumerate(clips) if not clip.is_other]
    others = [i for i, clip in enumerate(clips) if clip.is_other]

    def pooled(of: Sequence[int]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        values = np.concatenate([scores[i] for i in of]).astype(np.float64)
        shares = np.concatenate([np.full(len(scores[i]), 1 / len(scores[i])) for i in of])
        return values, shares / shares.sum()

    (inside, share), (outside, outer) = pooled(known), pooled(others)
    order = np.argsort(outside, kind="stable")
    below = np.concatenate([[0.0], np.cumsum(outer[order])])
    sorted_outside = outside[order]
    lower = below[np.searchsorted(sorted_outside, inside, "left")]
    lower_or_equal = below[np.searchsorted(sorted_outside, inside, "right")]
    auroc = float((share * (lower + lower_or_equal) / 2).sum())
    return KnownFigures(
        auroc,
        float(np.mean([(shown[i] & right[i]).mean() for i in known])),
        float(np.mean([shown[i].mean() for i in others])),
    )


def _evidence(info: ModelInfo, clip: HeldOut) -> Array:
    """Return the averaged evidence (T, E) of a clip that is seen from its start."""
    rejection = _rejection(info, clip.rejection)
    probabilities = softmax(clip.logits / np.float32(info.temperature))
    evidence = rejection.evidence(clip.rows, probabilities)
    return rejection.average(evidence, clip.rows, rejection.initial_state())[0]


def _known(info: ModelInfo, clip: HeldOut, weights: Array, means: Array) -> Array:
    return _rejection(info, {**clip.rejection, "weights": weights}).known(means)


def _rejection(info: ModelInfo, arrays: Mapping[str, Array]) -> Rejection:
    assert info.rejection is not None
    assert info.step_rate is not None
    return Rejection(info.rejection, info.head, arrays, info.step_rate)


def _right(clip: HeldOut) -> NDArray[np.bool_]:
    right: NDArray[np.bool_] = clip.logits.argmax(-1) == clip.labels
    return right
