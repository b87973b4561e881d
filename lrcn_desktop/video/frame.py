"""One picture of a stream and when it was taken."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
NO_PICTURE: Image = np.empty((0, 0, 3), np.uint8)
NO_PICTURE.setflags(write=False)


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One frame of a source.

    Attributes:
        image: uint8 (H, W, 3), RGB, C-contiguous; never written to after it is handed on.
            (0, 0, 3) where its reader did not want it (see `Source.want`).
        time: Seconds from the source's start, by the source's own time stamps; a file's start
            is where its first track begins, so that the first picture may come later.
        index: Position in the source, from 0.
    """

    image: Image
    time: float
    index: int
