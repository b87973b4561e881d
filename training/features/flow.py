"""Optical flow as pictures: the second stream of the paper."""

import numpy as np

from lrcn_desktop.video.frame import Image
from lrcn_desktop.video.opencv import cv2

SCALE = 16.0
"""Grey levels a pixel of motion: 8 pixels between two frames reach the end of the range."""


def flow_image(image: Image, following: Image) -> Image:
    """Return the motion from one frame to the next as a picture (H, W, 3) uint8.

    As the paper stores it (Donahue et al. 2017, section 4.1): x and y scaled and shifted to be
    centered at 128, and the magnitude as the third channel. The flow is DIS (Kroeger et al. 2016).

    Args:
        image: uint8 RGB (H, W, 3).
        following: The frame after it, of the same size.
    """
    grey = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in (image, following)]
    dis = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    flow = dis.calc(grey[0], grey[1], np.zeros((*grey[0].shape, 2), np.float32)) * SCALE
    magnitude = np.linalg.norm(flow, axis=-1, keepdims=True)
    stacked = np.concatenate([flow + 128, magnitude], axis=-1)
    picture: Image = np.clip(np.rint(stacked), 0, 255).astype(np.uint8)
    return picture
