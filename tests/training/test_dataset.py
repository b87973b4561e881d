"""Data sets as the trainer gets them, and `lrcn-desktop dataset scan`, on real small videos."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from lrcn_desktop.cli import main
from lrcn_desktop.errors import UserError
from lrcn_desktop.video.demo import ACTIVITIES, ORDER_PAIRS, DemoSource
from training.data.clip import FileClip
from training.data.dataset import DataSet
from training.data.demo import demo_data_set
from training.data.load import load_data
from training.data.quarantine import Quarantined
from training.data.ucf101 import SLIDES

WriteVideo = Callable[..., Path]
AddClips = Callable[..., Path]


@pytest.fixture
def add(tmp_path: Path, write_video: WriteVideo) -> AddClips:
    """Return a function that adds clips, each of a content of its own, to the data set."""
    data = tmp_path / "data"
    data.mkdir()
    video = write_video(frames=2, rate=5.0, size=(32, 24))

    def add(*names: str) -> Path:
        for name in names:
            path = data / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(video.read_bytes() + name.encode())  # which no decoder minds
        return data

    return add


def load(
    data: Path, activities: list[str] | None = None, **more: bool
) -> tuple[DataSet, list[Quarantined]]:
    return load_data(
        str(data), activities=activities, rate=5.0, record=data.parent / "records", **more
    )


def ucf(label: str, *groups: int) -> list[str]:
    return [f"{label}/v_{label}_g{group:02}_c01.avi" for group in groups]


def test_a_folder_becomes_a_data_set_whose_clips_are_known(add: AddClips) -> None:
    data = add(*ucf("Punch", 1, 2), *ucf("YoYo", 1, 2))
    (data / "YoYo" / "broken.avi").write_bytes(b"no video")
    found, quarantined = load(data)
    assert (found.name, found.classes) == ("data", ("Punch", "YoYo"))
    assert [q.path.name for q in quarantined] == ["broken.avi"]
    assert len(found.clips) == 4
    clip = found.clips[0]
    assert isinstance(clip, FileClip)
    assert (clip.label, clip.group, clip.side) == ("Punch", "Punch/g01", "")
    assert (clip.frames, clip.length, len(clip.digest())) == (2, pytest.approx(0.4), 64)
    assert clip.labels([0.0, 0.2]) == ["Punch", "Punch"]
    with clip.open() as source:
        assert len(list(source)) == 2


def test_identical_clips_tie_their_groups(add: AddClips) -> None:
    data = add(*ucf("A", 1, 2, 3), *ucf("B", 1, 2))
    shutil.copy(data / "A/v_A_g01_c01.avi", data / "A/v_A_g02_c07.avi")
    shutil.copy(data / "A/v_A_g03_c01.avi", data / "B/v_B_g02_c07.avi")
    found, _ = load(data)
    groups = {clip.name: clip.group for clip in found.clips}
    assert groups["A/v_A_g01_c01"] == groups["A/v_A_g02_c01"] != groups["A/v_A_g03_c01"]
    assert groups["A/v_A_g03_c01"] == groups["B/v_B_g02_c01"]
    assert any("yet in several activities" in note for note in found.notes)


def test_activities_are_those_asked_for_in_that_order(add: AddClips) -> None:
    data = add(*(name for label in ("A", "B", "C") for name in ucf(label, 1, 2)))
    assert load(data, ["C", "a"])[0].classes == ("C", "A")
    assert load(data, ["all"])[0].classes == ("A", "B", "C")


def test_an_activity_of_one_group_is_left_out_or_refused_where_it_was_named(add: AddClips) -> None:
    data = add(*ucf("A", 1, 2), *ucf("B", 1, 2), *ucf("C", 1), *ucf("D", 1))
    found, _ = load(data)
    assert found.classes == ("A", "B")
    assert any(note.startswith("C and D are left out: all their clips") for note in found.notes)
    with pytest.raises(UserError, match=r"all usable clips of C are of one group.*leave"):
        load(data, ["A", "C"])


def test_one_file_an_activity_is_explained(add: AddClips) -> None:
    with pytest.raises(UserError, match="at least two groups") as error:
        load(add("A/1.avi", "B/1.avi"))
    assert "A and B" in str(error.value)


def test_an_activity_of_nothing_but_broken_files(add: AddClips) -> None:
    data = add(*ucf("A", 1, 2), *ucf("B", 1, 2), *ucf("C", 1, 2))
    for path in (data / "C").iterdir():
        path.write_bytes(b"no video")
    found, quarantined = load(data)
    assert (found.classes, len(quarantined)) == (("A", "B"), 2)
    assert any("none of its clips can be decoded" in note for note in found.notes)


@pytest.mark.parametrize(
    ("names", "activities", "what"),
    [
        ((), None, "holds no clips"),
        (("A/1.avi", "A/2.avi"), None, "'A' only"),
        (("A/1.avi", "B/1.avi"), ["A", "Z"], "no clips of 'Z': it has A and B"),
        (("A/1.avi", "B/1.avi"), ["A"], "give two or more"),
        (("train/A/1.avi", "test/A/1.avi"), None, "sides of a split"),
    ],
)
def test_what_is_no_data_set(
    add: AddClips, names: tuple[str, ...], activities: list[str] | None, what: str
) -> None:
    with pytest.raises(UserError, match=what):
        load(add(*names), activities)


def test_judging_needs_no_groups_and_not_every_activity(add: AddClips) -> None:
    data = add("A/1.avi", "B/1.avi")
    found, _ = load(data, ["A", "Z"], to_train=False)
    assert (found.classes, len(found.clips)) == (("A",), 1)


def test_ucf101_means_the_slides_seven_and_all_means_all(add: AddClips) -> None:
    data = add(*(name for label in (*SLIDES, "Archery") for name in ucf(label, 8, 9)))
    assert set(load(data)[0].classes) == set(SLIDES)
    assert set(load(data, ["all"])[0].classes) == {*SLIDES, "Archery"}
    assert load(data.parent, ["Archery", "Punch"])[0].name == "data"  # as the archive unpacks


def test_official_sides(add: AddClips) -> None:
    data = add(*ucf("A", 1, 8, 9), *ucf("B", 1, 8, 9))
    lists = data.parent / "ucfTrainTestlist"
    lists.mkdir()
    (lists / "trainlist01.txt").write_text("\n".join(ucf("A", 8, 9) + ucf("B", 8, 9)))
    (lists / "testlist01.txt").write_text("\n".join(ucf("A", 1) + ucf("B", 1)))
    found, _ = load(data)
    assert {clip.name[-7:-4]: clip.side for clip in found.clips} == {
        "g01": "test",
        "g08": "train",
        "g09": "train",
    }


def test_the_demo_is_a_data_set_with_the_truth_of_every_step(tmp_path: Path) -> None:
    data = demo_data_set(5.0, clips=2, seconds=10.0)
    assert data.classes == tuple(ACTIVITIES)
    assert data.order_pairs == ORDER_PAIRS
    assert len({clip.group for clip in data.clips}) == 2
    times = [0.0, 4.2, 9.8]
    assert data.clips[0].labels(times) == [DemoSource(1000).truth(time) for time in times]
    assert data.clips[0].digest() == demo_data_set(5.0, clips=1, seconds=10.0).clips[0].digest()
    assert data.clips[0].digest() != data.clips[1].digest()
    loaded, _ = load_data("demo", activities=None, rate=5.0, record=tmp_path)
    assert len(loaded.clips) == 60
    with pytest.raises(UserError, match="leave --activities out"):
        load_data("demo", activities=["waving"], rate=5.0, record=tmp_path)


def test_real_clips_by_their_groups(ucf101: Path, tmp_path: Path) -> None:
    found, quarantined = load_data(
        str(ucf101), activities=["Punch", "YoYo"], rate=5.0, record=tmp_path
    )
    assert not quarantined
    clips = list((ucf101 / "YoYo").glob("*.avi"))
    assert len(found.clips) == 18 + len(clips)
    assert len({clip.group for clip in found.clips}) == 4 + len({clip.stem[:-4] for clip in clips})
    assert not any(clip.side for clip in found.clips), "YoYo has no official test clip here"


def scan_arguments(data: Path, *more: str) -> list[str]:
    return ["dataset", "scan", str(data), "--cache", str(data.parent / "records"), *more]


def test_scan_tells_what_was_found(
    add: AddClips, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = add(*ucf("A", 1, 2), *ucf("Bé", 1, 2), *ucf("C", 1))
    (data / "A" / "broken.avi").write_bytes(b"no video")
    monkeypatch.chdir(data.parent)
    assert main(scan_arguments(data, "--json", "found.json")) == 0
    printed = capsys.readouterr().out
    assert "A             2       2      0.8\n" in printed
    assert "C is left out" in printed
    assert "quarantine.csv lists the 1" in printed
    assert 'broken.avi,"cannot be read' in Path("quarantine.csv").read_text()
    found = json.loads(Path("found.json").read_text("utf-8"))
    figures = {"clips": 2, "groups": 2, "seconds": 0.8, "enough": True, "chosen": True}
    assert found["classes"]["Bé"] == figures
    assert not found["classes"]["C"]["enough"]
    assert [Path(q["file"]).name for q in found["quarantined"]] == ["broken.avi"]
    assert (found["name"], found["split"], found["trainable"]) == ("data", None, True)


def test_scan_talks_json_to_programs(
    add: AddClips, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = add(*ucf("A", 1, 2), "B/1.avi")
    monkeypatch.chdir(data.parent)
    assert main(scan_arguments(data, "--json", "-", "--progress", "json")) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["event"] for line in lines[:-1]} == {"stage", "progress"}
    assert (lines[-2]["done"], lines[-2]["total"]) == (3, 3)
    assert lines[-1]["event"] == "data"
    assert lines[-1]["classes"]["B"]["enough"] is False
    assert lines[-1]["trainable"] is False
    assert "at least two groups" in lines[-1]["notes"][-1]
    assert not Path("quarantine.csv").exists()


def test_scan_of_a_mistyped_activity(add: AddClips, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(scan_arguments(add("A/1.avi", "B/1.avi"), "--activities", "A,Z")) == 2
    assert "no clips of 'Z'" in capsys.readouterr().err
