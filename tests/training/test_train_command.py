"""`lrcn-desktop train` as a person runs it, on small real videos."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from lrcn_desktop.cli import main
from lrcn_desktop.model.model_file import load_model
from training import train
from training.features.cache import FeatureCache

SIZE = (64, 48)


def flat(grey: int) -> NDArray[np.uint8]:
    return np.full((SIZE[1], SIZE[0], 3), grey, np.uint8)


@pytest.fixture
def folder(tmp_path: Path, write_video) -> Path:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Two activities that anyone can tell apart: dark and bright; three clips of 0.6 s each."""
    data = tmp_path / "data"
    for label, grey in (("dark", 20), ("bright", 230)):
        (data / label).mkdir(parents=True)
        for number in range(3):
            path = write_video(
                "x.avi",
                frames=3,
                rate=5.0,
                size=SIZE,
                draw=lambda _, __, grey=grey, number=number: flat(grey + 5 * number),
            )
            shutil.move(path, data / label / f"v_{label}_g0{number + 1}_c01.avi")
    return data


def arguments(folder: Path, *more: str) -> list[str]:
    out = folder.parent / "model.safetensors"
    cache = folder.parent / "cache"
    return [
        "train",
        str(folder),
        "--out",
        str(out),
        "--cache",
        str(cache),
        "--epochs",
        "8",
        "--folds",
        "3",
        *more,
    ]


def test_a_folder_of_clips_becomes_a_model_that_recognizes_them(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments(folder)) == 0
    printed = capsys.readouterr().out
    model = folder.parent / "model.safetensors"
    info = load_model(model).info
    assert info.classes == ("bright", "dark")
    assert info.training["groups"] == 6
    assert info.test["accuracy of clips by the mean"] >= 0.8
    assert f"{info.test['accuracy of clips by the mean']:.1%}" in printed
    assert "no group on two sides" in info.test["protocol"]

    result = folder.parent / "result.json"
    clip = folder / "bright" / "v_bright_g01_c01.avi"
    assert main(["analyze", str(clip), "--model", str(model), "--json", str(result)]) == 0
    assert json.loads(result.read_text())["summary"]["label"] == "bright"


def test_features_are_computed_once_and_documented(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(arguments(folder)) == 0
    (cache,) = (folder.parent / "cache").iterdir()
    made = json.loads((cache / "features.json").read_text())
    assert (made["backbone"], made["rate"], made["dim"]) == ("vgg16", 5.0, 25088)
    rows = (cache / "index.csv").read_text().splitlines()
    assert rows[0] == "clip,label,group,split,rate,file"
    assert len(rows) == 7
    array = np.load(cache / rows[1].split(",")[-1])
    assert (array.shape, array.dtype) == ((3, 25088), np.float16)

    def refuse(*_: object) -> None:
        raise AssertionError("computed again")

    monkeypatch.setattr("training.commands.train.open_engine", refuse)
    assert main(arguments(folder)) == 0


def test_the_same_seed_gives_the_same_model(folder: Path) -> None:
    model = folder.parent / "model.safetensors"
    assert main(arguments(folder)) == 0
    first = model.read_bytes()
    assert main(arguments(folder)) == 0
    assert model.read_bytes() == first


@pytest.mark.parametrize("where", ["fit_head", "cross_validate"])
def test_ctrl_c_leaves_a_usable_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    real = train.fit_head

    def interrupted(*given: object) -> None:
        if where == "fit_head":
            real(*given)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(train, where, interrupted)
    assert main(arguments(folder)) == 130
    assert load_model(folder.parent / "model.safetensors").info.classes == ("bright", "dark")


def test_an_interrupted_extraction_keeps_whole_clips_only(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = np.save
    saved = []

    def save(file: object, array: NDArray[np.float16]) -> None:
        saved.append(array)
        if len(saved) == 3:
            raise KeyboardInterrupt
        real(file, array)  # type: ignore[call-overload]

    monkeypatch.setattr(np, "save", save)
    assert main(arguments(folder)) == 130
    monkeypatch.undo()
    assert len(list((folder.parent / "cache").rglob("*.npy"))) == 2
    assert not list((folder.parent / "cache").rglob("*.part"))
    assert main(arguments(folder)) == 0


@pytest.mark.parametrize("preset", ["vgg16", "vgg16-lstm"])
def test_the_slides_presets_train(folder: Path, preset: str) -> None:
    assert main(arguments(folder, "--preset", preset, "--epochs", "1")) == 0
    assert load_model(folder.parent / "model.safetensors").info.preset == preset


@pytest.mark.parametrize(
    ("more", "what"),
    [
        (("--activities", "dark,none"), "'none'"),
        (("--folds", "7"), "too few for 7 folds"),
        (("--folds", "1"), "too few"),
        (("--rate", "0"), "makes no sense"),
        (("--epochs", "0"), "too few"),
    ],
)
def test_what_a_person_can_mend_is_one_sentence(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    more: tuple[str, ...],
    what: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(FeatureCache, "fill", lambda *_: pytest.fail("worked before it looked"))
    assert main(arguments(folder, *more)) == 2
    assert what in capsys.readouterr().err
    assert not (folder.parent / "model.safetensors").exists()


def test_a_broken_clip_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "dark" / "broken.avi").write_bytes(b"no video")
    assert main(arguments(folder)) == 2
    assert "broken.avi" in capsys.readouterr().err
