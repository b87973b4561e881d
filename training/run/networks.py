"""The networks of a preset, fitted in the preset's order.

Every preset begins with single frames: that network is the baseline that a memory is measured
against. A preset with a memory goes on from it as the slides do: 2.2 takes 2.1's fully connected
layers and holds them, 1.2 takes 1.1's convolutions and holds them, the paper's LRCN goes on with
all of it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lrcn_desktop.heaps import return_free
from lrcn_desktop.model.backbones.weights import SCALINGS
from lrcn_desktop.model.fits import FitConfig, Fits
from lrcn_desktop.model.model import Model, build_head, build_own_cnn
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.model.presets import PRESETS
from training.fitting.checkpoint import Progress, intact, load_checkpoint, save_checkpoint
from training.fitting.distributed import ProcessGroup
from training.fitting.example import Example
from training.fitting.fit import Data, FitContext, described, fit
from training.fitting.inputs import convolved
from training.fitting.movement import fit_movement
from training.fitting.network import Network, logits_of
from training.fitting.projection import fit_projection, projected
from training.fitting.rejection import fit_rejection
from training.run.folder import RunFolder

_EVERY = 2.0  # seconds from one frame to the next that a CNN is validated on: others are alike


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is common to all fits of a run.

    Attributes:
        info: The model.
        fits: How, by stages.
        seed: Of everything random.
        end_to_end: Whether what the preset holds of its own is trained too.
        opposite: Which class is which one backwards.
    """

    info: ModelInfo
    fits: Fits
    seed: int
    end_to_end: bool
    opposite: dict[int, int]

    @property
    def stages(self) -> tuple[FitConfig, ...]:
        """The fits that make a model, one after another."""
        fits = self.fits
        if fits.sequences.streams:
            return (fits.sequences,)
        return (fits.frames, fits.sequences) if self.info.head.hidden else (fits.frames,)


@dataclass(frozen=True, slots=True)
class Fitted:
    """The networks of one round.

    Attributes:
        network: With the memory, where the preset has one.
        frames: Without; the same one where the preset has none.
        epochs: The best epoch of each stage, frames first.
        rejection: The tensors of a `Rejection`, the weights of its evidence still zero; {} without.
    """

    network: Network
    frames: Network
    epochs: tuple[int, ...]
    rejection: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)

    def logits(self, example: Example, device: torch.device) -> tuple[Tensor, Tensor | None]:
        """Return what both say of a clip (T, C); None instead of the same twice."""
        if self.network is self.frames:
            return self.network.logits(example, device), None
        ours, theirs = logits_of((self.network, self.frames), example, device)
        return ours, theirs


@dataclass(frozen=True, slots=True)
class RoundContext:
    """Where the fits of a round are done, and who learns of them.

    Attributes:
        folder: The run's.
        processes: The processes that share it.
        device: Of the networks.
        check_paused: Called at every batch.
        epoch_done: Called with the name of a fit, how many epochs it has, and an epoch's figures.
    """

    folder: RunFolder
    processes: ProcessGroup
    device: torch.device
    check_paused: Callable[[], None]
    epoch_done: Callable[[str, int, dict[str, Any]], None] = lambda *_: None


