"""What says "none of these": whole or step by step, at any rate, from one scene to the next."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from lrcn_desktop.model.presets import HeadConfig
from lrcn_desktop.model.rejection import EVIDENCE, Rejection, RejectionConfig, rejection_shapes

HEAD = HeadConfig(pool="statistics", project=4, motion=2, cut=0.5, frames=True, hidden=(2,))
CONFIG = RejectionConfig(components=3, seconds=1.0)
WIDTH = HEAD.project + HEAD.motion + 2


def rejection(rate: float = 5.0) -> Rejection:
    arrays = {
        "means": np.array([[3, 0, 0], [0, 3, 0]], np.float32),
        "whiten": np.eye(3, dtype=np.float32) * 2,
        "side": np.array([0, 0, 0, 1], np.float32),
        "weights": np.array([1, 1, 1, 1, 3], np.float32),
    }
    assert {n: a.shape for n, a in arrays.items()} == rejection_shapes(CONFIG, HEAD, 2)
    return Rejection(CONFIG, HEAD, arrays, rate)


def rows(steps: int, seed: int = 0) -> NDArray[np.float32]:
    made = np.random.default_rng(seed).normal(size=(steps, WIDTH)).astype(np.float32)
    made[:, -1] = 1
    return made


def sure(steps: int) -> NDArray[np.float32]:
    return np.full((steps, 2), 0.5, np.float32)


@settings(deadline=None)
@given(steps=st.integers(1, 12), cut=st.integers(0, 12), seed=st.integers(0, 9))
def test_stepping_gives_what_the_whole_gives(steps: int, cut: int, seed: int) -> None:
    ours, seen = rejection(), rows(steps, seed)
    seen[steps // 2, -1] = 0.2  # the scene is cut there
    whole, last = ours.run(seen, sure(steps), ours.initial_state())
    state, parts = ours.initial_state(), []
    for part in (seen[:cut], seen[cut:]):
        if len(part):
            known, state = ours.run(part, sure(len(part)), state)
            parts.append(known)
    np.testing.assert_allclose(np.concatenate(parts), whole, atol=1e-6)
    np.testing.assert_allclose(state, last, atol=1e-4)
    assert ((whole >= 0) & (whole <= 1)).all()


def test_the_evidence_is_what_the_papers_say() -> None:
    seen = np.zeros((1, WIDTH), np.float32)
    seen[0] = [3, 1, 0, 7, 0, 0, 5, 1]  # components, motion, rest, similarity
    evidence = rejection().evidence(seen, np.array([[0.25, 0.75]], np.float32))[0]
    found = dict(zip(EVIDENCE, evidence.tolist(), strict=True))
    assert found["distance"] == pytest.approx(-2.0)  # one from the nearer mean, whitened to two
    assert found["rest"] == -5
    assert found["side"] == 7
    assert found["confidence"] == pytest.approx(np.log(0.75))


def test_a_scene_cut_forgets_the_evidence_of_the_scene_before() -> None:
    ours, seen = rejection(), rows(20)
    seen[10:, 0] = 3  # right on a class after the cut
    seen[10, -1] = 0.1
    means, _ = ours.average(ours.evidence(seen, sure(20)), seen, ours.initial_state())
    alone, _ = ours.average(ours.evidence(seen[10:], sure(10)), seen[10:], ours.initial_state())
    np.testing.assert_allclose(means[10:], alone, atol=1e-5)
    seen[10, -1] = 0.9
    without, _ = ours.average(ours.evidence(seen, sure(20)), seen, ours.initial_state())
    assert not np.allclose(without[10:], alone, atol=1e-3)


@pytest.mark.parametrize("rate", [5.0, 12.5, 30.0])
def test_the_mean_reaches_back_the_same_seconds_at_any_rate(rate: float) -> None:
    ours, steps = rejection(rate), round(3 * rate)
    seen = rows(2 * steps)
    seen[:] = seen[0]
    evidence = ours.evidence(seen, sure(2 * steps))
    evidence[steps:] += 1  # something changes for good, without a cut
    means, _ = ours.average(evidence, seen, ours.initial_state())
    after = means[steps + round(CONFIG.seconds * rate) - 1, 0] - means[steps - 1, 0]
    assert after == pytest.approx(1 - np.exp(-1), abs=0.05)
