"""The activities: each a pose of the figure as a function of its phase, 0..1.

`sitting down` and `standing up` are the same poses in opposite order, and so are `picking up` and
`putting down`: only the order tells them apart. The rest are cycles.
"""

import math
from dataclasses import dataclass

import numpy as np

from lrcn_desktop.video.demo.figure import (
    ANKLE,
    SIDES,
    Body,
    Limb,
    Pose,
    Torso,
    Vector,
    build_torso,
    reach,
    swing,
    vector,
)

ACTIVITIES = (
    "sitting down",
    "standing up",
    "picking up",
    "putting down",
    "walking",
    "waving",
    "jumping jacks",
    "boxing",
)
ORDER_PAIRS = (("sitting down", "standing up"), ("picking up", "putting down"))

SEAT = 0.275  # height of the chair's seat
SEATED_AT = -0.235  # where the pelvis comes to rest, behind the ankles
BOX = (0.17, 0.19, 0.23)  # the box's depth, height and width
GRIP = 0.04  # how far above the box's middle the hands hold it
STRIDE = 0.62  # how far a walking figure comes in one cycle of two steps
_STANCE = 0.6  # share of the walking cycle that a foot stays on the floor


@dataclass(frozen=True, slots=True)
class Moment:
    """What an activity shows at one phase.

    Attributes:
        pose: The figure.
        box: Centre of the box that is picked up or put down, None where there is none.
        chair: Whether the chair stands behind the figure.
        gloves: Whether the figure wears boxing gloves.
    """

    pose: Pose
    box: Vector | None = None
    chair: bool = False
    gloves: bool = False


def moment(activity: str, phase: float, body: Body, hand: int = 1) -> Moment:
    """Return what `activity` shows at `phase`; `hand` (0 left, 1 right) leads where one does."""
    match activity:
        case "sitting down":
            return _sit(phase, body)
        case "standing up":
            return _sit(1.0 - phase, body)
        case "picking up":
            return _pick(phase, body)
        case "putting down":
            return _pick(1.0 - phase, body)
        case "walking":
            return _walk(phase, body)
        case "waving":
            return _wave(phase, body, hand)
        case "jumping jacks":
            return _jack(phase, body)
        case "boxing":
            return _spar(phase, body, hand)
    raise ValueError(f"{activity!r} is no activity of the demo")


def _smooth(value: float, start: float = 0.0, end: float = 1.0) -> float:
    share = min(1.0, max(0.0, (value - start) / (end - start)))
    return share * share * (3.0 - 2.0 * share)


def _legs(body: Body, torso: Torso, feet: tuple[Vector, Vector], splay: float) -> tuple[Limb, Limb]:
    left, right = (
        reach(hip, foot, body.thigh, body.shin, vector(1.0, 0.0, side * splay))
        for hip, foot, side in zip(torso.hips, feet, SIDES, strict=True)
    )
    return left, right


def _arms(
    body: Body, torso: Torso, hands: tuple[Vector, Vector], poles: tuple[Vector, Vector]
) -> tuple[Limb, Limb]:
    left, right = (
        reach(shoulder, hand, body.upper_arm, body.forearm, pole)
        for shoulder, hand, pole in zip(torso.shoulders, hands, poles, strict=True)
    )
    return left, right


def _hanging(body: Body, shoulder: Vector, side: float) -> Vector:
    """Where the hand of a relaxed arm is."""
    return shoulder + vector(0.035, -body.arm * 0.965, side * 0.035)


def _sit(phase: float, body: Body) -> Moment:
    down = _smooth(phase)
    bow = math.sin(math.pi * phase)
    seated = SEAT + 0.058
    pelvis = vector(
        SEATED_AT * math.sin(phase * math.pi / 2.0) ** 1.2,
        body.stand + (seated - body.stand) * down,
        0.0,
    )
    lean = 0.68 * bow - 0.03 * down
    torso = build_torso(body, pelvis, lean=lean, nod=0.3 * bow)
    feet = (vector(0.0, ANKLE, -0.06), vector(0.0, ANKLE, 0.06))
    legs = _legs(body, torso, feet, 0.12)
    hands = []
    for shoulder, leg, side in zip(torso.shoulders, legs, SIDES, strict=True):
        rest = _hanging(body, shoulder, side)
        knee = leg.middle + vector(-0.055, 0.055, 0.0)
        share = _smooth(phase, 0.1, 0.75)
        hands.append(rest + (knee - rest) * share + vector(0.06, 0.02, side * 0.01) * bow)
    poles = (vector(-1.0, -0.2, -0.35), vector(-1.0, -0.2, 0.35))
    arms = _arms(body, torso, (hands[0], hands[1]), poles)
    return Moment(Pose(torso, arms, legs), chair=True)


