"""No group appears in both training and test, whatever the clips."""

from collections import Counter
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcn_desktop.errors import UserError
from training.dealing import folds
from training.run.data import split_of
from training.run.settings import Settings
from training.split import Split, plan_split

ROWS = st.lists(
    st.tuples(
        st.sampled_from("AB"),
        st.integers(0, 12),
        st.sampled_from(["", "", "", "train", "validation", "test"]),
    ),
    min_size=1,
    max_size=80,
)


@dataclass(frozen=True)
class Clip:
    name: str
    group: str
    label: str
    side: str = ""


def clips_of(
    rows: list[tuple[str, int, str]], shared: bool = False, named: bool = False
) -> list[Clip]:
    """Return clips of (activity, group, side); `shared`: activities share the groups.

    `named`: the clips' names are UCF-101's, else numbers.
    """
    return [
        Clip(
            f"{label}/v_{label}_g{group:02d}_c{number:02d}" if named else str(number),
            f"{'' if shared else label}{group}",
            label,
            side,
        )
        for number, (label, group, side) in enumerate(rows)
    ]


def spread(labels: str, groups: int, size: int = 4) -> list[Clip]:
    return clips_of(
        [(x, group, "") for x in labels for group in range(groups) for _ in range(size)]
    )


def check_sides(clips: list[Clip], split: Split) -> None:
    for one in split.rounds:
        sides = [one.train, one.validation, split.test]
        assert one.train
        assert one.validation
        assert sum(map(len, sides)) == len({i for side in sides for i in side})
        groups = [{clips[i].group for i in side} for side in sides]
        assert all(a.isdisjoint(b) for a, b in combinations(groups, 2))
        trained = {clips[i].label for i in one.train}
        assert {clips[i].label for i in (*one.validation, *split.test)} <= trained
    given_test = {i for i, clip in enumerate(clips) if clip.side == "test"}
    assert not given_test or set(split.test) == given_test


GIVEN = [
    ("AB"[g % 2], g, "test" if g < 4 else "validation" if g < 8 else "train") for g in range(20)
]
TESTED = [(x, g, "test" if g < 7 else "train") for x in "AB" for g in range(25) for _ in range(4)]
APART = "; no group appears in both training and test"


@given(
    rows=ROWS,
    count=st.integers(1, 6),
    seed=st.integers(0, 3),
    shared=st.booleans(),
    named=st.booleans(),
)
@settings(deadline=None)
def test_no_group_appears_in_both_training_and_test(
    rows: list[tuple[str, int, str]], count: int, seed: int, shared: bool, named: bool
) -> None:
    own = [("A", 20), ("A", 21), ("A", 22), ("B", 30), ("B", 31), ("B", 32)]
    rows = [*rows, *((label, group, "") for label, group in own)]  # enough for every split
    clips = clips_of([(x, g, "") for x, g, _ in rows], shared, named)
    split = plan_split(clips, folds=count, seed=seed)
    check_sides(clips, split)
    assert split == plan_split(clips, folds=count, seed=seed)
    if count > 1:
        assert split.test == ()
        held = [i for one in split.rounds for i in one.validation]
        assert sorted(held) == list(range(len(clips)))


@given(rows=ROWS, count=st.integers(1, 6), seed=st.integers(0, 3))
@settings(deadline=None)
def test_a_split_is_refused_where_groups_are_too_few_and_only_there(
    rows: list[tuple[str, int, str]], count: int, seed: int
) -> None:
    clips = clips_of([(x, g, "") for x, g, _ in rows])
    groups = Counter(label for _, label in {(clip.group, clip.label) for clip in clips})
    # One group to train on, and one for each side that is held out.
    least = 3 if count == 1 else 2
    if min(groups.values()) >= least and groups.total() >= count:
        check_sides(clips, plan_split(clips, folds=count, seed=seed))
    else:
        with pytest.raises(UserError):
            plan_split(clips, folds=count, seed=seed)


def test_clips_that_are_all_for_the_test_are_told() -> None:
    clips = clips_of([("a", 1, "test"), ("b", 2, "test")])
    with pytest.raises(UserError):
        split_of(Settings("m", data="clips"), clips)


@given(rows=ROWS, count=st.integers(1, 6), seed=st.integers(0, 3), shared=st.booleans())
@settings(deadline=None)
def test_given_sides_share_no_group_with_others(
    rows: list[tuple[str, int, str]], count: int, seed: int, shared: bool
) -> None:
    room = [(x, g, side) for x in "AB" for g, side in ((20, "train"), (21, "train"), (22, "test"))]
    clips = clips_of([*rows, *room], shared) + clips_of([("A", 30, ""), ("B", 30, "")])
    clips += clips_of([("A", 31, ""), ("B", 31, "")])
    check_sides(clips, plan_split(clips, folds=count, seed=seed))


@given(rows=ROWS, count=st.integers(2, 6), seed=st.integers(0, 3))
@settings(deadline=None)
def test_every_clip_is_in_one_fold(rows: list[tuple[str, int, str]], count: int, seed: int) -> None:
    clips = clips_of(rows)
    if len({clip.group for clip in clips}) < count:
        with pytest.raises(UserError, match="too few"):
            folds(clips, count, seed)
        return
    result = folds(clips, count, seed)
    assert sorted(index for fold in result for index in fold) == list(range(len(clips)))
    sides = [{clips[index].group for index in fold} for fold in result]
    assert all(not a & b for i, a in enumerate(sides) for b in sides[:i])
    assert all(result), "a fold without clips tests nothing"
    assert result == folds(clips, count, seed)


