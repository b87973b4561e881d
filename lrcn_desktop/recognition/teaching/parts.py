"""What a model in closed form is made of: a projection, classifiers, and a rejection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.model.head_arrays import HeadArrays
from lrcn_desktop.model.presets import HeadConfig
from lrcn_desktop.recognition.teaching.coordinates import CHANGES, FRAMES, Compared, Coordinates
from lrcn_desktop.recognition.teaching.discriminant import principal
from lrcn_desktop.recognition.teaching.features import BACKBONE, POOL, RATE
from lrcn_desktop.recognition.teaching.leaky_memory import COMPONENTS, MOTION, leaky_head
from lrcn_desktop.recognition.teaching.postures import shipped_postures

Array = NDArray[np.float32]

CUT = 0.45
"""The cosine similarity of a frame to those before below which a scene is cut, at the least."""

HEAD = leaky_head(POOL, CUT)

_HIGHEST_CUT = 0.7
_MARGIN = 0.05  # that what goes on without a cut may be less similar than in any example


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """What is fitted to some of the samples.

    Attributes:
        head: The configuration.
        projection: Its tensors, of coordinates.
        classifiers: Weight (C, WIDTH) and bias (C,), by what the picture counts for and the share
            of a sphere.
        rejection: Its tensors.
    """

    head: HeadConfig
    projection: dict[str, Array]
    classifiers: dict[tuple[float, float], tuple[Array, Array]] = field(default_factory=dict)
    rejection: dict[str, Array] = field(default_factory=dict)

    def rows(self, clip: Compared) -> Array:
        """Return the rows (T, R) of a clip."""
        return self._arrays.join(clip.frames, clip.changes, clip.similarities)

    def single_rows(self, frames: Array) -> Array:
        """Return rows (M, R) of single steps: they have no motion, and a cut before them."""
        if not len(frames):
            return np.empty((0, COMPONENTS + MOTION + 2), np.float32)
        found = self._arrays.components(frames)
        still = np.zeros((len(found), MOTION), np.float32)
        return np.hstack([found[:, :-1], still, found[:, -1:], np.zeros_like(found[:, :1])])

    @property
    def _arrays(self) -> HeadArrays:
        return HeadArrays(self.head, BACKBONE.shape, self.projection, RATE)


def coordinates() -> Coordinates:
    """Return coordinates of no clip yet."""
    comparing = HeadArrays(replace(HEAD, motion=0), BACKBONE.shape, {}, RATE)
    return Coordinates(comparing, HEAD.pooled_width(BACKBONE.shape), shipped_postures())


def fit_cut(clips: Sequence[Compared]) -> float:
    """Return the similarity below which a scene is cut: less than in any of the clips.

    Where nothing but a cut changes a picture much, cuts between pictures that are somewhat alike
    are found too, such as one person in two places.
    """
    lowest = min((float(of.similarities[1:].min(initial=1.0)) for of in clips), default=0.0)
    return float(np.clip(lowest - _MARGIN, CUT, _HIGHEST_CUT))


def fit_projection(clips: Sequence[Compared], postures: Array | None = None) -> dict[str, Array]:
    """Return the tensors of the projection: of the chosen steps of clips of the activities.

    Of nothing else, so that what the components leave out tells what was never taught.

    Args:
        clips: The clips.
        postures: Directions, see `Coordinates`, that take the place of the principal components.
    """
    frames = _thinned([clip.frames[clip.chosen] for clip in clips], FRAMES)
    if postures is None:
        mean, basis, scale = principal(frames, COMPONENTS)
    else:
        mean, basis = frames.mean(0), np.zeros((COMPONENTS, frames.shape[1]), np.float32)
        basis[: len(postures), : len(postures)] = postures
        square = float(np.square((frames - mean) @ basis.T).mean())
        scale = square**-0.5 if square > 0 else 0.0  # frames that are all alike
    changes = _thinned([clip.changes[clip.moved] for clip in clips], CHANGES)
    motion_mean, motion_basis, motion_scale = principal(changes, MOTION)
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
