"""Feature folders that another program filled."""

import json
from pathlib import Path

import numpy as np
import pytest

from lrcn_desktop.cli import main
from lrcn_desktop.errors import UserError
from lrcn_desktop.model.model import load_model
from training.features.folder import read_feature_folder

HEADER = "clip,label,group,split,rate,file"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Vectors of 40 numbers, as fc6 would give; two activities, an official split."""
    rng = np.random.default_rng(0)
    root = tmp_path / "fc6"
    root.mkdir()
    rows = [HEADER]
    for number in range(24):
        label = ("Archery", "Bowling")[number % 2]
        features = np.maximum(rng.normal(size=(5, 40)), 0).astype(np.float32) * 10
        features[:, number % 2] += 20
        np.save(root / f"{number}.npy", features)
        side = "test" if number >= 18 else "train"
        rows.append(f"v{number},{label},g{number // 2},{side},3.5,{number}.npy")
    (root / "index.csv").write_text("\n".join(rows) + "\n", "utf-8")
    (root / "features.json").write_text(json.dumps({"made by": "another program"}))
    return root


def test_a_folder_from_elsewhere_trains_and_is_judged_by_its_own_split(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, result = folder.parent / "m.safetensors", folder.parent / "r.json"
    given = ["train", "--features", str(folder), "--out", str(out), "--epochs", "4"]
    assert main(given) == 0
    info = load_model(out).info
    assert (info.backbone.kind, info.backbone.dim, info.step_rate) == ("features", 40, 3.5)
    assert (info.training["clips"], info.test["clips"]) == (18, 6)
    assert info.test["accuracy of clips by the mean"] == 1.0

    given = ["evaluate", str(out), "--features", str(folder), "--json", str(result)]
    assert main(given) == 0
    found = json.loads(result.read_text())
    assert (found["clips"], found["accuracy"]["clip_mean"]) == (6, 1.0)
    assert found["seen_in_training"] == 0

    capsys.readouterr()
    assert main(["analyze", "demo", "--seconds", "1", "--model", str(out)]) == 2
    assert "features from elsewhere" in capsys.readouterr().err


@pytest.mark.parametrize("preset", ["vgg16", "vgg16-lstm"])
def test_the_slides_heads_train_on_it(folder: Path, preset: str) -> None:
    out = folder.parent / "m.safetensors"
    given = ["train", "--features", str(folder), "--out", str(out), "--preset", preset]
    assert main([*given, "--epochs", "1"]) == 0
    assert load_model(out).info.preset == preset


def test_a_network_on_frames_says_that_it_needs_them(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["train", "--features", str(folder), "--out", str(folder.parent / "m.safetensors")]
    assert main([*given, "--preset", "cnn"]) == 2
    assert "give it DATA" in capsys.readouterr().err


def test_half_precision_and_no_description_will_do(folder: Path) -> None:
    (folder / "features.json").unlink()
    for path in folder.glob("*.npy"):
        np.save(path, np.load(path).astype(np.float16))
    found = read_feature_folder(folder)
    assert (found.classes, len(found.clips)) == (("Archery", "Bowling"), 24)
    assert found.clips[0].load().dtype == np.float16


def row(folder: Path, text: str) -> None:
    lines = (folder / "index.csv").read_text("utf-8").splitlines()
    (folder / "index.csv").write_text("\n".join([*lines[:3], text, *lines[4:]]), "utf-8")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("v2,,g1,train,3.5,2.npy", "row 4: the clip's name and its label must not be empty"),
        ("v0,Archery,g1,train,3.5,2.npy", "the clip 'v0' twice"),
        ("v2,Archery,g1,maybe,3.5,2.npy", "row 4: the split 'maybe'"),
        ("v2,Archery,g1,train,fast,2.npy", "row 4: the rate 'fast'"),
        ("v2,Archery,g1,train,0,2.npy", "row 4: the rate '0'"),
        ("v2,Archery,g1,train,3.5,none.npy", "row 4: none.npy is no array file"),
        ("v2,Archery,g1,train,3.5,../x.npy", "row 4: the file '../x.npy' lies outside"),
        ("v2,Archery,g1,train,3.5,features.json", "row 4: features.json is no array file"),
    ],
)
def test_a_wrong_row_is_named(folder: Path, text: str, what: str) -> None:
    row(folder, text)
    with pytest.raises(UserError) as error:
        read_feature_folder(folder)
    assert what in str(error.value)


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((5, 40), np.float64),
        np.zeros((5, 40), np.int32),
        np.zeros((5, 41), np.float32),
        np.zeros(40, np.float32),
        np.zeros((0, 40), np.float32),
        np.full((5, 40), np.nan, np.float32),
        np.array([{}], dtype=object),
    ],
    ids=["double", "whole", "width", "flat", "empty", "nan", "pickled"],
)
def test_a_wrong_array_is_named(folder: Path, array: np.ndarray) -> None:  # type: ignore[type-arg]
    np.save(folder / "2.npy", array)
    with pytest.raises(UserError, match=r"2\.npy"):
        read_feature_folder(folder)


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("index.csv", None, "no feature folder"),
        ("index.csv", b"clip,label\na,b\n", "lacks the column 'group'"),
        ("index.csv", HEADER.encode(), "0 label"),
        ("index.csv", b"\xff\xfe\x00", "cannot be read as a table"),
        ("features.json", b"{", "no JSON object"),
        ("features.json", b"[" * 100_000, "no JSON object"),
        ("features.json", b'{"size": 1e999}', "no JSON object"),
        ("features.json", b'{"size": -1}', "a size that cannot be"),
        ("index.csv", HEADER.encode() + b"\na,b,,,5,a\0.npy\n", "a file's name in row 2"),
        ("features.json", b"[]", "no JSON object"),
    ],
)
def test_a_folder_that_is_none_is_told(
    folder: Path, name: str, content: bytes | None, what: str
) -> None:
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)
    with pytest.raises(UserError) as error:
        read_feature_folder(folder)
    assert what in str(error.value)
