"""The folder of a project: nothing is lost, and what is wrong is said."""

from pathlib import Path

import pytest

from lrcn_desktop.errors import UserError
from lrcn_desktop.recognition.teaching.project import OTHER, Clip, Project


def clip_file(project: Project, activity: str, name: str = "a.mkv") -> Path:
    path = project.folder / activity / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(f"{activity} {name}".encode())
    return path


@pytest.fixture
def project(tmp_path: Path) -> Project:
    found = Project.open(tmp_path / "mine")
    for name in ("waving", "drinking"):
        found.add_activity(name)
    return found


def test_a_project_is_there_again_when_it_is_opened_again(project: Project) -> None:
    path = clip_file(project, "waving")
    project.set_place(Clip(path, "waving", "kitchen"))
    project.shift = 1.5
    project.save()
    again = Project.open(project.folder)
    assert again.activities == ["waving", "drinking"]
    assert again.clips() == [Clip(path, "waving", "kitchen")]
    assert (again.shift, again.notes) == (1.5, [])


def test_a_folder_of_clips_without_a_json_is_a_project(tmp_path: Path) -> None:
    for name in ("b/1.mp4", "a/group/2.avi", "_other/3.mkv", ".deleted/a/4.mkv", "a/note.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    project = Project.open(tmp_path)
    assert project.activities == ["a", "b"]
    found = {(clip.activity, clip.path.name, clip.source) for clip in project.clips()}
    assert found == {("a", "2.avi", "group"), ("b", "1.mp4", ""), (OTHER, "3.mkv", "")}


def test_a_deleted_clip_can_be_restored(project: Project) -> None:
    clip = Clip(clip_file(project, "waving"), "waving", "kitchen")
    project.set_place(clip)
    deleted = project.delete(clip)
    assert project.clips() == []
    assert Project.open(project.folder).notes == []
    assert project.restore(deleted) == clip
    assert project.clips() == [clip]


def test_a_deleted_activity_comes_back_with_its_clips(project: Project) -> None:
    clip = Clip(clip_file(project, "waving"), "waving")
    (deleted,) = project.remove_activity("waving")
    assert project.activities == ["drinking"]
    project.restore(deleted)
    assert project.clips("waving") == [clip]


def test_a_moved_clip_takes_no_other_ones_place(project: Project) -> None:
    first = Clip(clip_file(project, "waving"), "waving")
    there = clip_file(project, "drinking")
    moved = project.move(first, "drinking")
    assert there.read_bytes() == b"drinking a.mkv"
    assert moved.path.read_bytes() == b"waving a.mkv"
    assert {clip.path for clip in project.clips("drinking")} == {there, moved.path}


def test_a_renamed_activity_keeps_its_clips_and_their_places(project: Project) -> None:
    project.set_place(Clip(clip_file(project, "waving"), "waving", "kitchen"))
    project.rename_activity("waving", "greeting")
    again = Project.open(project.folder)
    assert again.activities == ["greeting", "drinking"]
    assert [clip.place for clip in again.clips("greeting")] == ["kitchen"]


@pytest.mark.parametrize("name", ["", "a/b", "_hidden", "..", "Waving", "x" * 61, "con"])
def test_a_name_that_cannot_be_is_refused_in_a_sentence(project: Project, name: str) -> None:
    with pytest.raises(UserError):
        project.add_activity(name)
    assert project.activities == ["waving", "drinking"]


def test_clips_that_are_gone_are_said_once(project: Project) -> None:
    path = clip_file(project, "waving")
    project.set_place(Clip(path, "waving", "kitchen"))
    path.unlink()
    again = Project.open(project.folder)
    assert len(again.notes) == 1
    assert "1 clip is no longer in" in again.notes[0]
    again.save()
    assert Project.open(project.folder).notes == []


def test_a_damaged_json_loses_no_clip(project: Project) -> None:
    path = clip_file(project, "waving")
    (project.folder / "teach.json").write_bytes(b'{"format": 1, "activities": [3')
    again = Project.open(project.folder)
    assert [clip.path for clip in again.clips()] == [path]
    assert "is damaged" in again.notes[0]
    assert (project.folder / "teach.json.damaged").exists()
