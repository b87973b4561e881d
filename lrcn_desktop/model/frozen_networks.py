"""The frozen networks in PyTorch: for GPUs, for training, and where ncnn does not run."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import pad

from lrcn_desktop.model.efficientnet import LITE0_LAYERS, same_padding
from lrcn_desktop.model.vgg16 import LAYERS, POOLS_AFTER
from lrcn_desktop.model.weights import FrozenWeights


def build_frozen(kind: str, weights: FrozenWeights) -> nn.Module:
    """Return the network of a kind: (N, 3, S, S) scaled input to its last feature map."""
    return build_vgg16(weights) if kind == "vgg16" else Lite0(weights)


def build_vgg16(weights: FrozenWeights) -> nn.Sequential:
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
    state = {key.removeprefix("features."): _float32(t) for key, t in weights.tensors.items()}
    network.load_state_dict(state, assign=True)
    return network.eval().requires_grad_(False)


class Lite0(nn.Module):
    """Maps (N, 3, S, S) scaled input, S a multiple of 32, to (N, 1280, S // 32, S // 32)."""

    def __init__(self, weights: FrozenWeights) -> None:
        super().__init__()
        self._convolutions = nn.ModuleList()
        for layer in LITE0_LAYERS:
            groups = layer.inputs if layer.depthwise else 1
            with torch.device("meta"):  # no time is spent on initial values
                convolution = nn.Conv2d(
                    layer.inputs, layer.outputs, layer.kernel, layer.stride, groups=groups
                )
            convolution.load_state_dict(
                {
                    key: _float32(weights.tensors[f"{layer.name}.{key}"])
                    for key in ("weight", "bias")
                },
                assign=True,
            )
            self._convolutions.append(convolution)
        self.eval().requires_grad_(False)

    def forward(self, x: Tensor) -> Tensor:
        """Return the last feature map."""
        entered = x
        for layer, convolution in zip(LITE0_LAYERS, self._convolutions, strict=True):
            if layer.name.endswith(("expand", "blocks.0.depthwise")):
                entered = x
            before, after = same_padding(layer.kernel, layer.stride)
            x = convolution(pad(x, (before, after, before, after)))
            if layer.clipped:
                x = x.clamp(0, 6)
            if layer.residual:
                x = x + entered
        return x


def _float32(array: NDArray[np.generic]) -> Tensor:
    return torch.from_numpy(array.astype(np.float32))
