"""The jointed figure: its proportions, and poses built from a torso, arms and legs.

Body coordinates are in body heights: x is the way the figure faces, y is up from the floor, z is
the figure's right. Of pairs, the left one comes first.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]

ANKLE = 0.045  # height of the ankle above the sole
SIDES = (-1.0, 1.0)  # the sign of z, left and right


@dataclass(frozen=True, slots=True)
class Body:
    """Lengths of a figure, in body heights; `girth` scales every thickness."""

    thigh: float = 0.242
    shin: float = 0.238
    spine: float = 0.305
    upper_arm: float = 0.165
    forearm: float = 0.155
    shoulder: float = 0.098
    hip: float = 0.05
    head: float = 0.083
    girth: float = 1.0

    @property
    def stand(self) -> float:
        """Height of the pelvis when standing at ease."""
        return ANKLE + (self.thigh + self.shin) * 0.99

    @property
    def arm(self) -> float:
        """Length of the whole arm to the wrist."""
        return self.upper_arm + self.forearm


@dataclass(frozen=True, slots=True)
class Torso:
    """Pelvis to head, with the joints that the limbs hang on."""

    pelvis: Vector
    waist: Vector
    neck: Vector
    head: Vector
    shoulders: tuple[Vector, Vector]
    hips: tuple[Vector, Vector]
    face: Vector  # unit vector, the way the face looks
    crown: Vector  # unit vector, up through the head


@dataclass(frozen=True, slots=True)
class Limb:
    """An arm (shoulder, elbow, wrist) or a leg (hip, knee, ankle)."""

    root: Vector
    middle: Vector
    end: Vector


@dataclass(frozen=True, slots=True)
class Pose:
    """One moment of the figure; `toes` are the feet's pitch in radians, up is positive."""

    torso: Torso
    arms: tuple[Limb, Limb]
    legs: tuple[Limb, Limb]
    toes: tuple[float, float] = (0.0, 0.0)


def vector(x: float, y: float, z: float) -> Vector:
    """Return a vector in body coordinates."""
    return np.array([x, y, z], dtype=np.float64)


def build_torso(
    body: Body,
    pelvis: Vector,
    *,
    lean: float = 0.0,
    tilt: float = 0.0,
    twist: float = 0.0,
    nod: float = 0.0,
    turn: float = 0.0,
) -> Torso:
    """Return the torso above `pelvis`.

    Args:
        body: The figure's lengths.
        pelvis: Where its pelvis is.
        lean: Forward bend of the upper spine, radians.
        tilt: Sideways bend, to the right.
        twist: Turn of the shoulders against the hips, right shoulder forward.
        nod: The head's bend forward, from upright.
        turn: The head's turn, to the right.
    """
    waist = pelvis + body.spine * 0.42 * _up(lean * 0.62, tilt * 0.5)
    up = _up(lean, tilt)
    neck = waist + body.spine * 0.58 * up
    across = vector(math.sin(twist), -math.sin(tilt), math.cos(twist))
    shoulder = neck - up * 0.028
    crown = _up(nod, tilt * 0.7)
    head = neck + up * 0.022 + crown * (body.head * 1.12)
    face = vector(math.cos(nod) * math.cos(turn), -math.sin(nod), math.cos(nod) * math.sin(turn))
    return Torso(
        pelvis,
        waist,
        neck,
        head,
        (shoulder - across * body.shoulder, shoulder + across * body.shoulder),
        (pelvis - vector(0, 0.005, body.hip), pelvis + vector(0, -0.005, body.hip)),
        face,
        crown,
    )


def reach(root: Vector, target: Vector, first: float, second: float, pole: Vector) -> Limb:
    """Return the limb from `root` to `target` (or as far as it gets), its joint towards `pole`."""
    offset = target - root
    distance = float(np.sqrt(offset @ offset))
    axis = offset / max(distance, 1e-6)
    distance = min(max(distance, abs(first - second) + 1e-3), (first + second) * 0.9995)
    along = (first * first - second * second + distance * distance) / (2.0 * distance)
    aside = math.sqrt(max(0.0, first * first - along * along))
    side = pole - (pole @ axis) * axis
    side = side / max(float(np.sqrt(side @ side)), 1e-6)
    return Limb(root, root + axis * along + side * aside, root + axis * distance)


def swing(root: Vector, first: float, second: float, upper: Vector, fore: Vector) -> Limb:
    """Return the limb whose two bones point along `upper` and `fore` (unit vectors)."""
    middle = root + upper * first
    return Limb(root, middle, middle + fore * second)


def _up(lean: float, tilt: float) -> Vector:
    return vector(math.sin(lean) * math.cos(tilt), math.cos(lean) * math.cos(tilt), math.sin(tilt))
