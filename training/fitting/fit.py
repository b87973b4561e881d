"""Fitting a network to clips: cross-entropy at every step, checkpoints, the best epoch kept."""

import json
import math
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from lrcn_desktop.model.fits import FitConfig
from lrcn_desktop.model.head import State
from training.fitting.checkpoint import (
    Progress,
    intact,
    load_checkpoint,
    pack_optimizer,
    save_checkpoint,
    unpack_optimizer,
)
from training.fitting.distributed import ProcessGroup, SharedDropout
from training.fitting.example import Example
from training.fitting.network import Network
from training.fitting.sequences import PADDING, Cut, RemixSampler, WindowSampler, stack
from training.fitting.stream_sampler import StreamSampler
from training.fitting.validate import validate, validation_figures

FRAMES_AT_ONCE = 128  # whose activations in a CNN are kept at once: some 2 GB
_WORTH = 10.0  # a checkpoint is written when this many times its own cost has passed


@dataclass(frozen=True, slots=True)
class Data:
    """What a network is fitted to.

    Attributes:
        train: The clips.
        validation: Clips that choose the best epoch; none: the last epoch is taken.
        others: Clips that show none of the activities, for streams.
        opposite: Maps a class to what it is backwards (see `StreamSampler` and `RemixSampler`).
    """

    train: Sequence[Example]
    validation: Sequence[Example] = ()
    others: Sequence[Example] = ()
    opposite: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class FitContext:
    """Where and for whom a fit is done.

    Attributes:
        device: Of the network.
        processes: The processes that share it.
        checkpoint: The file that it goes on from, and is kept in; None: in memory only.
        check_paused: Called at every batch; it may wait, or raise KeyboardInterrupt to stop.
        epoch_done: Told the figures of every epoch, those of an earlier session included.
    """

    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    processes: ProcessGroup = field(default_factory=ProcessGroup)
    checkpoint: Path | None = None
    check_paused: Callable[[], None] = lambda: None
    epoch_done: Callable[[dict[str, Any]], None] = lambda _: None


def described(data: Data, config: FitConfig, seed: int) -> str:
    """Return what is fitted, and how, as one line: no other fit goes on from its checkpoint."""
    sides = (data.train, data.validation, data.others)
    names = [[example.name for example in examples] for examples in sides]
    return json.dumps([asdict(config), seed, names])


def fit(
    network: Network,
    data: Data,
    config: FitConfig,
    *,
    seed: int,
    context: FitContext | None = None,
) -> Progress:
    """Fit what is not frozen of `network` in place, each class counting alike.

    Interrupted anywhere and called again with the same checkpoint file, it gives the very figures
    and weights that it would have given (on a CPU).

    Args:
        network: Left in evaluation mode, with the weights of its best epoch.
        data: The clips.
        config: How.
        seed: Of the order, the cuts and the dropout.
        context: Where, and for whom.

    Returns:
        The history of the fit.
    """
    run = Fit(network, data, config, seed, context or FitContext())
    try:
        return run.run()
    finally:
        network.eval()


