"""The places, drawn once a bout on a canvas that is larger than the view.

Scene units are pixels of a 640x480 picture at zoom 1; x = 0 is the middle of the canvas. Walls and
the distance end at `HORIZON`, the figure stands at `FLOOR`.
"""

import numpy as np

from lrcn_desktop.video.demo.brush import Brush

HORIZON = 318.0
FLOOR = 408.0
LEFT, RIGHT, TOP, BOTTOM = -660.0, 660.0, -50.0, 530.0


def draw_room(brush: Brush, rng: np.random.Generator) -> None:
    """Draw a living room."""
    brush.gradient(TOP, HORIZON, (236, 222, 206), (226, 208, 190))
    brush.gradient(HORIZON, BOTTOM, (178, 134, 100), (150, 106, 78))


PLACES = {"room": draw_room}
