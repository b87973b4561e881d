"""Examples as files: recorded, cut, copied; what fails loses none of them."""

import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from children import child
from faults import drive
from teaching import WIDTH, Array, pooled

from lrcn_desktop.errors import UserError
from lrcn_desktop.recognition.engines.engine import Engine
from lrcn_desktop.recognition.teaching.cutting import copy_in, cut, write_frames
from lrcn_desktop.recognition.teaching.features import Features, save_features
from lrcn_desktop.recognition.teaching.outlines import drawn, packed, unpacked
from lrcn_desktop.recognition.teaching.project import Project, digest
from lrcn_desktop.recognition.teaching.recording import ClipRecording
from lrcn_desktop.recognition.teaching.views import VIEWS, draw_view
from lrcn_desktop.video.buffer import RollingBuffer
from lrcn_desktop.video.file import FileSource
from lrcn_desktop.video.frame import Frame, Image
from lrcn_desktop.video.writer import VideoWriter

RATE = 10.0


def frame(number: int) -> Frame:
    image = np.full((48, 64, 3), 20 + 10 * (number % 20), np.uint8)
    return Frame(image, number / RATE, number)


def no_engine() -> Engine:
    raise UserError("No engine works on this machine.")


@pytest.fixture
def video(tmp_path: Path) -> Path:
    writer = VideoWriter(tmp_path / "video.mkv", (64, 48), RATE)
    for number in range(20):
        writer.write(frame(number).image)
    writer.close()
    return tmp_path / "video.mkv"


def record(project: Path, frames: int) -> tuple[Path, ...]:
    recording = ClipRecording(project, "waving", "waving", RATE, Features(no_engine))
    for number in range(frames):
        recording.push(frame(number))
    return recording.finish(20)


def test_a_recording_is_kept_though_no_engine_works(tmp_path: Path) -> None:
    (path,) = record(tmp_path, 12)
    assert path.parent == tmp_path / "waving"
    with FileSource(path) as source:
        assert len(list(source)) == 12
    assert not (tmp_path / ".features").exists()


