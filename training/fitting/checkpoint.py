"""Where a fit stands, as one safetensors file: nothing in it can run code when it is read."""

import json
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import torch
from safetensors import safe_open
from safetensors.torch import save
from torch import Tensor

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import atomic_write
from lrcn_desktop.guard import guarded

_KEY = "fit"


@dataclass
class Progress:
    """What a fit knows besides its tensors.

    The schedule follows from the number of batches, and the random numbers of an epoch from the
    seed and the epoch's number; both are here, so that nothing else needs to be kept.

    Attributes:
        config: What is fitted, and how; a fit of anything else does not go on from it.
        seed: Of the initial values, the order, the cuts and the dropout.
        epoch: Epochs that are done.
        batches: Batches that are done.
        best: The number of the best epoch so far, from 1.
        history: The figures of each epoch.
        finished: Whether there is nothing more to do.
    """

    config: str
    seed: int
    epoch: int = 0
    batches: int = 0
    best: int = 0
    history: list[dict[str, Any]] = field(default_factory=list)
    finished: bool = False


class _Figures(msgspec.Struct):
    epoch: int
    best: bool
    loss: float
    accuracy: float
    validation_loss: float | None
    validation_accuracy: float | None


def save_checkpoint(path: Path, progress: Progress, tensors: dict[str, Tensor]) -> None:
    """Write a checkpoint in place of the one before, atomically.

    Raises:
        UserError: The disk is full or write-protected; the one before is intact.
    """
    kept = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    with atomic_write(path, "wb") as file:
        file.write(save(kept, {_KEY: json.dumps(vars(progress))}))


def load_checkpoint(path: Path, config: str) -> tuple[Progress, dict[str, Tensor]] | None:
    """Read a checkpoint of the fit that `config` describes; None: there is none.

    Raises:
        UserError: It is damaged, or of another fit.
    """
    if not path.exists():
        return None
    with intact(path), safe_open(path, "pt") as file:
        progress = msgspec.convert(json.loads((file.metadata() or {})[_KEY]), Progress)
        msgspec.convert(progress.history, list[_Figures])  # which others read from it
        # Copies: Windows does not let a file be replaced that is mapped into memory.
        tensors = {name: file.get_tensor(name).clone() for name in file.keys()}  # noqa: SIM118
    if progress.config != config:
        raise UserError(f"{path} is of a run with other settings: begin a run of its own.")
    return progress, tensors


def intact(path: Path) -> AbstractContextManager[None]:
    """Take what fails in the block for damage of a checkpoint.

    Raises:
        UserError: Something has failed.
    """
    return guarded(path, "is damaged", "delete it, and resume again")


def pack_optimizer(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """Return an optimizer's state as tensors with names."""
    state: dict[int, dict[str, Tensor | None]] = optimizer.state_dict()["state"]
    return {
        f"optimizer.{number}.{name}": value
        for number, values in state.items()
        for name, value in values.items()
        if value is not None
    }


def unpack_optimizer(optimizer: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    """Put back what `pack_optimizer` returned.

    Raises:
        ValueError, LookupError, RuntimeError: It is not of this optimizer.
    """
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    kept = _kept(optimizer)
    state: dict[int, dict[str, Tensor]] = {}
    for name, value in tensors.items():
        if name.startswith("optimizer."):
            _, number, key = name.split(".")
            if value.shape != (parameters[int(number)].shape if kept[key] else ()):
                raise ValueError(f"{name} has the shape {tuple(value.shape)}")
            state.setdefault(int(number), {})[key] = value
    for place, values in state.items():
        if values.keys() != kept.keys():
            raise ValueError(f"the optimizer's state of parameter {place} is not complete")
    groups = optimizer.state_dict()["param_groups"]
    optimizer.load_state_dict({"state": state, "param_groups": groups})


def _kept(optimizer: torch.optim.Optimizer) -> dict[str, bool]:
    """Return what such an optimizer keeps of a parameter, and whether in the parameter's shape."""
    weight = torch.nn.Parameter(torch.zeros(1))
    weight.grad = torch.zeros(1)
    alike = type(optimizer)([weight])  # type: ignore[call-arg]  # PyTorch's have defaults
    alike.param_groups[0].update(optimizer.defaults)  # momentum, for one
    alike.step()
    values: dict[str, Tensor | None] = alike.state[weight]
    return {name: value.ndim == 1 for name, value in values.items() if value is not None}
