"""What a head keeps of a feature map, in NumPy; nothing in it is trained."""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.model.presets import Pool

Array = NDArray[np.float32]

_EPSILON = 1e-5  # of the layer normalization, as in PyTorch


class Pooling:
    """Maps features (T, D) to the numbers that a head looks at, (T, P); see `Head.pool`."""

    def __init__(self, pool: Pool, shape: tuple[int, int, int]) -> None:
        """Pool maps of `shape` (channels, height, width); `pool` as in `HeadConfig`."""
        self._pool, self._means = pool, _means(*shape[1:])

    def __call__(self, features: Array) -> Array:
        """Pool float32 (T, D), D the flattened feature map, channels first."""
        if self._pool == "flatten":
            return features
        if self._pool == "norm":
            return _layer_norm(features)
        maps = features.reshape(-1, self._means.shape[0])  # a row for each channel of each frame
        means = maps @ self._means
        if self._pool == "average":
            return _layer_norm(means[:, 4].reshape(len(features), -1))
        highest = np.maximum.reduceat(maps.reshape(-1), np.arange(0, maps.size, maps.shape[1])) / 4
        apart = maps - means[:, 4:]
        deviations = np.sqrt(np.einsum("ij,ij->i", apart, apart) / np.float32(maps.shape[1]))
        parts = (part.reshape(len(features), -1) for part in (means[:, :4], highest, deviations))
        return _layer_norm(np.concatenate([*parts], -1))


def _means(height: int, width: int) -> Array:
    """Return the matrix (height * width, 5) that gives the means of a map's quarters, and its own.

    The quarters are those of adaptive pooling: they share the middle line of an odd side.
    """
    halves = [(slice(0, (side + 1) // 2), slice(side // 2, side)) for side in (height, width)]
    matrix = np.full((height, width, 5), 1 / (height * width), np.float32)
    matrix[..., :4] = 0
    for number, (rows, columns) in enumerate(product(*halves)):
        quarter = matrix[rows, columns, number]
        quarter[:] = 1 / quarter.size
    return matrix.reshape(-1, 5)


def _layer_norm(x: Array) -> Array:
    normalized: Array = (x - x.mean(-1, keepdims=True)) / np.sqrt(
        x.var(-1, keepdims=True) + np.float32(_EPSILON)
    )
    return normalized
