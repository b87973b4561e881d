"""One segment of a video as a file of its own."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pictures

from lrcn_desktop.errors import UserError
from lrcn_desktop.recognition.export import clip
from lrcn_desktop.recognition.export.clip import write_clip
from lrcn_desktop.video.file import FileSource
from lrcn_desktop.video.frame import Image

WriteVideo = Callable[..., Path]
Number = Callable[[Image], int]


def test_a_clip_shows_what_the_video_shows_then(
    write_video: WriteVideo, tmp_path: Path, number_in: Number
) -> None:
    done: list[float] = []
    with FileSource(write_video(frames=50)) as source:
        assert write_clip(tmp_path / "clip.mkv", source, 0.4, 0.8, done.append)
        assert write_clip(tmp_path / "end.mkv", source, 1.8, 9.0)  # it ends where the video does
    for name, numbers in (("clip", range(10, 20)), ("end", range(45, 50))):
        with FileSource(tmp_path / f"{name}.mkv") as written:
            assert [number_in(frame.image) for frame in written] == list(numbers)
            assert written.rate == pytest.approx(25)
    assert done == sorted(done)
    assert (len(done), done[-1]) == (10, 1.0)


@pytest.mark.parametrize("ending", ["gif", "WebP"])
def test_an_animated_picture_is_smaller_slower_and_no_longer_than_a_minute(
    write_video: WriteVideo,
    tmp_path: Path,
    number_in: Number,
    monkeypatch: pytest.MonkeyPatch,
    ending: str,
) -> None:
    path = tmp_path / f"clip.{ending}"
    with FileSource(write_video(frames=50, size=(640, 320))) as source:
        assert write_clip(path, source, 0.4, 0.8)
        monkeypatch.setattr(clip, "MOST", 3)
        assert write_clip(tmp_path / f"long.{ending}", source, 0.0, 2.0)
    with Pictures.open(path) as picture:
        assert picture.size == (480, 240)
        assert picture.n_frames == 5
        for number in range(5):
            picture.seek(number)
            shown = number_in(np.asarray(picture.convert("RGB")))
            assert shown == 10 + 2 * number
            assert picture.info["duration"] == 80
    with Pictures.open(tmp_path / f"long.{ending}") as picture:
        assert picture.n_frames == 3


def test_what_cannot_be_a_clip_is_told_and_leaves_no_file(
    write_video: WriteVideo, tmp_path: Path
) -> None:
    folder = tmp_path / "clips"
    folder.mkdir()
    with FileSource(write_video()) as source:
        with pytest.raises(UserError, match=r"a clip's name ends in \.mp4, \.mkv, \.gif, \.webp"):
            write_clip(folder / "clip.avi", source, 0.0, 1.0)
        for name in ("clip.mp4", "clip.gif"):
            with pytest.raises(UserError, match=r"clip\.avi has no frame from 9\.0 to 9\.5 s"):
                write_clip(folder / name, source, 9.0, 9.5)
            asked = iter([False, False, False])
            assert not write_clip(
                folder / name, source, 0.0, 1.0, cancelled=lambda asked=asked: next(asked, True)
            )
        assert list(folder.iterdir()) == []
        (folder / "clip.mp4").write_text("what was there")
        (folder / "none").mkdir()
        assert not write_clip(folder / "clip.mp4", source, 0.0, 1.0, cancelled=lambda: True)
        assert (folder / "clip.mp4").read_text() == "what was there"
        with pytest.raises(UserError, match=rf"^Cannot write {folder}/none/no/clip\.mp4: "):
            write_clip(folder / "none" / "no" / "clip.mp4", source, 0.0, 1.0)
