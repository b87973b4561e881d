"""From fitted networks to a model file's figures: calibration, threshold, test."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import torch
from torch import Tensor

from lrcn_desktop.model.model_info import ModelInfo
from training.evaluation.evaluation import Evaluation, JudgedClip, judge
from training.evaluation.metrics import class_accuracy, fit_temperature, fit_threshold
from training.features.folder import FeatureSet
from training.fitting.config import Fits
from training.fitting.example import Example
from training.run.gather import describe_negatives
from training.run.networks import Fitted

_FAINT = -30.0  # the logit of what a model does not know: no probability to speak of


@dataclass(frozen=True, slots=True)
class Said:
    """What networks said of a clip that they were not fitted to.

    Attributes:
        example: The clip.
        logits: (T, C), not yet calibrated.
        baseline: (T, C) of the frame network; None: it is the same one.
    """

    example: Example
    logits: Tensor
    baseline: Tensor | None


def say(fitted: Fitted, examples: Sequence[Example], device: torch.device) -> list[Said]:
    """Let networks say what they see in `examples`."""
    return [Said(example, *fitted.logits(example, device)) for example in examples]


def calibrate(info: ModelInfo, validation: Sequence[Said]) -> ModelInfo:
    """Return the description with the temperature and threshold that fit validation clips."""
    logits = torch.cat([said.logits for said in validation])
    labels = torch.cat([said.example.labels for said in validation])
    temperature = fit_temperature(logits, labels)
    threshold = fit_threshold(torch.softmax(logits / temperature, -1), labels)
    return replace(info, temperature=temperature, threshold=threshold)


def evaluate(info: ModelInfo, test: Sequence[Said], *, seen: int = 0) -> Evaluation:
    """Judge what was said of test clips."""
    clips = [
        JudgedClip(
            said.example.name,
            said.example.labels,
            said.logits / info.temperature,
            said.baseline,
            said.example.rate,
        )
        for said in test
    ]
    return judge(clips, info.classes, threshold=info.threshold, seen=seen)


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
        ours = spread(logits / info.temperature)
        assert ours is not None
        clips.append(JudgedClip(example.name, example.labels, ours, spread(baseline), example.rate))
    return judge(clips, union, threshold=info.threshold, seen=seen)


def describe_training(
    info: ModelInfo, features: FeatureSet, learnt: Sequence[int], fits: Fits, seed: int, split: str
) -> ModelInfo:
    """Return the description with the figures of the training data and of the fit."""
    clips = [features.clips[i] for i in learnt]
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
    info: ModelInfo, features: FeatureSet, evaluation: Evaluation, test: Sequence[Said], how: str
) -> ModelInfo:
    """Return the description with the figures that a person will see."""
    ours, theirs = evaluation.accuracy, evaluation.baseline
    figures: dict[str, Any] = {"protocol": how, "clips": evaluation.clips}
    figures["accuracy of steps"] = ours.frame
    figures["accuracy of steps, without memory"] = theirs.frame
    if evaluation.unit == "clip":
        figures |= {
            "accuracy of clips by the mean": ours.clip_mean,
            "accuracy of clips by the mean, without memory": theirs.clip_mean,
            "accuracy of clips at the last step": ours.clip_last,
            "accuracy of clips at the last step, without memory": theirs.clip_last,
        }
    figures["calibration error"] = evaluation.ece
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
