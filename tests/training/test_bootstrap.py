"""Intervals by a bootstrap over groups: known cases, and what must hold for any clips."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.evaluation.bootstrap import difference_interval, resample, share_interval, wilson
from training.evaluation.intervals import ClipResult, clear, difference, intervals
from training.evaluation.metrics import Accuracy

RESULTS = st.lists(
    st.tuples(st.integers(0, 30), *[st.sampled_from([0.0, 1.0])] * 2, st.floats(0, 1)),
    min_size=1,
    max_size=60,
)
Row = tuple[int, float, float, float]


def results(rows: list[Row], copies: int = 1) -> list[ClipResult]:
    """Return clips of (group, right by the mean, the frame average's, share of right steps)."""
    return [
        ClipResult(
            f"{number} {copy}",
            f"g{group}",
            Accuracy(steps, ours, ours),
            Accuracy(steps / 2, theirs, theirs),
        )
        for number, (group, ours, theirs, steps) in enumerate(rows)
        for copy in range(copies)
    ]


def test_wilsons_interval() -> None:
    assert wilson(0.5, 100) == pytest.approx((0.404, 0.596), abs=1e-3)  # as in the textbook
    assert wilson(1.0, 10) == pytest.approx((0.722, 1.0), abs=1e-3)
    assert wilson(0.0, 10)[0] == 0.0


def test_groups_are_drawn_whole_and_as_many_as_there_are() -> None:
    groups = ["a", "a", "b", "c"]
    values = np.array([[1.0, 0], [2.0, 0], [0.0, 10.0], [0.0, 0.0]])
    drawn = resample(groups, values)
    assert drawn.shape == (2000, 2)
    assert set(drawn[:, 0] / 3) == {0.0, 1.0, 2.0, 3.0}  # a's two clips come together
    assert ((drawn[:, 0] / 3 + drawn[:, 1] / 10) <= 3).all()
    assert drawn.mean(0) == pytest.approx([3, 10], rel=0.05)
    assert (drawn == resample(groups, values)).all()


@given(RESULTS)
@settings(max_examples=50, deadline=None)
def test_an_interval_holds_the_share_and_lies_between_0_and_1(rows: list[Row]) -> None:
    clips = results(rows)
    found = intervals(clips)
    for side, ranges in (("accuracy", found.accuracy), ("baseline", found.baseline)):
        for key in ("frame", "clip_mean", "clip_last"):
            share = np.mean([getattr(getattr(clip, side), key) for clip in clips])
            low, high = getattr(ranges, key)
            assert 0 <= low <= share + 1e-12
            assert share - 1e-12 <= high <= 1
            assert high > low, "no clips are so many that nothing is left to chance"
    low, high = found.difference.frame
    assert -1 <= low <= high <= 1


@given(RESULTS)
@settings(max_examples=30, deadline=None)
def test_more_clips_of_the_same_groups_say_no_more(rows: list[Row]) -> None:
    once, often = intervals(results(rows)), intervals(results(rows, copies=4))
    assert often.accuracy.clip_mean == pytest.approx(once.accuracy.clip_mean)
    assert often.difference.frame == pytest.approx(once.difference.frame)


def test_more_groups_say_more() -> None:
    few = intervals(results([(g, float(g % 5 > 0), 0.0, 0.5) for g in range(20)]))
    many = intervals(results([(g, float(g % 5 > 0), 0.0, 0.5) for g in range(200)]))
    assert few.accuracy.clip_mean is not None
    assert many.accuracy.clip_mean is not None
    assert few.accuracy.clip_mean == pytest.approx((0.6, 0.95), abs=0.05)
    assert many.accuracy.clip_mean == pytest.approx((0.745, 0.855), abs=0.02)


def test_the_interval_covers_what_clips_of_other_groups_give() -> None:
    """Groups are easy or hard as a whole; 95 % is what many groups approach."""
    random, covered, trials = np.random.default_rng(1), 0, 100
    for _ in range(trials):
        ease = random.beta(4, 1, size=40)  # of a group, 0.8 on average
        groups = [f"{g}" for g in range(40) for _ in range(6)]
        right = (random.random(240) < np.repeat(ease, 6)).astype(float)
        drawn = resample(groups, np.stack([right, np.ones(240)], 1))
        low, high = share_interval(float(right.mean()), drawn[:, 0] / drawn[:, 1], 40)
        covered += low <= 0.8 <= high
    assert 0.87 * trials <= covered


@given(RESULTS)
@settings(max_examples=30, deadline=None)
def test_a_model_is_not_better_than_itself(rows: list[Row]) -> None:
    clips = results(rows)
    found = difference(clips, clips[::-1], steps=False)
    assert (found.value, found.interval) == (0.0, (0.0, 0.0))
    assert not clear(found.interval)


@given(RESULTS, RESULTS)
@settings(max_examples=30, deadline=None)
def test_swapped_models_differ_by_as_much_the_other_way(a: list[Row], b: list[Row]) -> None:
    groups = [row[0] for row in a]
    ours = results(a)
    theirs = results([(g, *row[1:]) for g, row in zip(groups, b, strict=False)])
    there, back = (difference(x, y, steps=True) for x, y in ((ours, theirs), (theirs, ours)))
    assert there.value == pytest.approx(-back.value)
    assert there.interval == pytest.approx((-back.interval[1], -back.interval[0]), abs=1e-9)


@pytest.mark.parametrize(("groups", "known"), [(5, False), (12, True)])
def test_a_few_groups_are_no_clear_difference(groups: int, known: bool) -> None:
    values = [1.0] * groups + [0.0] * 20
    names = [f"{number}" for number in range(len(values))]
    drawn = resample(names, np.array([(1.0, value) for value in values]))
    assert clear(difference_interval(values, names, drawn[:, 1] / drawn[:, 0])) == known
