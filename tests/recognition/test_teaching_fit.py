"""A model in closed form: what it knows, what it does not, and what it says of itself."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from teaching import (
    WIDTH as NUMBERS,
)
from teaching import (
    Array,
    add_clip,
    changing,
    make_project,
    normalized,
    pooled,
    samples,
)

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.head_arrays import HeadArrays, softmax
from lrcn_desktop.model.model import in_torch
from lrcn_desktop.model.model_file import ModelFile, read_model, write_model
from lrcn_desktop.model.rejection import Rejection
from lrcn_desktop.recognition.teaching.advice import advise
from lrcn_desktop.recognition.teaching.closed_form import fit
from lrcn_desktop.recognition.teaching.evidence import KEPT, fit_threshold, fit_weights
from lrcn_desktop.recognition.teaching.features import BACKBONE, RATE
from lrcn_desktop.recognition.teaching.leaky_memory import (
    COMPONENTS,
    MOTION,
    WIDTH,
    contrasts,
    memory_arrays,
)
from lrcn_desktop.recognition.teaching.order import order_pairs
from lrcn_desktop.recognition.teaching.parts import (
    CUT,
    HEAD,
    Parts,
    coordinates,
    fit_projection,
)
from lrcn_desktop.recognition.teaching.project import OTHER, Clip, Project
from lrcn_desktop.recognition.teaching.sample import UNKNOWN, LeftOut, Sample
from lrcn_desktop.recognition.teaching.teacher import Teacher, shifted


def watch(model: ModelFile, features: Array) -> tuple[Array, Array]:
    """Return the probabilities (T, C) of a clip, and how known each step is (T,)."""
    head = HeadArrays(model.info.head, BACKBONE.shape, model.head_arrays(), RATE)
    state = head.initial_state()
    rows, _ = head.project(features, state[-1])
    taken = head.classify(rows, state)
    probabilities = softmax(taken.logits / np.float32(model.info.temperature))
    assert model.info.rejection is not None
    rejection = Rejection(model.info.rejection, model.info.head, model.rejection_arrays(), RATE)
    return probabilities, rejection.run(rows, probabilities, rejection.initial_state())[0]


def other(count: int = 4) -> list[Sample]:
    return [Sample(UNKNOWN, pooled(50 + n, n)) for n in range(count)]


def test_clips_that_it_was_not_taught_are_recognized_and_others_are_not() -> None:
    found = fit("x", ("a", "b"), [*samples(), *other()], None)
    assert found.accuracy == 1.0
    for label in range(2):
        probabilities, known = watch(found.model, pooled(label, 77))
        assert (probabilities.argmax(-1) == label).all()
        assert (known[2:] >= found.model.info.threshold).mean() > 0.5
    _, known = watch(found.model, pooled(90, 0))
    assert (known >= found.model.info.threshold).mean() < 0.2


def test_the_memory_of_a_taught_model_gives_what_was_fitted() -> None:
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((12, COMPONENTS + MOTION + 2)).astype(np.float32)
    rows[:, -1] = 1
    rows[[0, 7], -1] = 0  # a scene cut in the middle
    weight = rng.standard_normal((3, WIDTH)).astype(np.float32)
    bias = rng.standard_normal(3).astype(np.float32)
    head = HeadArrays(HEAD, BACKBONE.shape, memory_arrays(weight, bias, RATE), RATE)
    logits = head.classify(rows, head.initial_state()).logits
    np.testing.assert_allclose(logits, contrasts(rows, RATE, CUT) @ weight.T + bias, atol=2e-3)


def test_coordinates_give_the_rows_that_features_give_however_they_grew() -> None:
    clips = {str(n): pooled(n % 2, n).astype(np.float16) for n in range(6)}
    more = {"other": pooled(50, 0).astype(np.float16)}
    kept = coordinates()
    kept.update({name: clips[name] for name in "0123"}, more, None)
    first = kept.clips["0"].frames.shape
    kept.update({name: clips[name] for name in "12345"}, more, None)
    assert set(kept.clips) == {*"12345", "other"}
    assert kept.clips["1"].frames.shape > first
    parts = Parts(HEAD, fit_projection([kept.clips[name] for name in "12345"]))
    head = HeadArrays(HEAD, BACKBONE.shape, kept.lift(parts.projection), RATE)
    for name, features in (*clips.items(), *more.items()):
        if name in kept.clips:
            rows, _ = head.project(features.astype(np.float32), head.initial_state()[-1])
            np.testing.assert_allclose(parts.rows(kept.clips[name]), rows, atol=0.1)


def test_a_taught_model_is_a_model_file_like_any_other(tmp_path: Path) -> None:
    found = fit("x", ("a", "b"), [*samples(), *other()], None)
    write_model(tmp_path / "x.safetensors", found.model)
    model = read_model(tmp_path / "x.safetensors")
    assert model.info == found.model.info
    features = pooled(1, 5)
    head = in_torch(model).head
    state = head.initial_state()
    with torch.inference_mode():
        rows, state = head.project(torch.from_numpy(features)[None], state)
        logits = head.classify(rows, state)[0][0].numpy()
    ours = softmax(logits / np.float32(model.info.temperature))
    np.testing.assert_allclose(ours, watch(model, features)[0], atol=1e-3)


def test_activities_that_differ_in_order_alone_are_found_and_told_apart() -> None:
    both = [
        Sample(int(back), changing(n, backwards=back)) for back in (False, True) for n in range(6)
    ]
    plain = [Sample(2, pooled(2, n)) for n in range(6)]
    assert order_pairs(3, [*both, *plain]) == {0: 1, 1: 0}
    found = fit("x", ("forth", "back", "c"), [*both, *plain, *other()], None)
    for back in (False, True):
        probabilities, _ = watch(found.model, changing(99, backwards=back))
        assert (probabilities[5:].argmax(-1) == int(back)).mean() > 0.8


def test_no_order_is_found_where_nothing_changes_steadily() -> None:
    assert order_pairs(2, samples(2, 6)) == {}


def test_one_clip_of_each_is_enough_to_begin() -> None:
    found = fit("x", ("a", "b"), samples(2, 1), None)
    assert found.left_out == {}
    probabilities, _ = watch(
        fit("x", ("a", "b"), [*samples(2, 1), *other()], None).model, pooled(1, 9)
    )
    assert probabilities.mean(0).argmax() == 1
    assert found.model.info.rejection is None


def test_evidence_never_counts_against_what_it_is_evidence_for() -> None:
    rng = np.random.default_rng(0)
    known = [rng.normal([1, -1], 1, (5, 2)).astype(np.float32) for _ in range(9)]
    others = [rng.normal([-1, 1], 1, (5, 2)).astype(np.float32) for _ in range(9)]
    weights = fit_weights(known, others)
    assert weights[0] > 0.5
    assert weights[1] == 0


def test_the_threshold_shows_as_much_of_the_known_as_it_promises() -> None:
    known = [np.linspace(0, 1, 101, dtype=np.float32)]
    assert (known[0] >= fit_threshold(known)).mean() == pytest.approx(KEPT, abs=0.02)


@pytest.mark.parametrize("shift", [-4.0, 0.0, 4.0])
def test_a_shifted_threshold_can_be_shifted_back(shift: float) -> None:
    assert shifted(shifted(0.7, shift), -shift) == pytest.approx(0.7)


def test_it_says_which_activities_are_confused_and_what_to_do() -> None:
    wrong = LeftOut(0, np.array([[0.1, 0.9]], np.float32), np.ones(1, np.float32))
    right = LeftOut(1, np.array([[0.1, 0.9]], np.float32), np.ones(1, np.float32))
    clips = [Clip(Path(f"{n}.mkv"), "ab"[n // 5], f"room {n % 5}") for n in range(10)]
    made = [Sample(n // 5, pooled(n // 5, n, 3)) for n in range(10)]
    said = advise(("a", "b"), clips, made, {0: wrong, 1: wrong, 5: right})
    assert said[0] == "a and b are confused (2 of 3 clips): record three more of each."
    assert "There is no clip of something else" in said[-1]


def test_it_says_when_all_was_recorded_in_one_place() -> None:
    clips = [
        Clip(Path(f"{n}.mkv"), "ab"[n // 5], "kitchen" if n < 5 else str(n)) for n in range(10)
    ]
    made = [Sample(n // 5, pooled(n // 5, n, 3)) for n in range(10)]
    (said,) = advise(("a", "b"), [*clips, Clip(Path("o"), OTHER)], [*made, *other(1)], {})
    assert said.startswith("All of a was recorded in one place: record some elsewhere")


def test_it_says_where_nothing_moves() -> None:
    still = [Sample(0, np.repeat(pooled(0, n, 1), 3, axis=0)) for n in range(5)]
    moving = [Sample(1, pooled(1, n, 3)) for n in range(5)]
    clips = [Clip(Path(f"{n}.mkv"), "ab"[n // 5], str(n)) for n in range(10)]
    found = fit("x", ("a", "b"), [*still, *moving], None)
    assert found.accuracy == 1.0  # it is taught all the same
    said = advise(("a", "b"), clips, [*still, *moving], found.left_out)
    assert said[0] == (
        "Nothing moves in 5 clips of a: it is recognized by how the picture looks, "
        "not by what happens."
    )


def test_views_count_as_clips_and_keep_the_order() -> None:
    """What stands beside an activity by chance misleads a model that has no view without it."""
    chance = [normalized(40 * np.eye(NUMBERS)[[label]]) for label in range(2)]
    clips = []
    for label in range(2):
        for number in range(3):
            plain = pooled(label, number)
            clips.append(Sample(label, normalized(plain + 3 * chance[label]), views=(plain,)))
    misleading = normalized(pooled(0, 9) + 3 * chance[1])
    right = []
    for samples_ in (clips, [replace(clip, views=()) for clip in clips]):
        probabilities, _ = watch(
            fit("x", ("a", "b"), [*samples_, *other()], None).model, misleading
        )
        right.append(float(probabilities[:, 0].mean()))
    assert right[0] > right[1]

    views = (pooled(0, 0)[::2],)
    made = Sample(0, pooled(0, 0), name="clip", views=views).made({0: 1, 1: 0})
    assert {name: label for name, (label, _) in made.items()} == {
        "clip, view 0": 0,
        "clip, backwards": 1,
        "clip, view 0, backwards": 1,
    }
    np.testing.assert_array_equal(made["clip, view 0, backwards"][1], views[0][::-1])


def test_a_clip_of_two_activities_counts_for_neither_and_is_said(tmp_path: Path) -> None:
    project = make_project(tmp_path / "mine", ("a", "b"))
    twin = project.folder / "b" / "twin.mkv"
    twin.write_bytes((project.folder / "a" / "clip 0.mkv").read_bytes())
    material = Teacher(project).material()
    assert [clip.path.name for clip in material.clips if clip.activity == "a"] == [
        "clip 1.mkv",
        "clip 2.mkv",
    ]
    assert twin not in [clip.path for clip in material.clips]
    (note,) = material.notes
    assert "is an example of both a and b: delete one of the two." in note


def test_a_damaged_clip_is_left_out_and_said(tmp_path: Path) -> None:
    project = make_project(tmp_path / "mine", ("a", "b"))
    (project.folder / "a" / "broken.mkv").write_bytes(b"nothing")
    taught = Teacher(project).teach()
    assert len(taught.material.clips) == 6
    assert "broken.mkv" in taught.material.notes[0]


def test_too_few_activities_are_a_sentence_that_says_what_to_do(tmp_path: Path) -> None:
    project = Project.open(tmp_path / "mine")
    with pytest.raises(UserError, match="record one each of two activities"):
        Teacher(project).teach()
    project.add_activity("a")
    project.add_activity("empty")
    add_clip(project, "a", 0)
    with pytest.raises(UserError, match="Only a has a clip"):
        Teacher(project).teach()
