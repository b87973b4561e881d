"""What a model says of clips."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.model import Model
from training.evaluation.calibration import Calibration
from training.evaluation.evaluation import JudgedClip
from training.features.folder import FeatureSet
from training.features.kind import width_of
from training.fitting.distributed import ProcessGroup
from training.fitting.example import Example
from training.fitting.inputs import examples_of, pooled
from training.fitting.network import Network
from training.run.known import known_scores
from training.run.networks import from_model

_FRAMES = 64  # that go through a network without memory at once


def predict_clips(
    model: Model,
    features: FeatureSet,
    device: torch.device,
    done: Callable[[int], None] = lambda count: None,
) -> list[JudgedClip]:
    """Return what a model and its frame network see in clips, each from a fresh state.

    Args:
        model: Where its file holds no frame network though it has a memory, the network itself
            stands in for it, its memory cleared before every step.
        features: The clips, of the kind that it needs, labeled in the order of its classes.
        device: Where a CNN of its own runs.
        done: Called with how many clips are done.

    Raises:
        UserError: The features are not of the kind that it needs.
    """
    _check(model, features)
    fitted = from_model(model)
    for network in (fitted.network, fitted.frames):
        network.to(device)
    calibration = Calibration(model.info.temperature, model.info.threshold)
    result = []
    with tempfile.TemporaryDirectory(prefix="lrcn-desktop-") as folder:
        examples = examples_of(features)
        if model.cnn is None:
            examples = pooled(examples, features.kind, model.head, Path(folder), ProcessGroup())
        for count, example in enumerate(examples, start=1):
            logits, baseline = fitted.logits(example, device)
            if baseline is None and model.head.config.hidden:
                baseline = _without_memory(fitted.network, example, device)
            known = known_scores(model.info, fitted, example)
            result.append(judged(example, logits, baseline, calibration, known))
            done(count)
    return result


def judged(
    example: Example,
    logits: Tensor,
    baseline: Tensor | None,
    calibration: Calibration,
    known: Tensor | None = None,
) -> JudgedClip:
    """Return what networks said of a clip, calibrated.

    Args:
        example: The clip.
        logits: (T, C) of the network, not yet calibrated.
        baseline: (T, C) of the frame network.
        calibration: Of the network.
        known: (T,), how surely an activity is seen; None: the highest probability says it.
    """
    return JudgedClip(
        example.name,
        example.labels,
        logits / calibration.temperature,
        baseline,
        example.rate,
        example.group,
        calibration.threshold,
        known,
    )


def _check(model: Model, features: FeatureSet) -> None:
    info, kind = model.info, features.kind
    trained = model.cnn is not None
    dim = 3 * info.backbone.size**2 if trained else width_of(info.backbone, info.head, kind.pool)
    if dim == 0:
        raise UserError(
            f"The features of {features.name} are pooled in another way ({kind.pool}) than the "
            f"model {info.name!r} pools: give the features that it was trained on."
        )
    if kind.dim != dim:
        raise UserError(
            f"The features of {features.name} are {kind.dim} numbers per step, but the model "
            f"{info.name!r} needs {dim}: give the features that it was trained on."
        )
    if kind.stream != info.stream:
        raise UserError(
            f"The features of {features.name} are of {_STREAMS[kind.stream]}, but the model "
            f"{info.name!r} is one of {_STREAMS[info.stream]}."
        )
    if kind.digest and info.backbone_digest and kind.digest != info.backbone_digest:
        raise UserError(
            f"The features of {features.name} come from other weights than those that the model "
            f"{info.name!r} was trained on: give features of its own."
        )


_STREAMS = {"rgb": "pictures", "flow": "optical flow"}


@torch.inference_mode()
def _without_memory(network: Network, example: Example, device: torch.device) -> Tensor:
    said = []
    for start in range(0, len(example), _FRAMES):
        frames = example.read(start, start + _FRAMES).to(device).float()
        (logits, *_), _ = network(frames[:, None], network.head.initial_state(len(frames)))
        said.append(logits[:, 0].float().cpu())
    return torch.cat(said)
