"""The frozen networks written down for ncnn, straight from the tensors.

ncnn reads a short text (a layer a line) and a plain file of weights; both are made here, so no
converter is needed. Each convolution's weights are led by a tag that says float16 or float32.
"""

import struct
from collections.abc import Iterator

import numpy as np

from lrcn_desktop.model.backbones.lite0 import LITE0_LAYERS, same_padding
from lrcn_desktop.model.backbones.vgg16 import LAYERS, POOLS_AFTER
from lrcn_desktop.model.backbones.weights import FrozenWeights

_MAGIC = "7767517"
_FLOAT16_TAG = struct.pack("<I", 0x01306B47)
INPUT, OUTPUT = "in", "out"


def vgg16_text() -> str:
    """Return ncnn's description of VGG-16 from `INPUT` (3, S, S) to `OUTPUT` (512, s, s)."""
    return _text(_vgg16_lines())


def lite0_text() -> str:
    """Return that of EfficientNet-lite0, from `INPUT` (3, S, S) to `OUTPUT` (1280, s, s)."""
    return _text(_lite0_lines())


def model_bytes(weights: FrozenWeights) -> bytes:
    """Return ncnn's weights file: for each convolution a tag, float16 weights, float32 bias."""
    names = [name for name, _, _ in LAYERS]
    if "stem.weight" in weights.tensors:
        names = [layer.name for layer in LITE0_LAYERS]
    parts: list[bytes] = []
    for name in names:
        kernel = weights.tensors[f"{name}.weight"].astype(np.float16).tobytes()
        bias = weights.tensors[f"{name}.bias"].astype(np.float32).tobytes()
        parts += [_FLOAT16_TAG, kernel, b"\0" * (-len(kernel) % 4), bias]
    return b"".join(parts)


def _text(lines: Iterator[str]) -> str:
    layers = list(lines)
    blobs = sum(int(line.split()[3]) for line in layers)
    return "\n".join([_MAGIC, f"{len(layers)} {blobs}", *layers, ""])


def _vgg16_lines() -> Iterator[str]:
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


def _lite0_lines() -> Iterator[str]:
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
        # as above; 3 stride, 4 14 15 16 padding left, top, right, bottom; 9=3 clipped to -23310
        options = f"0={layer.outputs} 1={layer.kernel} 3={layer.stride} 4={before} 14={before} "
        options += f"15={after} 16={after} 5=1 6={int(np.prod(layer.shape))}"
        options += f" 7={layer.inputs}" if layer.depthwise else ""
        options += " 9=3 -23310=2,0.0,6.0" if layer.clipped else ""
        kind = "ConvolutionDepthWise" if layer.depthwise else "Convolution"
        blob = OUTPUT if layer is LITE0_LAYERS[-1] else layer.name
        yield f"{kind} {layer.name} 1 1 {last} {blob} {options}"
        last = blob
        if layer.residual:
            yield f"BinaryOp {block}.sum 2 1 {kept} {last} {block}.sum 0=0"
            last = f"{block}.sum"