def _pick(phase: float, body: Body) -> Moment:
    bend = math.sin(math.pi * phase) ** 1.3
    pelvis = vector(-0.14 * bend, body.stand - (body.stand - 0.255) * bend, 0.0)
    torso = build_torso(body, pelvis, lean=1.2 * bend, nod=0.75 * bend + 0.08)
    feet = (vector(0.01, ANKLE, -0.07), vector(-0.01, ANKLE, 0.07))
    legs = _legs(body, torso, feet, 0.25)

    lift = _smooth(phase, 0.48, 0.94)
    floor = vector(0.215, BOX[1] / 2.0, 0.0)
    held = torso.neck + vector(0.215, -0.235, 0.0)
    box = floor + (held - floor) * lift if lift > 0.0 else floor
    hands = []
    for shoulder, side in zip(torso.shoulders, SIDES, strict=True):
        rest = _hanging(body, shoulder, side)
        grip = box + vector(0.0, GRIP, side * (BOX[2] / 2.0 + 0.012))
        hands.append(rest + (grip - rest) * _smooth(phase, 0.02, 0.46))
    poles = (vector(-1.0, -0.3, -0.5), vector(-1.0, -0.3, 0.5))
    arms = _arms(body, torso, (hands[0], hands[1]), poles)
    return Moment(Pose(torso, arms, legs), box=box)


def _walk(phase: float, body: Body) -> Moment:
    angle = 2.0 * math.pi * phase
    pelvis = vector(0.0, body.stand * 0.985 + 0.010 * math.cos(2.0 * angle), 0.0)
    swing_out = math.cos(angle)
    torso = build_torso(body, pelvis, lean=0.07, nod=0.02, twist=-0.16 * swing_out)
    reach_out = STRIDE * _STANCE / 2.0
    feet, toes = [], []
    for index, side in enumerate(SIDES):
        step = (phase + 0.5 * index + 0.05) % 1.0
        if step < _STANCE:
            share = step / _STANCE
            x = reach_out * (1.0 - 2.0 * share)
            heel = _smooth(share, 0.6, 1.0)
            feet.append(vector(x + 0.02 * heel, ANKLE + 0.045 * heel, side * 0.035))
            toes.append(0.30 * (1.0 - _smooth(share, 0.0, 0.2)) - 0.75 * heel)
        else:
            share = (step - _STANCE) / (1.0 - _STANCE)
            x = reach_out * (2.0 * _smooth(share) - 1.0)
            lift = 0.075 * math.sin(math.pi * share) ** 0.9 + 0.045 * (1.0 - _smooth(share))
            feet.append(vector(x + 0.02 * (1.0 - share), ANKLE + lift, side * 0.035))
            toes.append(-0.75 + 1.05 * _smooth(share))
    legs = _legs(body, torso, (feet[0], feet[1]), 0.05)
    arms = []
    for shoulder, side in zip(torso.shoulders, SIDES, strict=True):
        forward = 0.55 * swing_out * side
        bent = forward + 0.30 + 0.22 * max(0.0, forward)
        upper, fore = _direction(forward - 0.08, 0.13 * side), _direction(bent, 0.04 * side)
        arms.append(swing(shoulder, body.upper_arm, body.forearm, upper, fore))
    return Moment(Pose(torso, (arms[0], arms[1]), legs, (toes[0], toes[1])))


def _direction(forward: float, outward: float) -> Vector:
    """A unit vector that hangs down, swung `forward` and `outward` (to the right) in radians."""
    return vector(
        math.sin(forward) * math.cos(outward),
        -math.cos(forward) * math.cos(outward),
        math.sin(outward),
    )


