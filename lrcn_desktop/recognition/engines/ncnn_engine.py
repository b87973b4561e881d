"""The engine that runs a frozen network on a CPU with ncnn: half of PyTorch's time or less."""

import ctypes
import struct
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import ncnn
import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.model.backbones.backbone import INPUT, OUTPUT, Backbone
from lrcn_desktop.model.backbones.weights import FrozenWeights
from lrcn_desktop.recognition.engines.engine import CORES, Engine
from lrcn_desktop.recognition.engines.preprocessing import resize

THREADS = max(1, min(CORES, ncnn.get_physical_big_cpu_count()))
"""That share a frame's large layers: ncnn's own choice, as two threads of one core only wait for
each other and a small core keeps the large ones waiting."""

_FLOAT16_TAG = struct.pack("<I", 0x01306B47)
_BATCH = 8
_AT_ONCE = 2  # frames at least: one fills the gaps that the other's threads leave in waiting


class NcnnEngine(Engine):
    """A frozen network in float32, each frame on several cores."""

    def __init__(
        self, backbone: Backbone, weights: FrozenWeights, size: int, threads: int | None = None
    ) -> None:
        """Build a network; ncnn gets it as a short text and plain numbers, with no converter.

        Args:
            backbone: The network.
            weights: Its weights.
            size: Of its input, size x size.
            threads: That a frame is shared by; None: as many as are worth it.

        Raises:
            RuntimeError: ncnn does not take the network.
        """
        if threads is None:
            threads = 1 if backbone.small_layers else THREADS
        self._size, self._at_once = size, max(_AT_ONCE, CORES // threads)
        scaling = weights.scaling
        kinds = ncnn.Mat.PixelType
        self._order = kinds.PIXEL_RGB2BGR if scaling.order == "BGR" else kinds.PIXEL_RGB
        self._mean = [mean / scaling.scale for mean in scaling.mean]
        self._factor = [scaling.scale / std for std in scaling.std]
        self._net = ncnn.Net()
        self._net.opt.num_threads = threads
        reader = _Reader(_model_bytes(backbone.convolutions, weights))
        if self._net.load_param_mem(backbone.ncnn_text()) or self._net.load_model(reader):
            raise RuntimeError("ncnn cannot load the network on this machine")
        self.name = f"CPU (ncnn, {threads} thread{'s' if threads > 1 else ''})"
        self.dim, self.batch = backbone.channels * (size // 32) ** 2, _BATCH

    def features(self, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Map uint8 RGB frames (N, H, W, 3) to float32 (N, D)."""
        result = np.empty((len(frames), self.dim), np.float32)
        if len(frames) == 1:
            self._extract(frames[0], result[0])
        else:
            with ThreadPoolExecutor(self._at_once) as pool:
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


class _Reader(ncnn.DataReader):  # type: ignore[misc]
    """Gives ncnn the weights, a layer at a time.

    ncnn holds Python's lock while it rearranges them, for half a second with VGG-16: between two
    layers the window has its turn.
    """

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self._data, self._at = data, 0

    def read(self, buffer: object, size: int) -> int:
        """Write the next `size` bytes to the address in `buffer`, a capsule; return how many."""
        time.sleep(0)
        piece = self._data[self._at : self._at + size]
        self._at += len(piece)
        ctypes.memmove(_address_in(buffer, None), piece, len(piece))
        return len(piece)


_address_in = ctypes.pythonapi.PyCapsule_GetPointer
_address_in.argtypes, _address_in.restype = (ctypes.py_object, ctypes.c_char_p), ctypes.c_void_p


def _model_bytes(names: Iterable[str], weights: FrozenWeights) -> bytes:
    """Return the weights as ncnn reads them: of each layer a tag, float16 weights, float32 bias."""
    parts: list[bytes] = []
    for name in names:
        kernel = weights.tensors[f"{name}.weight"].astype(np.float16).tobytes()
        bias = weights.tensors[f"{name}.bias"].astype(np.float32).tobytes()
        parts += [_FLOAT16_TAG, kernel, b"\0" * (-len(kernel) % 4), bias]
    return b"".join(parts)
