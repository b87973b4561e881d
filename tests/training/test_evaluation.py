"""What is measured of a network: cases whose answer is known, and what must hold for any."""

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from training.evaluation.evaluation import Evaluation, JudgedClip, judge
from training.evaluation.fusion import fuse

CLASSES = ("a", "b", "c")


def clip(
    name: str, truth: Sequence[int], said: Sequence[int], baseline: Sequence[int] | None = None
) -> JudgedClip:
    """Return a clip of two steps per second, each step sure of one class."""

    def logits(classes: Sequence[int]) -> torch.Tensor:
        return torch.eye(len(CLASSES))[list(classes)] * 4

    return JudgedClip(
        name,
        torch.tensor(truth),
        logits(said),
        None if baseline is None else logits(baseline),
        rate=2.0,
    )


@st.composite
def clips(draw: st.DrawFn, streams: bool | None = None) -> list[JudgedClip]:
    """Draw one to six clips of one to nine steps; the numbers come from a seed."""
    random = torch.Generator().manual_seed(draw(st.integers(0, 2**32)))
    memory = draw(st.booleans())
    streams = draw(st.booleans()) if streams is None else streams
    result = []
    for number in range(draw(st.integers(1, 6))):
        steps = draw(st.integers(1, 9))
        labels = torch.randint(len(CLASSES), (steps,), generator=random)
        if not streams:
            labels = labels[:1].repeat(steps)
        logits, baseline = torch.randn(2, steps, len(CLASSES), generator=random) * 3
        result.append(JudgedClip(f"{number}", labels, logits, baseline if memory else None, 2.0))
    return result


def shares(evaluation: Evaluation) -> list[float]:
    """Return all of its shares that there are."""
    by = evaluation.accuracy_by_seconds
    found = [*by.last, *by.mean, *by.baseline_mean, evaluation.ece, evaluation.top5]
    found += [evaluation.known.right, evaluation.known.wrong]
    found += [worst.probability for worst in evaluation.worst]
    for accuracy in (evaluation.accuracy, evaluation.baseline):
        found += [accuracy.frame, accuracy.clip_mean, accuracy.clip_last]
    for figures in evaluation.per_class.values():
        found += [figures.frame, figures.clip_mean, figures.clip_last]
        found += [figures.baseline_frame, figures.baseline_clip_mean]
    return [share for share in found if share is not None]


def test_a_case_reckoned_by_hand() -> None:
    result = judge(
        [
            clip("right", [0] * 4, [0, 0, 0, 1], [1, 1, 1, 0]),
            clip("late", [1] * 2, [0, 1], [0, 0]),
            clip("wrong", [2] * 3, [1, 1, 2], [2, 2, 2]),
        ],
        CLASSES,
        seen=1,
    )
    assert result.accuracy.frame == pytest.approx((3 / 4 + 1 / 2 + 1 / 3) / 3)
    assert result.accuracy.clip_mean == pytest.approx(1 / 3)  # "late" is a tie: the first wins
    assert result.accuracy.clip_last == pytest.approx(2 / 3)
    assert result.baseline.frame == pytest.approx((1 / 4 + 0 + 1) / 3)
    assert result.baseline.clip_mean == pytest.approx(1 / 3)
    assert (result.gained, result.lost) == (1, 1)
    assert result.confusion == [[1, 0, 0], [1, 0, 0], [0, 1, 0]]
    assert result.per_class["c"].frame == pytest.approx(1 / 3)
    assert result.per_class["c"].baseline_clip_mean == 1.0
    assert result.top5 is None
    assert (result.unit, result.memory, result.seen_in_training) == ("clip", True, 1)
    by = result.accuracy_by_seconds
    assert by.seconds == [0.5, 1, 2]
    assert by.clips == [3, 3, 1]  # a clip of four steps at two a second is two seconds long
    assert by.last == pytest.approx([1 / 3, 2 / 3, 0])
    assert by.mean == pytest.approx([1 / 3, 1 / 3, 1])
    assert by.baseline_mean == pytest.approx([1 / 3, 1 / 3, 0])
    assert [(w.name, w.truth, w.said) for w in result.worst] == [
        ("wrong", "c", "b"),
        ("late", "b", "a"),
    ]


def test_streams_have_figures_of_steps_only() -> None:
    result = judge([clip("s", [0, 0, 1, 1, 1, 0], [0, 0, 0, 1, 1, 1])], CLASSES)
    assert result.unit == "step"
    assert result.accuracy.frame == pytest.approx(4 / 6)
    assert result.accuracy.clip_mean is None
    assert result.accuracy.clip_last is None
    assert result.gained is None
    assert result.confusion == [[2, 1, 0], [1, 2, 0], [0, 0, 0]]
    assert result.per_class["a"].frame == pytest.approx(2 / 3)
    assert result.per_class["a"].clip_mean is None
    assert result.per_class["c"].clips == 0
    assert result.per_class["c"].frame is None
    # three stretches, of 1, 1.5 and 0.5 s: seconds count from the activity's beginning
    assert result.accuracy_by_seconds.clips == [3, 2]
    assert result.accuracy_by_seconds.last == pytest.approx([1 / 3, 1])
    assert [(w.start, w.truth, w.said) for w in result.worst] == [(2.5, "a", "b")]


