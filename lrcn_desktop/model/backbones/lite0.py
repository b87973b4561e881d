"""EfficientNet-lite0's convolutional part, frozen: 20 times lighter than VGG-16."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from lrcn_desktop.model.backbones.backbone import Backbone
from lrcn_desktop.model.backbones.efficientnet import layers_of, ncnn_layers
from lrcn_desktop.model.backbones.weights import FrozenWeights

if TYPE_CHECKING:
    from torch import nn

_STAGES = (
    (3, 1, 1, 16, 1),
    (3, 2, 6, 24, 2),
    (5, 2, 6, 40, 2),
    (3, 2, 6, 80, 3),
    (5, 1, 6, 112, 3),
    (5, 2, 6, 192, 4),
    (3, 1, 6, 320, 1),
)
LITE0_LAYERS = tuple(layers_of(32, _STAGES, 1280))


def _in_torch(weights: FrozenWeights) -> nn.Module:
    from lrcn_desktop.model.backbones.efficientnet_torch import EfficientNetLite

    return EfficientNetLite(LITE0_LAYERS, weights)


LITE0 = Backbone(
    kind="lite0",
    name="EfficientNet-lite0",
    file="efficientnet-lite0-fp16.safetensors",
    digest="5f9298fe7baa413b3bb1543d53444d345e2d331f4d0e711073090e5fa94fb821",
    scaling="lite",
    sizes=range(96, 1025, 32),
    channels=1280,
    convolutions={layer.name: layer.shape for layer in LITE0_LAYERS},
    in_torch=_in_torch,
    ncnn_layers=partial(ncnn_layers, LITE0_LAYERS),
    small_layers=True,
)
