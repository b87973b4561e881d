import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcn_desktop.errors import UserError
from lrcn_desktop.recognition.peak_memory import peak_rss
from lrcn_desktop.video.images import ImageFolderSource, natural_key
from lrcn_desktop.video.opencv import cv2


def write(path: Path, value: int, size: tuple[int, int] = (32, 24)) -> None:
    image = np.full((size[1], size[0], 3), value, np.uint8)
    path.write_bytes(cv2.imencode(path.suffix, image)[1].tobytes())


def test_images_come_in_natural_order_at_25_a_second(tmp_path: Path) -> None:
    for number in (10, 2, 1, 33):
        write(tmp_path / f"img{number}.png", number)
    (tmp_path / "notes.txt").write_text("no image")
    (tmp_path / "._img1.png").write_bytes(b"left by a Mac")
    with ImageFolderSource(tmp_path) as source:
        assert (source.rate, source.duration, source.size) == (25, 0.16, (32, 24))
        assert not source.live
        frames = list(source)
    assert [frame.image[0, 0, 0] for frame in frames] == [1, 2, 10, 33]
    assert [frame.index for frame in frames] == [0, 1, 2, 3]
    assert [frame.time for frame in frames] == pytest.approx([0, 0.04, 0.08, 0.12])


def test_sizes_may_differ_and_colors_are_rgb(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "1.png"), np.full((4, 6, 3), (255, 0, 0), np.uint8))  # blue, in BGR
    cv2.imwrite(str(tmp_path / "2.png"), np.full((9, 7), 77, np.uint8))  # gray
    cv2.imwrite(str(tmp_path / "3é.png"), np.full((3, 3, 4), (0, 255, 0, 9), np.uint8))
    with ImageFolderSource(tmp_path) as source:
        images = [frame.image for frame in source]
    assert [image.shape for image in images] == [(4, 6, 3), (9, 7, 3), (3, 3, 3)]
    assert [image[0, 0].tolist() for image in images] == [[0, 0, 255], [77, 77, 77], [0, 255, 0]]
    assert all(image.flags.c_contiguous and image.dtype == np.uint8 for image in images)


@pytest.mark.parametrize("rate", [25.0, 29.97, 3.0])
def test_an_images_own_time_seeks_to_it(tmp_path: Path, rate: float) -> None:
    for number in range(30):
        write(tmp_path / f"{number}.png", number)
    with ImageFolderSource(tmp_path, rate=rate) as source:
        frames = list(source)
        for frame in (*frames[::-1], frames[4]):
            source.seek(frame.time)
            again = source.read()
            assert again is not None
            assert again.index == frame.index
        source.seek(frames[6].time - 0.001)
        before = source.read()
        assert before is not None
        assert before.index == 5
        source.seek(1e9)
        assert [frame.index for frame in source] == [29]


def test_a_folder_without_images_is_told(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no image")
    with pytest.raises(UserError, match=re.escape(f"{tmp_path} holds no images")):
        ImageFolderSource(tmp_path)
    with pytest.raises(UserError, match="cannot be opened"):
        ImageFolderSource(tmp_path / "gone")


@pytest.mark.parametrize("content", [b"", b"not a picture", bytes(500)])
def test_a_damaged_image_is_named(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], content: bytes
) -> None:
    write(tmp_path / "1.png", 1)
    (tmp_path / "2.png").write_bytes(content)
    with ImageFolderSource(tmp_path) as source:
        assert source.read() is not None
        with pytest.raises(UserError, match=r"2\.png cannot be read as an image"):
            source.read()
    (tmp_path / "1.png").unlink()
    with pytest.raises(UserError, match=r"2\.png"):
        ImageFolderSource(tmp_path)
    assert capfd.readouterr() == ("", "")


def test_an_image_that_promises_gigabytes_takes_none(tmp_path: Path) -> None:
    write(tmp_path / "1.png", 1)
    good = (tmp_path / "1.png").read_bytes()
    at = good.index(b"IDAT") - 4
    (tmp_path / "1.png").write_bytes(good[:at] + (810_000_000).to_bytes(4, "big") + good[at + 4 :])
    before = peak_rss()
    with pytest.raises(UserError, match=r"1\.png cannot be read as an image"):
        ImageFolderSource(tmp_path)
    header = b"P5 40000 40000 255\n"
    (tmp_path / "1.png").write_bytes(header)
    with pytest.raises(UserError, match=r"1\.png cannot be read as an image"):
        ImageFolderSource(tmp_path)
    assert peak_rss() - before < 100.0  # MB


@given(st.lists(st.integers(0, 10**6), min_size=2, unique=True), st.text("ab_-.", max_size=3))
def test_numbers_in_names_order_by_their_value(numbers: list[int], text: str) -> None:
    names = [f"{text}{number}{text}.png" for number in numbers]
    assert sorted(names, key=natural_key) == [
        f"{text}{number}{text}.png" for number in sorted(numbers)
    ]
