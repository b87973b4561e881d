"""From a model's name to a recognizer that runs."""

import logging
import os
from copy import deepcopy
from typing import Literal

import numpy as np
import torch

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.library import find_model
from lrcn_desktop.model.model_file import Model, load_model
from lrcn_desktop.model.vgg16 import SCALINGS, build_vgg16, shipped_weights
from lrcn_desktop.recognition.engine import Engine
from lrcn_desktop.recognition.fallback import FallbackEngine
from lrcn_desktop.recognition.recognizer import Recognizer
from lrcn_desktop.recognition.torch_engine import TorchEngine

Device = Literal["auto", "cpu", "cuda", "mps"]

_log = logging.getLogger(__name__)


def load_recognizer(name: str | os.PathLike[str], device: Device = "auto") -> Recognizer:
    """Load a model by name or path, and the engine that is fastest here.

    Raises:
        UserError: There is no such model, its file is at fault, or the device is not here.
    """
    model = load_model(find_model(name))
    if model.info.stream == "flow":
        raise UserError(
            f"The model {model.info.name!r} is one of optical flow: `lrcn-desktop evaluate --flow` "
            "uses it beside another, the window cannot."
        )
    engine = open_engine(model, device)
    if isinstance(engine, TorchEngine) and engine.on_gpu:
        engine = FallbackEngine(engine, lambda: open_engine(model, "cpu"))
    return Recognizer(model, engine)


def open_engine(model: Model, device: Device = "auto") -> Engine:
    """Return the fastest engine for `model`'s convolutional part that works on `device`.

    A GPU goes before ncnn, and ncnn before PyTorch on the CPU; each is tried on a frame first.

    Raises:
        UserError: The device is not here, or the model belongs to other weights than the shipped.
    """
    if model.info.backbone.kind == "features":
        raise UserError(
            f"The model {model.info.name!r} was trained on features from elsewhere: evaluate it "
            "with --features, since no frame can become such a feature here."
        )
    if device == "cuda" and not torch.cuda.is_available():
        raise UserError("There is no CUDA GPU that PyTorch can use here: try --device auto.")
    if device == "mps" and not torch.backends.mps.is_available():
        raise UserError("There is no Metal GPU that PyTorch can use here: try --device auto.")
    kinds: list[str] = []
    if device in ("auto", "cuda") and torch.cuda.is_available():
        kinds.append("cuda")
    if device in ("auto", "mps") and torch.backends.mps.is_available():
        kinds.append("mps")
    if device in ("auto", "cpu"):
        kinds += ["ncnn", "cpu"] if model.cnn is None else ["cpu"]
    for kind in kinds:
        try:
            engine = build_engine(model, kind)
            if np.isfinite(engine.features(np.zeros((1, 240, 320, 3), np.uint8))).all():
                return engine
            _log.warning("The engine %s gives no finite features here", kind)
        except (ImportError, RuntimeError) as error:
            _log.warning("The engine %s does not work here: %s", kind, error)
    raise UserError(f"No engine works on this machine for --device {device}: try --device cpu.")


def build_engine(model: Model, kind: str) -> Engine:
    """Return the engine of `kind` ("ncnn", or a PyTorch device) for `model`, untried."""
    info = model.info
    if model.cnn is not None:
        scaling = SCALINGS[info.scaling]
        cnn = deepcopy(model.cnn)  # moved to the device: the model keeps its own for the processor
        return TorchEngine(cnn, scaling, info.backbone.size, info.backbone.dim, kind)
    weights = shipped_weights()
    if info.backbone_digest != weights.digest:
        raise UserError(
            f"The model {info.name!r} was trained on other VGG-16 weights than the shipped ones: "
            "train it again with these."
        )
    if kind == "ncnn":
        from lrcn_desktop.recognition.ncnn_engine import NcnnEngine

        return NcnnEngine(weights, info.backbone.size)
    network = build_vgg16(weights)
    return TorchEngine(network, weights.scaling, info.backbone.size, info.backbone.dim, kind)
