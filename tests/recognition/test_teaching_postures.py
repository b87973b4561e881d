"""What ships of postures: the file, how a fit uses it, and the cuts that clips tell."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file
from teaching import WIDTH as P
from teaching import normalized, samples

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.head_arrays import HeadArrays
from lrcn_desktop.recognition.teaching.closed_form import Fit, fit
from lrcn_desktop.recognition.teaching.coordinates import Compared, Coordinates
from lrcn_desktop.recognition.teaching.features import BACKBONE, RATE
from lrcn_desktop.recognition.teaching.leaky_memory import COMPONENTS
from lrcn_desktop.recognition.teaching.parts import CUT, HEAD, Parts, fit_cut, fit_projection
from lrcn_desktop.recognition.teaching.postures import (
    read_postures,
    shipped_path,
    shipped_postures,
    write_postures,
)
from lrcn_desktop.recognition.teaching.sample import LeftOut, Sample, steps_right, steps_shown

Array = NDArray[np.float32]


def directions() -> Array:
    """Return directions in which the postures of `posed` differ, and others."""
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((COMPONENTS, P)).astype(np.float32)
    return rows / np.linalg.norm(rows, 2)


def posed(label: int, person: int, steps: int = 8) -> Array:
    """Return features of an activity that a person hides: only `directions` tell it."""
    rng = np.random.default_rng([label, person])
    looks = np.random.default_rng([9, person]).standard_normal(P)
    tells = directions()[label] / np.linalg.norm(directions()[label])
    return normalized(looks + 0.1 * rng.standard_normal((steps, P)) + 5 * tells)


def fitted(clips: list[Sample], postures: Array | None) -> Fit:
    comparing = HeadArrays(replace(HEAD, motion=0), BACKBONE.shape, {}, RATE)
    kept = Coordinates(comparing, P, postures)
    return fit("x", ("a", "b"), clips, None, kept=kept)


def test_postures_take_the_place_of_components_where_they_clearly_do_better() -> None:
    clips = [Sample(label, posed(label, 100 * label + n)) for label in range(2) for n in range(4)]
    own, found = fitted(clips, None), fitted(clips, directions())
    assert own.model.info.training["projection"] == "own components"
    assert found.model.info.training["projection"] == "postures"
    assert steps_right(found.left_out) > 0.95 > steps_right(own.left_out)
    assert fitted(samples(), directions()).model.info.training["projection"] == "own components"


def test_a_model_of_postures_sees_in_features_what_was_fitted_in_coordinates() -> None:
    comparing = HeadArrays(replace(HEAD, motion=0), BACKBONE.shape, {}, RATE)
    kept = Coordinates(comparing, P, directions())
    clips = {str(n): posed(n % 2, n).astype(np.float16) for n in range(4)}
    kept.update(clips, {}, None)
    parts = Parts(HEAD, fit_projection(list(kept.clips.values()), kept.postures))
    head = HeadArrays(HEAD, BACKBONE.shape, kept.lift(parts.projection), RATE)
    for name, features in clips.items():
        rows, _ = head.project(features.astype(np.float32), head.initial_state()[-1])
        np.testing.assert_allclose(parts.rows(kept.clips[name]), rows, atol=0.05)


@pytest.mark.parametrize(("lowest", "cut"), [(0.95, 0.7), (0.6, 0.55), (0.2, CUT)])
def test_a_cut_is_what_is_less_alike_than_anything_in_the_clips(lowest: float, cut: float) -> None:
    none = np.empty((3, 0), np.float32)
    similarities = np.array([0.0, 0.97, lowest], np.float32)  # the first has none before it
    clip = Compared(none, none, similarities, np.arange(3), np.arange(1, 3))
    assert fit_cut([clip]) == pytest.approx(cut)


def test_what_ships_makes_no_vector_longer() -> None:
    shipped = shipped_postures()
    assert shipped is not None
    assert np.linalg.norm(shipped, 2) == pytest.approx(1.0, abs=0.01)


def test_a_file_is_read_as_it_was_written_and_not_for_other_features(tmp_path: Path) -> None:
    path, wanted = tmp_path / "postures.safetensors", directions()
    write_postures(path, wanted, "Drawn.")
    found = read_postures(path)
    assert found is not None
    np.testing.assert_allclose(found, wanted, atol=1e-4)
    save_file(load_file(path), path, {"lrcn-postures": '{"format": 1, "features": ["x", 1, "y"]}'})
    assert read_postures(path) is None


@pytest.mark.parametrize("damage", [b"", b"no file", shipped_path().read_bytes()[:9000]])
def test_a_damaged_file_is_a_sentence(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "postures.safetensors"
    path.write_bytes(damage)
    with pytest.raises(UserError, match=r"is not a file of postures.*reinstall it"):
        read_postures(path)


def test_what_is_compared_is_what_a_user_would_see() -> None:
    """A fit that is right more often, and says Unknown more often, is not the better one."""
    probabilities = np.array([[0.9, 0.1], [0.9, 0.1], [0.1, 0.9], [0.9, 0.1]], np.float32)
    known = np.array([0.9, 0.2, 0.9, 0.5], np.float32)
    clips = {0: LeftOut(0, probabilities, known), 1: LeftOut(1, probabilities, known)}
    assert steps_right(clips) == (0.75 + 0.25) / 2
    assert steps_shown(clips, 0.5) == (0.5 + 0.25) / 2
    assert steps_shown(clips, 0.95) == 0.0
