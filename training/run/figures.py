"""From fitted networks to a model file's figures: calibration, threshold, test."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import torch
from torch import Tensor

from lrcn_desktop.model.claims import INTERVAL
from lrcn_desktop.model.fits import Fits
from lrcn_desktop.model.model_info import ModelInfo
from training.evaluation.bootstrap import Interval
from training.evaluation.calibration import Calibration, cross_fit, fit_calibration
from training.evaluation.evaluation import CalibratedOn, Evaluation, judge
from training.evaluation.metrics import class_accuracy
from training.evaluation.predict import judged
from training.features.folder import FeatureSet
from training.fitting.example import Example
from training.run.networks import Fitted
from training.run.prepare import describe_negatives

_FAINT = -30.0  # the logit of what a model does not know: no probability to speak of


@dataclass(frozen=True, slots=True)
class ClipLogits:
    """What networks said of a clip that they were not fitted to.

    Attributes:
        example: The clip.
        logits: (T, C), not yet calibrated.
        baseline: (T, C) of the frame network; None: it is the same one.
        fold: The number of the validation side that it is in; None: it is in none, but a test clip.
        known: (T,), how surely an activity is seen, by what other clips were fitted to; None: the
            highest probability says it.
        threshold: What `known` has to reach.
    """

    example: Example
    logits: Tensor
    baseline: Tensor | None
    fold: int | None = None
    known: Tensor | None = None
    threshold: float = 0.0


def predict_logits(
    fitted: Fitted, examples: Sequence[Example], device: torch.device, fold: int | None = None
) -> list[ClipLogits]:
    """Return what networks give for `examples`, of the validation side `fold` or of a test."""
    return [ClipLogits(example, *fitted.logits(example, device), fold) for example in examples]


def calibrate(info: ModelInfo, validation: Sequence[ClipLogits]) -> ModelInfo:
    """Return the description with the temperature and threshold that fit validation clips."""
    found = fit_calibration(
        [said.logits for said in validation],
        [said.example.labels for said in validation],
        [_group(said) for said in validation],
    )
    return replace(info, temperature=found.temperature, threshold=found.threshold)


def evaluate(info: ModelInfo, test: Sequence[ClipLogits], *, seen: int = 0) -> Evaluation:
    """Judge what was said of test clips, or of validation clips where there are no others.

    Validation clips of several folds are calibrated each on the other folds: a clip does not judge
    a temperature or a threshold that it was used to fit.
    """
    calibrated_on = _calibrated_on(test)
    calibrations = [Calibration(info.temperature, info.threshold)] * len(test)
    if calibrated_on == "other folds":
        calibrations = cross_fit(
            [said.logits for said in test],
            [said.example.labels for said in test],
            [_group(said) for said in test],
            [said.fold or 0 for said in test],
        )
    clips = [
        judged(said.example, said.logits, said.baseline, calibration)
        if said.known is None
        else judged(
            said.example,
            said.logits,
            said.baseline,
            replace(calibration, threshold=said.threshold),
            said.known,
        )
        for said, calibration in zip(test, calibrations, strict=True)
    ]
    return judge(clips, info.classes, seen=seen, calibrated_on=calibrated_on)


def _calibrated_on(test: Sequence[ClipLogits]) -> CalibratedOn:
    folds = {said.fold for said in test}
    if None in folds:
        return "other clips"
    return "other folds" if len(folds) > 1 else "these clips"


def _group(said: ClipLogits) -> str:
    return said.example.group or said.example.name


def evaluate_other(
    info: ModelInfo, fitted: Fitted, examples: Sequence[Example], classes: Sequence[str], seen: int
) -> Evaluation:
    """Judge another model on clips whose labels number `classes`.

    What it does not know it cannot get right; what it knows beyond them, it may still say.
    """
    union = [*classes, *(label for label in info.classes if label not in classes)]
    columns = torch.tensor([union.index(label) for label in info.classes])

    def spread(logits: Tensor | None) -> Tensor | None:
        if logits is None:
            return None
        result = torch.full((len(logits), len(union)), _FAINT)
        result[:, columns] = torch.log_softmax(logits, -1)
        return result

    clips = []
    for example in examples:
        logits, baseline = fitted.logits(example, torch.device("cpu"))
        clip = judged(example, logits, baseline, Calibration(info.temperature, info.threshold))
        ours = spread(clip.logits)
        assert ours is not None
        clips.append(replace(clip, logits=ours, baseline=spread(baseline)))
    return judge(clips, union, seen=seen)


def describe_training(
    info: ModelInfo, features: FeatureSet, trained: Sequence[int], fits: Fits, seed: int, split: str
) -> ModelInfo:
    """Return the description with the figures of the training data and of the fit."""
    clips = [features.clips[i] for i in trained]
    steps = dict.fromkeys(features.classes, 0)
    for clip in clips:
        for label in clip.step_labels:
            steps[label] += 1
    training: dict[str, Any] = {
        "data": features.name,
        "clips": len(clips),
        "groups": len({clip.group for clip in clips}),
        "steps": steps,
        "fit": asdict(fits),
        "seed": seed,
        "split": split,
        "clips_sha256": sorted(clip.digest for clip in clips),
    }
    if features.negatives:
        training["negatives"] = {
            **describe_negatives(features.negatives),
            "clips_sha256": sorted(clip.digest for clip in features.negatives),
        }
    return replace(info, training=training)


def describe_test(
    info: ModelInfo,
    features: FeatureSet,
    evaluation: Evaluation,
    test: Sequence[ClipLogits],
    fits: Fits,
) -> ModelInfo:
    """Return the description with the figures that a person will see."""
    protocol = _protocol(info.training["split"], test, fits)
    figures: dict[str, Any] = {
        "protocol": protocol,
        "clips": evaluation.clips,
        "groups": evaluation.groups,
    }
    for name, of in (
        ("accuracy of clips by the mean", "clip_mean"),
        ("accuracy of clips at the last step", "clip_last"),
        ("accuracy of steps", "frame"),
    ):
        for suffix, side in (("", "accuracy"), (", without memory", "baseline")):
            if getattr(evaluation.accuracy, of) is not None:
                figures[f"{name}{suffix}"] = getattr(getattr(evaluation, side), of)
                figures[f"{name}{suffix}{INTERVAL}"] = rounded(
                    getattr(getattr(evaluation.intervals, side), of)
                )
    figures["calibration error"] = evaluation.ece
    figures["calibrated on"] = evaluation.calibrated_on
    if not evaluation.memory:
        figures = {key: value for key, value in figures.items() if "without memory" not in key}
    if features.order_pairs:
        pairs = [features.classes.index(label) for pair in features.order_pairs for label in pair]
        labels = [said.example.labels for said in test]
        for key, logits in (
            ("", [said.logits for said in test]),
            (", without memory", [said.baseline for said in test if said.baseline is not None]),
        ):
            if logits:
                share = class_accuracy(logits, labels, pairs)
                figures[f"accuracy of steps in opposite-order activities{key}"] = share
    figures["confusion"] = evaluation.confusion
    finite = {k: v for k, v in figures.items() if not isinstance(v, float) or math.isfinite(v)}
    return replace(info, test=finite)


def _protocol(split: str, test: Sequence[ClipLogits], fits: Fits) -> str:
    """Return how the clips were divided, and whether those that judge chose anything."""
    if all(said.fold is None for said in test):
        return split
    chosen = []
    if fits.frames.patience or fits.sequences.patience:
        chosen.append("chose the epochs")
    if _calibrated_on(test) == "these clips":
        chosen.append("calibrated the model")
    return f"{split}; these clips also {' and '.join(chosen)}" if chosen else split


def rounded(interval: Interval) -> list[float]:
    """Return an interval as a file keeps it: a bootstrap's fifth digit says nothing."""
    return [round(bound, 4) for bound in interval]
