"""Folders of clips as data sets: activities, groups, and what a person can have wrong."""

import shutil
from pathlib import Path

import pytest

from lrcn_desktop.errors import UserError
from lrcn_desktop.video.demo import ACTIVITIES, ORDER_PAIRS, DemoSource
from training.data.dataset import demo_data_set, scan_folder


def make(folder: Path, *names: str) -> None:
    for number, name in enumerate(names):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes([number]) * 10)


def test_ucf_names_give_groups_and_other_names_one_each(tmp_path: Path) -> None:
    make(
        tmp_path,
        "Punch/v_Punch_g01_c01.avi",
        "Punch/v_Punch_g01_c02.avi",
        "YoYo/v_YoYo_g01_c01.avi",
        "YoYo/my own.mp4",
        "YoYo/notes.txt",
        "empty/notes.txt",
    )
    data = scan_folder(tmp_path)
    assert data.classes == ("Punch", "YoYo")
    groups = {clip.name: clip.group for clip in data.clips}
    assert len(groups) == 4
    assert groups["Punch/v_Punch_g01_c01"] == groups["Punch/v_Punch_g01_c02"]
    assert len(set(groups.values())) == 3


def test_clips_alike_to_the_byte_tie_their_groups(tmp_path: Path) -> None:
    make(
        tmp_path,
        "Basketball/v_Basketball_g01_c01.avi",
        "Basketball/v_Basketball_g01_c07.avi",
        "Basketball/v_Basketball_g02_c01.avi",
        "Basketball/v_Basketball_g05_c03.avi",
        "Basketball/v_Basketball_g05_c04.avi",
        "Punch/v_Punch_g01_c01.avi",
    )
    folder = tmp_path / "Basketball"
    shutil.copy(folder / "v_Basketball_g01_c07.avi", folder / "v_Basketball_g05_c03.avi")
    groups = {clip.name.rpartition("_g")[2]: clip.group for clip in scan_folder(tmp_path).clips}
    assert groups["01_c01"] is not None
    tied = {c.group for c in scan_folder(tmp_path).clips if "_g01" in c.name or "_g05" in c.name}
    assert len(tied - {"Punch/g01"}) == 1
    assert len({clip.group for clip in scan_folder(tmp_path).clips}) == 3


def test_the_chosen_activities_and_their_order(tmp_path: Path) -> None:
    make(tmp_path, "A/1.avi", "B/1.avi", "C/1.avi")
    assert scan_folder(tmp_path, ["C", "A"]).classes == ("C", "A")


@pytest.mark.parametrize(
    ("names", "activities", "what"),
    [
        ((), None, "at least two"),
        (("A/1.avi",), None, "at least two"),
        (("A/1.avi", "B/1.avi"), ["A", "Z"], "'Z'"),
    ],
)
def test_what_is_no_data_set(
    tmp_path: Path, names: tuple[str, ...], activities: list[str] | None, what: str
) -> None:
    make(tmp_path, *names)
    with pytest.raises(UserError, match=what):
        scan_folder(tmp_path, activities)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is no folder"):
        scan_folder(tmp_path / "none")


def test_the_demo_is_a_data_set_with_the_truth_of_every_step() -> None:
    data = demo_data_set(5.0, clips=2, seconds=10.0)
    assert data.classes == tuple(ACTIVITIES)
    assert data.order_pairs == ORDER_PAIRS
    assert len({clip.group for clip in data.clips}) == 2
    times = [0.0, 4.2, 9.8]
    assert data.clips[0].labels(times) == [DemoSource(1000).truth(time) for time in times]
    assert data.clips[0].digest() == demo_data_set(5.0, clips=1, seconds=10.0).clips[0].digest()
    assert data.clips[0].digest() != data.clips[1].digest()


def test_real_clips_are_read_by_their_groups(ucf101: Path) -> None:
    data = scan_folder(ucf101, ["Punch", "YoYo"])
    assert len(data.clips) == 18 + 51
    assert len({clip.group for clip in data.clips}) == 4 + 10
