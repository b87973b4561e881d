"""Array files: written so that none is ever half there, read so that a damaged one is reported."""

from pathlib import Path

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from lrcn_desktop.files import atomic_write
from lrcn_desktop.guard import guarded


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


def load_array(path: Path) -> NDArray[np.generic]:
    """Return the array of a `.npy` file, mapped and not read; nothing in it can run code.

    Raises:
        UserError: It is damaged, or no such file.
    """
    with guarded(path, "is no array file that can be read", "put it back, or make it again"):
        array: NDArray[np.generic] = npy.open_memmap(path, mode="r")
        if array.dtype.kind not in "fiu" or not array.dtype.isnative:
            raise ValueError(f"it holds {array.dtype}")
    return array
