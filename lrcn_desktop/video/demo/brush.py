"""Drawing of flat, smooth shapes in scene units, at sub-pixel accuracy, and their colors."""

import itertools
import math
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.video.frame import Image
from lrcn_desktop.video.opencv import cv2

Points = NDArray[np.float64]
Color = tuple[int, int, int]
_T = TypeVar("_T")

_SHIFT = 4  # OpenCV's fixed-point coordinates: sixteenths of a pixel
_ARC = 10  # points on each round end of a capsule
_SWEEP = np.linspace(-1.0, 1.0, _ARC)
_NONE = np.zeros(_ARC)
# A capsule's outline, as arrays over its points: the end at a, which looks back, then the one at b.
_IS_A = np.concatenate([_NONE + 1.0, _NONE])
_IS_B = 1.0 - _IS_A
_TURNED = math.pi * _IS_A
_AT_A = np.concatenate([_SWEEP, _NONE])
_AT_B = np.concatenate([_NONE, _SWEEP])
_RING = np.linspace(0.0, 2.0 * math.pi, 28, endpoint=False)
_CIRCLE = np.stack([np.cos(_RING), np.sin(_RING)], axis=1)
_COLORS = 256  # results that are kept: a bout has about 60, and every bout has its own light


def palette(text: str) -> tuple[Color, ...]:
    """Return colors that are written as RRGGBB, with spaces between them."""
    parts = (bytes.fromhex(word) for word in text.split())
    return tuple((red, green, blue) for red, green, blue in parts)


def pick(rng: np.random.Generator, options: tuple[_T, ...]) -> _T:
    """Return one of the options, each as likely."""
    return options[int(rng.integers(len(options)))]


def slab(
    left: float, right: float, top: float, left_below: float, right_below: float, bottom: float
) -> list[tuple[float, float]]:
    """Return the corners of a shape with a level top and a level bottom."""
    return [(left, top), (right, top), (right_below, bottom), (left_below, bottom)]


@lru_cache(maxsize=_COLORS)
def mix(one: Color, other: Color, share: float) -> Color:
    """Return `one` with `share` (0..1) of `other` in it."""
    r, g, b = (round(a + (c - a) * share) for a, c in zip(one, other, strict=True))
    return (r, g, b)


@lru_cache(maxsize=_COLORS)
def shade(color: Color, factor: float) -> Color:
    """Return the color darker (`factor` below 1, towards a cool dark) or lighter (above 1)."""
    if factor <= 1.0:
        return mix((38, 30, 58), color, factor)
    return mix(color, (255, 250, 240), factor - 1.0)


@lru_cache(maxsize=_COLORS)
def _light(color: Color, light: tuple[float, float, float]) -> Color:
    r, g, b = (min(255, round(part * share)) for part, share in zip(color, light, strict=True))
    return (r, g, b)


