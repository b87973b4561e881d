import os
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from lrcn_desktop.errors import UserError
from lrcn_desktop.video.file import FileSource
from lrcn_desktop.video.frame import Frame, Image
from lrcn_desktop.video.opencv import cv2

WriteVideo = Callable[..., Path]
Number = Callable[[Image], int]


def read_all(path: Path) -> list[Frame]:
    with FileSource(path) as source:
        return list(source)


@pytest.mark.parametrize("suffix", [".avi", ".mp4", ".mkv", ".webm"])
def test_frames_come_in_order_with_the_containers_times(
    write_video: WriteVideo, number_in: Number, suffix: str
) -> None:
    path = write_video(f"clip{suffix}", frames=40, rate=20.0)
    with FileSource(path) as source:
        assert (source.name, source.size, source.live, source.seekable) == (
            path.name,
            (160, 120),
            False,
            True,
        )
        assert source.rate == pytest.approx(20)
        assert source.duration == pytest.approx(2.0, abs=0.06)
        frames = list(source)
    assert [number_in(frame.image) for frame in frames] == list(range(40))
    assert [frame.index for frame in frames] == list(range(40))
    assert [frame.time for frame in frames] == pytest.approx([n / 20 for n in range(40)], abs=1e-3)


def test_images_are_rgb_contiguous_and_the_readers_own(write_video: WriteVideo) -> None:
    def red(number: int, size: tuple[int, int]) -> Image:
        return np.broadcast_to(np.array([255, 0, 0], np.uint8), (size[1], size[0], 3))

    first, second, *_ = read_all(write_video(draw=red))
    assert first.image.dtype == np.uint8
    assert first.image.shape == (120, 160, 3)
    assert first.image.flags.c_contiguous
    assert first.image[60, 80].tolist() == pytest.approx([255, 0, 0], abs=6)
    assert not np.shares_memory(first.image, second.image)


@pytest.mark.parametrize("suffix", [".avi", ".mp4", ".mkv"])
def test_a_seek_gives_what_linear_reading_gives(write_video: WriteVideo, suffix: str) -> None:
    path = write_video(f"clip{suffix}", frames=120)
    frames = read_all(path)
    times = np.array([frame.time for frame in frames])
    with FileSource(path) as source:
        for time in (2.0, 0.0, 4.76, 0.05, 3.1999, times[33], times[90], -1.0, 99.0, 1.0):
            source.seek(float(time))
            shown = max(0, int(np.searchsorted(times, time, side="right")) - 1)
            for expected in frames[shown : shown + 3]:
                frame = source.read()
                assert frame is not None
                assert (frame.time, frame.index) == (expected.time, expected.index)
                assert np.array_equal(frame.image, expected.image)


def test_reading_goes_on_to_the_end_after_a_seek_and_again_after_the_end(
    write_video: WriteVideo, number_in: Number
) -> None:
    with FileSource(write_video(frames=50)) as source:
        source.seek(1.0)
        assert [number_in(frame.image) for frame in source] == list(range(25, 50))
        assert source.read() is None
        source.seek(1.8)
        assert [number_in(frame.image) for frame in source] == list(range(45, 50))


# The tkhd matrix of an upright, a quarter-turned and a half-turned film (a, b, u, c, d, v, x, y, w)
TURNS = {
    0: (1, 0, 0, 0, 1, 0, 0, 0, 0x4000),
    90: (0, 1, 0, -1, 0, 0, 0, 0, 0x4000),
    180: (-1, 0, 0, 0, -1, 0, 0, 0, 0x4000),
    270: (0, -1, 0, 1, 0, 0, 0, 0, 0x4000),
}


