"""The places where things happen; each is drawn once a bout, on a canvas larger than the view."""

from collections.abc import Callable

import numpy as np

from lrcn_desktop.video.demo import indoors, outdoors
from lrcn_desktop.video.demo.brush import Brush

DrawPlace = Callable[[Brush, np.random.Generator], None]

PLACES: tuple[DrawPlace, ...] = (
    indoors.draw_room,
    indoors.draw_kitchen,
    indoors.draw_gym,
    indoors.draw_office,
    outdoors.draw_park,
    outdoors.draw_street,
    outdoors.draw_beach,
    outdoors.draw_mountains,
)
