"""No group on two sides, whatever the clips."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcn_desktop.errors import UserError
from training.data.dataset import FileClip
from training.split import folds

CLIPS = st.lists(st.tuples(st.sampled_from("AB"), st.integers(0, 12)), min_size=1, max_size=80)


def clips_of(rows: list[tuple[str, int]]) -> list[FileClip]:
    return [
        FileClip(f"{label}/{number}", f"{label}/g{group}", Path("x.avi"), label)
        for number, (label, group) in enumerate(rows)
    ]


@given(rows=CLIPS, count=st.integers(2, 6), seed=st.integers(0, 3))
def test_every_clip_is_in_one_fold_and_every_group_on_one_side(
    rows: list[tuple[str, int]], count: int, seed: int
) -> None:
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
    clips = clips_of([("A", group) for group in range(10) for _ in range(4)] + [("B", 20)] * 4)
    in_folds = [sum(clips[i].label == "A" for i in fold) for fold in folds(clips, 5)]
    assert max(in_folds) - min(in_folds) <= 4
