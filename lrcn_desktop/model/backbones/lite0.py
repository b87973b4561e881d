"""EfficientNet-lite0's convolutional part, frozen: 20 times lighter than VGG-16 (Tan and Le 2019).

The "lite" networks are the authors' own for small machines: no squeeze-and-excitation, and ReLU6.
Batch normalization is folded into the convolutions.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lrcn_desktop.model.backbones.backbone import INPUT, OUTPUT, Backbone
from lrcn_desktop.model.backbones.weights import FrozenWeights

if TYPE_CHECKING:
    from torch import nn

_CHANNELS = 1280
_STAGES = (  # kernel, stride of the first, expansion, output channels, repeats: paper, table 1
    (3, 1, 1, 16, 1),
    (3, 2, 6, 24, 2),
    (5, 2, 6, 40, 2),
    (3, 2, 6, 80, 3),
    (5, 1, 6, 112, 3),
    (5, 2, 6, 192, 4),
    (3, 1, 6, 320, 1),
)
_STEM = 32


@dataclass(frozen=True, slots=True)
class Layer:
    """A convolution, as every engine builds it.

    Attributes:
        name: Of its tensors, `name.weight` and `name.bias`.
        inputs: Channels.
        outputs: Channels.
        kernel: Its side.
        stride: 1 or 2; padding is TensorFlow's "SAME", which for 2 is one more at the far edges.
        depthwise: Each channel by itself.
        clipped: Followed by ReLU6.
        residual: Added to what came into its block.
    """

    name: str
    inputs: int
    outputs: int
    kernel: int = 1
    stride: int = 1
    depthwise: bool = False
    clipped: bool = True
    residual: bool = False

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Of its weights."""
        return self.outputs, 1 if self.depthwise else self.inputs, self.kernel, self.kernel


def _layers() -> Iterator[Layer]:
    yield Layer("stem", 3, _STEM, 3, 2)
    inputs, block = _STEM, 0
    for kernel, first, expansion, outputs, repeats in _STAGES:
        for number in range(repeats):
            stride, middle = first if number == 0 else 1, inputs * expansion
            name = f"blocks.{block}"
            if expansion > 1:
                yield Layer(f"{name}.expand", inputs, middle)
            yield Layer(f"{name}.depthwise", middle, middle, kernel, stride, depthwise=True)
            residual = stride == 1 and inputs == outputs
            yield Layer(f"{name}.project", middle, outputs, clipped=False, residual=residual)
            inputs, block = outputs, block + 1
    yield Layer("head", inputs, _CHANNELS)


LITE0_LAYERS = tuple(_layers())


def same_padding(kernel: int, stride: int) -> tuple[int, int]:
    """Return the lines before and after: "SAME" for sides that the stride divides."""
    total = kernel - stride
    return total // 2, total - total // 2


def _in_torch(weights: FrozenWeights) -> nn.Module:
    from lrcn_desktop.model.backbones.lite0_torch import Lite0

    return Lite0(weights)


def _ncnn_layers() -> Iterator[str]:
    yield f"Input {INPUT} 0 1 {INPUT}"
    last, kept = INPUT, ""
    residual = {layer.name.rpartition(".")[0] for layer in LITE0_LAYERS if layer.residual}
    for layer in LITE0_LAYERS:
        block = layer.name.rpartition(".")[0]
        if block in residual and layer.name.endswith("expand"):  # what comes in is used twice
            kept, again = f"{block}.kept", f"{block}.again"
            yield f"Split {block}.split 1 2 {last} {kept} {again}"
            last = again
        before, after = same_padding(layer.kernel, layer.stride)
        # 0 outputs, 1 kernel, 3 stride, 4 14 15 16 padding left, top, right, bottom,
        # 5 bias, 6 weights, 7 groups; 9=3 clipped to -23310
        options = f"0={layer.outputs} 1={layer.kernel} 3={layer.stride} 4={before} 14={before} "
        options += f"15={after} 16={after} 5=1 6={math.prod(layer.shape)}"
        options += f" 7={layer.inputs}" if layer.depthwise else ""
        options += " 9=3 -23310=2,0.0,6.0" if layer.clipped else ""
        kind = "ConvolutionDepthWise" if layer.depthwise else "Convolution"
        blob = OUTPUT if layer is LITE0_LAYERS[-1] else layer.name
        yield f"{kind} {layer.name} 1 1 {last} {blob} {options}"
        last = blob
        if layer.residual:
            yield f"BinaryOp {block}.sum 2 1 {kept} {last} {block}.sum 0=0"
            last = f"{block}.sum"


LITE0 = Backbone(
    kind="lite0",
    name="EfficientNet-lite0",
    file="efficientnet-lite0-fp16.safetensors",
    digest="5f9298fe7baa413b3bb1543d53444d345e2d331f4d0e711073090e5fa94fb821",
    scaling="lite",
    sizes=range(96, 1025, 32),
    channels=_CHANNELS,
    convolutions={layer.name: layer.shape for layer in LITE0_LAYERS},
    in_torch=_in_torch,
    ncnn_layers=_ncnn_layers,
)
