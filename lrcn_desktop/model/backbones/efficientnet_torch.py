"""EfficientNet's "lite" networks in PyTorch: for GPUs, training, and where ncnn does not run."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from lrcn_desktop.model.backbones.efficientnet import Layer, same_padding
from lrcn_desktop.model.backbones.weights import FrozenWeights


class EfficientNetLite(nn.Module):
    """Maps (N, 3, S, S) scaled input, S a multiple of 32, to (N, C, S // 32, S // 32)."""

    def __init__(self, layers: Sequence[Layer], weights: FrozenWeights) -> None:
        super().__init__()
        self._layers = tuple(layers)
        self._convolutions = nn.ModuleList()
        for layer in self._layers:
            groups = layer.inputs if layer.depthwise else 1
            with torch.device("meta"):  # no time is spent on initial values
                convolution = nn.Conv2d(
                    layer.inputs, layer.outputs, layer.kernel, layer.stride, groups=groups
                )
            convolution.load_state_dict(
                {
                    key: torch.from_numpy(weights.tensors[f"{layer.name}.{key}"].astype(np.float32))
                    for key in ("weight", "bias")
                },
                assign=True,
            )
            self._convolutions.append(convolution)
        self.eval().requires_grad_(False)

    def forward(self, x: Tensor) -> Tensor:
        """Return the last feature map."""
        entered = x
        for layer, convolution in zip(self._layers, self._convolutions, strict=True):
            if layer.name.endswith(("expand", "blocks.0.depthwise")):
                entered = x
            before, after = same_padding(layer.kernel, layer.stride)
            x = convolution(pad(x, (before, after, before, after)))
            if layer.clipped:
                x = x.clamp(0, 6)
            if layer.residual:
                x = x + entered
        return x
