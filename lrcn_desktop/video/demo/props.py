"""Draws what the figure handles: the chair and the box."""

import itertools

import numpy as np

from lrcn_desktop.video.demo.activities import BOX, SEAT, SEATED_AT
from lrcn_desktop.video.demo.brush import Brush, Color, mix, shade
from lrcn_desktop.video.demo.figure import Vector, vector
from lrcn_desktop.video.demo.view import View

_FACES = (  # the normal of each face of a cuboid and how light falls on it
    (vector(0.0, 1.0, 0.0), 1.14),
    (vector(1.0, 0.0, 0.0), 0.98),
    (vector(-1.0, 0.0, 0.0), 0.9),
    (vector(0.0, 0.0, 1.0), 0.88),
    (vector(0.0, 0.0, -1.0), 0.88),
)


def draw_cuboid(brush: Brush, view: View, centre: Vector, size: Vector, color: Color) -> None:
    """Draw an upright cuboid of `size` (x, y, z), the faces that can be seen."""
    for normal, light in _FACES:
        if float(normal @ view.toward) + normal[1] <= 1e-6:
            continue
        face = [
            view(centre + size / 2.0 * corner)
            for corner in (vector(*signs) for signs in itertools.product((-1.0, 1.0), repeat=3))
            if float(corner @ normal) > 0.5
        ]
        brush.hull(np.array(face), shade(color, light))


def draw_chair(brush: Brush, view: View, color: Color) -> None:
    """Draw a chair whose seat is where `sitting down` ends."""
    middle, half, deep = SEATED_AT + 0.02, 0.105, 0.115
    wood = shade(color, 0.72)
    corners = [(x, z) for x in (middle - deep, middle + deep) for z in (-half, half)]
    corners.sort(key=lambda corner: view.depth(vector(corner[0], 0.0, corner[1])))
    unit = view.height
    back_x = middle - deep
    for x, z in corners[:2]:
        _leg(brush, view, x, z, wood, unit)
    for z in sorted((-half, half), key=lambda z: view.depth(vector(0.0, 0.0, z))):
        low, high = vector(back_x, SEAT, z), vector(back_x - 0.03, SEAT + 0.27, z)
        brush.capsule(view(low), 0.013 * unit, view(high), 0.013 * unit, wood)
    for level, thick in ((0.235, 0.028), (0.15, 0.022)):
        x = back_x - 0.03 * level / 0.27
        left, right = (view(vector(x, SEAT + level, z)) for z in (-half, half))
        brush.capsule(left, thick * unit, right, thick * unit, color)
    for x, z in corners[2:]:
        _leg(brush, view, x, z, wood, unit)
    draw_cuboid(
        brush,
        view,
        vector(middle, SEAT - 0.016, 0.0),
        vector(2.0 * deep + 0.03, 0.032, 2.0 * half + 0.03),
        color,
    )


def _leg(brush: Brush, view: View, x: float, z: float, color: Color, unit: float) -> None:
    top, foot = vector(x, SEAT - 0.03, z), vector(x * 1.03, 0.008, z * 1.08)
    brush.capsule(view(top), 0.014 * unit, view(foot), 0.011 * unit, color)


def draw_box(brush: Brush, view: View, centre: Vector, color: Color) -> None:
    """Draw the box, taped along its top."""
    depth, height, width = BOX
    draw_cuboid(brush, view, centre, vector(depth, height, width), color)
    tape = mix(color, (255, 246, 220), 0.55)
    top = [
        view(centre + vector(x, height / 2.0, z))
        for x in (-depth / 2.0, depth / 2.0)
        for z in (-0.018, 0.018)
    ]
    brush.hull(np.array(top), tape)
    front = [
        view(centre + vector(depth / 2.0, y, z))
        for y in (height / 2.0, height / 2.0 - 0.06)
        for z in (-0.018, 0.018)
    ]
    if view.depth(vector(1.0, 0.0, 0.0)) > 0.0:
        brush.hull(np.array(front), tape)
