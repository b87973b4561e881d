"""Randomly drawn postures, taken by the demo's drawn people in its places; none is an activity."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.video.demo.brush import Brush, pick
from lrcn_desktop.video.demo.figure import (
    ANKLE,
    SIDES,
    Body,
    Limb,
    Pose,
    Vector,
    build_torso,
    reach,
    swing,
    vector,
)
from lrcn_desktop.video.demo.look import draw_look
from lrcn_desktop.video.demo.person import Person
from lrcn_desktop.video.demo.scene import CANVAS_SCALE, LIGHTS, PLACES
from lrcn_desktop.video.demo.stage import BOTTOM, FLOOR, LEFT, RIGHT, TOP
from lrcn_desktop.video.demo.view import View
from lrcn_desktop.video.frame import Image
from lrcn_desktop.video.opencv import cv2

SIZE = (640, 480)
_LOWEST = 0.2  # of a crouching figure's pelvis, in body heights
_CHANGES = 0.7  # of what makes up a posture, from one to the next of a movement

Posture = dict[str, NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Movement:
    """From one random posture to others.

    Attributes:
        postures: Two or three.
        yaw: Radians from facing the camera, on either side.
    """

    postures: tuple[Posture, ...]
    yaw: float

    def at(self, phase: float) -> Posture:
        """Return the posture at a phase, 0..1."""
        place = phase * (len(self.postures) - 1)
        number = min(int(place), len(self.postures) - 2)
        before, after = self.postures[number : number + 2]
        share = place - number
        return {key: before[key] * (1 - share) + after[key] * share for key in before}


def draw_movement(rng: np.random.Generator) -> Movement:
    """Return a movement drawn at random."""
    count = int(rng.integers(2, 4))
    first = _draw_posture(rng)
    postures = [first]
    for _ in range(count - 1):
        other = _draw_posture(rng)
        postures.append({k: other[k] if rng.random() < _CHANGES else first[k] for k in first})
    return Movement(tuple(postures), float(rng.uniform(0, 1.5)))


def perform(
    movement: Movement, phases: tuple[float, ...], rng: np.random.Generator
) -> Iterator[Image]:
    """Yield pictures of a movement's phases by a person in a place, both drawn at random."""
    look, light, place = draw_look(rng), pick(rng, LIGHTS), pick(rng, PLACES)
    shape = round((BOTTOM - TOP) * CANVAS_SCALE), round((RIGHT - LEFT) * CANVAS_SCALE), 3
    canvas = np.zeros(shape, np.uint8)
    place(Brush(canvas, CANVAS_SCALE, (-LEFT * CANVAS_SCALE, -TOP * CANVAS_SCALE), light), rng)
    x, y = rng.uniform(-40, 40), rng.uniform(236, 246)
    zoom, ground = rng.uniform(0.96, 1.14), rng.uniform(-45, 45)
    drift = rng.normal(0, 12, 2)
    mirrored = bool(rng.random() < 0.5)
    yaw = (movement.yaw + rng.normal(0, 0.15)) * (1 if rng.random() < 0.5 else -1)
    for phase in phases:
        posture = movement.at(phase)
        pose = _pose(_mirrored(posture) if mirrored else posture, look.body)
        middle = x + drift[0] * phase, y + 0.2 * drift[1] * phase
        offset = SIZE[0] / 2 - middle[0] * zoom, SIZE[1] / 2 - middle[1] * zoom
        ratio = zoom / CANVAS_SCALE
        move = np.array([[ratio, 0, LEFT * zoom + offset[0]], [0, ratio, TOP * zoom + offset[1]]])
        image = np.empty((SIZE[1], SIZE[0], 3), np.uint8)
        cv2.warpAffine(canvas, move, SIZE, image, cv2.INTER_LINEAR, cv2.BORDER_REPLICATE)
        brush, view = Brush(image, zoom, offset, light), View(yaw, look.height, (ground, FLOOR))
        under = (pose.torso.pelvis + pose.legs[0].end + pose.legs[1].end) / 3
        under[1] = 0
        brush.shadow(view(under), 80.0, 17.0, 0.42)
        person = Person(brush, view, look, pose, gloves=False)
        person.draw_body()
        person.draw_front()
        yield image


def _draw_posture(rng: np.random.Generator) -> Posture:
    low = rng.beta(1, 2.5) if rng.random() < 0.5 else 0.0
    return {
        "low": np.array(low),  # 0: stands, 1: crouches
        "forward": rng.normal(0, 0.06, ()),
        "aside": rng.normal(0, 0.03, ()),
        "lean": rng.normal(0.15, 0.35, ()),
        "tilt": rng.normal(0, 0.15, ()),
        "twist": rng.normal(0, 0.3, ()),
        "nod": rng.normal(0.1, 0.25, ()),
        "turn": rng.normal(0, 0.3, ()),
        "arms": rng.normal(0, 1, (2, 2, 3)) + np.array([0.3, -0.5, 0.0]),
        "feet": np.stack(
            [
                rng.normal(0, 0.1, 2),
                np.abs(rng.normal(0, 0.05, 2)) * (rng.random(2) < 0.3),
                rng.uniform(0.03, 0.15, 2),
            ],
            1,
        ),
        "toes": rng.normal(0, 0.25, 2) * (rng.random(2) < 0.4),
    }


def _mirrored(posture: Posture) -> Posture:
    other = {key: posture[key][::-1] for key in ("arms", "feet", "toes")}
    other |= {key: -posture[key] for key in ("aside", "tilt", "twist", "turn")}
    return posture | other


def _pose(posture: Posture, body: Body) -> Pose:
    high = body.stand - (body.stand - _LOWEST) * float(posture["low"])
    torso = build_torso(
        body,
        vector(float(posture["forward"]), high, float(posture["aside"])),
        lean=float(np.clip(posture["lean"], -0.3, 1.3)),
        tilt=float(posture["tilt"]),
        twist=float(posture["twist"]),
        nod=float(posture["nod"]),
        turn=float(posture["turn"]),
    )
    legs: list[Limb] = []
    arms: list[Limb] = []
    for index, side in enumerate(SIDES):
        forward, up, apart = (float(part) for part in posture["feet"][index])
        foot = vector(forward, ANKLE + up, side * apart)
        knee = vector(1.0, 0.0, side * 0.15)
        legs.append(reach(torso.hips[index], foot, body.thigh, body.shin, knee))
        upper, fore = (_unit(part * (1, 1, side)) for part in posture["arms"][index])
        fore = _unit(fore + upper)
        arms.append(swing(torso.shoulders[index], body.upper_arm, body.forearm, upper, fore))
    toes = float(posture["toes"][0]), float(posture["toes"][1])
    return Pose(torso, (arms[0], arms[1]), (legs[0], legs[1]), toes)


def _unit(part: Vector) -> Vector:
    return part / max(float(np.linalg.norm(part)), 1e-6)