class Brush:
    """Draws on an image in scene units: pixel = scene * scale + offset.

    Args:
        image: uint8 (H, W, 3) RGB, drawn into.
        scale: Pixels per scene unit.
        offset: (x, y) pixel of the scene's origin.
        light: What the light does to each of red, green and blue (1 is daylight).
    """

    def __init__(
        self,
        image: Image,
        scale: float,
        offset: Points | tuple[float, float],
        light: tuple[float, float, float] = (1.0, 1.0, 1.0),
    ) -> None:
        self.image = image
        self.scale = scale
        self.offset = np.asarray(offset, dtype=np.float64)
        self.light = light

    def lit(self, color: Color) -> Color:
        """Return the color as it looks in the scene's light."""
        return _light(color, self.light)

    def polygon(self, points: Points | Sequence[tuple[float, float]], color: Color) -> None:
        """Fill a polygon; it need not be convex."""
        cv2.fillPoly(
            self.image, [self._fixed(np.asarray(points))], self.lit(color), cv2.LINE_AA, _SHIFT
        )

    def hull(self, points: Points, color: Color) -> None:
        """Fill the convex hull of the points."""
        hull = cv2.convexHull(self._fixed(points))
        cv2.fillConvexPoly(self.image, hull, self.lit(color), cv2.LINE_AA, _SHIFT)

    def blob(self, circles: Sequence[tuple[Points, float]], color: Color) -> None:
        """Fill the convex hull of circles (centre, radius)."""
        self.hull(np.concatenate([centre + _CIRCLE * radius for centre, radius in circles]), color)

    def rectangle(self, left: float, top: float, right: float, bottom: float, color: Color) -> None:
        """Fill an upright rectangle."""
        self.polygon([(left, top), (right, top), (right, bottom), (left, bottom)], color)

    def rounded(
        self, left: float, top: float, right: float, bottom: float, radius: float, color: Color
    ) -> None:
        """Fill an upright rectangle with round corners."""
        corners = [
            (np.array([x, y]), radius)
            for x in (left + radius, right - radius)
            for y in (top + radius, bottom - radius)
        ]
        self.blob(corners, color)

    def ellipse(
        self, centre: Points | tuple[float, float], rx: float, ry: float, color: Color
    ) -> None:
        """Fill an upright ellipse."""
        points = np.asarray(centre) + _CIRCLE * (rx, ry)
        cv2.fillConvexPoly(self.image, self._fixed(points), self.lit(color), cv2.LINE_AA, _SHIFT)

    def circle(self, centre: Points | tuple[float, float], radius: float, color: Color) -> None:
        """Fill a circle."""
        self.ellipse(centre, radius, radius, color)

    def capsule(self, a: Points, ra: float, b: Points, rb: float, color: Color) -> None:
        """Fill a limb: the hull of two circles of radius `ra` at `a` and `rb` at `b`."""
        dx, dy = float(b[0] - a[0]), float(b[1] - a[1])
        length = math.hypot(dx, dy)
        if length <= abs(ra - rb) + 1e-9:
            self.circle(a if ra >= rb else b, max(ra, rb), color)
            return
        along = math.atan2(dy, dx)
        spread = math.acos((ra - rb) / length)
        angles = along + _TURNED + _AT_A * (math.pi - spread) + _AT_B * spread
        points = np.empty((2 * _ARC, 2))
        points[:_ARC] = a
        points[_ARC:] = b
        radii = _IS_A * ra + _IS_B * rb
        points[:, 0] += radii * np.cos(angles)
        points[:, 1] += radii * np.sin(angles)
        cv2.fillConvexPoly(self.image, self._fixed(points), self.lit(color), cv2.LINE_AA, _SHIFT)

    def line(
        self, points: Points | Sequence[Points | tuple[float, float]], width: float, color: Color
    ) -> None:
        """Draw a line with round ends through the points."""
        path = np.asarray(points, dtype=np.float64)
        for a, b in itertools.pairwise(path):
            self.capsule(a, width / 2.0, b, width / 2.0, color)

    def gradient(self, top: float, bottom: float, above: Color, below: Color) -> None:
        """Fill the image's full width from `top` to `bottom` with a vertical gradient."""
        height = self.image.shape[0]
        first = max(0, round(top * self.scale + self.offset[1]))
        last = min(height, round(bottom * self.scale + self.offset[1]))
        if last <= first:
            return
        share = np.linspace(0.0, 1.0, last - first)[:, None]
        rows = np.array(self.lit(above)) * (1.0 - share) + np.array(self.lit(below)) * share
        self.image[first:last] = np.rint(rows).astype(np.uint8)[:, None, :]

    def shadow(
        self, centre: Points | tuple[float, float], rx: float, ry: float, strength: float
    ) -> None:
        """Darken a soft ellipse; `strength` 0..1 is how dark its middle is."""
        self._soften(centre, rx, ry, (24, 20, 44), strength)

    def _soften(
        self,
        centre: Points | tuple[float, float],
        rx: float,
        ry: float,
        color: Color,
        strength: float,
    ) -> None:
        x, y = np.asarray(centre) * self.scale + self.offset
        rx, ry = rx * self.scale, ry * self.scale
        height, width = self.image.shape[:2]
        left, right = max(0, math.floor(x - rx)), min(width, math.ceil(x + rx) + 1)
        top, bottom = max(0, math.floor(y - ry)), min(height, math.ceil(y + ry) + 1)
        if left >= right or top >= bottom:
            return
        across = ((np.arange(left, right, dtype=np.float32) - x) / rx) ** 2
        down = ((np.arange(top, bottom, dtype=np.float32) - y) / ry) ** 2
        near = np.clip(1.0 - (down[:, None] + across[None, :]), 0.0, 1.0)
        share = (strength * near * near * (3.0 - 2.0 * near))[..., None]
        part = self.image[top:bottom, left:right]
        part[...] = part + (np.array(self.lit(color), np.float32) - part) * share

    def veil(
        self, points: Points | Sequence[tuple[float, float]], color: Color, strength: float
    ) -> None:
        """Fill a polygon with a see-through color; `strength` 0..1 is how much it hides."""
        corners = np.asarray(points) * self.scale + self.offset
        height, width = self.image.shape[:2]
        left, top = (max(0, math.floor(v)) for v in corners.min(axis=0))
        right, bottom = (math.ceil(v) + 1 for v in corners.max(axis=0))
        part = self.image[top : min(bottom, height), left : min(right, width)]
        if part.size == 0:
            return
        over = Brush(part.copy(), self.scale, self.offset - (left, top), self.light)
        over.polygon(points, color)
        part[...] = cv2.addWeighted(part, 1.0 - strength, over.image, strength, 0.0)

    def glow(
        self, centre: tuple[float, float], radius: float, color: Color, strength: float
    ) -> None:
        """Lay a soft round light over the image; `strength` 0..1 is how much its middle hides."""
        self._soften(centre, radius, radius, color, strength)

    def _fixed(self, points: Points) -> NDArray[np.int32]:
        pixels = (points * self.scale + self.offset) * (1 << _SHIFT)
        return np.rint(pixels).astype(np.int32)
