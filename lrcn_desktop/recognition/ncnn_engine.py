"""The engine that runs a frozen network on a CPU with ncnn: a third of PyTorch's time."""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import ncnn
import numpy as np
import torch
from numpy.typing import NDArray

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.weights import FrozenWeights
from lrcn_desktop.recognition.engine import CORES, Engine, scale_input
from lrcn_desktop.recognition.ncnn_network import INPUT, OUTPUT, model_bytes
from lrcn_desktop.recognition.resize import resize

_BATCH = 8
_AT_ONCE = 2  # frames of a batch: one fills the gaps that the other's threads leave in waiting


class NcnnEngine(Engine):
    """A frozen network in float32, each frame on several cores."""

    def __init__(
        self, text: str, weights: FrozenWeights, size: int, dim: int, threads: int = CORES
    ) -> None:
        """Build a network.

        Args:
            text: ncnn's description of it: see `ncnn_network`.
            weights: Its weights.
            size: Of its input, size x size.
            dim: D, of its features.
            threads: That a frame is shared by.

        Raises:
            UserError: ncnn does not take the network.
        """
        self._size, self._scaling = size, weights.scaling
        self._net = ncnn.Net()
        self._net.opt.num_threads = threads
        with tempfile.TemporaryDirectory(prefix="lrcn-ncnn-") as folder:
            path = Path(folder) / "network.bin"
            path.write_bytes(model_bytes(weights))
            if self._net.load_param_mem(text) or self._net.load_model(str(path)):
                raise UserError(
                    "ncnn cannot load the network on this machine: try --device cpu or cuda."
                )
        self.name = f"CPU (ncnn, {threads} thread{'s' if threads > 1 else ''})"
        self.dim, self.batch = dim, _BATCH

    @torch.inference_mode()
    def features(self, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Map uint8 RGB frames (N, H, W, 3) to float32 (N, D)."""
        scaled = scale_input(resize(frames, self._size), self._scaling).contiguous().numpy()
        result = np.empty((len(scaled), self.dim), np.float32)
        if len(scaled) == 1:
            self._extract(scaled[0], result[0])
        else:
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                list(pool.map(self._extract, scaled, result))
        return result

    def _extract(self, image: NDArray[np.float32], row: NDArray[np.float32]) -> None:
        """Write the features of a scaled frame (3, S, S) into `row` (D,)."""
        # Neither Mat copies or keeps what it points at: `image` and `extractor` outlive them.
        extractor = self._net.create_extractor()
        extractor.input(INPUT, ncnn.Mat(image))
        failed, output = extractor.extract(OUTPUT)
        if failed:
            raise RuntimeError(f"ncnn could not run the network (code {failed})")
        row[:] = np.asarray(output).reshape(-1)
