"""The components that a taught model sees: of what frames show, and of how they change."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.recognition.teaching.discriminant import principal
from lrcn_desktop.recognition.teaching.leaky_memory import COMPONENTS, MOTION

Array = NDArray[np.float32]

_MOST = 240  # steps that principal components are computed from


def fit_projection(pooled: Sequence[Array], changes: Sequence[Array]) -> dict[str, Array]:
    """Return the tensors of the projection: of evenly chosen steps of clips of the activities.

    Of nothing else, so that what the components leave out tells what was never taught.

    Args:
        pooled: Pooled features of each clip, (T, P).
        changes: How each frame differs from those before it, (T, P).
    """
    mean, basis, scale = principal(_thinned(pooled, _MOST), COMPONENTS)
    moving = _thinned([rows[1:] for rows in changes], _MOST // 2)
    motion_mean, motion_basis, motion_scale = principal(moving, MOTION)
    return {
        "projection.mean": mean,
        "projection.basis": basis,
        "projection.scale": np.array([scale, motion_scale], np.float32),
        "projection.motion_mean": motion_mean,
        "projection.motion_basis": motion_basis,
    }


def _thinned(clips: Sequence[Array], most: int) -> Array:
    """Return at most `most` rows of all clips, evenly chosen."""
    rows = np.concatenate(clips)
    chosen = np.linspace(0, len(rows) - 1, min(most, len(rows))).round().astype(int)
    thinned: Array = rows[chosen]
    return thinned
