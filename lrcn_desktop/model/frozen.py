"""The frozen networks that ship, by their kind in a model's description."""

from torch import nn

from lrcn_desktop.model.efficientnet import Lite0, shipped_lite0
from lrcn_desktop.model.vgg16 import build_vgg16, shipped_weights
from lrcn_desktop.model.weights import FrozenWeights

NAMES = {"vgg16": "VGG-16", "lite0": "EfficientNet-lite0"}


def frozen_weights(kind: str) -> FrozenWeights:
    """Return the shipped weights of a kind in `NAMES`.

    Raises:
        UserError: The shipped file is missing or damaged.
    """
    return shipped_weights() if kind == "vgg16" else shipped_lite0()


def build_frozen(kind: str, weights: FrozenWeights) -> nn.Module:
    """Return the network of a kind: (N, 3, S, S) scaled input to its last feature map."""
    return build_vgg16(weights) if kind == "vgg16" else Lite0(weights)
