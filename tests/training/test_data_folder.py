"""Folders of clips: activities, groups, names, and what a person may have lying in between."""

import os
import sys
from pathlib import Path

import pytest

from lrcn_desktop.errors import UserError
from training.data.folder import Listing, list_clips


def make(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.fsencode(name))
    return folder


def groups(listing: Listing) -> dict[str, str]:
    return {clip.name: clip.group for clips in listing.clips.values() for clip in clips}


def test_names_of_ucf101s_kind_give_groups_of_their_activity(tmp_path: Path) -> None:
    make(tmp_path, *(f"{c}/v_{c}_g{g:02}_c01.avi" for c in ("Punch", "YoYo") for g in (1, 2)))
    make(tmp_path, "Punch/v_Punch_g01_c02.AVI", "Punch/notes.txt", "empty/notes.txt")
    listing = list_clips(tmp_path)
    assert list(listing.clips) == ["Punch", "YoYo"]
    found = groups(listing)
    assert found["Punch/v_Punch_g01_c01"] == found["Punch/v_Punch_g01_c02"]
    assert len(set(found.values())) == 4
    assert "5 clips" in " ".join(listing.notes)


def test_sub_folders_are_groups_across_activities(tmp_path: Path) -> None:
    make(tmp_path, "sit/anna/1.mp4", "sit/anna/2.mp4", "sit/ben/1.mp4", "stand/anna/1.mp4")
    found = groups(list_clips(tmp_path))
    assert found["sit/anna/1"] == found["sit/anna/2"] == found["stand/anna/1"]
    assert found["sit/ben/1"] != found["sit/anna/1"]


def test_groups_csv_wins_where_it_names_a_file(tmp_path: Path) -> None:
    make(tmp_path, "a/v_a_g01_c01.avi", "a/v_a_g02_c01.avi", "a/x/1.mp4", "b/1.mp4", "b/ü/c.png")
    (tmp_path / "groups.csv").write_text(
        "\ufefffile,group,remark\na/v_a_g01_c01.avi,anna,\na\\x\\1.mp4,anna,\nb/ü,ben,\ngone.avi,x,\n"
    )
    listing = list_clips(tmp_path)
    found = groups(listing)
    assert found["a/v_a_g01_c01"] == found["a/x/1"] == "anna"
    assert found["b/ü"] == "ben"
    assert found["a/v_a_g02_c01"] not in ("anna", found["b/1"])
    assert any("1 files that are not" in note for note in listing.notes)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("name,who\na/1.avi,x\n", "file,group"),
        ("", "file,group"),
        ("file,group\na/1.avi,\n", "Line 2"),
        ("file,group\na/1.avi,x\na/1.avi,y\n", "second group"),
        (b"file,group\n\xff\xfe,x\n", "UTF-8"),
    ],
)
def test_a_bad_groups_csv_is_one_sentence(tmp_path: Path, text: str | bytes, what: str) -> None:
    make(tmp_path, "a/1.avi")
    content = text.encode() if isinstance(text, str) else text
    (tmp_path / "groups.csv").write_bytes(content)
    with pytest.raises(UserError, match=what):
        list_clips(tmp_path)


def test_a_spreadsheets_semicolons_will_do(tmp_path: Path) -> None:
    make(tmp_path, "a/1.avi")
    (tmp_path / "groups.csv").write_text("File;Group\na/1.avi;anna\n")
    assert groups(list_clips(tmp_path)) == {"a/1": "anna"}


def test_other_files_are_groups_of_their_own_said_plainly(tmp_path: Path) -> None:
    listing = list_clips(make(tmp_path, "a/1.avi", "a/2.avi", "b/1.avi"))
    assert len(set(groups(listing).values())) == 3
    assert any("3 clips counts as a group of its own" in note for note in listing.notes)


def test_folders_of_images_are_clips(tmp_path: Path) -> None:
    make(tmp_path, "a/v_a_g03_c01/1.JPG", "a/v_a_g03_c01/2.jpg", "a/x/clip.one/1.png", "a/1.jpg")
    found = groups(list_clips(tmp_path))
    assert found == {"a/v_a_g03_c01": "a/g03", "a/x/clip.one": "x"}


def test_order_is_natural_and_names_are_unique(tmp_path: Path) -> None:
    make(tmp_path, "b/10.avi", "b/2.avi", "a/x.avi", "a/x.MP4", "ö 1/é.avi")
    listing = list_clips(tmp_path)
    assert list(listing.clips) == ["a", "b", "ö 1"]
    assert list(groups(listing)) == ["a/x.avi", "a/x.MP4", "b/2", "b/10", "ö 1/é"]


def test_what_computers_leave_lying_about_is_passed_over(tmp_path: Path) -> None:
    make(tmp_path, "a/1.avi", "a/._1.avi", "a/.DS_Store", "__MACOSX/a/1.avi", ".git/1.avi")
    make(tmp_path, "a/.hidden/1.avi", "a/Thumbs.db", "readme.txt", "stray.avi")
    assert list(groups(list_clips(tmp_path))) == ["a/1"]


def test_a_folder_named_like_a_video_is_told(tmp_path: Path) -> None:
    make(tmp_path, "a/1.avi", "a/x.avi/notes.txt")
    listing = list_clips(tmp_path)
    assert list(groups(listing)) == ["a/1"]
    assert [(q.path.name, "folder" in q.reason) for q in listing.unreadable] == [("x.avi", True)]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_links_are_followed_but_never_in_circles(tmp_path: Path) -> None:
    data = make(tmp_path / "data", "a/1.avi")
    make(tmp_path / "elsewhere", "2.avi")
    (data / "a" / "up").symlink_to(data)
    (data / "a" / "self").symlink_to("self")
    (data / "a" / "there").symlink_to(tmp_path / "elsewhere")
    (data / "b").symlink_to(tmp_path / "elsewhere")
    (data / "a" / "gone.avi").symlink_to("nowhere")
    assert list(groups(list_clips(data))) == ["a/1", "a/gone", "a/there/2", "b/2"]


@pytest.mark.skipif(sys.platform != "linux", reason="names are Unicode elsewhere")
def test_a_name_that_is_no_text_is_one_like_any_other(tmp_path: Path) -> None:
    make(tmp_path, "a/1.avi", "a\udcff/2.avi")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/a/\xff.avi")).write_bytes(b"x")
    listing = list_clips(tmp_path)
    assert groups(listing) == {
        "a/1": "a/1.avi",
        "a/\\xff": "a/\\xff.avi",
        "a\\xff/2": "a\\xff/2.avi",
    }
    assert not listing.unreadable


def test_videos_of_every_suffix_are_clips_and_what_is_not_is_counted(tmp_path: Path) -> None:
    suffixes = ["m2ts", "vob", "asf", "MXF", "divx", "mpe", "GIF", "3g2", "qt", "h264", "mjpeg"]
    make(tmp_path, *(f"a/{suffix}.{suffix}" for suffix in suffixes))
    make(tmp_path, "a/x.srt", "a/y.SRT", "a/z", "b/1.png", "b/1.avi", "c/clip/1.png", "c/2.txt")
    listing = list_clips(tmp_path)
    assert len(listing.clips["a"]) == len(suffixes)
    assert listing.notes[-1] == "5 files passed over: 2 .srt, 1 without a suffix, 1 .png, 1 .txt."


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not a folder"):
        list_clips(tmp_path / "none")
