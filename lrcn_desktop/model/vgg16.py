"""VGG-16's 13 convolutional layers (Simonyan and Zisserman 2014), frozen, and their weights."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from lrcn_desktop.errors import UserError
from lrcn_desktop.resources import assets_dir

_BLOCKS = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))
POOLS_AFTER = frozenset({"features.2", "features.7", "features.14", "features.21", "features.28"})
CHANNELS = 512
SHIPPED_DIGEST = "c17d7c4fc5732915da528f4b3370d3ad79c8b23827b20a864a2e4ade5c5d653c"


def _layers() -> tuple[tuple[str, int, int], ...]:
    layers, index, channels = [], 0, 3
    for block in _BLOCKS:
        for out in block:
            layers.append((f"features.{index}", out, channels))
            index, channels = index + 2, out  # a convolution and its ReLU
        index += 1  # the block's max-pooling
    return tuple(layers)


LAYERS = _layers()
"""(torchvision's name, output channels, input channels) of each convolution, in order."""


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
}
"""Input scalings by name: Caffe's and Keras' weights, torchvision's V1 and FEATURES weights."""


@dataclass(frozen=True, slots=True, eq=False)
class Vgg16Weights:
    """VGG-16's convolutional tensors (float16, torchvision's names, OIHW) and what feeds them."""

    tensors: Mapping[str, Tensor]
    scaling: InputScaling
    digest: str


def weights_digest(tensors: Mapping[str, Tensor]) -> str:
    """Return the SHA-256 of tensors' names, types, shapes and bytes, whatever their order."""
    digest = hashlib.sha256()
    for name in sorted(tensors):
        tensor = tensors[name].detach().cpu().contiguous()
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        digest.update(tensor.view(torch.uint8).numpy().data)  # NumPy has not every type
    return digest.hexdigest()


def read_weights(path: Path) -> Vgg16Weights:
    """Read a safetensors file of VGG-16's convolutional layers, checking all but its digest.

    Raises:
        UserError: The file cannot be read, or is not VGG-16's 13 layers.
    """
    try:
        with safe_open(path, "pt") as file:
            meta = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise UserError(
            f"{path} is no readable safetensors file of VGG-16's weights: {error}."
        ) from error
    for name, out, channels in LAYERS:
        for key, shape in ((f"{name}.weight", (out, channels, 3, 3)), (f"{name}.bias", (out,))):
            if key not in tensors or tuple(tensors[key].shape) != shape:
                raise UserError(f"{path} is not VGG-16: {key} is missing or not of shape {shape}.")
    scaling = next((s for s in SCALINGS.values() if s.description == meta.get("input")), None)
    if scaling is None:
        raise UserError(f"{path} does not say which input scaling its VGG-16 weights belong to.")
    return Vgg16Weights(tensors, scaling, weights_digest(tensors))


@cache
def shipped_weights() -> Vgg16Weights:
    """Return the weights in `assets/`, checked by digest.

    Raises:
        UserError: The shipped file is missing or damaged.
    """
    path = assets_dir() / "vgg16-conv-fp16.safetensors"
    weights = read_weights(path)
    if weights.digest != SHIPPED_DIGEST:
        raise UserError(f"{path} is damaged (its digest is wrong): install LRCN Desktop again.")
    return weights


def build_vgg16(weights: Vgg16Weights) -> nn.Sequential:
    """Return the frozen network in float32, named as torchvision's `vgg16().features`.

    It maps (N, 3, S, S) scaled input to (N, 512, S // 32, S // 32): `pool5`.
    """
    modules: list[nn.Module] = []
    with torch.device("meta"):  # no time is spent on initial values
        for name, out, channels in LAYERS:
            modules += [nn.Conv2d(channels, out, 3, padding=1), nn.ReLU(inplace=True)]
            if name in POOLS_AFTER:
                modules.append(nn.MaxPool2d(2))
        network = nn.Sequential(*modules)
    state = {key.removeprefix("features."): t.float() for key, t in weights.tensors.items()}
    network.load_state_dict(state, assign=True)
    return network.eval().requires_grad_(False)
