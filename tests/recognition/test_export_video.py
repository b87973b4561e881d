"""Annotated videos, looked at with FFmpeg and read again as any video."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest

from lrcn_desktop.errors import UserError
from lrcn_desktop.recognition.export.video import check_video
from lrcn_desktop.recognition.export.video import write_video as export_video
from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.recognition.segments import Segment
from lrcn_desktop.video import writer
from lrcn_desktop.video.decoding.sound import RATE, SoundReader
from lrcn_desktop.video.file import FileSource
from lrcn_desktop.video.frame import Image
from lrcn_desktop.video.open import open_source
from lrcn_desktop.video.opencv import cv2

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
CLASSES = ("sitting down", "walking")
LARGE = (640, 480)  # the panel leaves the middle free, where the number can be read
WriteVideo = Callable[..., Path]
NumberIn = Callable[[Image], int]


def ffmpeg(*arguments: str | Path) -> str:
    """Run FFmpeg and return what it said."""
    command = [FFMPEG, "-hide_banner", "-y", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    return done.stderr.decode(errors="replace")


def predictions(until: float) -> Iterator[Prediction]:
    for step in range(int(until * 5)):
        value = 0.5 + 0.4 * np.sin(step)
        probabilities = np.array([value, 1 - value], np.float32)
        yield Prediction(step / 5, probabilities, CLASSES[int(value < 0.5)])


def export(source: Path | str, path: Path, **options: object) -> str | None:
    segments = [Segment(0.2, 1.0, "walking", 0.9)]
    with open_source(source) as opened:
        return export_video(path, opened, CLASSES, predictions(60), segments, **options)  # type: ignore[arg-type]


def numbers(path: Path, number_in: NumberIn) -> list[tuple[float, int]]:
    with FileSource(path) as source:
        return [(frame.time, number_in(frame.image)) for frame in source]


@pytest.mark.parametrize(("rate", "count"), [(5.0, 8), (29.97, 45), (120.0, 70)])
def test_every_frame_is_there_at_its_time(
    tmp_path: Path, write_video: WriteVideo, number_in: NumberIn, rate: float, count: int
) -> None:
    clip = write_video(frames=count, rate=rate, size=LARGE)
    out = tmp_path / "out.mp4"
    seen: list[float] = []
    assert export(clip, out, progress=seen.append) == "H.264, without sound"
    assert seen[-1] == pytest.approx((count - 1) / rate, abs=0.01)
    read = numbers(out, number_in)
    assert [number for _, number in read] == list(range(count))
    assert [time for time, _ in read] == pytest.approx([k / rate for k in range(count)], abs=2e-3)
    assert "Video: h264" in ffmpeg("-i", out)


def test_the_panel_is_drawn_where_something_is_known(
    tmp_path: Path, write_video: WriteVideo
) -> None:
    light = np.full((480, 640, 3), 200, np.uint8)
    clip = write_video(frames=75, size=LARGE, draw=lambda _, __: light)
    out = tmp_path / "out.mp4"
    seen = [p for p in predictions(1) if p.time > 0.5]  # 0.6 and 0.8, which stand for a second
    with open_source(clip) as source:
        export_video(out, source, CLASSES, iter(seen), [Segment(2.4, 2.6, "walking", 1.0)])
    with FileSource(out) as source:
        dark = [frame.time for frame in source if frame.image[20:60, 20:60].mean() < 150]
    spans = [time for time in dark if time < 2.2], [time for time in dark if time > 2.2]
    assert (spans[0][0], spans[0][-1]) == pytest.approx((0.6, 1.8), abs=0.041)
    assert (spans[1][0], spans[1][-1]) == pytest.approx((2.4, 2.56), abs=0.041)


def test_a_variable_rate_keeps_its_times(
    tmp_path: Path, write_video: WriteVideo, number_in: NumberIn
) -> None:
    """A second at 25 frames per second, then two at 5, then one at 50."""
    clip, uneven = write_video(frames=85, size=LARGE), tmp_path / "uneven.mkv"
    times = "if(lt(N,25),N/25,if(lt(N,35),1+(N-25)/5,3+(N-35)/50))/TB"
    stamped = ("-vf", f"settb=1/1000,setpts='{times}'", "-enc_time_base", "1:1000")
    said = ffmpeg("-i", clip, *stamped, "-fps_mode", "vfr", uneven)
    assert uneven.exists(), said
    source = dict(numbers(uneven, number_in))
    assert max(source) == pytest.approx(3.98, abs=0.01)
    out = tmp_path / "out.mp4"
    export(uneven, out)
    read = numbers(out, number_in)
    assert read[-1][0] == pytest.approx(3.98, abs=0.06)
    for time, number in read:
        shown = max((t for t in source if t <= time + 0.03), default=0.0)
        assert abs(number - source[shown]) <= 2  # a tick is two of the fastest frames
    assert np.diff([time for time, _ in read]).std() < 1e-3


def test_a_rotated_phone_video_stands_upright(tmp_path: Path, write_video: WriteVideo) -> None:
    clip, phone = write_video("clip.mp4", size=(320, 240)), tmp_path / "phone.mp4"
    ffmpeg("-display_rotation", "90", "-i", clip, "-c", "copy", phone)
    out = tmp_path / "out.mp4"
    export(phone, out)
    said = ffmpeg("-i", out)
    assert "240x320" in said
    assert "rotation" not in said


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_odd_sizes(tmp_path: Path, suffix: str) -> None:
    folder, out = tmp_path / "pictures", tmp_path / f"out{suffix}"
    folder.mkdir()
    for number in range(5):
        cv2.imwrite(str(folder / f"{number}.png"), np.full((241, 321, 3), 90, np.uint8))
    export(folder, out)
    assert "322x242" in ffmpeg("-i", out)


def with_sound(clip: Path, seconds: float) -> Path:
    path = clip.with_name("sound.mp4")
    tone = f"sine=frequency=440:duration={seconds}"
    said = ffmpeg("-i", clip, "-f", "lavfi", "-i", tone, "-c:v", "copy", "-c:a", "aac", path)
    assert path.exists(), said
    return path


@pytest.mark.parametrize("length", [1.0, 3.0, 6.0])
def test_sound_is_kept_and_cuts_nothing_off(
    tmp_path: Path, write_video: WriteVideo, number_in: NumberIn, length: float
) -> None:
    clip = with_sound(write_video("clip.mp4", frames=75, size=LARGE), length)
    out = tmp_path / "out.mp4"
    assert export(clip, out, sound=clip) == "H.264, with sound"
    said = ffmpeg("-i", out)
    assert "Audio: aac" in said
    assert [number for _, number in numbers(out, number_in)] == list(range(75))
    duration = re.search(r"Duration: 00:00:(\d+\.\d+)", said)
    assert duration is not None
    assert float(duration[1]) == pytest.approx(3.0, abs=0.1)


BLINK = "color=black:s=64x48:r=25:d=1,drawbox=c=white:t=fill:enable='gte(t,0.6)'"


@pytest.mark.parametrize(
    ("name", "picture", "sound", "copy"),
    [
        ("late.mkv", 1.0, 0.0, "copy.mp4"),
        ("late.mp4", 1.0, 0.0, "copy.mkv"),
        ("late.ts", 1.0, 0.0, "copy.mkv"),
        ("behind.mp4", 0.0, 0.5, "copy.mp4"),
        ("behind.ts", 0.0, 0.5, "copy.mp4"),
    ],
)
def test_the_copy_keeps_step_with_its_sound(
    tmp_path: Path, name: str, picture: float, sound: float, copy: str
) -> None:
    """The picture becomes white when the tone begins, in FFmpeg's own copy and in ours."""
    path, out, ffmpegs = tmp_path / name, tmp_path / copy, tmp_path / "ffmpeg.mkv"
    tone = f"aevalsrc='gte(t,{picture + 0.6 - sound})*sin(2*PI*1000*t)':d={picture + 1 - sound}"
    inputs = ("-itsoffset", picture, "-f", "lavfi", "-i", BLINK)
    inputs += ("-itsoffset", sound, "-f", "lavfi", "-i", tone)
    ffmpeg(*map(str, inputs), "-map", "0", "-map", "1", "-preset", "ultrafast", path)
    ffmpeg("-i", path, "-c:a", "flac", "-preset", "ultrafast", ffmpegs)
    assert export(path, out, sound=path) == "H.264, with sound"
    white, loud = begins(out)
    assert (white, loud) == pytest.approx(begins(ffmpegs), abs=0.03)
    assert white == pytest.approx(loud, abs=0.05)
    assert white == pytest.approx(picture + 0.6, abs=0.05)


