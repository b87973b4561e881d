"""Frozen weights: their tensors, what feeds them, and the digest that names them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open

from lrcn_desktop.errors import UserError
from lrcn_desktop.guard import guarded


@dataclass(frozen=True, slots=True)
class InputScaling:
    """How uint8 RGB becomes the network's input: `(x * scale - mean) / std`, a channel each.

    Attributes:
        description: As written in a weights file's metadata.
        order: "RGB" or "BGR"; `mean` and `std` are in this order.
        scale: Multiplies 0..255.
        mean: Subtracted after scaling.
        std: Divided by.
    """

    description: str
    order: str
    scale: float
    mean: tuple[float, float, float]
    std: tuple[float, float, float]


SCALINGS = {
    "caffe": InputScaling(
        "BGR, 0..255, minus (103.939, 116.779, 123.68)",
        "BGR",
        1.0,
        (103.939, 116.779, 123.68),
        (1.0, 1.0, 1.0),
    ),
    "torchvision": InputScaling(
        "RGB, 0..1, mean (0.485, 0.456, 0.406), std (0.229, 0.224, 0.225)",
        "RGB",
        1 / 255,
        (0.485, 0.456, 0.406),
        (0.229, 0.224, 0.225),
    ),
    "features": InputScaling(
        "RGB, 0..1, mean (0.48235, 0.45882, 0.40784), std (1/255, 1/255, 1/255)",
        "RGB",
        1 / 255,
        (0.48235, 0.45882, 0.40784),
        (1 / 255, 1 / 255, 1 / 255),
    ),
    "lite": InputScaling(
        "RGB, 0..255, mean (127, 127, 127), std (128, 128, 128)",
        "RGB",
        1.0,
        (127.0, 127.0, 127.0),
        (128.0, 128.0, 128.0),
    ),
}
"""Input scalings by name: Caffe's and Keras' weights, torchvision's V1 and FEATURES weights of
VGG-16, and those of EfficientNet-lite."""


@dataclass(frozen=True, slots=True, eq=False)
class FrozenWeights:
    """A convolutional part's tensors (float16, OIHW) and what feeds them."""

    tensors: Mapping[str, NDArray[np.generic]]
    scaling: InputScaling
    digest: str


def weights_digest(tensors: Mapping[str, NDArray[np.generic]]) -> str:
    """Return the SHA-256 of tensors' names, types, shapes and bytes, whatever their order."""
    digest = hashlib.sha256()
    for name in sorted(tensors):
        tensor = np.ascontiguousarray(tensors[name])
        # PyTorch's names of types, as the digests in model files were made with them.
        digest.update(f"{name} torch.{tensor.dtype} {tensors[name].shape}\n".encode())
        digest.update(tensor.reshape(-1).view(np.uint8).data)
    return digest.hexdigest()


def read_frozen(path: Path, name: str, shapes: Mapping[str, tuple[int, ...]]) -> FrozenWeights:
    """Read a safetensors file of frozen weights, checking all but its digest.

    Args:
        path: The file.
        name: What a person calls the network.
        shapes: Of every tensor that it has to hold.

    Raises:
        UserError: The file cannot be read, or holds another network.
    """
    with (
        guarded(path, f"is no readable safetensors file of {name}'s weights"),
        safe_open(path, "np") as file,
    ):
        meta = file.metadata() or {}
        tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
    for key, shape in shapes.items():
        if key not in tensors or tensors[key].shape != shape:
            raise UserError(f"{path} is not {name}: {key} is missing or not of shape {shape}.")
    scaling = next((s for s in SCALINGS.values() if s.description == meta.get("input")), None)
    if scaling is None:
        raise UserError(f"{path} does not say which input scaling its {name} weights belong to.")
    return FrozenWeights(tensors, scaling, weights_digest(tensors))
