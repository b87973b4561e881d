"""`lrcn-desktop evaluate` as a person runs it: on feature folders and on small real videos."""

import csv
import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from lrcn_desktop.cli import main
from lrcn_desktop.model.backbones.vgg16 import VGG16
from lrcn_desktop.model.model import Model, build_model, load_model, save_model
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.model.presets import BackboneConfig, HeadConfig
from lrcn_desktop.video.demo import ACTIVITIES
from training.data.demo import demo_data_set
from training.evaluation.test_clips import demo_clips
from training.features.folder import read_feature_folder

CLASSES = ("run", "walk", "jump")
SIZE = (64, 48)


def model(tmp_path: Path, name: str = "mine", **more: object) -> Path:
    """Save a model of three activities whose logits are its features themselves, and its path."""
    info = ModelInfo(
        name=name,
        classes=CLASSES,
        preset="default",
        backbone=BackboneConfig("features", 3),
        head=HeadConfig(pool="flatten"),
        step_rate=2.0,
    )
    info = replace(info, **more)  # type: ignore[arg-type]
    torch.manual_seed(0)
    built = build_model(info)
    if info.backbone.size == 3 and not info.head.hidden:
        with torch.no_grad():
            built.head.classifier.weight.copy_(torch.eye(3))
            built.head.classifier.bias.zero_()
    path = tmp_path / f"{name}.safetensors"
    save_model(path, Model(info, built.head, built.cnn, built.baseline, built.baseline_cnn))
    return path


