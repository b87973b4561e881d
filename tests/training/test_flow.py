"""The second stream: optical flow as pictures, and what it tells that pictures do not."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from lrcn_desktop.cli import main
from lrcn_desktop.model.model_file import read_info
from lrcn_desktop.model.presets import PRESETS, BackboneConfig
from lrcn_desktop.video.opencv import cv2
from training.data.clip import FileClip
from training.features.extract import PixelEngine, extract
from training.features.flow import flow_image
from training.features.kind import FeatureKind

SIDE = 96
WriteVideo = Callable[..., Path]


def texture(seed: int, side: int = SIDE, blotch: int = 4) -> NDArray[np.uint8]:
    """Return blotches of so many pixels that flow can follow, uint8 (side, side, 3)."""
    noise = np.random.default_rng(seed).integers(0, 256, (side // blotch, side // blotch), np.uint8)
    grey = cv2.resize(noise, (side, side), interpolation=cv2.INTER_CUBIC)
    return np.repeat(grey[..., None], 3, axis=2)


def middle(picture: NDArray[np.uint8]) -> list[float]:
    """Return the median of each channel of a picture's middle."""
    inner = picture[SIDE // 4 : -SIDE // 4, SIDE // 4 : -SIDE // 4]
    return [float(np.median(inner[..., channel])) for channel in range(3)]


@pytest.mark.parametrize(
    ("right", "down", "expected"),
    [
        (0, 0, (128, 128, 0)),
        (4, 0, (128 + 64, 128, 64)),
        (-4, 0, (128 - 64, 128, 64)),
        (0, 3, (128, 128 + 48, 48)),
        (-3, -4, (128 - 48, 128 - 64, 80)),
        (-9, 0, (0, 128, 144)),  # the end of the range; the magnitude has twice the room
    ],
)
def test_motion_is_encoded_as_the_paper_does(
    right: int, down: int, expected: tuple[int, int, int]
) -> None:
    image = texture(0, blotch=12)
    picture = flow_image(image, np.roll(image, (down, right), (0, 1)))
    assert picture.shape == image.shape
    assert picture.dtype == np.uint8
    assert middle(picture) == pytest.approx(expected, abs=6)


KIND = FeatureKind("pixels", "", SIDE, 5.0, 3 * SIDE * SIDE, stream="flow")


def flow_of(path: Path, kind: FeatureKind = KIND) -> NDArray[np.generic]:
    """Return a clip's flow pictures, (T, SIDE, SIDE, 3)."""
    clip = FileClip("moving/clip", "g", "moving", path=path)
    rows = extract(clip, PixelEngine(SIDE), kind)
    assert rows.dtype == np.uint8
    return rows.reshape(-1, 3, SIDE, SIDE).transpose(0, 2, 3, 1)


@pytest.mark.parametrize(("frames", "rate", "steps"), [(1, 5.0, 1), (2, 5.0, 2), (11, 25.0, 3)])
def test_a_clip_has_as_many_steps_of_flow_as_of_pictures(
    write_video: WriteVideo, frames: int, rate: float, steps: int
) -> None:
    still = texture(1)
    path = write_video(
        frames=frames,
        rate=rate,
        size=(SIDE, SIDE),
        draw=lambda number, _: np.roll(still, 4 * number, 1),
    )
    pictures = flow_of(path, replace(KIND, stream="rgb"))
    flow = flow_of(path)
    assert len(flow) == len(pictures) == steps
    for picture in flow:  # the last frame's is the one before it; a single frame does not move
        assert middle(picture)[0] == pytest.approx(128 + (64 if frames > 1 else 0), abs=6)
    mirrored = flow_of(path, replace(KIND, flip=True))
    assert middle(mirrored[0])[0] == pytest.approx(128 - (64 if frames > 1 else 0), abs=6)


def test_the_size_may_change_within_a_clip(tmp_path: Path) -> None:
    folder = tmp_path / "clip"
    folder.mkdir()
    sides = (96, 96, 64, 64, 96)
    for number, side in enumerate(sides):
        image = np.roll(texture(2, side), 4 * number, 1)
        cv2.imwrite(str(folder / f"{number}.png"), image)
    flow = flow_of(folder, replace(KIND, rate=25.0))
    assert len(flow) == len(sides)
    moved = [middle(picture)[0] for picture in flow]
    assert moved[:4] == pytest.approx(4 * [128 + 64], abs=8)
    assert moved[4] == 128  # alone of its size


@pytest.fixture
def moving(tmp_path: Path, write_video: WriteVideo) -> Path:
    """A textured square that goes left or right from anywhere, six clips each."""
    data = tmp_path / "data"
    rng = np.random.default_rng(0)
    for label, step in (("left", -4), ("right", 4)):
        (data / label).mkdir(parents=True)
        for group in range(1, 7):
            begin, square, back = int(rng.integers(SIDE)), texture(group, 48), texture(group + 50)

            def draw(
                number: int,
                _: object,
                begin: int = begin,
                square: NDArray[np.uint8] = square,
                back: NDArray[np.uint8] = back,
                step: int = step,
            ) -> NDArray[np.uint8]:
                image = (back // 4).copy()
                image[24:72, :48] = square
                image[24:72] = np.roll(image[24:72], begin + step * number, 1)
                return image

            path = write_video("x.avi", frames=6, rate=10.0, size=(SIDE, SIDE), draw=draw)
            shutil.move(path, data / label / f"v_{label}_g{group:02}_c01.avi")
    return data


@pytest.mark.slow
def test_flow_tells_directions_that_pictures_cannot(
    moving: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    small = replace(PRESETS["default"], backbone=BackboneConfig(size=96))
    monkeypatch.setitem(PRESETS, "default", small)
    cache = ("--cache", str(tmp_path / "cache"))
    paths = {}
    for stream in ("rgb", "flow"):
        paths[stream] = str(tmp_path / f"{stream}.safetensors")
        options = ("--epochs", "15", "--folds", "2", "--stream", stream)
        assert main(["train", str(moving), "--out", paths[stream], *options, *cache]) == 0
    clip = moving / "left" / "v_left_g01_c01.avi"
    assert main(["analyze", str(clip), "--model", paths["flow"]]) == 2  # not live, said plainly
    assert "optical flow" in capsys.readouterr().err
    out = tmp_path / "e.json"
    both = ("--flow", paths["flow"], "--json", str(out))
    assert main(["evaluate", paths["rgb"], str(moving), *both, *cache]) == 0
    told = capsys.readouterr().out
    assert "1/2, 1/2:" in told
    assert "1/3, 2/3:" in told
    fusion = json.loads(out.read_text())["fusion"]
    assert fusion["flow alone"]["accuracy"]["clip_mean"] == 1.0
    key = "accuracy of clips by the mean"  # of clips held out
    pictures, flow = (read_info(Path(paths[stream])).test[key] for stream in ("rgb", "flow"))
    assert flow >= 0.9
    assert pictures < flow
