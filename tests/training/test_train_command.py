"""`lrcn-desktop train` as a person runs it, on small real videos."""

import json
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from lrcn_desktop.arrays import save_array
from lrcn_desktop.cli import main
from lrcn_desktop.model.model import load_model
from lrcn_desktop.training_events import DataFound, Done, RunBegun, StageBegun, parse
from training.features.cache import FeatureCache

SIZE = (64, 48)


def flat(grey: int) -> NDArray[np.uint8]:
    return np.full((SIZE[1], SIZE[0], 3), grey, np.uint8)


@dataclass(frozen=True)
class Trained:
    """A training that is done, and what it said."""

    folder: Path
    printed: str
    warned: str

    @property
    def cache(self) -> Path:
        """Where its features are."""
        (cache,) = (self.folder.parent / "cache").glob("vgg16-*")
        return cache


def make_clips(data: Path, make_video: Callable[..., Path]) -> Path:
    """Make two activities that anyone can tell apart, dark and bright: 3 clips of 0.6 s each."""
    for label, grey in (("dark", 20), ("bright", 230)):
        (data / label).mkdir(parents=True)
        for number in range(3):
            make_video(
                data / label / f"v_{label}_g0{number + 1}_c01.avi",
                frames=3,
                rate=5.0,
                size=SIZE,
                draw=lambda _, __, grey=grey, number=number: flat(grey + 5 * number),
            )
    return data


@pytest.fixture
def folder(tmp_path: Path, make_video: Callable[..., Path]) -> Path:
    """Return a folder of clips."""
    return make_clips(tmp_path / "data", make_video)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, make_video: Callable[..., Path]) -> Trained:
    """Train on a folder of clips in which one file is no video."""
    folder = make_clips(tmp_path_factory.mktemp("trained") / "data", make_video)
    (folder / "dark" / "broken.avi").write_bytes(b"no video")
    printed, warned = StringIO(), StringIO()
    with redirect_stdout(printed), redirect_stderr(warned):
        assert main(arguments(folder)) == 0
    return Trained(folder, printed.getvalue(), warned.getvalue())


def arguments(folder: Path, *more: str, to: Path | None = None) -> list[str]:
    """Return those of a training whose model is in `to`, else beside the clips."""
    out = (to or folder.parent) / "model.safetensors"
    given = ["train", str(folder), "--out", str(out), "--cache", str(folder.parent / "cache")]
    return [*given, "--epochs", "3", "--folds", "2", *more]


def test_a_folder_of_clips_becomes_a_model_that_recognizes_them(
    trained: Trained, tmp_path: Path
) -> None:
    path = trained.folder.parent / "model.safetensors"
    model = load_model(path)
    info = model.info
    assert info.classes == ("bright", "dark")
    assert info.training["groups"] == 6
    assert len(info.training["clips_sha256"]) == 6
    assert info.test["accuracy of clips by the mean"] >= 0.8
    low, high = info.test["accuracy of clips by the mean, interval"]
    assert 0 <= low < high <= 1
    assert (info.test["clips"], info.test["groups"]) == (6, 6)
    assert info.test["calibrated on"] == "other folds"
    assert "6 clips are right (95 % interval: " in trained.printed
    assert "clips right, by the mean" in trained.printed
    assert model.head.frames is not None  # which is the baseline too
    assert model.baseline is None

    run = path.with_suffix(".run")
    assert "<html" in (run / "report.html").read_text("utf-8")
    assert not (run / "fits").exists()
    events = [parse(line) for line in (run / "progress.jsonl").read_bytes().splitlines()]
    assert None not in events, "the window reads every line"
    kinds = [type(e) for e in events if isinstance(e, RunBegun | DataFound | Done)]
    assert kinds == [RunBegun, DataFound, Done]
    assert {e.stage for e in events if isinstance(e, StageBegun)} >= {"features", "fit", "test"}

    result = tmp_path / "result.json"
    clip = trained.folder / "bright" / "v_bright_g01_c01.avi"
    assert main(["analyze", str(clip), "--model", str(path), "--json", str(result)]) == 0
    assert json.loads(result.read_text())["summary"]["label"] == "bright"


