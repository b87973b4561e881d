"""The frozen networks that ship, by their kind in a model's description."""

from lrcn_desktop.model.efficientnet import shipped_lite0
from lrcn_desktop.model.vgg16 import shipped_weights
from lrcn_desktop.model.weights import FrozenWeights

NAMES = {"vgg16": "VGG-16", "lite0": "EfficientNet-lite0"}


def frozen_weights(kind: str) -> FrozenWeights:
    """Return the shipped weights of a kind in `NAMES`.

    Raises:
        UserError: The shipped file is missing or damaged.
    """
    return shipped_weights() if kind == "vgg16" else shipped_lite0()