def fit_networks(
    recipe: Recipe,
    train: Sequence[Example],
    validation: Sequence[Example],
    context: RoundContext,
    name: str,
    epochs: Sequence[int] = (),
    others: Sequence[Example] = (),
) -> Fitted:
    """Fit a preset's networks to `train`, the best epochs by `validation`.

    Args:
        recipe: What.
        train: The clips.
        validation: Clips that choose the best epochs; none where `epochs` says how many.
        context: Where.
        name: Of the round, for a person and for the checkpoints.
        epochs: How many each stage takes, frames first; empty: what `recipe` says.
        others: Clips that show none of the activities, for a preset that is fitted to streams.
    """
    if recipe.fits.sequences.streams:
        return _fit_to_streams(recipe, train, validation, others, context, name)
    frames = frames_network(recipe)
    thinned = [_thin(e) for e in validation] if frames.cnn is not None else validation
    fits = recipe.fits.of(epochs)
    first = _fit(frames, recipe, fits.frames, train, thinned, context, f"{name}, frames")
    if not recipe.info.head.hidden:
        return Fitted(frames, frames, (first.best,))
    preset = PRESETS[recipe.info.preset]
    torch.manual_seed(recipe.seed)
    alone = replace(recipe.info, head=replace(recipe.info.head, frames=False))
    network = Network(build_head(alone))
    frozen_cnn = frames.cnn is not None and preset.frozen_backbone and not recipe.end_to_end
    if frames.cnn is not None and not frozen_cnn:
        cnn = build_own_cnn(recipe.info)
        cnn.load_state_dict(frames.cnn.state_dict())
        network = Network(network.head, cnn, frames.scaling)
    if preset.frozen_fc or frames.cnn is not None:
        network.head.fc.load_state_dict(frames.head.fc.state_dict())
    if preset.frozen_fc and not recipe.end_to_end:
        network.head.fc.requires_grad_(False)
    if frozen_cnn:
        folder = context.folder.inputs(f"{plain(name)}-convolved")
        both = convolved(
            [*train, *validation],
            frames,
            folder,
            context.processes,
            context.device,
            context.check_paused,
        )
        train, validation = both[: len(train)], both[len(train) :]
    title = f"{name}, {recipe.info.head.cell.upper()}"
    second = _fit(network, recipe, fits.sequences, train, validation, context, title)
    if frozen_cnn:
        network = Network(network.head, frames.cnn, frames.scaling).eval()
    return Fitted(_join(recipe.info, network, frames), frames, (first.best, second.best))


def _fit_to_streams(
    recipe: Recipe,
    train: Sequence[Example],
    validation: Sequence[Example],
    others: Sequence[Example],
    context: RoundContext,
    name: str,
) -> Fitted:
    """Fit the networks of a head with a projection at once, to streams spliced from the clips."""
    torch.manual_seed(recipe.seed)
    network = Network(build_head(recipe.info))
    head = network.head
    assert head.projection is not None
    assert head.frames is not None
    head.projection.rate = train[0].rate
    title = f"{name}, {recipe.info.head.cell.upper()}"
    path = context.folder.checkpoint(f"{plain(title)}-done")
    data = Data(train, validation, others)
    alone = context.processes.size == 1  # of several, one would wait for what the others skip
    about = described(data, recipe.fits.sequences, recipe.seed)
    kept = _kept(path, network, about) if alone else None
    if kept is not None:
        progress, fitted = kept
        for figures in progress.history:
            context.epoch_done(title, recipe.fits.sequences.epochs, figures)
        return fitted
    fit_projection(head.projection, train, context.check_paused)
    # In this order, so that what streams are spliced of lies in one piece.
    rows = projected(head.projection, [*train, *others, *validation], context.check_paused)
    train, others, validation = (
        rows[: len(train)],
        rows[len(train) : len(train) + len(others)],
        rows[len(train) + len(others) :],
    )
    if head.movement is not None:
        fit_movement(head, train)
    return_free()  # what was read and computed for them, of all clips
    stage = recipe.fits.sequences
    progress = _fit(network, recipe, stage, train, validation, context, title, others)
    rejection: dict[str, NDArray[np.float32]] = {}
    if recipe.info.rejection is not None and others:
        rejection = fit_rejection(
            recipe.info.rejection,
            recipe.info.head,
            [(example.read(), example.labels) for example in train],
            [example.read() for example in others],
            len(recipe.info.classes),
        )
    fitted = Fitted(network, Network(head.frames).eval(), (progress.best,), rejection)
    if alone:
        _keep(path, fitted, progress)
    return fitted