def test_a_broken_clip_is_left_out_and_named(trained: Trained) -> None:
    run = trained.folder.parent / "model.run"
    rows = (run / "quarantine.csv").read_text().splitlines()
    assert len(rows) == 2
    assert "broken.avi" in rows[1]
    assert "quarantine.csv" in trained.warned


def test_features_are_computed_once_and_documented(
    trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = json.loads((trained.cache / "features.json").read_text())
    assert (made["backbone"], made["rate"], made["dim"]) == ("vgg16", 5.0, 3072)
    rows = (trained.cache / "index.csv").read_text().splitlines()
    assert rows[0] == "clip,label,group,split,rate,file"
    assert len(rows) == 7
    array = np.load(trained.cache / rows[1].split(",")[-1])
    assert (array.shape, array.dtype) == ((3, 3072), np.float16)

    def refuse(*_: object) -> None:
        raise AssertionError("computed again")

    monkeypatch.setattr("training.run.prepare.open_engine", refuse)
    assert main(arguments(trained.folder, to=tmp_path)) == 0
    first = (trained.folder.parent / "model.safetensors").read_bytes()
    assert (tmp_path / "model.safetensors").read_bytes() == first  # the same seed


def test_a_cache_trains_as_a_feature_folder_too(trained: Trained, tmp_path: Path) -> None:
    out = tmp_path / "again.safetensors"
    given = ["train", "--features", str(trained.cache), "--out", str(out)]
    assert main([*given, "--epochs", "3", "--folds", "2"]) == 0
    info = load_model(out).info
    assert (info.backbone.kind, info.step_rate) == ("vgg16", 5.0)
    assert info.test == load_model(trained.folder.parent / "model.safetensors").info.test


@pytest.mark.slow
def test_mirrored_frames_are_learnt_from_too(folder: Path) -> None:
    assert main(arguments(folder, "--epochs", "1", "--flips")) == 0
    caches = (folder.parent / "cache").glob("vgg16-*")
    assert sorted("-flip" in cache.name for cache in caches) == [False, True]


def test_an_interrupted_extraction_keeps_whole_clips_only(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = []

    def save(path: Path, array: NDArray[np.float16]) -> None:
        saved.append(array)
        if len(saved) == 3:
            raise KeyboardInterrupt
        save_array(path, array)

    monkeypatch.setattr("training.features.cache.save_array", save)
    given = ("--preset", "vgg16", "--epochs", "1")
    assert main(arguments(folder, *given)) == 130
    monkeypatch.undo()
    run = folder.parent / "model.run"
    assert f"--resume {run}" in capsys.readouterr().err
    assert len(list((folder.parent / "cache").rglob("*.npy"))) == 2
    assert not list((folder.parent / "cache").rglob("*.part"))
    assert main(["train", "--resume", str(run)]) == 0
    assert load_model(folder.parent / "model.safetensors").info.preset == "vgg16"


def test_the_slides_preset_with_memory_trains(trained: Trained, tmp_path: Path) -> None:
    given = ("--preset", "vgg16-lstm", "--epochs", "1")
    assert main(arguments(trained.folder, *given, to=tmp_path)) == 0
    assert load_model(tmp_path / "model.safetensors").info.preset == "vgg16-lstm"


@pytest.mark.parametrize(
    ("more", "what"),
    [
        (("--activities", "dark,none"), "'none'"),
        (("--folds", "7"), "too few for 7 folds"),
        (("--folds", "0"), "too few"),
        (("--rate", "0"), "makes no sense"),
        (("--epochs", "0"), "too few"),
        (("--features", "x"), "Give one of both"),
        (("--preset", "cnn"), "leave --folds out"),  # which `arguments` gives
        (("--compare", "no such model"), "no such model"),
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
