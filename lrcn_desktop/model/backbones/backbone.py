"""A frozen convolutional network that ships: everything that the program knows of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.backbones.weights import SCALINGS, FrozenWeights, read_frozen
from lrcn_desktop.resources import assets_dir

if TYPE_CHECKING:
    from pathlib import Path

    from torch import nn

INPUT, OUTPUT = "in", "out"
"""What ncnn's description of a network calls its input (3, S, S) and its last feature map."""

_NCNN_MAGIC = "7767517"


@dataclass(frozen=True, slots=True, eq=False)
class Backbone:
    """A chain of convolutions with biases, in every form in which it runs.

    Attributes:
        kind: The word for it in model files and caches, such as "vgg16".
        name: What the user calls it, such as "VGG-16".
        file: The weights' file in `assets/`, safetensors in float16.
        digest: `weights_digest` of what that file holds.
        scaling: The key in `SCALINGS` of its input scaling.
        sizes: Sides of the square input that it takes, in pixels.
        channels: C of the last feature map, (C, S // 32, S // 32) for an input of S x S.
        convolutions: The shape (O, I, H, W) of each convolution's weights by name, in order.
        in_torch: Builds it in PyTorch, frozen: (N, 3, S, S) scaled input to (N, C, s, s).
        ncnn_layers: Yields the lines of ncnn's description, from `INPUT` to `OUTPUT`.
        small_layers: Whether its layers are so small that threads which share a frame wait for one
            another longer than they work.
    """

    kind: str
    name: str
    file: str
    digest: str
    scaling: str
    sizes: range
    channels: int
    convolutions: Mapping[str, tuple[int, int, int, int]]
    in_torch: Callable[[FrozenWeights], nn.Module]
    ncnn_layers: Callable[[], Iterator[str]]
    small_layers: bool = False

    @property
    def parameters(self) -> int:
        """How many numbers its weights and biases are."""
        return sum(math.prod(shape) + shape[0] for shape in self.convolutions.values())

    def weights(self) -> FrozenWeights:
        """Return the weights in `assets/`, read once and checked by digest.

        Raises:
            UserError: The shipped file is missing or damaged.
        """
        return shipped_weights(self)

    def read(self, path: Path) -> FrozenWeights:
        """Read a safetensors file of weights for this network, checking all but their digest.

        Raises:
            UserError: The file cannot be read, or holds another network.
        """
        shapes: dict[str, tuple[int, ...]] = {}
        for name, shape in self.convolutions.items():
            shapes |= {f"{name}.weight": shape, f"{name}.bias": shape[:1]}
        return read_frozen(path, self.name, shapes)

    def ncnn_text(self) -> str:
        """Return ncnn's description of the network."""
        layers = list(self.ncnn_layers())
        blobs = sum(int(line.split()[3]) for line in layers)
        return "\n".join([_NCNN_MAGIC, f"{len(layers)} {blobs}", *layers, ""])


@cache
def shipped_weights(backbone: Backbone) -> FrozenWeights:
    """Return what `Backbone.weights` does; apart, for its memory."""
    path = assets_dir() / backbone.file
    weights = backbone.read(path)
    if (weights.digest, weights.scaling) != (backbone.digest, SCALINGS[backbone.scaling]):
        raise UserError(f"{path} is damaged (its digest is wrong): install LRCN Desktop again.")
    return weights
