"""Model files: one .safetensors with the trained tensors, and JSON metadata that explains them.

Read without PyTorch, whose import takes longer than all else at the program's start.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.numpy import save

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import atomic_write
from lrcn_desktop.guard import guarded
from lrcn_desktop.model.head_arrays import head_shapes
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.model.rejection import rejection_shapes
from lrcn_desktop.names import cleaned

_KEY = "lrcn"
_TYPES = {"F": "float", "BF": "bfloat", "I": "int", "U": "uint", "C": "complex"}

Arrays = Mapping[str, NDArray[np.generic]]


class Recognizable(Protocol):
    """A model, in whatever form: what a recognizer and its engine need of it."""

    @property
    def info(self) -> ModelInfo:
        """Its description."""

    def head_arrays(self) -> Mapping[str, NDArray[np.float32]]:
        """Return its head's tensors by name."""

    def rejection_arrays(self) -> Mapping[str, NDArray[np.float32]]:
        """Return the tensors of its `Rejection` by name; none where it has none."""


@dataclass(frozen=True, slots=True, eq=False)
class ModelFile:
    """What a model file holds.

    Attributes:
        info: Its description.
        tensors: By name, `part.name`: see `Model` for the parts.
    """

    info: ModelInfo
    tensors: Arrays

    def head_arrays(self) -> Mapping[str, NDArray[np.float32]]:
        """Return the head's tensors by name."""
        return self._part("head.")

    def rejection_arrays(self) -> Mapping[str, NDArray[np.float32]]:
        """Return the tensors of its `Rejection` by name; none where it has none."""
        return self._part("rejection.")

    def _part(self, prefix: str) -> Mapping[str, NDArray[np.float32]]:
        return {
            name.removeprefix(prefix): array.astype(np.float32, copy=False)
            for name, array in self.tensors.items()
            if name.startswith(prefix)
        }


def write_model(path: Path, model: ModelFile) -> None:
    """Write `model` to `path`, atomically.

    Raises:
        UserError: The file cannot be written.
    """
    text = model.info.to_json()
    with atomic_write(path, "wb") as file:
        file.write(save(dict(model.tensors), {_KEY: text}))


def read_info(path: Path) -> ModelInfo:
    """Read what a model file says of itself, without its tensors.

    Raises:
        UserError: The file is no model file; one sentence names the file and the fault.
    """
    with guarded(path, "is no model file, or is cut off or damaged"), safe_open(path, "np") as file:
        metadata = file.metadata() or {}
    if _KEY not in metadata:
        raise UserError(f"{path} is a safetensors file, but no model of LRCN Desktop.")
    with guarded(path, "has metadata that cannot be understood"):
        return ModelInfo.from_json(metadata[_KEY])


def read_model(path: Path) -> ModelFile:
    """Read a model, checking keys, shapes, types and finiteness before anything is built.

    Raises:
        UserError: The file is no sound model file; one sentence names the file and the fault.
    """
    info = read_info(path)
    expected = _expected(info)
    with guarded(path, "cannot be read to its end"), safe_open(path, "np") as file:
        names = set(file.keys())
        if missing := sorted(expected.keys() - names):
            raise UserError(f"{path} lacks the tensor {missing[0]} that its metadata promises.")
        if extra := sorted(names - expected.keys()):
            raise UserError(f"{path} has a tensor {cleaned(extra[0])} that is not part of it.")
        for name, (shape, kind) in expected.items():
            _check(path, name, file.get_slice(name), shape, kind)
        tensors = {name: file.get_tensor(name) for name in expected}
    for name, tensor in tensors.items():
        if not np.isfinite(tensor).all():
            raise UserError(f"{path} has values in {name} that are not finite numbers.")
    return ModelFile(info, tensors)


def _check(path: Path, name: str, found: Any, shape: tuple[int, ...], kind: str) -> None:  # noqa: ANN401
    """Check a tensor's shape and type, without reading it."""
    has = tuple(found.get_shape())
    if has != shape:
        raise UserError(f"{path} has {name} of shape {has}, but {shape} is needed.")
    letters, bits = re.fullmatch("([A-Z]+)(.*)", found.get_dtype()).groups()  # type: ignore[union-attr]
    written = _TYPES.get(letters, letters.lower()) + bits.lower()
    if written != kind:
        raise UserError(f"{path} has {name} as {written}, not {kind}.")


def _expected(info: ModelInfo) -> dict[str, tuple[tuple[int, ...], str]]:
    """Return the shape and type of every tensor that a model of this description has."""
    shape, classes = info.backbone.shape, len(info.classes)
    parts = {"head": head_shapes(info.head, shape, classes)}
    if info.baseline != "none":
        parts["baseline"] = head_shapes(info.head.without_memory(), shape, classes)
    if info.rejection is not None:
        parts["rejection"] = rejection_shapes(info.rejection, info.head, classes)
    expected: dict[str, tuple[tuple[int, ...], str]] = {
        f"{part}.{name}": (size, "float32")
        for part, shapes in parts.items()
        for name, size in shapes.items()
    }
    if info.backbone.trained:  # a network that only PyTorch runs
        from lrcn_desktop.model.backbones.paper_cnn import cnn_tensors

        backbone = info.backbone
        own = cnn_tensors(batch_norm=backbone.batch_norm, last_pool=backbone.last_pool)
        for part in ("cnn", "baseline_cnn") if info.baseline == "network" else ("cnn",):
            expected |= {f"{part}.{name}": tensor for name, tensor in own.items()}
    return expected
