"""Array files, written so that none is ever half there."""

from pathlib import Path

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from lrcn_desktop.files import atomic_write


def save_array(path: Path, array: NDArray[np.generic]) -> None:
    """Write an array as `.npy`, atomically.

    Not by `np.save`: of a full disk it tells how many numbers it wrote, and not why.

    Raises:
        UserError: It cannot be written.
    """
    whole = np.ascontiguousarray(array)
    with atomic_write(path, "wb") as file:
        npy.write_array_header_1_0(file, npy.header_data_from_array_1_0(whole))
        file.write(whole.data)