def _wave(phase: float, body: Body, hand: int) -> Moment:
    angle = 2.0 * math.pi * phase
    side = SIDES[hand]
    sway = math.sin(angle)
    pelvis = vector(0.0, body.stand, -side * (0.012 + 0.004 * sway))
    torso = build_torso(
        body, pelvis, tilt=-side * (0.05 + 0.025 * sway), nod=0.02, turn=side * 0.12
    )
    feet = (vector(0.0, ANKLE, -0.062), vector(0.0, ANKLE, 0.062))
    arms: list[Limb] = []
    for index, shoulder in enumerate(torso.shoulders):
        if index == hand:
            upper = _sideways(1.95 + 0.08 * sway, side, 0.10)
            fore = _sideways(math.pi + 0.62 * sway - 0.12, side, 0.16)
        else:
            upper, fore = _sideways(0.20, -side, 0.0), _sideways(0.06, -side, 0.2)
        arms.append(swing(shoulder, body.upper_arm, body.forearm, upper, fore))
    return Moment(Pose(torso, (arms[0], arms[1]), _legs(body, torso, feet, 0.1)))


def _sideways(angle: float, side: float, forward: float) -> Vector:
    """A unit vector raised by `angle` from hanging, out to `side`, a little `forward`."""
    out = vector(forward, -math.cos(angle), side * math.sin(angle))
    return out / float(np.sqrt(out @ out))


def _jack(phase: float, body: Body) -> Moment:
    angle = 2.0 * math.pi * phase
    spread = 0.5 - 0.5 * math.cos(angle)
    air = math.sin(angle) ** 2
    crouch = 0.018 * (1.0 + math.cos(2.0 * angle)) / 2.0
    apart = 0.045 + 0.135 * spread
    drop = (body.thigh + body.shin) * (1.0 - math.sqrt(1.0 - ((apart - body.hip) / 0.48) ** 2))
    pelvis = vector(0.0, body.stand - drop - crouch + 0.045 * air, 0.0)
    torso = build_torso(body, pelvis, lean=0.03, nod=0.02)
    rise = ANKLE + 0.045 * air
    feet = (vector(0.0, rise, -apart), vector(0.0, rise, apart))
    arms = []
    for shoulder, side in zip(torso.shoulders, SIDES, strict=True):
        raised = 0.22 + 2.62 * spread
        bend = 0.22 * (spread - 0.25)
        upper = _sideways(raised - 0.5 * bend, side, 0.06)
        fore = _sideways(raised + bend, side, 0.10)
        arms.append(swing(shoulder, body.upper_arm, body.forearm, upper, fore))
    legs = _legs(body, torso, feet, 0.25)
    return Moment(Pose(torso, (arms[0], arms[1]), legs, (-0.4 * air, -0.4 * air)))


def _spar(phase: float, body: Body, hand: int) -> Moment:
    lead = SIDES[hand]  # this foot and fist are in front
    punches = (  # the front fist in the first half of the cycle, the rear one in the second
        math.sin(math.pi * _smooth(phase * 2.0)) ** 2 if phase < 0.5 else 0.0,
        math.sin(math.pi * _smooth(phase * 2.0 - 1.0)) ** 2 if phase >= 0.5 else 0.0,
    )
    bounce = 0.008 * math.cos(4.0 * math.pi * phase)
    pelvis = vector(0.0 + 0.025 * (punches[0] + punches[1]), body.stand * 0.93 + bounce, 0.0)
    twist = lead * (0.30 + 0.28 * punches[0] - 0.80 * punches[1])
    torso = build_torso(body, pelvis, lean=0.16, nod=0.08, twist=twist)
    feet, toes, hands, poles = [], [], [], []
    for side in SIDES:
        front = side == lead
        feet.append(
            vector(0.13 if front else -0.13, ANKLE + (0.0 if front else 0.018), side * 0.05)
        )
        toes.append(0.0 if front else -0.35)
        punch = punches[0] if front else punches[1]
        guard = torso.neck + vector(0.16 if front else 0.12, 0.0 if front else -0.015, side * 0.06)
        target = torso.neck + vector(0.42, 0.015, side * 0.015)
        hands.append(guard + (target - guard) * punch)
        poles.append(vector(-0.25, -1.0, side * 0.45))
    legs = _legs(body, torso, (feet[0], feet[1]), 0.12)
    arms = _arms(body, torso, (hands[0], hands[1]), (poles[0], poles[1]))
    return Moment(Pose(torso, arms, legs, (toes[0], toes[1])), gloves=True)
