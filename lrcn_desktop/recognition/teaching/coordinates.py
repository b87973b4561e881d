"""Clips as a fit needs them: coordinates in the span of some of their steps, kept between fits.

The principal components of some steps lie in the span of these steps. In an orthonormal basis of it
a step is some hundred numbers rather than 7,680, and one more for the length of what lies outside:
components, and what they leave out, come out the same. The basis grows clip by clip, so that one
more example costs no more than its own steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.model.head_arrays import HeadArrays
from lrcn_desktop.model.shipped_negatives import ShippedNegatives
from lrcn_desktop.recognition.teaching.sample import Pooled

Array = NDArray[np.float32]

FRAMES, CHANGES = 160, 80
"""Steps, and changes from step to step, that the bases are of; at the most twice as many."""

_SAME = 1e-4  # of its length: what of a step lies outside a basis that it is already part of


@dataclass(slots=True, eq=False)
class Compared:
    """A clip, and how its frames compare with those before them (see `HeadArrays.compare`).

    Attributes:
        frames: (T, D + 1), coordinates, and the length of what lies outside the span.
        changes: (T, E), coordinates of the changes.
        similarities: (T,).
        chosen: The steps that the basis of the frames is of.
        moved: Those that the basis of the changes is of.
    """

    frames: Array
    changes: Array
    similarities: Array
    chosen: NDArray[np.int_]
    moved: NDArray[np.int_]


class Span:
    """An orthonormal basis (D, P) that grows."""

    def __init__(self, basis: Array) -> None:
        """Begin with these directions, none or more."""
        self.basis = basis

    def grow(self, rows: Array) -> None:
        """Take in the directions of rows (N, P) that are not yet in it."""
        outside: Array = rows
        for _ in range(2):  # once more, for what rounding left
            within: Array = outside @ self.basis.T
            inside: Array = within @ self.basis
            outside = outside - inside
        squares, vectors = np.linalg.eigh(outside @ outside.T)
        found = squares > _SAME**2 * np.square(rows).sum(-1).max(initial=1e-12)
        fresh = (vectors[:, found].T @ outside) / np.sqrt(squares[found, None])
        self.basis = np.concatenate([self.basis, fresh.astype(np.float32)])


class Coordinates:
    """The coordinates of the clips of a project, and of the shipped negatives.

    Attributes:
        clips: By name.
        shipped: (M, D + 1), a step of each clip of the negatives: the others are much like it.
        source: int32 (M,), its source.
        postures: (K, K), the first K coordinates of directions that do not depend on the clips.
    """

    def __init__(self, comparing: HeadArrays, width: int, postures: Array | None = None) -> None:
        """Keep clips whose steps have `width` numbers, compared by `comparing`.

        `postures` are directions (K, P) that the basis holds whatever the clips are.
        """
        self._comparing, self._none = comparing, np.empty((0, width), np.float32)
        self._first, self.postures = self._none, self._none[:, :0]
        if postures is not None:
            basis, coordinates = np.linalg.qr(postures.T)
            self._first, self.postures = np.ascontiguousarray(basis.T), coordinates.T
        self._negatives: ShippedNegatives | None = None
        self._steps, self.source = self._none, np.empty(0, np.int32)
        self.shipped = np.empty((0, 1), np.float32)
        self._forget()

    def update(
        self,
        clips: Mapping[str, Pooled],
        others: Mapping[str, Pooled],
        negatives: ShippedNegatives | None,
    ) -> None:
        """Keep these clips and no others; what is known of them already costs nothing.

        Args:
            clips: Features (T, P) by name; the same name stands for the same features.
            others: Clips likewise that the bases are not of.
            negatives: The shipped ones.
        """
        for name in self.clips.keys() - clips.keys() - others.keys():
            del self.clips[name]
        each = max(1, FRAMES // len(clips))
        grown = len(self._frames.basis) - len(self._first)
        if grown + each * len(clips.keys() - self.clips.keys()) > 2 * FRAMES:
            self._forget()
        apart = -(-len(clips) // CHANGES)  # where there are many clips, some are enough
        for number, (name, pooled) in enumerate(clips.items()):
            if name not in self.clips:
                self._add(name, pooled, 0 if number % apart else each)
        for name, pooled in others.items():
            if name not in self.clips:
                self._add(name, pooled, 0)
        for name, pooled in (*clips.items(), *others.items()):
            self._extend(self.clips[name], pooled)
        if negatives is not self._negatives:
            self._use(negatives)
        if len(self._steps):
            self.shipped = _extended(self.shipped, self._steps, self._frames.basis)

    def lift(self, projection: Mapping[str, Array]) -> dict[str, Array]:
        """Return a projection of coordinates as one of features."""
        frames, changes = self._frames.basis, self._changes.basis
        return {
            "projection.mean": projection["projection.mean"][:-1] @ frames,
            "projection.basis": projection["projection.basis"][:, :-1] @ frames,
            "projection.scale": projection["projection.scale"],
            "projection.motion_mean": projection["projection.motion_mean"] @ changes,
            "projection.motion_basis": projection["projection.motion_basis"] @ changes,
        }

    def _forget(self) -> None:
        self.clips: dict[str, Compared] = {}
        self._frames, self._changes = Span(self._first), Span(self._none)
        self.shipped = np.empty((len(self._steps), 1), np.float32)

    def _use(self, negatives: ShippedNegatives | None) -> None:
        self._negatives = negatives
        self._steps, self.source = self._steps[:0], self.source[:0]
        if negatives is not None:
            first = np.unique(negatives.clip, return_index=True)[1]
            self._steps, self.source = negatives.features[first], negatives.source[first]
        self.shipped = np.empty((len(self._steps), 1), np.float32)

    def _add(self, name: str, pooled: Pooled, each: int) -> None:
        """Know a clip, and let the bases grow by `each` of its steps."""
        frames = pooled.astype(np.float32)
        changes, similarities = self._compare(frames)
        chosen = _evenly(0, len(pooled), each)
        moved = _evenly(1, len(pooled), each * CHANGES // FRAMES)
        self._frames.grow(frames[chosen])
        self._changes.grow(changes[moved])
        none = np.empty((len(frames), 1), np.float32)
        self.clips[name] = Compared(none, changes[:, :0], similarities, chosen, moved)

    def _extend(self, clip: Compared, pooled: Pooled) -> None:
        """Give a clip the coordinates in directions that are new since it had its own."""
        new = self._changes.basis[clip.changes.shape[1] :]
        if clip.frames.shape[1] == len(self._frames.basis) + 1 and not len(new):
            return
        frames = pooled.astype(np.float32)
        clip.frames = _extended(clip.frames, frames, self._frames.basis)
        if len(new):
            clip.changes = np.hstack([clip.changes, self._compare(frames)[0] @ new.T])

    def _compare(self, pooled: Array) -> tuple[Array, Array]:
        start = np.zeros(pooled.shape[1], np.float32)
        changes, similarities, _ = self._comparing.compare(pooled, start)
        return changes, similarities


def _extended(coordinates: Array, pooled: Array, basis: Array) -> Array:
    """Return (N, D + 1) of rows (N, P), whose first coordinates and an old rest are there."""
    known = coordinates[:, :-1]
    if known.shape[1] == len(basis):
        return coordinates
    known = np.hstack([known, pooled @ basis[known.shape[1] :].T])
    rest = np.square(pooled).sum(-1) - np.square(known).sum(-1)
    return np.hstack([known, np.sqrt(np.maximum(rest, 0))[:, None]])


def _evenly(first: int, end: int, count: int) -> NDArray[np.int_]:
    """Return at most `count` numbers from `first` to before `end`, evenly spread."""
    count = min(count, end - first)
    return np.linspace(first, end - 1, max(count, 0)).round().astype(np.int_)