def _keep(path: Path, fitted: Fitted, progress: Progress) -> None:
    """Write down a round that is done: another process of the run, or session, takes it up."""
    tensors = {f"network.{name}": part for name, part in fitted.network.state_dict().items()}
    evidence = {name: torch.from_numpy(part) for name, part in fitted.rejection.items()}
    tensors |= {f"rejection.{name}": part for name, part in evidence.items()}
    save_checkpoint(path, progress, tensors)


def _kept(path: Path, network: Network, described: str) -> tuple[Progress, Fitted] | None:
    """Return the round that `_keep` wrote, in `network`; None: there is none.

    Raises:
        UserError: It is damaged, or of another fit.
    """
    found = load_checkpoint(path, described)
    if found is None:
        return None
    progress, tensors = found
    parts: dict[str, dict[str, Tensor]] = {"network": {}, "rejection": {}}
    with intact(path):
        for name, part in tensors.items():
            kind, _, rest = name.partition(".")
            parts[kind][rest] = part
        network.load_state_dict(parts["network"])
    frames = network.head.frames
    assert frames is not None
    rejection = {name: part.numpy() for name, part in parts["rejection"].items()}
    return progress, Fitted(network.eval(), Network(frames).eval(), (progress.best,), rejection)


def _join(info: ModelInfo, network: Network, frames: Network) -> Network:
    """Return the network with the one without memory beside it, where the head is so."""
    if not info.head.frames:
        return network
    head = build_head(info).to(next(network.parameters()).device)
    head.load_state_dict(
        network.head.state_dict()
        | {f"frames.{name}": tensor for name, tensor in frames.head.state_dict().items()}
    )
    return Network(head, network.cnn, network.scaling).eval()


def to_model(info: ModelInfo, fitted: Fitted) -> Model:
    """Return the model of fitted networks, in evaluation mode, on the CPU."""
    network, frames = fitted.network, fitted.frames
    memory = network is not frames
    apart = memory and network.head.frames is None
    own_baseline = apart and network.cnn is not frames.cnn
    for part in (network, frames):
        part.cpu().eval()
    return Model(
        replace(info, baseline="network" if own_baseline else "head" if apart else "none"),
        network.head,
        network.cnn,
        frames.head if apart else None,
        frames.cnn if own_baseline else None,
        fitted.rejection,
    )


def from_model(model: Model) -> Fitted:
    """Return a model's networks, as if they had just been fitted."""
    scaling = SCALINGS[model.info.scaling] if model.cnn is not None else None
    network = Network(model.head, model.cnn, scaling).eval()
    baseline = model.baseline or model.head.frames
    if baseline is None:
        return Fitted(network, network, ())
    frames = Network(baseline, model.baseline_cnn or model.cnn, scaling).eval()
    return Fitted(network, frames, (), model.rejection)


def frames_network(recipe: Recipe) -> Network:
    """Return an untrained network without memory."""
    torch.manual_seed(recipe.seed)
    head = build_head(recipe.info, memory=False)
    if not recipe.info.backbone.trained:
        return Network(head)
    return Network(head, build_own_cnn(recipe.info), SCALINGS[recipe.info.scaling])


def _fit(
    network: Network,
    recipe: Recipe,
    config: FitConfig,
    train: Sequence[Example],
    validation: Sequence[Example],
    context: RoundContext,
    title: str,
    others: Sequence[Example] = (),
) -> Progress:
    """Fit one network; return what became of its epochs."""
    frames = not network.head.config.hidden
    opposite = {} if frames and config.length == 1 else recipe.opposite
    data = Data(train, validation, others, opposite)
    where = FitContext(
        context.device,
        context.processes,
        context.folder.checkpoint(plain(title)),
        context.check_paused,
        lambda figures: context.epoch_done(title, config.epochs, figures),
    )
    return fit(network, data, config, seed=recipe.seed, context=where)


def _thin(example: Example) -> Example:
    stride = max(1, round(_EVERY * example.rate))
    return replace(example, labels=example.labels[::stride], stride=stride)


def plain(title: str) -> str:
    """Return a title as a file's name."""
    return "".join(char if char.isalnum() else "-" for char in title.lower()).replace("--", "-")