@pytest.mark.parametrize(("frames", "sentence"), [(3, "is too short"), (0, "Nothing was recorded")])
def test_what_shows_no_activity_is_not_kept(tmp_path: Path, frames: int, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        record(tmp_path, frames)
    assert not list(tmp_path.rglob("*.mkv"))


def test_a_full_disk_keeps_what_was_recorded_and_says_so(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    with drive(tmp_path / "disk", megabytes=4) as disk:
        (before,) = record(disk.path, 12)
        whole = before.read_bytes()
        recording = ClipRecording(disk.path, "waving", "waving", RATE, Features(no_engine))
        for number in range(400):
            if number == 12:
                disk.fill()
            noise = rng.integers(0, 255, (480, 640, 3), np.uint8)
            recording.push(Frame(noise, number / RATE, number))
            if recording.error is not None:
                break
            time.sleep(0.002)
        assert recording.error is not None
        assert "No space left" in str(recording.error)
        with suppress(UserError):
            recording.finish(20)
        assert before.read_bytes() == whole
        project = Project.open(disk.path)  # it can be looked at, without a free byte
        assert before in [clip.path for clip in project.clips("waving")]
        with pytest.raises(UserError, match="No space left"):
            project.add_activity("more")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_kill_while_it_records_loses_no_more_than_a_second(tmp_path: Path) -> None:
    with child([sys.executable, "-c", _RECORD, tmp_path], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"30\n"
        process.kill()
    project = Project.open(tmp_path)
    (clip,) = project.clips("waving")
    with FileSource(clip.path) as source:
        assert len(list(source)) >= 20


_RECORD = """
import sys, time
from pathlib import Path
import numpy as np
from lrcn_desktop.recognition.teaching.features import Features
from lrcn_desktop.recognition.teaching.recording import ClipRecording
from lrcn_desktop.recognition.teaching.views import VIEWS, draw_view
from lrcn_desktop.video.frame import Frame, Image
recording = ClipRecording(Path(sys.argv[1]), "waving", "waving", 10.0, Features(lambda: 1 / 0))
for number in range(300):
    image = np.full((48, 64, 3), number % 200, np.uint8)
    recording.push(Frame(image, number / 10, number))
    time.sleep(0.1)
    if number == 30:
        print(number, flush=True)
"""


def test_features_are_found_by_the_content_of_a_clip(tmp_path: Path, video: Path) -> None:
    features = pooled(0, 0)
    save_features(tmp_path, digest(video), features)
    moved = video.rename(tmp_path / "moved.mkv")
    found = Features(no_engine).of_clip(moved, digest(moved), tmp_path)
    np.testing.assert_allclose(found, features, atol=2e-3)


def test_views_look_different_and_are_kept(tmp_path: Path, video: Path) -> None:
    seen: list[Image] = []

    class Seeing(Engine):
        def features(self, frames: Image) -> Array:
            seen.extend(frames)
            return np.random.default_rng(0).random((len(frames), 7 * 7 * 1280), np.float32)

    name = "clip"  # by which the views are drawn
    views = Features(Seeing).of_views(video, name, tmp_path)
    assert [view.shape for view in views] == [(10, WIDTH)] * VIEWS
    assert len({image.mean() for image in seen[::10]}) == VIEWS  # each has colors of its own
    again = Features(no_engine).of_views(video, name, tmp_path)
    np.testing.assert_array_equal(np.stack(again), np.stack(views))

    picture = np.arange(48 * 64 * 3, dtype=np.uint8).reshape(48, 64, 3)
    shown = draw_view("clip", 0)(picture)
    assert shown.shape[0] < 48
    np.testing.assert_array_equal(shown, draw_view("clip", 0)(picture))
    assert draw_view("another", 0)(picture).shape != shown.shape


@pytest.mark.parametrize("damage", [b"", b"\x93NUMPY garbage", b"x" * 500])
def test_damaged_features_are_computed_anew(tmp_path: Path, video: Path, damage: bytes) -> None:
    save_features(tmp_path, digest(video), pooled(0, 0))
    (tmp_path / ".features" / f"{digest(video)}.npy").write_bytes(damage)
    with pytest.raises(UserError, match="No engine works"):  # it was asked for
        Features(no_engine).of_clip(video, digest(video), tmp_path)


def test_a_part_is_cut_out(tmp_path: Path, video: Path) -> None:
    part = cut(video, 0.5, 1.2, tmp_path, "video")
    with FileSource(part) as source:
        shades = [int(one.image.mean()) for one in source]
    assert len(shades) == 7
    assert shades[0] == pytest.approx(70, abs=6)


def test_a_part_without_frames_leaves_nothing_behind(tmp_path: Path, video: Path) -> None:
    with pytest.raises(UserError, match="has no frame there"):
        cut(video, 7, 9, tmp_path, "video")
    assert list(tmp_path.iterdir()) == [video]


def test_a_video_is_copied_beside_one_of_the_same_name(tmp_path: Path, video: Path) -> None:
    first, second = (copy_in(video, tmp_path / "waving") for _ in range(2))
    assert first != second
    assert first.read_bytes() == second.read_bytes() == video.read_bytes()


@pytest.mark.parametrize("name", ["text.txt", "broken.mp4"])
def test_what_is_no_video_is_not_copied(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"no video")
    with pytest.raises(UserError, match=name):
        copy_in(tmp_path / name, tmp_path / "waving")
    assert not (tmp_path / "waving").exists()


def test_the_last_seconds_become_an_example(tmp_path: Path) -> None:
    buffer = RollingBuffer(1.0, 10.0)
    try:
        with pytest.raises(UserError, match="wait until some seconds have played"):
            write_frames(buffer.snapshot(), tmp_path, "waving", RATE)
        for number in range(30):
            buffer.push(frame(number))
            buffer.settle(5)
        (path,) = write_frames(buffer.snapshot(), tmp_path, "waving", RATE)
    finally:
        buffer.close()
    with FileSource(path) as source:
        assert len(list(source)) == 11


def test_an_outline_is_drawn_where_the_edges_are_and_survives_the_file() -> None:
    image = np.zeros((120, 160, 3), np.uint8)
    image[40:80, 60:100] = 255
    outline = drawn([image])
    assert outline.shape == (48, 64)
    assert 0.02 < outline.mean() < 0.13
    assert not outline[:10].any()
    assert not outline[20:28, 28:36].any()  # inside
    again = unpacked(packed(outline))
    assert again is not None
    np.testing.assert_array_equal(again, outline)


@pytest.mark.parametrize(
    "text", [3, "", "64x48", "64x0:", "64x48:AAAA", "65x8:" + "A" * 88, "64x48:é"]
)
def test_what_is_no_outline_is_none(text: object) -> None:
    assert unpacked(text) is None
