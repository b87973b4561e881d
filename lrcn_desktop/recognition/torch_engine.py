"""The engine that runs a network in PyTorch: CUDA, MPS or CPU."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from lrcn_desktop.model.weights import InputScaling
from lrcn_desktop.recognition.engine import Card, Engine
from lrcn_desktop.recognition.torch_input import resize_on, scale_input

_BATCH = {"cuda": 64, "mps": 16, "cpu": 1}  # a CPU is no faster with more
_CARDS: dict[str, Card] = {"cuda": "cuda", "mps": "mps"}
_NAMES = {"cuda": "GPU (CUDA)", "mps": "GPU (Metal)", "cpu": "CPU (PyTorch)"}


class TorchEngine(Engine):
    """Any convolutional network: in half precision on CUDA, which rounds features by some 1e-3."""

    def __init__(
        self, network: nn.Module, scaling: InputScaling, size: int, dim: int, device: str
    ) -> None:
        """Move `network` to `device` ("cuda", "mps" or "cpu") and keep it there."""
        self._device = torch.device(device)
        self._dtype = torch.float16 if self._device.type == "cuda" else torch.float32
        self._network = network.eval().to(self._device, self._dtype)
        self._network.to(memory_format=torch.channels_last)
        self._scaling, self._size = scaling, size
        self.name = _NAMES[self._device.type]
        self.dim, self.batch = dim, _BATCH[self._device.type]
        self.card = _CARDS.get(self._device.type)

    @torch.inference_mode()
    def features(self, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Map uint8 RGB frames (N, H, W, 3) to float32 (N, D)."""
        resized = resize_on(frames, self._size, self._device)
        x = scale_input(resized, self._scaling).to(self._dtype)
        y = self._network(x.contiguous(memory_format=torch.channels_last)).flatten(1)
        result: NDArray[np.float32] = y.float().cpu().numpy()
        return result
