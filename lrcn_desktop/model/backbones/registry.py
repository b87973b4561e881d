"""The frozen networks that ship, by their kind in a model's description."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrcn_desktop.model.backbones.lite0 import shipped_lite0
from lrcn_desktop.model.backbones.vgg16 import shipped_weights
from lrcn_desktop.model.backbones.weights import FrozenWeights

if TYPE_CHECKING:
    from torch import nn

NAMES = {"vgg16": "VGG-16", "lite0": "EfficientNet-lite0"}


def frozen_weights(kind: str) -> FrozenWeights:
    """Return the shipped weights of a kind in `NAMES`.

    Raises:
        UserError: The shipped file is missing or damaged.
    """
    return shipped_weights() if kind == "vgg16" else shipped_lite0()


def build_frozen(kind: str, weights: FrozenWeights) -> nn.Module:
    """Return the network of a kind: (N, 3, S, S) scaled input to its last feature map."""
    if kind == "vgg16":
        from lrcn_desktop.model.backbones.vgg16_torch import build_vgg16

        return build_vgg16(weights)
    from lrcn_desktop.model.backbones.lite0_torch import Lite0

    return Lite0(weights)
