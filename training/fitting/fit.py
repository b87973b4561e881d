"""Fitting a head to the features of clips."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from lrcn_desktop.model.head import Head
from training.fitting.sequences import Example, Remix, Windows, stack


@dataclass(frozen=True, slots=True)
class FitConfig:
    """How a head is fitted.

    Attributes:
        epochs: Passes over the clips.
        batch: Sequences in a batch.
        length: Steps in a sequence.
        learning_rate: The highest one.
        decay: Keras' time-based decay, rate / (1 + decay * step); None: one cycle, up and down
            (Smith and Topin 2018).
        weight_decay: AdamW's.
        label_smoothing: Of the cross-entropy.
    """

    epochs: int = 40
    batch: int = 16
    length: int = 32
    learning_rate: float = 1e-3
    decay: float | None = None
    weight_decay: float = 1e-2
    label_smoothing: float = 0.05


_FRAMES = FitConfig(
    batch=128, length=1, learning_rate=1e-4, decay=1e-2, weight_decay=0.0, label_smoothing=0.0
)

FITS: dict[str, tuple[FitConfig, ...]] = {
    "default": (FitConfig(),),
    "vgg16": (_FRAMES,),
    "vgg16-lstm": (_FRAMES, replace(_FRAMES, batch=32, length=8)),
}
"""How each preset is fitted, stage by stage: the slides' ways, and this project's own."""


def fit(
    head: Head,
    examples: Sequence[Example],
    config: FitConfig,
    *,
    seed: int,
    opposite: Mapping[int, int] = MappingProxyType({}),
    epoch_done: Callable[[float], None] = lambda _: None,
) -> None:
    """Fit `head` in place: cross-entropy at every step, each class counting alike.

    Args:
        head: Left in evaluation mode, also when interrupted.
        examples: The training clips.
        config: How.
        seed: Of the order, the cuts and the dropout.
        opposite: Maps a class to what it is backwards, in data of streams (see `Remix`).
        epoch_done: Told the mean loss after every epoch.
    """
    rng = random.Random(seed)
    torch.manual_seed(seed)
    classes = head.classifier.out_features
    counts = torch.stack([e.labels.bincount(minlength=classes) for e in examples]).sum(0)
    weight = counts.sum() / classes / counts.clamp_min(1)
    trained = [p for p in head.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(
        trained, lr=config.learning_rate, weight_decay=config.weight_decay
    )
    if opposite:
        sequences: Windows | Remix = Remix(examples, config.length, opposite)
    else:
        sequences = Windows(examples, config.length)
    schedule = _schedule(optimizer, config, config.epochs * sequences.batches(config.batch))
    head.train()
    try:
        for _ in range(config.epochs):
            losses = []
            for chosen in sequences.epoch(config.batch, rng):
                pooled, labels = stack(chosen)
                logits, _ = head.classify(pooled, head.initial_state(len(chosen)))
                loss = cross_entropy(
                    logits.flatten(0, 1),
                    labels.flatten(),
                    weight=weight,
                    label_smoothing=config.label_smoothing,
                )
                optimizer.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                nn.utils.clip_grad_norm_(trained, 5.0)
                optimizer.step()
                schedule.step()
                losses.append(loss.item())
            epoch_done(sum(losses) / len(losses))
    finally:
        head.eval()


def _schedule(
    optimizer: torch.optim.Optimizer, config: FitConfig, steps: int
) -> torch.optim.lr_scheduler.LRScheduler:
    if config.decay is None:
        return torch.optim.lr_scheduler.OneCycleLR(
            optimizer, config.learning_rate, total_steps=steps, pct_start=0.1
        )
    decay = config.decay
    return torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 / (1 + decay * step))
