"""Draws the figure's head: skull, face and hair, turned with the figure."""

import math

import numpy as np

from lrcn_desktop.video.demo.brush import Brush, Color, Points, mix, shade
from lrcn_desktop.video.demo.figure import Torso, Vector
from lrcn_desktop.video.demo.look import Look
from lrcn_desktop.video.demo.view import View

_INK: Color = (48, 36, 44)
_RIM = np.linspace(0.0, 2.0 * math.pi, 36, endpoint=False)


class _Skull:
    """A unit sphere's frame: points on it by how far forward, up and to the right they are."""

    def __init__(self, view: View, look: Look, torso: Torso) -> None:
        self.view = view
        self.radius = look.body.head * view.height * 0.93
        self.size = look.body.head * 0.93
        self.centre = torso.head
        self.face = torso.face
        self.crown = torso.crown
        self.right = np.cross(torso.face, torso.crown)

    def at(self, forward: float, up: float, right: float) -> Points:
        return self.view(self.centre + self.offset(forward, up, right) * self.size)

    def offset(self, forward: float, up: float, right: float) -> Vector:
        return self.face * forward + self.crown * up + self.right * right

    def cap(self, forward: float, up: float, angle: float, size: float) -> Points:
        """The visible part of the sphere's cap around an axis, as a polygon."""
        axis = self.offset(forward, up, 0.0)
        axis = axis / np.sqrt(axis @ axis)
        side = self.right
        other = np.cross(axis, side)
        rim = axis * math.cos(angle) + (
            np.cos(_RIM)[:, None] * side + np.sin(_RIM)[:, None] * other
        ) * math.sin(angle)
        flat = self.view.flat(rim) / self.view.height
        hidden = rim @ self.view.toward < 0.0
        length = np.maximum(np.sqrt((flat * flat).sum(axis=1, keepdims=True)), 1e-6)
        flat = np.where(hidden[:, None], flat / length, flat)
        return self.view(self.centre) + flat * (self.radius * size)


def draw_back_hair(brush: Brush, view: View, look: Look, torso: Torso) -> None:
    """Draw the hair that hangs behind the neck; before the body."""
    skull = _Skull(view, look, torso)
    dark = shade(look.hair, 0.78)
    if look.hair_style == "long":
        ends = [(skull.at(-0.45, -1.75, side), skull.radius * 0.45) for side in (-0.5, 0.5)]
        brush.blob([(skull.at(-0.12, 0.1, 0.0), skull.radius * 1.1), *ends], dark)
    elif look.hair_style == "bob":
        ends = [(skull.at(-0.25, -0.75, side), skull.radius * 0.5) for side in (-0.62, 0.62)]
        brush.blob([(skull.at(-0.1, 0.1, 0.0), skull.radius * 1.1), *ends], dark)
    elif look.hair_style == "bun":
        brush.circle(skull.at(-0.75, 0.95, 0.0), skull.radius * 0.42, dark)
        brush.circle(skull.at(-0.80, 1.0, 0.0), skull.radius * 0.33, look.hair)
    elif look.hair_style == "curly":
        for turn in range(9):
            angle = turn * 2.0 * math.pi / 9.0
            brush.circle(
                skull.at(-0.3, 0.28 + 0.85 * math.sin(angle), 0.95 * math.cos(angle)),
                skull.radius * 0.5,
                dark,
            )


def draw_head(brush: Brush, view: View, look: Look, torso: Torso) -> None:
    """Draw the skull, the face and the hair on it."""
    skull = _Skull(view, look, torso)
    r = skull.radius
    dark_skin = shade(look.skin, 0.86)
    bald = look.hair_style == "bald"
    back = look.skin if bald else look.hair
    brush.circle(skull.at(0.0, 0.08, 0.0), r * (1.0 if bald else 1.07), back)
    chin = (skull.at(0.32, -0.72, 0.0), r * 0.46)
    brush.blob([(skull.at(0.05, 0.0, 0.0), r * 0.97), chin], look.skin)
    brush.polygon(skull.cap(1.0, -0.12, 1.22, 1.0), look.skin)
    if look.beard:
        brush.blob([chin, (skull.at(0.3, -0.55, 0.0), r * 0.6)], look.hair)
        brush.polygon(skull.cap(0.45, -1.0, 0.9, 1.0), look.hair)
    _hair(brush, skull, look)
    _face(brush, skull, look, dark_skin)


def _hair(brush: Brush, skull: _Skull, look: Look) -> None:
    style = look.hair_style
    if style == "bald":
        return
    if style == "cap":
        color = look.stripe or look.shoes
        brush.polygon(skull.cap(-0.12, 1.0, 1.25, 1.1), color)
        brush.blob(
            [
                (skull.at(0.9, 0.42, -0.35), skull.radius * 0.14),
                (skull.at(0.9, 0.42, 0.35), skull.radius * 0.14),
                (skull.at(1.45, 0.34, 0.0), skull.radius * 0.14),
            ],
            shade(color, 0.82),
        )
        return
    brush.polygon(skull.cap(-0.32, 1.0, 1.22, 1.1), look.hair)
    brush.polygon(skull.cap(-0.2, 1.0, 0.55, 0.98), mix(look.hair, (255, 240, 220), 0.09))
    if style == "curly":
        for turn in range(7):
            side = (turn - 3) / 3.0
            brush.circle(
                skull.at(0.25 - 0.3 * side * side, 0.95 - 0.35 * side * side, side * 0.85),
                skull.radius * 0.36,
                look.hair,
            )


def _face(brush: Brush, skull: _Skull, look: Look, dark: Color) -> None:
    r, toward = skull.radius, skull.view.toward
    for side in (-1.0, 1.0):
        if float(skull.right @ toward) * side > -0.5:
            ear = skull.at(-0.05, -0.08, side * 0.96)
            if look.hair_style not in ("long", "bob"):
                brush.ellipse(ear, r * 0.15, r * 0.21, look.skin)
                brush.ellipse(ear, r * 0.08, r * 0.12, dark)
        outward = skull.offset(0.86, 0.0, side * 0.5)
        if float(outward @ toward) > 0.12:
            brush.ellipse(skull.at(0.88, 0.02, side * 0.38), r * 0.09, r * 0.125, _INK)
            brush.capsule(
                skull.at(0.88, 0.33, side * 0.24),
                r * 0.035,
                skull.at(0.80, 0.30, side * 0.52),
                r * 0.03,
                mix(look.hair, _INK, 0.4),
            )
            brush.ellipse(
                skull.at(0.78, -0.27, side * 0.52),
                r * 0.14,
                r * 0.09,
                mix(look.skin, (226, 92, 84), 0.28),
            )
    brush.capsule(skull.at(0.95, -0.02, 0.0), r * 0.05, skull.at(1.08, -0.18, 0.0), r * 0.1, dark)
    mouth = [skull.at(0.86, -0.46, side * 0.22) for side in (-1.0, 1.0)]
    middle = skull.at(0.92, -0.54, 0.0)
    if float(skull.face @ toward) > 0.1:
        brush.line(np.array([mouth[0], middle, mouth[1]]), r * 0.07, (158, 58, 62))
    else:
        brush.line(np.array([middle, skull.at(0.8, -0.5, 0.0)]), r * 0.07, (158, 58, 62))
