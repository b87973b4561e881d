"""VGG-16's 13 convolutional layers (Simonyan and Zisserman 2014), frozen, and their weights."""

from functools import cache
from pathlib import Path

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.backbones.weights import FrozenWeights, read_frozen
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


def read_weights(path: Path) -> FrozenWeights:
    """Read a safetensors file of VGG-16's convolutional layers, checking all but its digest.

    Raises:
        UserError: The file cannot be read, or is not VGG-16's 13 layers.
    """
    shapes: dict[str, tuple[int, ...]] = {}
    for name, out, channels in LAYERS:
        shapes |= {f"{name}.weight": (out, channels, 3, 3), f"{name}.bias": (out,)}
    return read_frozen(path, "VGG-16", shapes)


@cache
def shipped_weights() -> FrozenWeights:
    """Return the weights in `assets/`, checked by digest.

    Raises:
        UserError: The shipped file is missing or damaged.
    """
    path = assets_dir() / "vgg16-conv-fp16.safetensors"
    weights = read_weights(path)
    if weights.digest != SHIPPED_DIGEST:
        raise UserError(f"{path} is damaged (its digest is wrong): install LRCN Desktop again.")
    return weights