@pytest.mark.parametrize("turn", TURNS)
def test_a_rotation_tag_is_honoured(write_video: WriteVideo, turn: int) -> None:
    def bright_left(number: int, size: tuple[int, int]) -> Image:
        image = np.zeros((size[1], size[0], 3), np.uint8)
        image[:, : size[0] // 2] = 255
        return image

    path = write_video("clip.mp4", draw=bright_left)
    data = bytearray(path.read_bytes())
    matrix = data.index(b"tkhd") + 44
    data[matrix : matrix + 36] = struct.pack(">9i", *(value << 16 for value in TURNS[turn]))
    path.write_bytes(data)
    with FileSource(path) as source:
        frame = source.read()
        assert frame is not None
        assert source.size == ((160, 120) if turn in (0, 180) else (120, 160))
    assert frame.image.shape[:2] == source.size[::-1]
    height, width = frame.image.shape[:2]
    bright = {
        0: frame.image[:, : width // 3],
        90: frame.image[: height // 3],
        180: frame.image[:, -(width // 3) :],
        270: frame.image[-(height // 3) :],
    }
    assert {side for side, part in bright.items() if part.mean() > 200} == {turn}


def test_a_size_change_in_mid_stream_survives_and_times_are_counted_where_there_are_none(
    tmp_path: Path,
) -> None:
    path = tmp_path / "raw.mjpeg"  # JPEG after JPEG: no time stamps, no length, no index
    sizes = [(48, 64)] * 5 + [(96, 128)] * 5
    images = [np.full((*size, 3), 20 * n, np.uint8) for n, size in enumerate(sizes)]
    path.write_bytes(b"".join(cv2.imencode(".jpg", image)[1].tobytes() for image in images))
    with FileSource(path) as source:
        frames = list(source)
        assert [frame.image.shape for frame in frames] == [(48, 64, 3)] * 10  # OpenCV scales
        assert [frame.image[24, 32, 0] for frame in frames] == pytest.approx(
            range(0, 200, 20), abs=3
        )
        steps = np.diff([frame.time for frame in frames])
        assert steps == pytest.approx(np.full(9, 1 / source.rate))
        source.seek(frames[6].time)
        frame = source.read()
        assert frame is not None
        assert (frame.index, frame.time) == (6, frames[6].time)
        assert np.array_equal(frame.image, frames[6].image)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.avi", b""),
        ("noise.mp4", np.random.default_rng(0).bytes(20_000)),
        ("zeros.avi", bytes(20_000)),
        ("prose.avi", b"The quick brown fox jumps over the lazy dog.\n" * 300),
        ("prose.txt", b"The quick brown fox jumps over the lazy dog.\n" * 300),
    ],
)
def test_what_is_no_video_is_told_in_one_sentence(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UserError, match=name):
        FileSource(path)
    assert capfd.readouterr() == ("", "")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"There is no file .*gone\.avi"):
        FileSource(tmp_path / "gone.avi")
    with pytest.raises(UserError, match="is not a file"):
        FileSource(Path(os.devnull))


@pytest.mark.parametrize("suffix", [".avi", ".mp4", ".mkv"])
def test_a_file_cut_off_in_its_head_does_not_open(write_video: WriteVideo, suffix: str) -> None:
    path = write_video(f"clip{suffix}")
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(UserError, match="clip"):
        FileSource(path)


@pytest.mark.parametrize("suffix", [".avi", ".mkv"])
def test_a_file_that_breaks_off_says_where(
    write_video: WriteVideo, number_in: Number, suffix: str
) -> None:
    path = write_video(f"clip{suffix}", frames=100)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with FileSource(path) as source:
        frames: list[Frame] = []
        with pytest.raises(UserError, match=r"^clip\.\w+ breaks off after \d\.\d of 4\.0 seconds"):
            frames.extend(source)
        frames = []
        source.seek(0.0)
        with pytest.raises(UserError, match="breaks off"):
            frames.extend(source)
    assert 30 < len(frames) < 70
    assert [number_in(frame.image) for frame in frames] == list(range(len(frames)))


def test_a_hidden_part_of_an_edited_film_is_no_damage(write_video: WriteVideo) -> None:
    """A telephone trims a film by an edit list: the file still counts the frames left out."""
    path = write_video("clip.mp4", frames=100)
    data = path.read_bytes()
    entry = data.index(b"elst") + 12
    length, start = struct.unpack(">Ii", data[entry : entry + 8])
    shorter = struct.pack(">Ii", length // 2, start)
    path.write_bytes(data[:entry] + shorter + data[entry + 8 :])
    frames = read_all(path)
    assert 45 < len(frames) < 60


def test_real_clips_read_to_their_end_and_half_ones_do_not(ucf101: Path, tmp_path: Path) -> None:
    clips = sorted(ucf101.glob("*/*_c01.avi"))[::12]
    assert clips
    half = tmp_path / "half.avi"
    for clip in clips:
        with FileSource(clip) as source:
            declared = source.duration
            times = [frame.time for frame in source]
            # FFmpeg shows an AVI's pictures one late where its codec reorders them.
            assert source.duration == pytest.approx(declared, abs=1.1 / source.rate)
            assert (np.diff(times) > 0).all()
        half.write_bytes(clip.read_bytes()[: clip.stat().st_size // 2])
        with FileSource(half) as source, pytest.raises(UserError, match="breaks off"):
            list(source)


def test_close_is_safe_twice_and_ends_the_reading(write_video: WriteVideo) -> None:
    source = FileSource(write_video())
    source.close()
    source.close()
    assert source.read() is None