def test_activities_are_spread_over_the_folds() -> None:
    clips = spread("A", 10) + clips_of([("B", 20, "")] * 4)
    in_folds = [sum(clips[i].label == "A" for i in fold) for fold in folds(clips, 5)]
    assert max(in_folds) - min(in_folds) <= 4


@pytest.mark.parametrize(("groups", "share"), [(20, (0.15, 0.25)), (3, (0.3, 0.4))])
def test_one_round_holds_a_fifth_back_or_a_group_at_least(
    groups: int, share: tuple[float, float]
) -> None:
    clips = spread("ABC", groups)
    split = plan_split(clips, folds=1, seed=1)
    check_sides(clips, split)
    for label in "ABC":
        held = sum(clips[i].label == label for i in split.test)
        assert share[0] * 4 * groups <= held <= share[1] * 4 * groups
    assert len(split.rounds) == 1
    assert {clips[i].label for i in split.rounds[0].validation} == set("ABC")


def test_two_groups_are_enough_for_many_folds() -> None:
    clips = spread("A", 20) + spread("B", 2)
    check_sides(clips, plan_split(clips, folds=5, seed=0))


@pytest.mark.parametrize(("count", "groups", "needed"), [(1, 2, "3 are needed"), (5, 1, "2 are")])
def test_too_few_groups(count: int, groups: int, needed: str) -> None:
    with pytest.raises(UserError, match=needed) as error:
        plan_split(spread("A", 20) + spread("B", groups), folds=count, seed=0)
    assert "'B'" in str(error.value)


def test_given_sides_stay() -> None:
    clips = clips_of(GIVEN)
    split = plan_split(clips, folds=5, seed=0)
    assert split.test == tuple(range(4))
    (one,) = split.rounds
    assert one.validation == tuple(range(4, 8))
    assert one.train == tuple(range(8, 20))


def test_two_groups_are_enough_beside_a_given_validation_side() -> None:
    given = [Clip("v", "x", "A", "validation"), Clip("w", "y", "B", "validation")]
    split = plan_split([*spread("AB", 2), *given], folds=1, seed=0)
    assert (split.rounds[0].validation, len(split.test)) == ((16, 17), 8)


@pytest.mark.parametrize(
    ("clips", "count", "protocol", "text"),
    [
        (
            spread("AB", 8),
            *(1, "all", "40 training and 8 validation clips, 16 test clips of other groups"),
        ),
        (spread("AB", 8), 4, "all", "4-fold cross-validation over 64 clips of 16 groups, folds"),
        (
            clips_of(GIVEN),
            5,
            "all",
            "12 training and 4 validation clips, 4 test clips of the given",
        ),
        (clips_of(TESTED), 1, "slides", "20 validation clips, 20 test clips of the given side"),
        (spread("AB", 25, 5), 1, "slides", "20 validation clips, 20 test clips of other groups"),
    ],
)
def test_the_text_says_what_was_done(
    clips: list[Clip], count: int, protocol: Literal["all", "slides"], text: str
) -> None:
    split = plan_split(clips, folds=count, seed=0, protocol=protocol)
    ways = "" if protocol == "slides" or clips[0].side else " of shuffled groups"
    assert text in split.text
    assert split.text.startswith("the slides' protocol, 16 training") == (protocol == "slides")
    assert split.text.endswith(f"{ways}{APART}")


def test_what_shares_a_group_with_the_given_test_side_is_left_out() -> None:
    clips = [*spread("AB", 8), Clip("t", "A0", "A", "test"), Clip("u", "new", "B", "test")]
    split = plan_split(clips, folds=3, seed=0)
    check_sides(clips, split)
    used = {i for one in split.rounds for i in (*one.train, *one.validation)}
    assert {clips[i].group for i in used} == {c.group for c in clips} - {"A0", "new"}


def test_a_test_activity_that_is_never_learnt_is_told() -> None:
    clips = [*spread("AB", 8), Clip("t", "z", "C", "test")]
    with pytest.raises(UserError, match="'C'"):
        plan_split(clips, folds=1, seed=0)


@pytest.mark.parametrize("shared", [False, True])
def test_the_slides_protocol(shared: bool) -> None:
    clips = spread("ABCDEFG", 25, size=5)
    if shared:  # the same people in every activity
        clips = [replace(clip, group=clip.group[1:]) for clip in clips]
    split = plan_split(clips, folds=1, seed=0, protocol="slides")
    check_sides(clips, split)
    assert split.frames == (500, 100, 100)
    (one,) = split.rounds
    for side, count in ((one.train, 8), (one.validation, 10), (split.test, 10)):
        assert Counter(clips[i].label for i in side) == dict.fromkeys("ABCDEFG", count)


def test_the_seed_decides_which_clips_the_slides_protocol_takes() -> None:
    clips = spread("AB", 25, 5)
    one, same, other = (
        plan_split(clips, folds=1, seed=seed, protocol="slides") for seed in (1, 1, 2)
    )
    assert one == same
    assert one.rounds != other.rounds


def test_the_slides_protocol_tests_on_the_given_side() -> None:
    clips = clips_of(TESTED)
    split = plan_split(clips, folds=1, seed=0, protocol="slides")
    assert {clips[i].side for i in split.test} == {"test"}
    assert {clips[i].side for i in split.rounds[0].train} == {"train"}
    assert len(split.test) == 20


def test_the_slides_protocol_needs_28_clips() -> None:
    with pytest.raises(UserError, match="'B' has 18 clips of 4 groups"):
        plan_split(
            spread("A", 25) + clips_of([("B", n % 4, "") for n in range(18)]),
            folds=1,
            seed=0,
            protocol="slides",
        )
