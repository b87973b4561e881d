"""Frames to the network's input size, the same on every processor, in training and live."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def resize(frames: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """Stretch RGB frames to size x size (bilinear, antialiased), rounded to whole gray levels.

    The whole frame is kept and its aspect ratio is not, as in the slides. Pillow's arithmetic is
    PyTorch's to a gray level in a thousand pixels, and needs no PyTorch. Rounding keeps the
    integer arithmetic of a processor and the floating-point one of a GPU together.

    Args:
        frames: uint8 (N, H, W, 3) RGB.
        size: Side of the square in pixels.

    Returns:
        uint8 (N, size, size, 3) RGB.
    """
    resized = np.empty((len(frames), size, size, 3), np.uint8)
    for row, frame in zip(resized, frames, strict=True):
        picture = Image.fromarray(np.ascontiguousarray(frame))
        row[:] = np.asarray(picture.resize((size, size), Image.Resampling.BILINEAR))
    return resized
