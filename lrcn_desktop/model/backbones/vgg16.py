"""VGG-16's 13 convolutional layers (Simonyan and Zisserman 2014), frozen, and their weights."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from lrcn_desktop.model.backbones.backbone import INPUT, OUTPUT, Backbone
from lrcn_desktop.model.backbones.weights import FrozenWeights

if TYPE_CHECKING:
    from torch import nn

_BLOCKS = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))
POOLS_AFTER = frozenset({"features.2", "features.7", "features.14", "features.21", "features.28"})


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


def build_vgg16(weights: FrozenWeights) -> nn.Sequential:
    """Return the frozen network in float32, named as torchvision's `vgg16().features`.

    It maps (N, 3, S, S) scaled input to (N, 512, S // 32, S // 32): `pool5`.
    """
    import torch  # here, since what runs by ncnn does without it
    from torch import nn

    modules: list[nn.Module] = []
    with torch.device("meta"):  # no time is spent on initial values
        for name, out, channels in LAYERS:
            modules += [nn.Conv2d(channels, out, 3, padding=1), nn.ReLU(inplace=True)]
            if name in POOLS_AFTER:
                modules.append(nn.MaxPool2d(2))
        network = nn.Sequential(*modules)
    state = {
        key.removeprefix("features."): torch.from_numpy(t.astype(np.float32))
        for key, t in weights.tensors.items()
    }
    network.load_state_dict(state, assign=True)
    return network.eval().requires_grad_(False)


def _ncnn_layers() -> Iterator[str]:
    yield f"Input {INPUT} 0 1 {INPUT}"
    last = INPUT
    for name, out, channels in LAYERS:
        blob = name.replace("features.", "conv")
        weights = out * channels * 9
        # 0 outputs, 1 kernel, 4 padding, 5 bias, 6 weights, 9=1 followed by ReLU, 31=64 not by
        # Winograd: for three channels the way there and back costs more than it saves.
        options = f"0={out} 1=3 4=1 5=1 6={weights} 9=1{' 31=64' if last == INPUT else ''}"
        yield f"Convolution {blob} 1 1 {last} {blob} {options}"
        last = blob
        if name in POOLS_AFTER:
            pool = OUTPUT if name == LAYERS[-1][0] else f"{blob}_pool"
            # 0=0 maximum, 1 kernel, 2 stride, 5=1 no padding at an odd edge ("valid")
            yield f"Pooling {pool} 1 1 {last} {pool} 0=0 1=2 2=2 5=1"
            last = pool


VGG16 = Backbone(
    kind="vgg16",
    name="VGG-16",
    file="vgg16-conv-fp16.safetensors",
    digest="c17d7c4fc5732915da528f4b3370d3ad79c8b23827b20a864a2e4ade5c5d653c",
    scaling="caffe",
    sizes=range(96, 1025),
    channels=512,
    convolutions={name: (out, channels, 3, 3) for name, out, channels in LAYERS},
    in_torch=build_vgg16,
    ncnn_layers=_ncnn_layers,
)