class Fit:
    """One fit, from its data to the weights of its best epoch."""

    def __init__(
        self,
        network: Network,
        data: Data,
        config: FitConfig,
        seed: int,
        context: FitContext,
    ) -> None:
        self.network, self._data, self._config, self._context = network, data, config, context
        network.to(context.device)
        if network.cnn is not None:
            network.cnn.to(memory_format=torch.channels_last)
        self._dropout = SharedDropout(network.head.dropout.p)
        for head in (network.head, network.head.frames):
            if head is not None:
                head.dropout = self._dropout
        self._norms = context.processes.share_norms(network)
        self._shared = context.processes.wrap(network)
        self._trained = [p for p in network.parameters() if p.requires_grad]
        self._optimizer = _optimizer(self._trained, config)
        self._sequences = _sampler(network, data, config)
        self._state: State | None = None  # where sequences go on from batch to batch
        self._weight = self._class_weights()
        self._progress = Progress(described(data, config, seed), seed)
        self._best: dict[str, Tensor] = {}
        self._saved_at, self._cost = -math.inf, 0.0

    def run(self) -> Progress:
        """Fit, or go on where a checkpoint stands; return what became of every epoch."""
        self._go_on()
        progress = self._progress
        for figures in progress.history:
            self._context.epoch_done(figures)
        while not progress.finished:
            figures = self.epoch()
            last = self._config.keep == "last" or not self._data.validation
            better = last or self._is_best(figures)
            progress.epoch += 1
            progress.history.append(figures | {"epoch": progress.epoch, "best": better})
            if better:
                progress.best, self._best = progress.epoch, self._snapshot()
            patience = self._config.patience or math.inf
            waited = progress.epoch - progress.best
            progress.finished = progress.epoch >= self._config.epochs or waited >= patience
            self._save()
            self._context.epoch_done(progress.history[-1])
        self.network.load_state_dict(self._best)
        return progress

    def _go_on(self) -> None:
        """Take up what the checkpoint holds, if there is one."""
        path = self._context.checkpoint
        found = load_checkpoint(path, self._progress.config) if path is not None else None
        if path is None or found is None:
            return
        self._progress, tensors = found
        state = {k[8:]: t for k, t in tensors.items() if k.startswith("network.")}
        self._best = {k[5:]: t for k, t in tensors.items() if k.startswith("best.")}
        with intact(path):
            if self._best:
                self.network.load_state_dict(self._best)
            if not self._progress.finished:
                self.network.load_state_dict(state)
                unpack_optimizer(self._optimizer, tensors)

    def _save(self) -> None:
        path, now = self._context.checkpoint, time.monotonic()
        due = self._progress.finished or now - self._saved_at >= _WORTH * self._cost
        if path is None or not self._context.processes.is_main or not due:
            return
        tensors = {f"best.{name}": tensor for name, tensor in self._best.items()}
        if not self._progress.finished:
            state = self.network.state_dict()
            tensors |= {f"network.{name}": tensor for name, tensor in state.items()}
            tensors |= pack_optimizer(self._optimizer)
        save_checkpoint(path, self._progress, tensors)
        self._saved_at = time.monotonic()
        self._cost = self._saved_at - now

    def _snapshot(self) -> dict[str, Tensor]:
        return {name: t.detach().cpu().clone() for name, t in self.network.state_dict().items()}

    def _is_best(self, figures: dict[str, Any]) -> bool:
        before = [past["validation_loss"] for past in self._progress.history if past["best"]]
        return not before or figures["validation_loss"] < before[-1]

    def epoch(self) -> dict[str, Any]:
        """Pass over the clips once and validate; return the epoch's figures."""
        rng = random.Random(f"{self._progress.seed} {self._progress.epoch}")
        torch.manual_seed(rng.getrandbits(63))
        self.network.train()
        if self.network.cnn is not None and not any(
            p.requires_grad for p in self.network.cnn.parameters()
        ):
            self.network.cnn.eval()
        sums = torch.zeros(3, dtype=torch.float64)  # loss, right steps, steps
        self._state = None
        for cuts in self._sequences.epoch(rng):
            self._context.check_paused()
            sums += self._batch(cuts)
            self._progress.batches += 1
        sums = self._context.processes.all_reduce_sum(sums)
        figures = {"loss": float(sums[0] / sums[2]), "accuracy": float(sums[1] / sums[2])}
        return figures | self._validate()

    def _batch(self, cuts: Sequence[Cut]) -> Tensor:
        """Take one step of the optimizer; return the batch's sums, as this process knows them."""
        labels = torch.cat([cut.labels for cut in cuts])
        norm = max(float(self._weight.cpu()[labels[labels != PADDING]].sum()), 1.0)
        for group in self._optimizer.param_groups:
            group["lr"] = self._learning_rate()
        self._optimizer.zero_grad()
        sums = torch.zeros(3, dtype=torch.float64)
        for part in self._parts(cuts):
            sums += self._backward(part, norm)
        nn.utils.clip_grad_norm_(self._trained, self._config.clip)
        self._optimizer.step()
        return sums

    def _parts(self, cuts: Sequence[Cut]) -> list[Sequence[Cut]]:
        """Divide a batch so that a CNN's activations fit into memory; the gradients add up."""
        if self.network.cnn is None:
            return [cuts]
        size = max(1, FRAMES_AT_ONCE // self._config.length)
        return [cuts[start : start + size] for start in range(0, len(cuts), size)]

    def _backward(self, cuts: Sequence[Cut], norm: float) -> Tensor:
        """Add the gradients of a part of a batch, shared by all processes; return its sums."""
        config, processes = self._config, self._context.processes
        rows = processes.share(len(cuts))
        self._dropout.batch, self._dropout.rows = len(cuts), rows
        length = max(len(cut.labels) for cut in cuts)
        mine = cuts[rows]
        if not mine:  # more processes than sequences: one too many is read and does not count
            mine, self._dropout.rows = cuts[:1], slice(0, 1)
        for batch_norm in self._norms:
            batch_norm.counts = rows.start != rows.stop
        inputs, targets = stack(mine, length)
        real = (targets != PADDING).to(self._context.device)
        if rows.start == rows.stop:
            targets.fill_(PADDING)
        inputs, targets = inputs.to(self._context.device), targets.to(self._context.device)
        state = self._state or self.network.head.initial_state(len(mine))
        sums = torch.zeros(3, dtype=torch.float64)
        for start in range(0, length, config.truncate):
            steps = slice(start, start + config.truncate)
            said = targets[:, steps].flatten()
            logits, state = self._shared(inputs[:, steps], state, real[:, steps])
            state = tuple(part.detach() for part in state)
            losses = [
                cross_entropy(
                    part.flatten(0, 1),
                    said,
                    weight=self._weight,
                    label_smoothing=config.label_smoothing,
                    reduction="sum",
                )
                for part in (logits if config.streams else logits[:1])
            ]
            total = torch.stack(losses).sum()
            (total * processes.size / norm).backward()  # type: ignore[no-untyped-call]
            right = int((logits[0].flatten(0, 1).argmax(-1) == said).sum())
            sums += torch.tensor([float(losses[0].detach()), right, int((said >= 0).sum())])
        if config.streams:
            self._state = state
        return sums

    def _learning_rate(self) -> float:
        config, done = self._config, self._progress.batches
        if config.decay is not None:
            return config.learning_rate / (1 + config.decay * done)
        total = config.epochs * self._sequences.batches
        warm = 0.1 * total
        if done < warm:
            low, part = 1 / 25, (1 - math.cos(math.pi * done / warm)) / 2
            return config.learning_rate * (low + (1 - low) * part)
        part = (done - warm) / (total - warm)
        return config.learning_rate * (1 + math.cos(math.pi * part)) / 2

    def _class_weights(self) -> Tensor:
        classes = self.network.head.classifier.out_features
        if self._config.streams:  # which show each as often
            return torch.ones(classes, device=self._context.device)
        labels = [example.labels.bincount(minlength=classes) for example in self._data.train]
        counts = torch.stack(labels).sum(0)
        weight = counts.sum() / classes / counts.clamp_min(1)
        return weight.to(self._context.device)

    def _validate(self) -> dict[str, Any]:
        self.network.eval()
        processes, examples = self._context.processes, self._data.validation
        mine = examples[processes.share(len(examples))]
        sums = validate(self.network, mine, self._context.device, self._weight)
        return validation_figures(processes.all_reduce_sum(sums))


def _sampler(
    network: Network, data: Data, config: FitConfig
) -> WindowSampler | RemixSampler | StreamSampler:
    if config.streams:
        projection = network.head.projection
        assert projection is not None
        return StreamSampler(data.train, data.others, config, data.opposite, projection)
    if data.opposite:
        return RemixSampler(data.train, config, data.opposite)
    return WindowSampler(data.train, config)


def _optimizer(trained: Sequence[nn.Parameter], config: FitConfig) -> torch.optim.Optimizer:
    rate, decay = config.learning_rate, config.weight_decay
    if config.optimizer == "sgd":
        return torch.optim.SGD(trained, lr=rate, momentum=0.9, weight_decay=decay)
    return torch.optim.AdamW(trained, lr=rate, weight_decay=decay)
