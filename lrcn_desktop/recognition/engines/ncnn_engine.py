"""The engine that runs a frozen network on a CPU with ncnn: a third of PyTorch's time."""

import struct
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import ncnn
import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.backbones.backbone import INPUT, OUTPUT, Backbone
from lrcn_desktop.model.backbones.weights import FrozenWeights
from lrcn_desktop.recognition.engines.engine import CORES, Engine
from lrcn_desktop.recognition.engines.preprocessing import resize

_FLOAT16_TAG = struct.pack("<I", 0x01306B47)
_BATCH = 8
_AT_ONCE = 2  # frames of a batch: one fills the gaps that the other's threads leave in waiting


class NcnnEngine(Engine):
    """A frozen network in float32, each frame on several cores."""

    def __init__(
        self, backbone: Backbone, weights: FrozenWeights, size: int, threads: int = CORES
    ) -> None:
        """Build a network; ncnn gets it as a short text and a plain file, with no converter.

        Args:
            backbone: The network.
            weights: Its weights.
            size: Of its input, size x size.
            threads: That a frame is shared by.

        Raises:
            UserError: ncnn does not take the network.
        """
        self._size = size
        scaling = weights.scaling
        kinds = ncnn.Mat.PixelType
        self._order = kinds.PIXEL_RGB2BGR if scaling.order == "BGR" else kinds.PIXEL_RGB
        self._mean = [mean / scaling.scale for mean in scaling.mean]
        self._factor = [scaling.scale / std for std in scaling.std]
        self._net = ncnn.Net()
        self._net.opt.num_threads = threads
        with tempfile.TemporaryDirectory(prefix="lrcn-ncnn-") as folder:
            path = Path(folder) / "network.bin"
            path.write_bytes(_model_bytes(backbone.convolutions, weights))
            text = backbone.ncnn_text()
            if self._net.load_param_mem(text) or self._net.load_model(str(path)):
                raise UserError(
                    "ncnn cannot load the network on this machine: try --device cpu or cuda."
                )
        self.name = f"CPU (ncnn, {threads} thread{'s' if threads > 1 else ''})"
        self.dim, self.batch = backbone.channels * (size // 32) ** 2, _BATCH

    def features(self, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Map uint8 RGB frames (N, H, W, 3) to float32 (N, D)."""
        result = np.empty((len(frames), self.dim), np.float32)
        if len(frames) == 1:
            self._extract(frames[0], result[0])
        else:
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                list(pool.map(self._extract, frames, result))
        return result

    def _extract(self, frame: NDArray[np.uint8], row: NDArray[np.float32]) -> None:
        """Write the features of a frame (H, W, 3) into `row` (D,)."""
        resized = resize(frame[None], self._size)[0]
        scaled = ncnn.Mat.from_pixels(resized, self._order, self._size, self._size)  # a copy
        scaled.substract_mean_normalize(self._mean, self._factor)
        extractor = self._net.create_extractor()
        extractor.input(INPUT, scaled)
        failed, output = extractor.extract(OUTPUT)
        if failed:
            raise RuntimeError(f"ncnn could not run the network (code {failed})")
        row[:] = np.asarray(output).reshape(-1)  # `output` neither copies nor outlives `extractor`


def _model_bytes(names: Iterable[str], weights: FrozenWeights) -> bytes:
    """Return ncnn's weights file: for each convolution a tag, float16 weights, float32 bias."""
    parts: list[bytes] = []
    for name in names:
        kernel = weights.tensors[f"{name}.weight"].astype(np.float16).tobytes()
        bias = weights.tensors[f"{name}.bias"].astype(np.float32).tobytes()
        parts += [_FLOAT16_TAG, kernel, b"\0" * (-len(kernel) % 4), bias]
    return b"".join(parts)
