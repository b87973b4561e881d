"""Models in memory, as PyTorch's modules: for training, for GPUs, and for a CNN of one's own."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lrcn_desktop.model.backbones.paper_cnn import build_cnn
from lrcn_desktop.model.head import Head
from lrcn_desktop.model.model_file import ModelFile, Recognizable, read_model, write_model
from lrcn_desktop.model.model_info import ModelInfo


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A model in memory.

    Attributes:
        info: Its description.
        head: Its head.
        cnn: Its own CNN, where it has one.
        baseline: The head of the same network without memory, where the file holds one.
        baseline_cnn: That network's own CNN, where it is another one.
        rejection: The tensors of its `Rejection` by name; none where it has none.
    """

    info: ModelInfo
    head: Head
    cnn: nn.Module | None = None
    baseline: Head | None = None
    baseline_cnn: nn.Module | None = None
    rejection: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)

    def head_arrays(self) -> Mapping[str, NDArray[np.float32]]:
        """Return the head's tensors by name; they share its memory."""
        return {name: t.detach().cpu().numpy() for name, t in self.head.state_dict().items()}

    def rejection_arrays(self) -> Mapping[str, NDArray[np.float32]]:
        """Return the tensors of its `Rejection` by name."""
        return self.rejection


def build_model(info: ModelInfo) -> Model:
    """Return the untrained model that `info` describes, in evaluation mode."""
    own_cnn = info.backbone.trained
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
    config = info.head if memory else info.head.without_memory()
    return Head(config, info.backbone.shape, len(info.classes))


def build_own_cnn(info: ModelInfo) -> nn.Sequential:
    """Return an untrained CNN of the model's own."""
    return build_cnn(batch_norm=info.backbone.batch_norm, last_pool=info.backbone.last_pool)


def save_model(path: Path, model: Model) -> None:
    """Write `model` to `path`, atomically.

    Raises:
        UserError: The file cannot be written.
    """
    tensors = {name: t.detach().cpu().contiguous().numpy() for name, t in _tensors(model).items()}
    tensors |= {f"rejection.{name}": array for name, array in model.rejection.items()}
    write_model(path, ModelFile(model.info, tensors))


def load_model(path: Path) -> Model:
    """Read a model; see `read_model`, which checks it, for what it raises."""
    return in_torch(read_model(path))


def in_torch(model: Recognizable) -> Model:
    """Return a model as PyTorch's modules, in evaluation mode."""
    if isinstance(model, Model):
        return model
    assert isinstance(model, ModelFile)
    built = replace(build_model(model.info), rejection=model.rejection_arrays())
    for name, tensor in _tensors(built).items():  # the modules' own, filled in place
        tensor.copy_(torch.from_numpy(model.tensors[name]))
    return built


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
