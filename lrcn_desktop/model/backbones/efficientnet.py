"""EfficientNet's "lite" networks (Tan and Le 2019), the authors' own for small machines.

They have no squeeze-and-excitation, and ReLU6. Batch normalization is folded into the convolutions.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lrcn_desktop.model.backbones.backbone import INPUT, OUTPUT

Stage = tuple[int, int, int, int, int]
"""Kernel, stride of the first, expansion, output channels, repeats: the paper's table 1."""


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


def layers_of(stem: int, stages: Sequence[Stage], channels: int) -> Iterator[Layer]:
    """Yield the layers of a network, from its stem's channels to those of its last feature map."""
    yield Layer("stem", 3, stem, 3, 2)
    inputs, block = stem, 0
    for kernel, first, expansion, outputs, repeats in stages:
        for number in range(repeats):
            stride, middle = first if number == 0 else 1, inputs * expansion
            name = f"blocks.{block}"
            if expansion > 1:
                yield Layer(f"{name}.expand", inputs, middle)
            yield Layer(f"{name}.depthwise", middle, middle, kernel, stride, depthwise=True)
            residual = stride == 1 and inputs == outputs
            yield Layer(f"{name}.project", middle, outputs, clipped=False, residual=residual)
            inputs, block = outputs, block + 1
    yield Layer("head", inputs, channels)


def same_padding(kernel: int, stride: int) -> tuple[int, int]:
    """Return the lines before and after: "SAME" for sides that the stride divides."""
    total = kernel - stride
    return total // 2, total - total // 2


def ncnn_layers(layers: Sequence[Layer]) -> Iterator[str]:
    """Yield ncnn's description of a network."""
    yield f"Input {INPUT} 0 1 {INPUT}"
    last, kept = INPUT, ""
    residual = {layer.name.rpartition(".")[0] for layer in layers if layer.residual}
    for layer in layers:
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
        blob = OUTPUT if layer is layers[-1] else layer.name
        yield f"{kind} {layer.name} 1 1 {last} {blob} {options}"
        last = blob
        if layer.residual:
            yield f"BinaryOp {block}.sum 2 1 {kept} {last} {block}.sum 0=0"
            last = f"{block}.sum"
