"""UCF-101's official splits, on its real lists where they are there, and their ties."""

from pathlib import Path

import pytest

from lrcn_desktop.errors import UserError
from training.data.clip import FileClip
from training.data.groups import tie_identical
from training.data.official import give_sides
from training.data.ucf101 import SLIDES, read_official, slides_activities
from training.split import plan_split


def clip(label: str, group: int, number: int = 1, content: str = "") -> FileClip:
    stem = f"v_{label}_g{group:02}_c{number:02}"
    path = Path(label, f"{stem}.avi")
    return FileClip(
        f"{label}/{stem}", f"{label}/g{group:02}", label, path, sha256=content or f"{stem}"
    )


def write_lists(folder: Path, train: list[FileClip], test: list[FileClip], number: int = 1) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"{c.label}/{c.path.name}" for c in train]
    (folder / f"trainlist0{number}.txt").write_text("".join(f"{n} 1\r\n" for n in names))
    names = [f"{c.label}/{c.path.name}" for c in test]
    (folder / f"testlist0{number}.txt").write_text("\r\n".join(names))


TRAIN = [clip(label, group) for label in "AB" for group in (8, 9, 10)]
TEST = [clip(label, group) for label in "AB" for group in (1, 2)]


@pytest.mark.parametrize("place", ["data", "data/ucfTrainTestlist", "ucfTrainTestlist"])
def test_the_lists_are_found_in_the_folder_or_beside_it(tmp_path: Path, place: str) -> None:
    (tmp_path / "data").mkdir()
    write_lists(tmp_path / place, TRAIN, TEST)
    official = read_official(tmp_path / "data", 1)
    assert official is not None
    assert [official.side(c) for c in (TRAIN[0], TEST[0], clip("A", 20))] == ["train", "test", ""]


def test_missing_lists(tmp_path: Path) -> None:
    assert read_official(tmp_path, 1) is None
    with pytest.raises(UserError, match="no lists of split 2"):
        read_official(tmp_path, 2)
    with pytest.raises(UserError, match="choose 1, 2 or 3"):
        read_official(tmp_path, 4)


def test_the_other_spelling_of_handstand_pushups(tmp_path: Path) -> None:
    write_lists(tmp_path, [clip("HandStandPushups", 8)], [clip("HandStandPushups", 1)])
    official = read_official(tmp_path, 1)
    assert official is not None
    assert official.side(clip("HandstandPushups", 1)) == "test"


def sided(tmp_path: Path, clips: list[FileClip]) -> tuple[list[FileClip], list[str]]:
    official = read_official(tmp_path, 1)
    assert official is not None
    notes: list[str] = []
    return give_sides(clips, official, notes), notes


def test_sides_are_given_and_told(tmp_path: Path) -> None:
    write_lists(tmp_path, TRAIN, TEST)
    clips, notes = sided(tmp_path, [*TRAIN, *TEST[1:], clip("A", 20)])
    assert {c.name: c.side for c in clips}["A/v_A_g20_c01"] == ""
    assert [c.side for c in clips].count("test") == 3
    assert "6 training and 3 of 4 test clips, 1 in neither list" in notes[0]


def test_a_training_copy_of_a_test_clip_leaves_the_training(tmp_path: Path) -> None:
    copy = clip("A", 9, 2, content=TEST[0].sha256)
    write_lists(tmp_path, [*TRAIN, copy], TEST)
    clips, notes = sided(tmp_path, [*TRAIN, copy, *TEST])
    assert copy.name not in {c.name for c in clips}
    assert len(clips) == len(TRAIN) + len(TEST)
    assert copy.name in notes[1]
    split = plan_split(clips, folds=1, seed=0)
    assert {clips[i].name for i in split.test} == {c.name for c in TEST}


@pytest.mark.parametrize(
    "clips",
    [
        [c for c in [*TRAIN, *TEST] if c.label == "A" or c.side == "train"]
        + TRAIN[3:],  # B: no test
        [*TRAIN[:4], *TEST],  # B has one training group: none to validate on
    ],
)
def test_a_split_that_leaves_a_side_empty_is_not_used(
    tmp_path: Path, clips: list[FileClip]
) -> None:
    write_lists(tmp_path, TRAIN, TEST)
    result, notes = sided(tmp_path, clips)
    assert not any(c.side for c in result)
    assert len(result) == len(clips)
    assert "not used" in notes[0]
    assert "of B it" in notes[0]


def test_clips_that_no_list_names_are_no_matter_of_it(tmp_path: Path) -> None:
    write_lists(tmp_path, TRAIN, TEST)
    clips, notes = sided(tmp_path, [clip("C", 1), clip("D", 1)])
    assert (len(clips), notes) == (2, [])


def test_identical_clips_tie_their_groups() -> None:
    clips = [clip("A", 1, 1), clip("A", 1, 7, "x"), clip("A", 5, 3, "x"), clip("A", 5, 4, "y")]
    clips += [clip("A", 6, 1, "y"), clip("A", 7)]
    tied = tie_identical(clips)
    assert len({c.group for c in tied[:5]}) == 1
    assert tied[5].group != tied[0].group


def test_the_slides_activities_are_the_default_of_the_whole_only() -> None:
    seven = {label: [clip(label, 1)] for label in SLIDES}
    more = {"Archery": [clip("Archery", 1)], **seven}
    own = {label: [FileClip(f"{label}/1", "1", label, Path("1.avi"))] for label in more}
    assert slides_activities(seven) is None
    assert set(slides_activities(more) or ()) == set(SLIDES)
    assert slides_activities(own) is None
    assert slides_activities({k: v for k, v in more.items() if k != "Punch"}) is None


def test_the_real_lists(ucf101: Path) -> None:
    official = read_official(ucf101, 1)
    if official is None:
        pytest.skip("the lists are not beside the clips")
    assert list(official.sides.values()).count("train") == 9537
    assert list(official.sides.values()).count("test") == 3783
