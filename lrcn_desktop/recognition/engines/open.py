"""From a model to the engine that runs its convolutional part.

PyTorch is loaded only where it is used: on a GPU, for a CNN of one's own, and where ncnn does not
run. Where both ran on a processor, ncnn took 0.34 to 0.57 of PyTorch's time, the more the nearer
PyTorch came to what the processor can do: nothing is measured before the first step
(`lrcn-desktop bench` compares them).
"""

from __future__ import annotations

import logging
from copy import deepcopy
from typing import TYPE_CHECKING, Literal

import numpy as np

from lrcn_desktop.errors import UserError
from lrcn_desktop.light import need_pytorch
from lrcn_desktop.model.backbones.backbone import Backbone
from lrcn_desktop.model.backbones.weights import SCALINGS, FrozenWeights, InputScaling
from lrcn_desktop.model.model_file import Recognizable
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.recognition.engines.engine import Engine, Failure
from lrcn_desktop.recognition.engines.fallback import failure_of
from lrcn_desktop.recognition.engines.gpu import may_have_gpu

if TYPE_CHECKING:
    from torch import nn

    from lrcn_desktop.recognition.engines.cuda_graph import GraphStep

Device = Literal["auto", "cpu", "cuda", "mps"]

_log = logging.getLogger(__name__)


def open_graph_step(model: Recognizable) -> GraphStep | None:
    """Return `model` as one launch on a CUDA GPU, None where that does not work."""
    from lrcn_desktop.model.model import in_torch
    from lrcn_desktop.recognition.engines.cuda_graph import GraphStep

    network, scaling = _network(model)
    size, temperature = model.info.backbone.size, model.info.temperature
    try:
        step = GraphStep(network, scaling, size, in_torch(model).head, temperature)
        step.step(np.zeros((240, 320, 3), np.uint8))
        step.reset()
    except RuntimeError as error:
        _log.warning("A step cannot be captured as one launch here: %s", error)
        return None
    return step


def open_engine(model: Recognizable, device: Device = "auto") -> Engine:
    """Return the first engine for `model`'s convolutional part that works on `device`.

    A GPU goes before the processor, and there ncnn before PyTorch; each is tried on a frame first.

    Raises:
        UserError: The device is not here, or the model belongs to other weights than the shipped.
    """
    if model.info.backbone.elsewhere:
        raise UserError(
            f"The model {model.info.name!r} was trained on features from elsewhere: evaluate it "
            "with --features, since no frame can become such a feature here."
        )
    failure: Failure | None = None
    for kind in _kinds(model, device):
        try:
            engine = build_engine(model, kind)
            if np.isfinite(engine.features(np.zeros((1, 240, 320, 3), np.uint8))).all():
                engine.failure = failure
                return engine
            _log.warning("The engine %s gives no finite features here", kind)
        except (ImportError, RuntimeError) as error:
            _log.warning("The engine %s does not work here: %s", kind, error)
            if (
                kind != "ncnn" and failure_of(error) == "out of memory"
            ):  # a card too old is no news at every start
                failure = "out of memory"
    raise UserError(f"No engine works on this machine for --device {device}: try --device cpu.")


def _kinds(model: Recognizable, device: Device) -> list[str]:
    """Return where the network may run, the best first."""
    processor = ["cpu"] if model.info.backbone.frozen is None else ["ncnn", "cpu"]
    if device == "cpu" or (device == "auto" and not may_have_gpu()):
        return processor
    need_pytorch(f"--device {device}")
    import torch

    here = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if device == "auto":
        return [*(kind for kind, there in here.items() if there), *processor]
    if not here[device]:
        name = {"cuda": "CUDA", "mps": "Metal"}[device]
        raise UserError(f"There is no {name} GPU that PyTorch can use here: try --device auto.")
    return [device]


def build_engine(model: Recognizable, kind: str) -> Engine:
    """Return the engine of `kind` for `model`, untried.

    Args:
        model: Its convolutional part is run.
        kind: "ncnn" ("ncnn N": on N threads), or a PyTorch device.

    Raises:
        ImportError, RuntimeError: It does not work here.
        UserError: The model belongs to other weights, or needs PyTorch, which is not installed.
    """
    info = model.info
    frozen = info.backbone.frozen
    if kind.startswith("ncnn") and frozen is not None:
        from lrcn_desktop.recognition.engines.ncnn_engine import NcnnEngine

        threads = int(kind.removeprefix("ncnn")) if kind != "ncnn" else None
        return NcnnEngine(frozen, _weights(info, frozen), info.backbone.size, threads)
    need_pytorch(f"The model {info.name!r}{', whose CNN is its own,' if frozen is None else ''}")
    from lrcn_desktop.recognition.engines.torch_engine import TorchEngine

    network, scaling = _network(model)
    return TorchEngine(network, scaling, info.backbone.size, info.backbone.dim, kind)


def _network(model: Recognizable) -> tuple[nn.Module, InputScaling]:
    """Return the convolutional part, to be moved to any device, and what feeds it."""
    frozen = model.info.backbone.frozen
    if frozen is None:
        from lrcn_desktop.model.model import in_torch

        return deepcopy(in_torch(model).cnn), SCALINGS[model.info.scaling]  # type: ignore[return-value]
    weights = _weights(model.info, frozen)
    return frozen.in_torch(weights), weights.scaling


def _weights(info: ModelInfo, backbone: Backbone) -> FrozenWeights:
    if info.backbone_digest != backbone.digest:
        raise UserError(
            f"The model {info.name!r} was trained on other {backbone.name} weights than the "
            "shipped ones: train it again with these."
        )
    return backbone.weights()
