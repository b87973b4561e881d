"""Files of every kind show what FFmpeg shows of them, at the same times."""

import os
import shutil
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from making import INTERLACED, X264, damaged, ffmpeg, pictures, shown, with_matrix

from lrcn_desktop.errors import UserError
from lrcn_desktop.video.file import FileSource
from lrcn_desktop.video.frame import Frame
from lrcn_desktop.video.open import open_source

Make = Callable[[Path], None]


def made(*words: str) -> Make:
    return lambda path: (ffmpeg(*words, str(path)), None)[1]


def joined(path: Path) -> None:
    """Join a progressive and an interlaced broadcast."""
    parts = [path.with_suffix(f".{n}.ts") for n in range(2)]
    ffmpeg(*pictures("352x288"), *X264, "-g", "12", str(parts[0]))
    scan = ("-vf", "interlace=scan=tff", *X264, "-g", "12", *INTERLACED, "-x264opts", "tff=1")
    ffmpeg(*pictures("352x288", 50), *scan, str(parts[1]))
    path.write_bytes(parts[0].read_bytes() + parts[1].read_bytes())


def turned(a: int, b: int, c: int, d: int) -> Make:
    def make(path: Path) -> None:
        ffmpeg(*pictures("160x112"), *X264, str(path))
        with_matrix(path, a, b, c, d)

    return make


def unfinished(path: Path) -> None:
    """Write an AVI as a program does that died, or wrote to a pipe: its header claims no end."""
    path.write_bytes(ffmpeg(*pictures(), "-c:v", "mpeg4", "-f", "avi", "-"))


LACE = ("-vf", "interlace=scan=tff")
LATE = ("-itsoffset", "3", *pictures(), "-f", "lavfi", "-i", "sine=d=5", *X264, "-c:a", "aac")
HLG = ("-color_primaries", "bt2020", "-color_trc", "arib-std-b67", "-colorspace", "bt2020nc")
KINDS: dict[str, Make] = {
    "interlaced.mpg": made(
        *pictures("352x288", 50), *LACE, "-c:v", "mpeg2video", *INTERLACED, "-b:v", "6M"
    ),
    "interlaced.mp4": made(
        *pictures("352x288", 50), *LACE, *X264, *INTERLACED, "-x264opts", "tff=1"
    ),
    "interlaced.dv": made(
        *pictures("720x576", 50),
        *("-vf", "interlace=scan=bff,format=yuv420p", "-c:v", "dvvideo", "-f", "dv"),
    ),
    "av1.mp4": made(*pictures(), "-c:v", "libsvtav1", "-preset", "10"),
    "late.mkv": made(*LATE),
    "late.mp4": made(*LATE),
    "late.ts": made(*LATE),
    "wide.mp4": made(*pictures("180x144"), "-vf", "setsar=2/1", *X264),
    "pal.mpg": made(*pictures("180x144"), "-vf", "setdar=16/9", "-c:v", "mpeg2video"),
    "narrow.mkv": made(*pictures("180x144"), "-vf", "setsar=8/9", *X264),
    "fragments.mp4": made(
        *pictures(seconds=4), *X264, "-bf", "0", "-g", "25", "-movflags", "frag_keyframe"
    ),
    "1000.mp4": made(*pictures(rate=1000, seconds=0.2), *X264),
    "600.avi": made(*pictures(rate=600, seconds=0.2), "-c:v", "mpeg4"),
    "hlg.mp4": made(
        *pictures("160x120"),
        *("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none"),
        *("-pix_fmt", "yuv420p10le", *HLG),
    ),
    "reordered.avi": made(*pictures(), "-c:v", "mpeg4", "-bf", "2"),
    "moving.gif": made(*pictures(rate=10)),
    "broadcast.m2ts": made(*pictures(), *X264),
    "dvd.vob": made(*pictures(), "-c:v", "mpeg2video", "-f", "vob"),
    "windows.asf": made(*pictures(), "-c:v", "wmv2"),
    "studio.mxf": made(*pictures(), "-c:v", "mpeg2video"),
    "phone.3g2": made(*pictures(), *X264),
    "old.divx": made(*pictures(), "-c:v", "mpeg4", "-f", "avi"),
    "apple.qt": made(*pictures(), *X264, "-f", "mov"),
    "plain.h264": made(*pictures(), *X264, "-bf", "0"),
    "plain.mjpeg": made(*pictures(), "-c:v", "mjpeg"),
    "plain.m2v": made(*pictures(), "-c:v", "mpeg2video", "-bf", "2"),
    "unfinished.avi": unfinished,
    "plain.mpe": made(*pictures(), "-c:v", "mpeg1video", "-f", "mpeg"),
    "mirrored.mp4": turned(-1, 0, 0, 1),
    "upside_down.mp4": turned(1, 0, 0, -1),
    "quarter.mp4": turned(0, 1, -1, 0),
    "quarter_back.mp4": turned(0, -1, 1, 0),
    "quarter_mirrored.mp4": turned(0, 1, 1, 0),
    "quarter_back_mirrored.mp4": turned(0, -1, -1, 0),
    "half.mp4": turned(-1, 0, 0, -1),
}


