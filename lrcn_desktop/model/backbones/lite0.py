"""EfficientNet-lite0's convolutional part, frozen: 20 times lighter than VGG-16 (Tan and Le 2019).

The "lite" networks are the authors' own for small machines: no squeeze-and-excitation, and ReLU6.
Batch normalization is folded into the convolutions.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.backbones.weights import FrozenWeights, read_frozen
from lrcn_desktop.resources import assets_dir

LITE0_DIGEST = "5f9298fe7baa413b3bb1543d53444d345e2d331f4d0e711073090e5fa94fb821"
CHANNELS = 1280
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
    yield Layer("head", inputs, CHANNELS)


LITE0_LAYERS = tuple(_layers())


def same_padding(kernel: int, stride: int) -> tuple[int, int]:
    """Return the lines before and after: "SAME" for sides that the stride divides."""
    total = kernel - stride
    return total // 2, total - total // 2


@cache
def shipped_lite0() -> FrozenWeights:
    """Return the weights in `assets/`, checked by digest.

    Raises:
        UserError: The shipped file is missing or damaged.
    """
    path = assets_dir() / "efficientnet-lite0-fp16.safetensors"
    shapes: dict[str, tuple[int, ...]] = {}
    for layer in LITE0_LAYERS:
        shapes |= {f"{layer.name}.weight": layer.shape, f"{layer.name}.bias": (layer.outputs,)}
    weights = read_frozen(path, "EfficientNet-lite0", shapes)
    if weights.digest != LITE0_DIGEST:
        raise UserError(f"{path} is damaged (its digest is wrong): install LRCN Desktop again.")
    return weights
