"""`lrcn-desktop reproduce` as a person runs it, with smaller networks of the same kinds."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from lrcn_desktop.cli import main
from lrcn_desktop.model.model import load_model
from lrcn_desktop.model.presets import PRESETS
from training.fitting import fit
from training.reproduce.published import OURS, PUBLISHED
from training.run.settings import Settings

SIZE = (64, 48)
APPROACHES = [*PUBLISHED, OURS]


@pytest.fixture(autouse=True)
def small_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in APPROACHES:
        preset = PRESETS[name]
        backbone = replace(preset.backbone, size=96)
        head = replace(preset.head, fc=(16,), hidden=(8,) if preset.head.hidden else ())
        monkeypatch.setitem(PRESETS, name, replace(preset, backbone=backbone, head=head))


@pytest.fixture
def folder(tmp_path: Path, write_video) -> Callable[..., Path]:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Return a function that writes two activities, dark and bright, of so many clips per group."""

    def write(*groups: int) -> Path:
        data = tmp_path / "data"
        for label, grey in (("dark", 20), ("bright", 230)):
            (data / label).mkdir(parents=True)
            for group, count in enumerate(groups, start=1):
                for clip in range(1, count + 1):

                    def draw(
                        frame: int, _: object, shade: int = grey + clip, columns: int = group
                    ) -> NDArray[np.uint8]:
                        image = np.full((SIZE[1], SIZE[0], 3), shade - 5 * frame, np.uint8)
                        image[:, : 4 * columns] = 128  # no clip may be like another to the byte
                        return image

                    path = write_video("x.avi", frames=2, rate=5.0, size=SIZE, draw=draw)
                    shutil.move(path, data / label / f"v_{label}_g{group:02}_c{clip:02}.avi")
        return data

    return write


def reproduce(data: Path, out: Path, *more: str) -> int:
    cache = str(data.parent / "cache")
    return main(["reproduce", str(data), "--out", str(out), "--cache", cache, *more])


def table(out: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((out / "table.json").read_text())
    return read


def test_all_are_trained_on_the_same_sides_and_stand_beside_the_slides(
    folder: Callable[..., Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fitted: list[bool] = []
    epoch = fit.Fit.epoch

    def counted(self: fit.Fit) -> dict[str, Any]:
        fitted.append(self.network.cnn is not None)
        return epoch(self)

    monkeypatch.setattr(fit.Fit, "epoch", counted)
    out = tmp_path / "out"
    assert reproduce(folder(1, 1, 1, 1), out, "--epochs", "2") == 0
    told = capsys.readouterr()
    made = table(out)
    assert [row["preset"] for row in made["approaches"]] == APPROACHES
    assert [row["published"] is None for row in made["approaches"]] == 4 * [False] + [True]
    assert made["approaches"][0]["published"]["accuracy"]["test"] == 0.4484
    assert made["split"].startswith("4 training and 2 validation clips, 2 test clips")
    for row in made["approaches"]:
        here = row["here"]
        assert here["clips"] == 2
        assert 0 <= here["clip_mean"] <= 1
        assert (here["frame_average"] is None) == (row["preset"] in ("cnn", "vgg16"))
        assert load_model(out / f"{row['preset']}.safetensors").info.preset == row["preset"]
        assert f"{100 * here['accuracy']['test']:.2f} %" in told.out
    sides = {(out / f"{name}.run" / "clips.json").read_text() for name in APPROACHES}
    assert len(sides) == 1
    for words in (
        "published",
        "44.84 %",
        "48,326,343",
        "frame average",
        "no group appears in both",
    ):
        assert words in told.out
    assert "All clips are used, not the slides' numbers of them." in told.err
    page = (out / "reproduce.html").read_text()
    assert "44.84 %" in page
    assert made["conclusion"] in page.replace("&nbsp;", " ")
    assert "http" not in page.replace("http-equiv", "")
    assert fitted.count(True) == 2  # the CNN of 1.1 is 1.2's too, and not fitted twice
    cnn, lstm = (load_model(out / f"{name}.safetensors").cnn for name in ("cnn", "cnn-lstm"))
    assert cnn is not None
    assert lstm is not None
    assert str(cnn.state_dict()) == str(lstm.state_dict())
    assert not (out / "fits").exists()


@pytest.mark.slow
def test_interrupted_again_and_again_it_goes_on(
    folder: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, whole, broken = folder(1, 1, 1), tmp_path / "whole", tmp_path / "broken"
    assert reproduce(data, whole, "--epochs", "2") == 0
    epoch = fit.Fit.epoch
    left = 0

    def interrupted(self: fit.Fit) -> dict[str, Any]:
        nonlocal left
        if left == 0:
            raise KeyboardInterrupt
        left -= 1
        return epoch(self)

    monkeypatch.setattr(fit.Fit, "epoch", interrupted)
    sessions = 0
    status = 130
    while status == 130 and sessions < 20:
        left, sessions = 3, sessions + 1
        status = reproduce(data, broken, "--epochs", "2")
    assert status == 0
    assert sessions > 3
    assert table(broken) == table(whole)
    left = 0
    (broken / "table.json").unlink()
    assert reproduce(data, broken, "--epochs", "2") == 0  # nothing is fitted again
    assert table(broken) == table(whole)


def test_another_reproduction_needs_another_folder(
    folder: Callable[..., Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("training.reproduce.approaches.run_training", stop)
    data = folder(1, 1, 1)
    assert reproduce(data, tmp_path / "out", "--seed", "1") == 130
    assert "the same command continues" in capsys.readouterr().err
    assert reproduce(data, tmp_path / "out", "--seed", "2") == 2
    assert "other clips or settings" in capsys.readouterr().err
    assert reproduce(data, tmp_path / "out", "--seed", "1", "--device", "cpu") == 130


@pytest.mark.parametrize(
    ("groups", "more", "protocol"),
    [
        ((8, 10, 10), (), "slides"),
        ((8, 10, 10), ("--protocol", "all"), "all"),
        ((1, 1, 1), (), "all"),
        ((1, 1, 1), ("--protocol", "slides"), "The slides' protocol needs 28 clips"),
        ((1, 1), (), "are needed to keep the sides apart"),
    ],
)
def test_the_slides_protocol_is_followed_where_the_clips_suffice(
    folder: Callable[..., Path],
    tmp_path: Path,
    groups: tuple[int, ...],
    more: tuple[str, ...],
    protocol: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("training.reproduce.approaches.run_training", stop)
    status = reproduce(folder(*groups), tmp_path / "out", *more)
    if protocol in ("slides", "all"):
        assert status == 130
        assert Settings.read(tmp_path / "out" / "cnn.run" / "run.json").protocol == protocol
    else:
        assert status == 2
        assert protocol in capsys.readouterr().err