@pytest.fixture(scope="session")
def kind(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return the function that gives the file of that name, one for all tests."""
    folder = tmp_path_factory.mktemp("kinds")

    def find(name: str) -> Path:
        if not (folder / name).exists():
            KINDS[name](folder / name)
        return folder / name

    return find


def read_all(path: Path) -> tuple[FileSource, list[Frame]]:
    with FileSource(path) as source:
        return source, list(source)


@pytest.mark.parametrize("name", KINDS)
def test_it_shows_what_ffmpeg_shows(kind: Callable[[str], Path], name: str) -> None:
    path = kind(name)
    right = shown(path, sound="late" in name)
    source, frames = read_all(path)
    height, width = right.images.shape[1:3]
    assert source.size == (width, height)
    assert source.lost == 0
    assert len(frames) == len(right.times)
    assert [frame.time for frame in frames] == pytest.approx(right.times, abs=2e-3)
    apart = [
        np.abs(frame.image.astype(np.int16) - image).mean()
        for frame, image in zip(frames, right.images, strict=True)
    ]
    # Grey levels, in the mean over a picture; FFmpeg's program scales before it converts.
    assert max(apart) < 5


@pytest.mark.parametrize(
    ("name", "size", "rate", "first", "duration"),
    [
        ("late.mkv", (160, 120), 25, 3.0, 4.0),
        ("late.mp4", (160, 120), 25, 3.0, 4.0),
        ("late.ts", (160, 120), 25, 3.0, 4.0),
        ("wide.mp4", (360, 144), 25, 0.0, 1.0),
        ("pal.mpg", (256, 144), 25, 0.0, 1.0),
        ("fragments.mp4", (160, 120), 25, 0.0, 4.0),
        ("plain.m2v", (160, 120), 25, 0.0, 1.0),
        ("unfinished.avi", (160, 120), 25, 0.0, 1.0),
        ("1000.mp4", (160, 120), 1000, 0.0, 0.2),
        ("600.avi", (160, 120), 600, 0.0, 0.2),
        ("interlaced.dv", (768, 576), 25, 0.0, 1.0),
        ("quarter_mirrored.mp4", (112, 160), 25, 0.0, 1.0),
    ],
)
def test_its_figures(
    kind: Callable[[str], Path],
    name: str,
    size: tuple[int, int],
    rate: float,
    first: float,
    duration: float,
) -> None:
    source, frames = read_all(kind(name))
    assert source.size == size
    assert source.rate == pytest.approx(rate)
    assert frames[0].time == pytest.approx(first, abs=0.03)
    assert source.duration == pytest.approx(duration, abs=0.05)


def test_a_broadcast_that_becomes_interlaced_and_whose_clock_begins_again(tmp_path: Path) -> None:
    path = tmp_path / "joined.ts"
    joined(path)
    _, frames = read_all(path)
    steps = np.diff([frame.time for frame in frames])
    assert len(frames) >= 48
    assert steps == pytest.approx(np.full(len(steps), 0.04), abs=0.03)
    means = [frame.image.mean() for frame in frames]
    assert min(means) > 60  # none is black


@pytest.mark.parametrize(("name", "words"), [("d.mp4", X264), ("d.avi", ("-c:v", "mpeg4"))])
def test_damage_in_the_middle_is_counted_and_the_rest_goes_on(
    tmp_path: Path, name: str, words: tuple[str, ...]
) -> None:
    path = tmp_path / name
    ffmpeg(*pictures(seconds=10), *words, "-g", "50", str(path))
    damaged(path, range(100, 103))
    source, frames = read_all(path)
    assert len(frames) >= 225
    assert frames[-1].time == pytest.approx(9.96, abs=0.01)
    assert source.lost >= 3
    assert len(frames) + source.lost == pytest.approx(250, abs=3)


def test_a_codec_that_is_missing_is_named(tmp_path: Path) -> None:
    path = tmp_path / "new.avi"
    ffmpeg(*pictures(), "-c:v", "mpeg4", str(path))
    path.write_bytes(path.read_bytes().replace(b"FMP4", b"QQQQ"))
    with pytest.raises(UserError, match=r"new\.avi cannot be decoded, as the codec 'QQQQ' is not"):
        FileSource(path)


def test_a_cover_is_no_video(tmp_path: Path) -> None:
    cover, song, film = tmp_path / "c.png", tmp_path / "song.mp3", tmp_path / "film.mkv"
    ffmpeg("-f", "lavfi", "-i", "color=red:s=64x64:d=0.04", "-frames:v", "1", str(cover))
    ffmpeg(
        *("-f", "lavfi", "-i", "sine=d=1", "-i", str(cover), "-map", "0", "-map", "1"),
        *("-c:v", "copy", "-disposition:v:0", "attached_pic", str(song)),
    )
    with pytest.raises(UserError, match="its only picture is a cover"):
        FileSource(song)
    ffmpeg(
        *("-i", str(cover), *pictures(), "-map", "0", "-map", "1", *X264),
        *("-c:v:0", "png", "-pix_fmt:v:0", "rgb24", "-disposition:v:0", "attached_pic"),
        str(film),
    )
    source, frames = read_all(film)
    assert source.size == (160, 120)
    assert len(frames) == 25


def test_sound_alone_is_no_video(tmp_path: Path) -> None:
    path = tmp_path / "sound.mp4"
    ffmpeg("-f", "lavfi", "-i", "sine=d=1", str(path))
    with pytest.raises(UserError, match="it holds no pictures"):
        FileSource(path)


NAMES = ["caf\udce9.avi", " both .avi", "~ann.avi", "50%d.avi", "a:b.avi", "http:.avi"]


@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
@pytest.mark.parametrize("name", NAMES)
def test_any_name_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    film = tmp_path / "film.avi"
    ffmpeg(*pictures(), "-c:v", "mpeg4", str(film))
    folder = tmp_path / "f\udcff"
    folder.mkdir()
    path = folder / name
    shutil.move(film, path)
    monkeypatch.chdir(folder)
    for address in (name, str(path)):
        with open_source(address) as source:
            assert source.read() is not None
            source.name.encode()  # it can be shown
    path.unlink()
    with pytest.raises(UserError) as caught:
        open_source(str(path))
    str(caught.value).encode()


def test_an_address_that_is_no_text_is_told() -> None:
    for address in ("rtsp://\udce9\udce9/", "http://h\udcff.invalid/\udce9"):
        with pytest.raises(UserError) as caught:
            open_source(address)
        str(caught.value).encode()


LISTS = {
    "live.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:5,\n{0}\n",
    "list.ffconcat": "ffconcat version 1.0\nfile '{0}'\n",
    "stream.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\n"
    "m=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n",
}


@pytest.mark.skipif(sys.platform == "win32", reason="pipes")
@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_other_files_is_refused_and_opens_none(tmp_path: Path, name: str) -> None:
    pipe, path = tmp_path / "pipe.ts", tmp_path / name
    os.mkfifo(pipe)
    path.write_text(LISTS[name].format(pipe))
    began = time.monotonic()
    with pytest.raises(UserError, match="cannot be read as a video: it is a list of other files"):
        FileSource(path)
    assert time.monotonic() - began < 5


def test_only_what_is_wanted_is_converted(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    ffmpeg(*pictures(seconds=4), *X264, str(path))
    _, whole = read_all(path)
    asked: list[float] = []

    def wanted(time: float) -> bool:
        asked.append(time)
        return len(asked) % 5 == 1

    with FileSource(path) as source:
        source.want(wanted)
        frames = list(source)
    assert asked == [frame.time for frame in whole]
    assert [(f.time, f.index) for f in frames] == [(f.time, f.index) for f in whole]
    for number, (frame, right) in enumerate(zip(frames, whole, strict=True)):
        if number % 5:
            assert frame.image.size == 0
        else:
            assert np.array_equal(frame.image, right.image)


@pytest.mark.parametrize("name", ["late.mkv", "late.ts", "interlaced.mpg", "reordered.avi"])
def test_a_seek_gives_what_reading_gives(kind: Callable[[str], Path], name: str) -> None:
    with FileSource(kind(name)) as source:
        frames = list(source)
        times = np.array([frame.time for frame in frames])
        for target in (0.5, 0.0, float(times[-1]), float(times[7]), 99.0, float(times[12]) + 0.01):
            source.seek(target)
            right = frames[max(0, int(np.searchsorted(times, target, side="right")) - 1)]
            frame = source.read()
            assert frame is not None
            assert (frame.time, frame.index) == (right.time, right.index)
            apart = np.abs(frame.image.astype(np.int16) - right.image).mean()
            assert apart < (4 if "interlaced" in name else 0.01)  # its neighbors are not there yet


@pytest.mark.slow
def test_huge_pictures_take_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "huge.avi"
    words = ("-vf", "scale=8192:8192", "-c:v", "mjpeg", "-q:v", "30")
    ffmpeg(*pictures("64x64", seconds=0.4), *words, str(path))
    import psutil

    most = 0
    with FileSource(path) as source:
        child = psutil.Process(source.pid)
        for frame in source:
            assert frame.image.shape == (8192, 8192, 3)
            most = max(most, child.memory_info().rss)
    assert most < 1e9


def test_nothing_of_a_file_is_left_open(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    ffmpeg(*pictures(), *X264, str(path))
    threads = threading.active_count()
    for _ in range(5):
        with FileSource(path) as source:
            assert source.read() is not None
    assert threading.active_count() == threads
