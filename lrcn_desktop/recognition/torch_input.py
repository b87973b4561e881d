"""From frames to what a network in PyTorch expects: resized and scaled, on any device."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import interpolate

from lrcn_desktop.model.weights import InputScaling
from lrcn_desktop.recognition.resize import resize


def resize_on(frames: NDArray[np.uint8], size: int, device: torch.device) -> Tensor:
    """Do what `resize` does, on the GPU where that is CUDA's; return RGB (N, 3, S, S), 0..255."""
    if device.type != "cuda":
        return torch.from_numpy(resize(frames, size)).permute(0, 3, 1, 2).float().to(device)
    images = torch.from_numpy(np.ascontiguousarray(frames)).to(device).permute(0, 3, 1, 2)
    return stretch(images.float(), size)


def stretch(images: Tensor, size: int) -> Tensor:
    """Stretch float RGB (N, 3, H, W), 0..255, to size x size, rounded to whole grey levels."""
    stretched = interpolate(images, (size, size), mode="bilinear", antialias=True)
    return stretched.round_().clamp_(0, 255)


def scale_input(resized: Tensor, scaling: InputScaling) -> Tensor:
    """Map resized RGB (N, 3, S, S) in 0..255 to what the weights expect."""
    x = resized.flip(1) if scaling.order == "BGR" else resized
    mean = torch.tensor(scaling.mean, device=x.device).view(3, 1, 1)
    std = torch.tensor(scaling.std, device=x.device).view(3, 1, 1)
    return (x * scaling.scale - mean) / std
