"""From cached features to a model with its figures.

The model is fitted to all clips. Its figures come from cross-validation: as many more fits, each
judged on whole groups that it has not seen. Few clips, as most people have, are best used so.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import torch
from torch import Tensor

from lrcn_desktop.model.head import Head
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.model.presets import PRESETS, HeadConfig
from training import evaluate
from training.cache import FeatureCache
from training.dataset import DataSet
from training.fit import Example, FitConfig, fit
from training.split import folds

EpochDone = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What networks said of clips that they were not fitted to.

    Attributes:
        logits: (T, C) a clip.
        baseline: (T, C) a clip: the same network without memory, fitted likewise.
        labels: (T,) a clip.
    """

    logits: list[Tensor]
    baseline: list[Tensor]
    labels: list[Tensor]


def build_info(data: DataSet, preset: str, *, name: str, rate: float, digest: str) -> ModelInfo:
    """Return the description of an untrained model of `data`'s activities."""
    spec = PRESETS[preset]
    return ModelInfo(
        name=name,
        classes=data.classes,
        preset=preset,
        backbone=spec.backbone,
        head=spec.head,
        step_rate=rate,
        backbone_digest=digest,
    )


def load_examples(data: DataSet, cache: FeatureCache, head: Head) -> list[Example]:
    """Return every clip as `head` sees it: pooled, in memory, float16."""
    number = {label: index for index, label in enumerate(data.classes)}
    examples = []
    for clip in data.clips:
        features = torch.from_numpy(cache.load(clip).copy()).float()
        labels = torch.tensor([number[label] for label in cache.labels(clip)])
        examples.append(Example(head.pool(features).half(), labels))
    return examples


def epochs(info: ModelInfo, fits: Sequence[FitConfig]) -> int:
    """Return how many epochs one fit of the model takes, over all of its stages."""
    return sum(stage.epochs for stage in fits[-_stages(info, info.head) :])


def _stages(info: ModelInfo, config: HeadConfig) -> int:
    return 2 if PRESETS[info.preset].frozen_fc and config.hidden else 1


def fit_stages(
    head: Head,
    info: ModelInfo,
    examples: Sequence[Example],
    fits: Sequence[FitConfig],
    seed: int,
    epoch_done: EpochDone,
) -> None:
    """Fit `head` in place, in the stages of its preset.

    Where the fully connected layers are to be frozen, they are fitted first, to single frames, and
    stay (the slides: 2.2 from 2.1's FC). A head without memory has the first stage alone.
    """
    if _stages(info, head.config) == 2:
        frames = Head(replace(head.config, hidden=()), head.shape, len(info.classes))
        fit(frames, examples, fits[0], seed=seed, epoch_done=epoch_done)
        head.fc.load_state_dict(frames.fc.state_dict())
        head.fc.requires_grad_(False)
    stage = fits[-1] if head.config.hidden else fits[0]
    fit(head, examples, stage, seed=seed, epoch_done=epoch_done)


def cross_validate(
    info: ModelInfo,
    data: DataSet,
    examples: Sequence[Example],
    fits: Sequence[FitConfig],
    *,
    count: int,
    seed: int,
    epoch_done: EpochDone,
) -> HeldOut:
    """Fit `count` times on all groups but a fold's, and keep what is said of that fold's clips."""
    logits: dict[int, Tensor] = {}
    baseline: dict[int, Tensor] = {}
    memoryless = replace(info.head, hidden=(), skip=False)
    for fold in folds(data.clips, count, seed):
        held = set(fold)
        rest = [e for i, e in enumerate(examples) if i not in held]
        for config, said in ((info.head, logits), (memoryless, baseline)):
            torch.manual_seed(seed)
            head = Head(config, info.backbone.shape, len(info.classes))
            fit_stages(head, info, rest, fits, seed, epoch_done)
            said |= {i: evaluate.clip_logits(head, examples[i]) for i in fold}
    order = range(len(examples))
    return HeldOut(
        [logits[i] for i in order], [baseline[i] for i in order], [e.labels for e in examples]
    )


def calibrate(info: ModelInfo, data: DataSet, held: HeldOut, count: int) -> ModelInfo:
    """Return `info` with temperature, threshold and test figures from the held-out clips."""
    temperature = evaluate.fit_temperature(torch.cat(held.logits), torch.cat(held.labels))
    said = [torch.softmax(logits / temperature, -1) for logits in held.logits]
    frames = [torch.softmax(logits, -1) for logits in held.baseline]
    threshold = evaluate.fit_threshold(torch.cat(said), torch.cat(held.labels))
    ours, theirs = evaluate.accuracy(said, held.labels), evaluate.accuracy(frames, held.labels)
    test: dict[str, Any] = {
        "protocol": f"{count}-fold cross-validation over {_groups(data)} groups; "
        "no group on two sides",
        "clips": len(data.clips),
        "accuracy of steps": ours.frame,
        "accuracy of steps, without memory": theirs.frame,
        "calibration error": evaluate.calibration_error(torch.cat(said), torch.cat(held.labels)),
    }
    if data.order_pairs:
        pairs = [data.classes.index(label) for pair in data.order_pairs for label in pair]
        for key, probabilities in (("", said), (", without memory", frames)):
            figure = evaluate.class_accuracy(probabilities, held.labels, pairs)
            test[f"accuracy of steps in opposite-order activities{key}"] = figure
    else:
        test |= {
            "accuracy of clips by the mean": ours.clip_mean,
            "accuracy of clips by the mean, without memory": theirs.clip_mean,
            "accuracy of clips at the last step": ours.clip_last,
            "accuracy of clips at the last step, without memory": theirs.clip_last,
            "confusion": evaluate.confusion(said, held.labels, len(data.classes)).tolist(),
        }
    return replace(info, temperature=temperature, threshold=threshold, test=test)


def _groups(data: DataSet) -> int:
    return len({clip.group for clip in data.clips})


def describe_training(
    info: ModelInfo,
    data: DataSet,
    examples: Sequence[Example],
    fits: Sequence[FitConfig],
    seed: int,
) -> ModelInfo:
    """Return `info` with the figures of the training data and of the fit."""
    steps = torch.stack([e.labels.bincount(minlength=len(data.classes)) for e in examples]).sum(0)
    training: dict[str, Any] = {
        "data": data.name,
        "clips": len(data.clips),
        "groups": _groups(data),
        "steps": dict(zip(data.classes, steps.tolist(), strict=True)),
        "fit": [asdict(fit) for fit in fits],
        "seed": seed,
    }
    return replace(info, training=training)
