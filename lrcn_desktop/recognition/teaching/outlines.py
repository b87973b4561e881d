"""What an activity looks like, drawn as outlines: a model file shows it without showing people.

An outline is black and white and 64 pixels wide: who moves in which pose, and nobody's face.
"""

from __future__ import annotations

import base64
import binascii
import logging
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.errors import UserError
from lrcn_desktop.recognition.teaching.project import OTHER, Clip
from lrcn_desktop.video.file import FileSource
from lrcn_desktop.video.frame import Image

WIDTH, HIGHEST = 64, 96  # pixels
_PICTURES = 7  # that show what moves
_DRAWN = 0.12  # of the pixels

_log = logging.getLogger(__name__)


def outlines(activities: Sequence[str], clips: Sequence[Clip]) -> dict[str, str]:
    """Return an outline of an example of each activity, as text; none where none can be read."""
    found = {}
    for activity in activities:
        mine = [clip for clip in clips if clip.activity == activity != OTHER]
        for clip in mine[len(mine) // 2 :]:
            try:
                found[activity] = packed(drawn(_pictures(clip)))
                break
            except UserError:
                _log.warning("no outline of %s", clip.path, exc_info=True)
    return found


def drawn(images: Sequence[Image]) -> NDArray[np.bool_]:
    """Return where the edges are in the middle one of some pictures, (H, 64).

    Those of what moves first, since it is what an activity is about.
    """
    shape = images[0].shape
    height = min(max(1, round(WIDTH * shape[0] / shape[1])), HIGHEST)
    every = [_small(image, height) for image in images]
    small = every[len(every) // 2]
    moved = np.max([np.abs(one - small) for one in every], axis=0)[1:-1, 1:-1]
    across = small[1:-1, 2:] - small[1:-1, :-2]
    down = small[2:, 1:-1] - small[:-2, 1:-1]
    strength = np.hypot(across, down) * (1 + moved)
    lines: NDArray[np.bool_] = strength > max(float(np.quantile(strength, 1 - _DRAWN)), 1.0)
    return lines


def packed(outline: NDArray[np.bool_]) -> str:
    """Return an outline as text: its size and its bits."""
    height, width = outline.shape
    return f"{width}x{height}:{base64.b64encode(np.packbits(outline).tobytes()).decode()}"


def unpacked(text: object) -> NDArray[np.bool_] | None:
    """Return the outline (H, 64) that a model file holds as text; None where it is none."""
    if not isinstance(text, str) or len(text) > WIDTH * HIGHEST:
        return None
    size, _, bits = text.partition(":")
    width, _, height = size.partition("x")
    if width != str(WIDTH) or not height.isdecimal() or not 0 < int(height) <= HIGHEST:
        return None
    try:
        found = np.frombuffer(base64.b64decode(bits, validate=True), np.uint8)
    except (binascii.Error, ValueError):
        return None
    if len(found) != WIDTH * int(height) // 8:
        return None
    return np.unpackbits(found).reshape(int(height), WIDTH).astype(bool)


def _pictures(clip: Clip) -> list[Image]:
    """Return some pictures of a clip, evenly chosen, all of one size."""
    with FileSource(clip.path) as source:
        apart = max(1, round((source.duration or 0.0) * source.rate / _PICTURES))
        images = [frame.image for number, frame in enumerate(source) if number % apart == 0]
    if not images:
        raise UserError(f"{clip.path} shows nothing: it has no frame.")
    return [image for image in images[: 2 * _PICTURES] if image.shape == images[0].shape]


def _small(image: Image, height: int) -> NDArray[np.float32]:
    gray = image.mean(-1, dtype=np.float32)
    return _shrunk(_shrunk(gray, height + 2).T, WIDTH + 2).T


def _shrunk(gray: NDArray[np.float32], rows: int) -> NDArray[np.float32]:
    """Return so many rows, each the mean of those in its place."""
    edges = np.linspace(0, len(gray), rows + 1)
    first = np.minimum(edges[:-1].astype(int), len(gray) - 1)
    last = np.maximum(edges[1:].astype(int), first + 1)
    sums = np.concatenate([np.zeros_like(gray[:1]), np.cumsum(gray, 0)])
    means: NDArray[np.float32] = (sums[last] - sums[first]) / (last - first)[:, None]
    return means
