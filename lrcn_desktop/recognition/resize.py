"""Frames to the network's input size, the same in every engine, in training and live."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import interpolate


def resize(frames: NDArray[np.uint8], size: int, device: torch.device | str = "cpu") -> Tensor:
    """Stretch RGB frames to size x size (bilinear, antialiased), rounded to whole grey levels.

    The whole frame is kept and its aspect ratio is not, as in the slides. Rounding keeps the
    integer arithmetic of the CPU and the floating-point one of a GPU together.

    Args:
        frames: uint8 (N, H, W, 3) RGB.
        size: Side of the square in pixels.
        device: Where to resize, and where the result is.

    Returns:
        float32 (N, 3, size, size) RGB, 0..255, whole numbers.
    """
    images = torch.from_numpy(np.ascontiguousarray(frames)).to(device).permute(0, 3, 1, 2)
    if images.is_cuda:
        resized = interpolate(images.float(), (size, size), mode="bilinear", antialias=True)
        return resized.round_().clamp_(0, 255)
    return interpolate(images, (size, size), mode="bilinear", antialias=True).float()
