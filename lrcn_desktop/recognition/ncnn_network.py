"""VGG-16's convolutional part written down for ncnn, straight from the tensors.

ncnn reads a short text (a layer a line) and a plain file of weights; both are made here, so no
converter is needed. Each convolution's weights are led by a tag that says float16 or float32.
"""

import struct

import numpy as np

from lrcn_desktop.model.vgg16 import LAYERS, POOLS_AFTER
from lrcn_desktop.model.weights import FrozenWeights

_MAGIC = "7767517"
_FLOAT16_TAG = struct.pack("<I", 0x01306B47)
INPUT, OUTPUT = "in", "pool5"


def param_text() -> str:
    """Return ncnn's description of the network from `INPUT` (3, S, S) to `OUTPUT` (512, s, s)."""
    lines = [f"Input {INPUT} 0 1 {INPUT}"]
    last = INPUT
    for name, out, channels in LAYERS:
        blob = name.replace("features.", "conv")
        weights = out * channels * 9
        # 0 outputs, 1 kernel, 4 padding, 5 bias, 6 weights, 9=1 followed by ReLU
        lines.append(f"Convolution {blob} 1 1 {last} {blob} 0={out} 1=3 4=1 5=1 6={weights} 9=1")
        last = blob
        if name in POOLS_AFTER:
            pool = OUTPUT if name == LAYERS[-1][0] else f"{blob}_pool"
            # 0=0 maximum, 1 kernel, 2 stride, 5=1 no padding at an odd edge ("valid")
            lines.append(f"Pooling {pool} 1 1 {last} {pool} 0=0 1=2 2=2 5=1")
            last = pool
    return "\n".join([_MAGIC, f"{len(lines)} {len(lines)}", *lines, ""])


def model_bytes(weights: FrozenWeights) -> bytes:
    """Return ncnn's weights file: for each convolution a tag, float16 weights, float32 bias."""
    parts: list[bytes] = []
    for name, _, _ in LAYERS:
        kernel = weights.tensors[f"{name}.weight"].numpy().astype(np.float16).tobytes()
        bias = weights.tensors[f"{name}.bias"].numpy().astype(np.float32).tobytes()
        parts += [_FLOAT16_TAG, kernel, b"\0" * (-len(kernel) % 4), bias]
    return b"".join(parts)
