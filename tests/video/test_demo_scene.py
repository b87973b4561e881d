"""The demo's poses and pictures: the order pairs are the same frames, and bodies hold together."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcn_desktop.video.demo.activities import ACTIVITIES, BOX, GRIP, ORDER_PAIRS, moment
from lrcn_desktop.video.demo.figure import SIDES, Body, Limb, Pose, vector
from lrcn_desktop.video.demo.scene import Scene
from lrcn_desktop.video.demo.schedule import Bout

SIZE = (320, 240)
few = settings(max_examples=50, deadline=None)


def _points(pose: Pose) -> np.ndarray:
    torso = pose.torso
    limbs = [p for limb in (*pose.arms, *pose.legs) for p in (limb.root, limb.middle, limb.end)]
    return np.array([torso.pelvis, torso.waist, torso.neck, torso.head, torso.face, *limbs])


@pytest.mark.parametrize(("forward", "backward"), ORDER_PAIRS)
@pytest.mark.parametrize("bout", [0, 1, 9])
def test_an_order_pair_shows_the_same_pictures_in_opposite_order(
    forward: str, backward: str, bout: int
) -> None:
    there = Scene(1, Bout(bout, forward, 0.0, 3.0), SIZE)
    back = Scene(1, Bout(bout, backward, 0.0, 3.0), SIZE)
    for phase in (0.0, 0.25, 0.5, 0.875, 1.0):
        camera = 1.3
        one, other = there.draw_phase(phase, camera), back.draw_phase(1.0 - phase, camera)
        assert np.array_equal(one, other)
    assert not np.array_equal(there.draw_phase(0.0, 1.3), there.draw_phase(1.0, 1.3))


@pytest.mark.parametrize("pair", ORDER_PAIRS)
def test_an_order_pair_moves_evenly_from_start_to_end(pair: tuple[str, str]) -> None:
    for index, activity in itertools.product(range(20), pair):
        scene = Scene(8, Bout(index, activity, 0.0, 2.0 + index / 10.0), SIZE)
        duration = scene.bout.end
        phases = [scene.phase(time) for time in np.linspace(0.0, duration, 60)]
        assert phases[0] == 0.0
        assert phases[-1] == 1.0
        assert (np.diff(phases) >= 0.0).all()
        assert scene.phase(0.151) > 0.0
        assert scene.phase(duration - 0.151) < 1.0


def test_who_where_and_how_do_not_depend_on_the_activity() -> None:
    start = Bout(3, ACTIVITIES[0], 0.0, 3.0)
    scenes = [Scene(2, replace(start, activity=name), SIZE) for name in ACTIVITIES]
    top_rows = [
        scene.draw_phase(0.5, 1.5)[:8] for scene in scenes if scene.bout.activity != "walking"
    ]
    assert all(np.array_equal(rows, top_rows[0]) for rows in top_rows)


@few
@given(
    activity=st.sampled_from(ACTIVITIES),
    phase=st.floats(0.0, 1.0),
    hand=st.integers(0, 1),
    legs=st.floats(0.96, 1.04),
    spine=st.floats(0.95, 1.04),
)
def test_bones_keep_their_length_and_feet_stay_above_the_floor(
    activity: str, phase: float, hand: int, legs: float, spine: float
) -> None:
    body = Body(thigh=0.242 * legs, shin=0.238 * legs, spine=0.305 * spine)
    pose = moment(activity, phase, body, hand).pose

    def lengths(limb: Limb) -> list[float]:
        return [
            float(np.linalg.norm(limb.middle - limb.root)),
            float(np.linalg.norm(limb.end - limb.middle)),
        ]

    for leg in pose.legs:
        assert lengths(leg) == pytest.approx([body.thigh, body.shin])
        assert leg.end[1] > 0.03
        straight = (leg.root + leg.end) / 2.0
        assert leg.middle[0] >= straight[0] - 0.02  # knees bend forwards
    for arm in pose.arms:
        assert lengths(arm) == pytest.approx([body.upper_arm, body.forearm])


@few
@given(activity=st.sampled_from(ACTIVITIES[4:]), phase=st.floats(0.0, 1.0), hand=st.integers(0, 1))
def test_cycles_close_and_movements_do_not_jump(activity: str, phase: float, hand: int) -> None:
    body = Body()
    here = _points(moment(activity, phase, body, hand).pose)
    near = _points(moment(activity, (phase + 1e-3) % 1.0, body, hand).pose)
    assert np.abs(here - near).max() < 0.02


@few
@given(phase=st.floats(0.0, 0.999), activity=st.sampled_from(ACTIVITIES[:4]))
def test_order_pairs_do_not_jump(phase: float, activity: str) -> None:
    body = Body()
    here = _points(moment(activity, phase, body).pose)
    near = _points(moment(activity, phase + 1e-3, body).pose)
    assert np.abs(here - near).max() < 0.02


@few
@given(phase=st.floats(0.48, 1.0), spine=st.floats(0.95, 1.04), legs=st.floats(0.96, 1.04))
def test_the_hands_hold_the_box_while_it_is_carried(
    phase: float, spine: float, legs: float
) -> None:
    body = Body(thigh=0.242 * legs, shin=0.238 * legs, spine=0.305 * spine)
    shown = moment("picking up", phase, body)
    assert shown.box is not None
    for arm, side in zip(shown.pose.arms, SIDES, strict=True):
        grip = shown.box + vector(0.0, GRIP, side * (BOX[2] / 2.0 + 0.012))
        assert np.linalg.norm(arm.end - grip) < 0.03


def test_an_unknown_activity_is_refused() -> None:
    with pytest.raises(ValueError, match="sleeping"):
        moment("sleeping", 0.0, Body())