def features(folder: Path, clips: Sequence[tuple[str, str, str, Sequence[int]]]) -> Path:
    """Write a feature folder of clips (name, label, split, what each step is sure of)."""
    folder.mkdir()
    with (folder / "index.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("clip", "label", "group", "split", "rate", "file"))
        for name, label, split, said in clips:
            rows.writerow((name, label, "", split, 2, f"{name}.npy"))
            np.save(folder / f"{name}.npy", np.eye(3, dtype=np.float16)[list(said)] * 5)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return features(
        tmp_path / "features",
        [
            ("a", "walk", "test", [1, 1, 0]),  # labels in another order than the model's
            ("b", "run", "test", [2, 2, 0]),
            ("c", "JUMP", "train", [2, 2]),
            ("d", "swim", "test", [0]),
        ],
    )


def evaluate(*arguments: object) -> int:
    return main(["evaluate", *map(str, arguments)])


def test_a_feature_folder_is_judged_by_its_test_side(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, page = tmp_path / "e.json", tmp_path / "e.html"
    digest = next(c.digest for c in read_feature_folder(folder).clips if c.name == "b")
    mine = model(tmp_path, training={"clips_sha256": [digest, "feedfeedfeed"]})
    assert evaluate(mine, "--features", folder, "--json", out, "--html", page) == 0
    told = capsys.readouterr()
    figures = json.loads(out.read_text())
    assert figures["clips"] == 2
    assert figures["accuracy"] == {"frame": 0.5, "clip_mean": 0.5, "clip_last": 0.5}
    assert figures["baseline"] == figures["accuracy"]
    assert figures["groups"] == 2
    assert figures["intervals"]["accuracy"]["clip_mean"] == pytest.approx([0.095, 0.905], abs=1e-3)
    assert figures["intervals"]["difference"]["frame"] == [0.0, 0.0]
    assert figures["calibrated_on"] == "other clips"
    assert "results" not in figures
    assert figures["classes"] == list(CLASSES)
    assert figures["confusion"] == [[0, 0, 1], [0, 1, 0], [0, 0, 0]]
    assert figures["per_class"]["walk"]["clip_mean"] == 1.0
    assert {"ece", "loss", "accuracy_by_seconds", "worst"} <= figures.keys()
    assert figures["seen_in_training"] == 1
    assert "does not know swim" in told.err
    assert "The 2 clips of the split's test side are judged, not the other 1." in told.err
    assert "trained on 1 of these 2 clips" in told.out
    assert "mine on features" in page.read_text()


def test_the_figures_alone_are_printed_for_programs(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = model(tmp_path)
    assert evaluate(mine, "--features", folder, "--json", "-") == 0
    assert json.loads(capsys.readouterr().out)["clips"] == 2
    assert evaluate(mine, "--features", folder, "--progress", "json") == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert events[-1]["event"] == "done"
    assert events[-1]["evaluation"]["accuracy"]["frame"] == 0.5
    assert events[-1]["verdict"]
    assert "note" in {event["event"] for event in events}


def test_the_frame_network_of_the_file_is_the_baseline(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "e.json"
    whole = load_model(
        model(tmp_path, head=HeadConfig(pool="flatten", hidden=(4,)), baseline="head")
    )
    without = tmp_path / "without.safetensors"
    save_model(without, Model(replace(whole.info, baseline="none"), whole.head))
    told = []
    for path in (tmp_path / "mine.safetensors", without):
        assert evaluate(path, "--features", folder, "--json", out) == 0
        told.append(json.loads(out.read_text()))
    assert all(figures["memory"] for figures in told)
    assert told[0]["loss"] == told[1]["loss"]
    assert told[0]["baseline_loss"] != told[1]["baseline_loss"]
    assert "stands in for it" in capsys.readouterr().err


@pytest.fixture
def videos(tmp_path: Path, write_video) -> Path:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Two activities of two clips of a second each, and one that no model knows."""
    data = tmp_path / "data"
    for label, grey in (("walk", 20), ("run", 230), ("swim", 100)):
        (data / label).mkdir(parents=True)
        for number in (1, 2):

            def draw(frame: int, _: object, grey: int = grey) -> NDArray[np.uint8]:
                return np.full((SIZE[1], SIZE[0], 3), grey + frame, np.uint8)

            clip = write_video("x.avi", frames=10, rate=10.0, size=SIZE, draw=draw)
            shutil.move(clip, data / label / f"v_{label}_g0{number}_c01.avi")
    return data


ON_VGG16 = {"backbone": BackboneConfig(size=96), "backbone_digest": VGG16.digest}
SMALL = HeadConfig(pool="average", hidden=(4,))


@pytest.mark.parametrize(
    "network",
    [
        {**ON_VGG16, "head": SMALL, "baseline": "head"},
        {
            "backbone": BackboneConfig("cnn", 96),
            "head": HeadConfig(fc=(8,), hidden=(4,)),
            "baseline": "network",
            "preset": "cnn-lstm",
        },
    ],
    ids=["vgg16", "cnn"],
)
def test_clips_are_judged_at_any_rate(
    videos: Path, tmp_path: Path, network: dict[str, object]
) -> None:
    mine, out = model(tmp_path, **network), tmp_path / "e.json"
    common = (mine, videos, "--cache", tmp_path / "cache", "--json", out, "--device", "cpu")
    assert evaluate(*common) == 0
    assert sum(b["steps"] for b in json.loads(out.read_text())["reliability"]) == 8
    assert evaluate(*common, "--rate", 5, "--activities", "Walk") == 0
    figures = json.loads(out.read_text())
    assert sum(b["steps"] for b in figures["reliability"]) == 10
    assert {label: f["clips"] for label, f in figures["per_class"].items() if f["clips"]} == {
        "walk": 2
    }


def test_a_flow_model_is_fused_with_it(
    videos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine, out = model(tmp_path, head=SMALL, **ON_VGG16), tmp_path / "e.json"
    flow = model(
        tmp_path, "flow", head=SMALL, stream="flow", classes=("jump", "walk", "run"), **ON_VGG16
    )
    common = (videos, "--cache", tmp_path / "cache", "--json", out)
    assert evaluate(mine, *common, "--flow", flow) == 0
    fusion = json.loads(out.read_text())["fusion"]
    assert list(fusion) == ["flow alone", "1/2, 1/2", "1/3, 2/3"]
    alone = fusion["flow alone"]
    assert alone["classes"] == list(CLASSES)
    assert evaluate(flow, *common) == 0  # by itself, in its own order
    itself = json.loads(out.read_text())
    assert itself["loss"] == pytest.approx(alone["loss"])
    assert itself["accuracy"] == alone["accuracy"]
    assert "1/3, 2/3" in capsys.readouterr().out
    assert evaluate(flow, *common, "--flow", mine) == 2
    other = model(tmp_path, "o", head=SMALL, stream="flow", classes=("a", "b", "c"), **ON_VGG16)
    assert evaluate(mine, *common, "--flow", other) == 2
    assert "know different activities" in capsys.readouterr().err


def test_the_demo_is_judged_on_new_scenes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trained = {clip.name for clip in demo_data_set(5.0).clips}
    assert not trained & {clip.name for clip in demo_clips(5.0).clips}
    monkeypatch.setattr("training.evaluation.test_clips.SCENES", 1)  # a scene takes seconds to draw
    out, mine = (
        tmp_path / "e.json",
        model(tmp_path, classes=tuple(ACTIVITIES), head=SMALL, **ON_VGG16),
    )
    arguments = ("demo", "--rate", 0.2, "--cache", tmp_path / "cache", "--json", out)
    assert evaluate(mine, *arguments) == 0
    figures = json.loads(out.read_text())
    assert (figures["clips"], figures["unit"]) == (1, "step")
    assert figures["accuracy"]["clip_mean"] is None


@pytest.mark.parametrize(
    ("change", "more", "what"),
    [
        ({"classes": ("x", "y", "z")}, (), "has no clip of what the model 'mine' knows"),
        ({}, ("--activities", "swim"), "does not know 'swim'"),
        ({"backbone": BackboneConfig("features", 4)}, (), "needs 4"),
        ({"stream": "flow"}, (), "is one of optical flow"),
        ({}, ("--json", "/nowhere/e.json"), "does not exist"),
    ],
)
def test_what_a_person_can_mend_is_one_sentence(
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: dict[str, object],
    more: tuple[str, ...],
    what: str,
) -> None:
    mine = model(tmp_path, **change)
    assert evaluate(mine, "--features", folder, *more) == 2
    assert what in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize("arguments", [(), ("demo", "--features", "x")])
def test_one_source_of_clips_is_asked_for(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate("ucf101-7", *arguments) == 2
    assert "Give one of both" in capsys.readouterr().err


def test_two_writers_of_one_output_are_refused() -> None:
    with pytest.raises(SystemExit) as ended:
        evaluate("ucf101-7", "demo", "--json", "-", "--progress", "json")
    assert ended.value.code == 2


def test_a_folder_without_known_activities_says_what_it_has(
    videos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = model(tmp_path, classes=("x", "y", "z"), head=SMALL, **ON_VGG16)
    assert evaluate(mine, videos, "--cache", tmp_path / "cache") == 2
    assert "swim" in capsys.readouterr().err
