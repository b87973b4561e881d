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
from training.data.dataset import DataSet
from training.evaluation import metrics as evaluate
from training.features.cache import FeatureCache
from training.fitting.fit import FitConfig, fit
from training.fitting.sequences import Example

EpochDone = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Task:
    """What to fit, to what, and how.

    Attributes:
        info: The model.
        data: The clips.
        examples: The clips as the head sees them, in the same order.
        fits: Stage by stage.
        seed: Of the initial values, the order, the cuts and the dropout.
    """

    info: ModelInfo
    data: DataSet
    examples: Sequence[Example]
    fits: Sequence[FitConfig]
    seed: int

    @property
    def epochs(self) -> int:
        """How many epochs one fit takes, over all of its stages."""
        return sum(stage.epochs for stage in self.fits[-self.stages(self.info.head) :])

    @property
    def opposite(self) -> dict[int, int]:
        """Which class is which one backwards."""
        number = {label: index for index, label in enumerate(self.data.classes)}
        pairs = [(number[a], number[b]) for a, b in self.data.order_pairs]
        return dict(pairs) | {b: a for a, b in pairs}

    def stages(self, config: HeadConfig) -> int:
        """Return how many stages a head of `config` is fitted in."""
        return 2 if PRESETS[self.info.preset].frozen_fc and config.hidden else 1

    def new_head(self, config: HeadConfig) -> Head:
        """Return an untrained head; the same one for the same seed."""
        torch.manual_seed(self.seed)
        return Head(config, self.info.backbone.shape, len(self.info.classes))


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


def fit_head(head: Head, task: Task, examples: Sequence[Example], epoch_done: EpochDone) -> None:
    """Fit `head` in place, in the stages of its preset.

    Where the fully connected layers are to be frozen, they are fitted first, to single frames, and
    stay (the slides: 2.2 from 2.1's FC). A head without memory has the first stage alone.
    """

    def stage(part: Head, config: FitConfig) -> None:
        fit(part, examples, config, seed=task.seed, opposite=task.opposite, epoch_done=epoch_done)

    if task.stages(head.config) == 2:
        frames = task.new_head(replace(head.config, hidden=()))
        stage(frames, task.fits[0])
        head.fc.load_state_dict(frames.fc.state_dict())
        head.fc.requires_grad_(False)
    stage(head, task.fits[-1] if head.config.hidden else task.fits[0])


def cross_validate(task: Task, sides: Sequence[Sequence[int]], epoch_done: EpochDone) -> HeldOut:
    """Fit once for each side, on all other clips, and keep what is said of that side's clips."""
    logits: dict[int, Tensor] = {}
    baseline: dict[int, Tensor] = {}
    memoryless = replace(task.info.head, hidden=())
    for side in sides:
        held = set(side)
        rest = [example for i, example in enumerate(task.examples) if i not in held]
        for config, said in ((task.info.head, logits), (memoryless, baseline)):
            head = task.new_head(config)
            fit_head(head, task, rest, epoch_done)
            said |= {i: evaluate.clip_logits(head, task.examples[i]) for i in side}
    order = range(len(task.examples))
    return HeldOut(
        [logits[i] for i in order],
        [baseline[i] for i in order],
        [example.labels for example in task.examples],
    )


def calibrate(task: Task, held: HeldOut, count: int) -> ModelInfo:
    """Return the description with temperature, threshold and figures from the held-out clips."""
    info, data = task.info, task.data
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


def describe_training(task: Task) -> ModelInfo:
    """Return the model's description with the figures of the training data and of the fit."""
    labels = torch.cat([example.labels for example in task.examples])
    steps = labels.bincount(minlength=len(task.data.classes))
    training: dict[str, Any] = {
        "data": task.data.name,
        "clips": len(task.data.clips),
        "groups": _groups(task.data),
        "steps": dict(zip(task.data.classes, steps.tolist(), strict=True)),
        "fit": [asdict(stage) for stage in task.fits],
        "seed": task.seed,
    }
    return replace(task.info, training=training)
