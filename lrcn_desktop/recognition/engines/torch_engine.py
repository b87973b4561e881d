"""The engine that runs a network in PyTorch: CUDA, MPS or CPU."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import interpolate

from lrcn_desktop.model.backbones.weights import InputScaling
from lrcn_desktop.recognition.engines.engine import Card, Engine
from lrcn_desktop.recognition.engines.preprocessing import resize

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


def resize_on(frames: NDArray[np.uint8], size: int, device: torch.device) -> Tensor:
    """Do what `resize` does, on the GPU where that is CUDA's; return RGB (N, 3, S, S), 0..255."""
    if device.type != "cuda":
        return torch.from_numpy(resize(frames, size)).permute(0, 3, 1, 2).float().to(device)
    images = torch.from_numpy(np.ascontiguousarray(frames)).to(device)
    return stretch(images.permute(0, 3, 1, 2), size)


def stretch(images: Tensor, size: int) -> Tensor:
    """Stretch uint8 RGB (N, 3, H, W) to float32 (N, 3, size, size), whole gray levels 0..255.

    As Pillow does it, and so the processor: across, then down, each time rounded half up.
    """
    across = interpolate(images + 0.5, (images.shape[2], size), mode="bilinear", antialias=True)
    down = interpolate(across.floor_() + 0.5, (size, size), mode="bilinear", antialias=True)
    return down.floor_()


def scale_input(resized: Tensor, scaling: InputScaling) -> Tensor:
    """Map resized RGB (N, 3, S, S) in 0..255 to what the weights expect."""
    x = resized.flip(1) if scaling.order == "BGR" else resized
    mean = torch.tensor(scaling.mean, device=x.device).view(3, 1, 1)
    std = torch.tensor(scaling.std, device=x.device).view(3, 1, 1)
    return (x * scaling.scale - mean) / std
