"""Sides of UCF-101's groups: those whose numbers follow each other stay together."""

from collections import Counter
from dataclasses import dataclass
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.neighbors import blocks
from training.split import plan_split

SIZES = st.lists(st.integers(1, 7), min_size=1, max_size=25)


@dataclass(frozen=True)
class Clip:
    name: str
    group: str
    label: str
    side: str = ""


def clips_of(activities: dict[str, list[int]]) -> list[Clip]:
    """Return clips as UCF-101 names them, so many of each group of each activity."""
    return [
        Clip(f"{label}/v_{label}_g{group:02d}_c{clip:02d}", f"{label}/g{group:02d}", label)
        for label, sizes in activities.items()
        for group, size in enumerate(sizes, 1)
        for clip in range(size)
    ]


def numbers(clips: list[Clip], side: tuple[int, ...], label: str) -> list[int]:
    """Return the numbers of an activity's groups on a side."""
    return sorted({int(clips[i].group[-2:]) for i in side if clips[i].label == label})


def is_run(found: list[int]) -> bool:
    return all(b == a + 1 for a, b in pairwise(found))


@given(sizes=st.lists(st.integers(1, 9), max_size=9), count=st.integers(1, 6))
@settings(deadline=None)
def test_a_row_is_cut_as_evenly_as_it_can(sizes: list[int], count: int) -> None:
    def cost(edges: tuple[int, ...]) -> int:
        whole = (0, *edges, len(sizes))
        return sum(sum(sizes[a:b]) ** 2 for a, b in pairwise(whole))

    found = blocks(sizes, count)
    assert [n for part in found for n in range(len(sizes))[part]] == list(range(len(sizes)))
    assert all(sizes[part] for part in found)
    assert len(found) == min(count, len(sizes))
    if found:
        best = min(cost(edges) for edges in combinations(range(1, len(sizes)), len(found) - 1))
        assert sum(sum(sizes[part]) ** 2 for part in found) == best


@given(
    activities=st.dictionaries(st.sampled_from(["Punch", "YoYo", "Diving"]), SIZES, min_size=1),
    count=st.integers(2, 5),
    seed=st.integers(0, 3),
)
@settings(deadline=None)
def test_a_fold_has_a_run_of_each_activity(
    activities: dict[str, list[int]], count: int, seed: int
) -> None:
    activities = {label: [*sizes, 3, 3] for label, sizes in activities.items()}
    count = min(count, sum(map(len, activities.values())))
    clips = clips_of(activities)
    split = plan_split(clips, folds=count, seed=seed)
    assert "folds of neighboring groups" in split.text
    for label, sizes in activities.items():
        found = [numbers(clips, one.validation, label) for one in split.rounds]
        assert all(map(is_run, found))
        assert sorted(n for fold in found for n in fold) == list(range(1, len(sizes) + 1))
        assert sum(map(bool, found)) == min(count, len(sizes))


def test_folds_of_ucf_101_are_even_and_hold_every_activity() -> None:
    clips = clips_of({label: [4, 5, 6, 7, 5] * 5 for label in ("Punch", "YoYo", "Diving")})
    split = plan_split(clips, folds=4, seed=0)
    for one in split.rounds:
        shown = Counter(clips[i].label for i in one.validation)
        assert set(shown) == {"Punch", "YoYo", "Diving"}
        assert all(27 <= count <= 41 for count in shown.values())  # 135 clips in four folds
    assert plan_split(clips, folds=4, seed=0) == split


@given(activity=SIZES, seed=st.integers(0, 9))
@settings(deadline=None)
def test_sides_that_are_held_back_are_runs_from_an_end(activity: list[int], seed: int) -> None:
    clips = clips_of({"Punch": [*activity, 2, 2], "YoYo": [4] * 10})
    split = plan_split(clips, folds=1, seed=seed)
    (one,) = split.rounds
    assert "sides of neighboring groups" in split.text
    for label, last in (("Punch", len(activity) + 2), ("YoYo", 10)):
        test, train = numbers(clips, split.test, label), numbers(clips, one.train, label)
        assert is_run(test)
        assert is_run(train)
        assert test[0] == 1 or test[-1] == last


def test_a_group_of_several_numbers_stays_whole() -> None:
    """Byte-identical clips tie two groups of one activity, and can tie two activities."""
    clips = clips_of({"Punch": [4] * 12, "YoYo": [4] * 12})
    tied = {"Punch/g05": "Punch/g01", "YoYo/g12": "Punch/g07"}
    clips = [Clip(c.name, tied.get(c.group, c.group), c.label) for c in clips]
    for count in (1, 4):
        split = plan_split(clips, folds=count, seed=0)
        for one in split.rounds:
            sides = [{clips[i].group for i in s} for s in (one.train, one.validation, split.test)]
            assert all(a.isdisjoint(b) for a, b in combinations(sides, 2))


@pytest.mark.parametrize("name", ["clip.01", "v_Punch_g01", "Punch/v_g01_c01"])
def test_groups_of_other_names_are_shuffled(name: str) -> None:
    clips = [*clips_of({"Punch": [4] * 6, "YoYo": [4] * 6}), Clip(name, "Punch/g01", "Punch")]
    assert "folds of shuffled groups" in plan_split(clips, folds=3, seed=0).text
    assert "sides of shuffled groups" in plan_split(clips, folds=1, seed=0).text


def test_given_sides_are_not_said_to_be_dealt() -> None:
    clips = [
        Clip(
            c.name, c.group, c.label, ("test", "validation", "train", "train")[int(c.group[-1]) % 4]
        )
        for c in clips_of({"Punch": [4] * 8, "YoYo": [4] * 8})
    ]
    assert "neighboring" not in plan_split(clips, folds=1, seed=0).text
