import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from lrcn_desktop.errors import UserError
from lrcn_desktop.video.camera import StillWatch, list_cameras
from lrcn_desktop.video.file import FileSource
from lrcn_desktop.video.images import ImageFolderSource
from lrcn_desktop.video.open import open_source
from lrcn_desktop.video.opencv import cv2

WriteVideo = Callable[..., Path]


def test_a_path_opens_a_file(write_video: WriteVideo) -> None:
    path = write_video()
    for address in (path, str(path), f" {path} "):
        with open_source(address) as source:
            assert isinstance(source, FileSource)
            assert source.size == (160, 120)


def test_a_folder_opens_its_images(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "1.png"), np.zeros((8, 8, 3), np.uint8))
    with open_source(tmp_path) as source:
        assert isinstance(source, ImageFolderSource)


def test_a_path_object_is_never_taken_for_a_camera_or_the_demo(
    write_video: WriteVideo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_video().rename(tmp_path / "0")
    monkeypatch.chdir(tmp_path)
    with open_source(Path("0")) as source:
        assert isinstance(source, FileSource)


def test_demo_opens_the_drawn_scene() -> None:
    with open_source("demo") as source, open_source("demo:7") as other:
        frame, different = source.read(), other.read()
    assert frame is not None
    assert different is not None
    assert not np.array_equal(frame.image, different.image)


@pytest.mark.parametrize(
    "address", ["", "no/such/clip.avi", "ftp://host/clip.avi", "http://", "http://[", "demo:x"]
)
def test_what_is_nothing_is_told(address: str) -> None:
    with pytest.raises(UserError, match=r"There is no|is no stream"):
        open_source(address)


@pytest.mark.parametrize("address", ["97", "camera:97", "97@1280x720"])
def test_an_absent_camera_is_told_soon_and_quietly(
    capfd: pytest.CaptureFixture[str], address: str
) -> None:
    began = time.monotonic()
    with pytest.raises(UserError, match="Camera 97 cannot be opened"):
        open_source(address)
    assert time.monotonic() - began < 10
    assert capfd.readouterr() == ("", "")


def test_listing_cameras_is_quiet(capfd: pytest.CaptureFixture[str]) -> None:
    assert all(camera.index >= 0 and camera.name for camera in list_cameras())
    assert capfd.readouterr() == ("", "")


def test_a_still_picture_is_timed_from_its_first_showing() -> None:
    watch = StillWatch()
    one, two = np.zeros((90, 120, 3), np.uint8), np.ones((90, 120, 3), np.uint8)
    assert watch.still_for(one, 10.0) == 0
    assert watch.still_for(one.copy(), 11.5) == 1.5
    assert watch.still_for(two, 12.0) == 0
    assert watch.still_for(two, 12.5) == 0.5
