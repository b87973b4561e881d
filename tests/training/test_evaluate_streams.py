"""`lrcn-desktop evaluate --streams` as a user runs it."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from lrcn_desktop.cli import main
from lrcn_desktop.model.backbones.vgg16 import VGG16
from lrcn_desktop.model.model import build_model, save_model
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.model.presets import BackboneConfig, HeadConfig

CLASSES = ("run", "walk", "jump")
SHARED = Path(__file__).parents[3] / "shared" / "data"
VARIANTS = {"model", "frames", "memory", "reset"}


def model(tmp_path: Path, *, classes: tuple[str, ...] = CLASSES, vgg16: bool = False) -> Path:
    """Save a model with a frame network beside its memory; of features, it knows what they are."""
    info = ModelInfo(
        name="mine",
        classes=classes,
        preset="default",
        backbone=BackboneConfig(size=96) if vgg16 else BackboneConfig("features", 3),
        head=HeadConfig(pool="average" if vgg16 else "flatten", hidden=(4,), frames=True),
        step_rate=2.0,
        backbone_digest=VGG16.digest if vgg16 else None,
        threshold=0.6,
    )
    torch.manual_seed(0)
    built = build_model(info)
    if not vgg16:
        with torch.no_grad():
            assert built.head.frames is not None
            built.head.frames.classifier.weight.copy_(6 * torch.eye(3))
            built.head.frames.classifier.bias.zero_()
    path = tmp_path / "mine.safetensors"
    save_model(path, built)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A feature folder of 30 clips of 5 s: what a model sees is sure but where it is unknown."""
    folder = tmp_path / "features"
    folder.mkdir()
    labels = [*CLASSES, "swim", "sleep"] * 6
    with (folder / "index.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("clip", "label", "group", "split", "rate", "file"))
        for number, label in enumerate(labels):
            rows.writerow((f"{number}", label, "", "", 2, f"{number}.npy"))
            row = np.full(3, number / 32)  # as likely the one as the other; no two clips alike
            if label in CLASSES:
                row = np.eye(3)[CLASSES.index(label)]
            np.save(folder / f"{number}.npy", np.tile(row, (10, 1)).astype(np.float16))
    return folder


def evaluate(*arguments: object) -> int:
    return main(["evaluate", *map(str, arguments)])


def test_streams_of_a_feature_folder_are_judged_and_shown(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, page, mine = tmp_path / "e.json", tmp_path / "e.html", model(tmp_path)
    command = (mine, "--features", folder, "--streams", "--json", out, "--html", page)
    assert evaluate(*command) == 0
    told = capsys.readouterr()
    figures = json.loads(out.read_text())
    assert figures["clips"] == 18  # by themselves
    streams = figures["streams"]
    assert streams.keys() >= VARIANTS
    assert streams["frames"]["accuracy"] == 1.0
    assert streams["frames"]["unknown_shown"] == 0.0
    assert streams["frames"]["f1"]["0.50"] == 1.0
    assert streams["frames"]["auroc"] == 1.0
    assert 0.2 < streams["unknown_seconds"] / streams["seconds"] < 0.4
    assert len(streams["timelines"]) == streams["streams"] == 1
    assert "their clips are unknown stretches of the streams only" in told.err
    assert "segmental F1 at overlap 0.50" in told.out
    assert 'class="bands"' in page.read_text("utf-8")
    first = streams
    assert evaluate(*command) == 0
    assert json.loads(out.read_text())["streams"] == first  # to the last digit
    assert evaluate(mine, "--features", folder, "--json", out) == 0
    assert "streams" not in json.loads(out.read_text())


def test_clips_of_another_folder_are_what_is_unknown(
    tmp_path: Path,
    write_video,  # type: ignore[no-untyped-def]  # noqa: ANN001
    capsys: pytest.CaptureFixture[str],
) -> None:
    def videos(data: Path, *labels: str) -> Path:
        for place, label in enumerate(labels):
            (data / label).mkdir(parents=True)
            for number in range(2):
                grey = 30 * place + 10 * number + (100 if data.name == "other" else 0)

                def draw(frame: int, _: object, grey: int = grey) -> np.ndarray:  # type: ignore[type-arg]
                    return np.full((48, 64, 3), grey + frame, np.uint8)

                clip = write_video("x.avi", frames=10, rate=10.0, size=(64, 48), draw=draw)
                clip.rename(data / label / f"{number}.avi")
        return data

    data, other = videos(tmp_path / "data", "run", "walk", "swim"), tmp_path / "other"
    videos(other, "traffic", "Run")  # which the model knows
    mine, out = model(tmp_path, vgg16=True), tmp_path / "e.json"
    common = ("--cache", tmp_path / "cache", "--json", out, "--device", "cpu", "--streams")
    assert evaluate(mine, data, "--other", other, *common) == 0
    streams = json.loads(out.read_text())["streams"]
    used = [label for timeline in streams["timelines"] for *_, label in timeline["truth"]]
    assert {"run", "walk", None} == set(used)
    assert streams["clips"] <= 8  # four known, two of swim, two of traffic
    assert evaluate(mine, data, "--other", data, *common) == 0
    assert evaluate(mine, data, "--other", tmp_path / "data" / "run", *common) == 2
    assert "has no clip of what the model does not know" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("demo", "--other", "x"), "add --streams"),
        (("demo", "--streams", "--flow", "x"), "leave --flow out"),
        (("--features", "x", "--streams", "--other", "y"), "--other needs DATA"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    arguments: tuple[str, ...], what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate("ucf101-7", *arguments) == 2
    assert what in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the clips beside the checkout")
def test_the_light_model_on_real_clips(tmp_path: Path) -> None:
    """It was trained on these very clips: what is held here is that the streams are real."""
    out = tmp_path / "e.json"
    common = ("--cache", tmp_path / "cache", "--json", out, "--streams")
    other = ("--other", SHARED / "other")
    chosen = ("--activities", "Punch,YoYo,BaseballPitch")
    assert evaluate("ucf101-7-light", SHARED / "ucf101", *chosen, *other, *common) == 0
    streams = json.loads(out.read_text())["streams"]
    assert streams.keys() >= VARIANTS
    assert streams["frames"]["accuracy"] > 0.9
    assert streams["reset"]["accuracy"] > 0.9
    assert streams["frames"]["auroc"] > 0.8
    assert 0.25 < streams["unknown_seconds"] / streams["seconds"] < 0.34
