"""Model files: one .safetensors with the trained tensors, and JSON metadata that explains them."""

from dataclasses import dataclass, replace
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import atomic_write
from lrcn_desktop.model.cnn import build_cnn
from lrcn_desktop.model.head import Head
from lrcn_desktop.model.model_info import ModelInfo

_KEY = "lrcn"


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A model in memory.

    Attributes:
        info: Its description.
        head: Its head.
        cnn: Its own CNN, where it has one.
        baseline: The head of the same network without memory, where the file holds one.
        baseline_cnn: That network's own CNN, where it is another one.
    """

    info: ModelInfo
    head: Head
    cnn: nn.Module | None = None
    baseline: Head | None = None
    baseline_cnn: nn.Module | None = None


def build_model(info: ModelInfo) -> Model:
    """Return the untrained model that `info` describes, in evaluation mode."""
    own_cnn = info.backbone.kind == "cnn"
    baseline = None
    if info.baseline != "none":
        baseline = build_head(info, memory=False).eval()
    return Model(
        info,
        build_head(info).eval(),
        build_own_cnn(info).eval() if own_cnn else None,
        baseline,
        build_own_cnn(info).eval() if own_cnn and info.baseline == "network" else None,
    )


def build_head(info: ModelInfo, *, memory: bool = True) -> Head:
    """Return an untrained head, or the same without memory."""
    config = info.head if memory else replace(info.head, hidden=(), frames=False)
    return Head(config, info.backbone.shape, len(info.classes))


def build_own_cnn(info: ModelInfo) -> nn.Sequential:
    """Return an untrained CNN of the model's own."""
    return build_cnn(batch_norm=info.backbone.batch_norm, last_pool=info.backbone.last_pool)


def _tensors(model: Model) -> dict[str, Tensor]:
    parts = {
        "head": model.head,
        "cnn": model.cnn,
        "baseline": model.baseline,
        "baseline_cnn": model.baseline_cnn,
    }
    return {
        f"{part}.{name}": tensor
        for part, module in parts.items()
        if module is not None
        for name, tensor in module.state_dict().items()
    }


def save_model(path: Path, model: Model) -> None:
    """Write `model` to `path`, atomically.

    Raises:
        UserError: The file cannot be written.
    """
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in _tensors(model).items()}
    text = model.info.to_json()
    with atomic_write(path, "wb") as file:
        file.write(save(tensors, {_KEY: text}))


def read_info(path: Path) -> ModelInfo:
    """Read what a model file says of itself, without its tensors.

    Raises:
        UserError: The file is no model file; one sentence names the file and the fault.
    """
    try:
        with safe_open(path, "pt") as file:
            metadata = file.metadata() or {}
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror or error}.") from error
    except SafetensorError as error:
        raise UserError(
            f"{path} is no model file, or is cut off or damaged (safetensors: {_shown(error)})."
        ) from error
    if _KEY not in metadata:
        raise UserError(f"{path} is a safetensors file, but no model of LRCN Desktop.")
    try:
        return ModelInfo.from_json(metadata[_KEY])
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        reason = _shown(f"{error} is missing" if isinstance(error, KeyError) else error)
        raise UserError(f"{path} has metadata that cannot be understood: {reason}.") from error


def load_model(path: Path) -> Model:
    """Read a model, checking keys, shapes, types and finiteness before anything is built.

    Raises:
        UserError: The file is no sound model file; one sentence names the file and the fault.
    """
    info = read_info(path)
    with torch.device("meta"):
        expected = _tensors(build_model(info))
    tensors: dict[str, Tensor] = {}
    try:
        with safe_open(path, "pt") as file:
            names = set(file.keys())
            if missing := sorted(expected.keys() - names):
                raise UserError(f"{path} lacks the tensor {missing[0]} that its metadata promises.")
            if extra := sorted(names - expected.keys()):
                raise UserError(f"{path} has a tensor {_shown(extra[0])} that is not part of it.")
            for name, like in expected.items():
                shape = tuple(file.get_slice(name).get_shape())
                if shape != tuple(like.shape):
                    raise UserError(
                        f"{path} has {name} of shape {shape}, but {tuple(like.shape)} is needed."
                    )
                tensors[name] = file.get_tensor(name)
    except (OSError, SafetensorError) as error:
        raise UserError(f"{path} cannot be read to its end: {_shown(error)}.") from error
    for name, tensor in tensors.items():
        if tensor.dtype != expected[name].dtype:
            raise UserError(f"{path} has {name} as {tensor.dtype}, not {expected[name].dtype}.")
        if not torch.isfinite(tensor).all():
            raise UserError(f"{path} has values in {name} that are not finite numbers.")
    model = build_model(info)
    for name, tensor in _tensors(model).items():  # the modules' own, filled in place
        tensor.copy_(tensors[name])
    return model


def _shown(text: object) -> str:
    """Return what a file's content made of a message as one line of bounded length."""
    return "".join(char if char.isprintable() else " " for char in str(text)[:200])