def test_the_threshold_parts_right_from_wrong() -> None:
    said = torch.tensor([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8], [0.3, 0.7]]).log()
    one = JudgedClip("x", torch.zeros(4, dtype=torch.long), said, None, 1.0)
    one = replace(one, threshold=0.75)
    known = judge([one], ("a", "b")).known
    assert (known.right, known.wrong) == (0.5, 0.5)
    sure = replace(one, name="y", logits=said[:2], labels=one.labels[:2], threshold=0.25)
    assert judge([sure], ("a", "b")).known == type(known)(0.25, 1.0, None)
    both = judge([one, sure], ("a", "b")).known  # each clip by its own threshold
    assert (both.threshold, both.right, both.wrong) == (0.5, 0.75, 0.5)


def test_top_5_is_told_over_ten_classes() -> None:
    names = [f"{number}" for number in range(11)]
    logits = -torch.arange(11.0)[None]
    for truth, share in ((4, 1.0), (5, 0.0)):
        result = judge([JudgedClip("x", torch.tensor([truth]), logits, None, 1.0)], names)
        assert result.top5 == share
    assert (
        judge([JudgedClip("x", torch.tensor([0]), logits[:, :10], None, 1)], names[:10]).top5
        is None
    )


def test_at_most_twenty_of_the_worst() -> None:
    found = judge([clip(f"{n}", [0], [1]) for n in range(30)], CLASSES).worst
    assert len(found) == 20


@pytest.mark.parametrize("wrong", [[], [clip("empty", [], [])]])
def test_nothing_to_judge_is_refused(wrong: list[JudgedClip]) -> None:
    with pytest.raises(ValueError, match="must be a clip"):
        judge(wrong, CLASSES)


@given(clips())
@settings(max_examples=40, deadline=None)
def test_what_holds_for_any_network(members: list[JudgedClip]) -> None:
    result = judge([replace(m, threshold=0.5) for m in members], CLASSES)
    assert all(0 <= share <= 1 for share in shares(result))
    steps = sum(len(member.labels) for member in members)
    counted = steps if result.unit == "step" else len(members)
    assert sum(map(sum, result.confusion)) == counted
    assert sum(b.steps for b in result.reliability) == steps
    if not result.memory:
        assert result.baseline == result.accuracy
        assert result.baseline_loss == result.loss
    assert json.loads(json.dumps(result.to_json(), allow_nan=False)) == result.to_json()


@given(clips(), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_the_order_of_the_clips_changes_nothing(members: list[JudgedClip], random: object) -> None:
    shuffled = list(members)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first, second = judge(members, CLASSES), judge(shuffled, CLASSES)
    assert first.worst == second.worst
    assert first.confusion == second.confusion
    assert first.accuracy == second.accuracy
    assert shares(first) == pytest.approx(shares(second))


@given(clips(streams=False))
@settings(max_examples=30, deadline=None)
def test_a_clip_counts_alike_however_many_steps_it_has(members: list[JudgedClip]) -> None:
    first = members[0]
    doubled = replace(
        first,
        labels=first.labels.repeat_interleave(2),
        logits=first.logits.repeat_interleave(2, 0),
        baseline=None if first.baseline is None else first.baseline.repeat_interleave(2, 0),
    )
    before, after = judge(members, CLASSES), judge([doubled, *members[1:]], CLASSES)
    assert after.accuracy == before.accuracy
    assert after.baseline == before.baseline
    assert after.loss == pytest.approx(before.loss)


@given(clips(), st.booleans())
@settings(max_examples=30, deadline=None)
def test_who_is_always_right_gets_1_all_over(members: list[JudgedClip], memory: bool) -> None:
    perfect = [
        replace(
            m,
            logits=(sure := torch.eye(3)[m.labels] * 50),
            baseline=sure if memory else None,
            threshold=0.9,
        )
        for m in members
    ]
    result = judge(perfect, CLASSES)
    told = [result.accuracy.frame, result.accuracy.clip_mean, result.accuracy.clip_last]
    by = result.accuracy_by_seconds
    told += [*by.last, *by.mean, *by.baseline_mean, result.known.right]
    told += [figures.frame for figures in result.per_class.values()]
    assert {share for share in told if share is not None} == {1.0}
    assert result.loss == pytest.approx(0, abs=1e-9)
    assert result.ece == pytest.approx(0, abs=1e-9)
    assert result.worst == []


def test_a_diverged_network_gives_null_not_nan() -> None:
    broken = replace(clip("x", [0, 0], [0, 0]), logits=torch.full((2, 3), torch.nan))
    assert judge([broken], CLASSES).to_json()["loss"] is None


def test_streams_of_pictures_and_flow_are_fused_by_their_mean_probabilities() -> None:
    rgb = JudgedClip("x", torch.tensor([0, 0]), torch.tensor([[0.9, 0.1]] * 2).log(), None, 1.0)
    flow = replace(rgb, labels=rgb.labels[:1], logits=torch.tensor([[0.3, 0.7]]).log())
    (fused,) = fuse([rgb, replace(rgb, name="alone")], [flow], 2 / 3)
    assert len(fused.labels) == 1
    assert fused.baseline is None
    assert fused.probabilities[0].tolist() == pytest.approx([0.5, 0.5])
    with_memory = replace(flow, baseline=torch.tensor([[0.0, 1.0]]).log())
    (fused,) = fuse([rgb], [with_memory], 0.5)
    assert fused.baseline_probabilities[0].tolist() == pytest.approx([0.45, 0.55])


@given(clips(streams=False))
@settings(max_examples=20, deadline=None)
def test_all_weight_on_one_stream_is_that_stream(members: list[JudgedClip]) -> None:
    other = [replace(m, logits=m.logits.flip(-1)) for m in members]
    assert judge(fuse(members, other, 0.0), CLASSES).accuracy == judge(members, CLASSES).accuracy
    assert judge(fuse(members, other, 1.0), CLASSES).accuracy == judge(other, CLASSES).accuracy
