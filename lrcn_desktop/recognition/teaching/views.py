"""A clip as it would look elsewhere: another part of the picture, mirrored, in other colors.

What few clips of an activity have in common by chance, such as the place and its colors, does not
stay the same in such views, so a fit to them does not go by it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lrcn_desktop.video.frame import Image
from lrcn_desktop.video.opencv import cv2

VIEWS = 2
"""How many of a clip are used."""

_SMALLEST = 0.6  # of the picture's sides that are shown
_MIXED = 0.2  # standard deviation of what a color takes from each of the others
_LIT = 0.6, 1.4  # what the light does to red, green and blue
_GAMMA = 0.7, 1.4

View = Callable[[Image], Image]


def draw_view(clip: str, number: int) -> View:
    """Return the change of every frame of a clip that makes a view of it.

    Args:
        clip: The digest of its content: the same clip has the same views.
        number: Which one, from 0.
    """
    rng = np.random.default_rng([*clip.encode(), number])
    shown = float(rng.uniform(_SMALLEST, 1))
    across, down = rng.random(2)
    mirrored = bool(rng.random() < 0.5)
    mix = np.eye(3) + rng.normal(0, _MIXED, (3, 3))
    mix = (mix / mix.sum(1, keepdims=True)).astype(np.float32)
    light = rng.uniform(*_LIT, 3)
    curve = np.linspace(0, 1, 256) ** rng.uniform(*_GAMMA)
    table = np.clip(255 * curve[:, None] * light, 0, 255).astype(np.uint8).reshape(1, 256, 3)

    def view(image: Image) -> Image:
        height, width = image.shape[:2]
        rows, columns = max(1, int(height * shown)), max(1, int(width * shown))
        top, left = int((height - rows) * down), int((width - columns) * across)
        part = image[top : top + rows, left : left + columns]
        if mirrored:
            part = part[:, ::-1]
        mixed = cv2.transform(np.ascontiguousarray(part), mix)
        return cv2.LUT(mixed, table).astype(np.uint8, copy=False)

    return view