def begins(path: Path) -> tuple[float, float]:
    """Return when the picture becomes white, and the sound loud."""
    with FileSource(path) as source:
        white = next(frame.time for frame in source if frame.image[40:].mean() > 128)
    reader = SoundReader(str(path))
    while (block := reader.next()) is not None:
        (loud,) = np.nonzero(np.abs(block[1][:, 0].astype(int)) > 3000)
        if len(loud):
            reader.close()
            return white, (block[0] + int(loud[0])) / RATE
    raise AssertionError("it is silent")


def test_a_part_of_an_endless_source(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    assert export("demo:1", out, seconds=1.0) == "H.264, without sound"
    with FileSource(out) as source:
        assert len(list(source)) == 30


def test_without_ffmpeg_it_is_what_opencv_can(
    tmp_path: Path, write_video: WriteVideo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "find_ffmpeg", lambda: None)
    out = tmp_path / "out.mp4"
    assert export(write_video(frames=5), out) == "MPEG-4, without sound"
    assert "Video: mpeg4" in ffmpeg("-i", out)


def test_cancelled_it_leaves_what_was_there(tmp_path: Path, write_video: WriteVideo) -> None:
    clip, folder = write_video(frames=50), tmp_path / "out"
    folder.mkdir()
    out = folder / "out.mp4"
    out.write_text("before")
    seen: list[float] = []
    assert export(clip, out, progress=seen.append, cancelled=lambda: len(seen) == 9) is None
    assert len(seen) == 9
    assert [path.name for path in folder.iterdir()] == ["out.mp4"]
    assert out.read_text() == "before"


def test_a_source_that_breaks_off_leaves_nothing(tmp_path: Path, write_video: WriteVideo) -> None:
    clip = write_video(frames=60)
    data = clip.read_bytes()
    clip.write_bytes(data[: len(data) // 2])
    folder = tmp_path / "out"
    folder.mkdir()
    with pytest.raises(UserError, match=r"clip\.avi breaks off"):
        export(clip, folder / "out.mp4")
    assert list(folder.iterdir()) == []


FULL_DISK = """
import resource, sys
from pathlib import Path
from lrcn_desktop.errors import UserError
from lrcn_desktop.recognition.export.video import write_video
from lrcn_desktop.video.open import open_source
from lrcn_desktop.video.opencv import cv2

resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
with open_source("demo") as source:
    try:
        write_video(Path(sys.argv[1]), source, ("a", "b"), [], [], seconds=20.0)
    except UserError as error:
        print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no file's size")
def test_a_full_disk_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    out = folder / "out.mp4"
    command = [sys.executable, "-c", FULL_DISK, str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.stdout == f"Cannot write {out}: File too large.\n", done.stderr
    assert list(folder.iterdir()) == []


def test_a_name_that_is_no_video_is_told_before_any_work(tmp_path: Path) -> None:
    for path, reason in (
        (tmp_path / "out.avi", r"ends in \.mp4 or \.mkv"),
        (tmp_path / "no" / "out.mp4", "does not exist"),
    ):
        with pytest.raises(UserError, match=reason):
            check_video(path, None)
