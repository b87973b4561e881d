"""The negatives that ship: what is lifted back stands for the features; a bad file is reported."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.numpy import save_file

from lrcn_desktop.errors import UserError
from lrcn_desktop.model import shipped_negatives as shipping
from lrcn_desktop.model.backbones.registry import FROZEN
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.model.presets import PRESETS
from lrcn_desktop.model.shipped_negatives import (
    Origin,
    read_negatives,
    read_origin,
    shipped_negatives,
    shipped_path,
)
from tools.shipped_negatives import write_negatives

STEPS, WIDTH, TRUE_RANK = 60, 300, 8
ORIGIN = Origin("lite0", "0" * 64, 224, "statistics", ("Archery", "street"), "MIT")


def normalized(rows: NDArray[Any]) -> NDArray[np.float32]:
    centred = rows - rows.mean(1, keepdims=True)
    result: NDArray[np.float32] = (centred / centred.std(1, keepdims=True)).astype(np.float32)
    return result


@pytest.fixture
def features() -> NDArray[np.float32]:
    """Return layer-normalized steps (M, P): a few directions, and a tenth of noise."""
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(STEPS, TRUE_RANK)) @ rng.normal(size=(TRUE_RANK, WIDTH))
    return normalized(rows + 0.1 * np.abs(rows).mean() * rng.normal(size=rows.shape))


@pytest.fixture
def file(features: NDArray[np.float32], tmp_path: Path) -> Path:
    """Return a file of negatives of 20 clips of two sources."""
    path = tmp_path / "negatives-lite0.safetensors"
    clip = np.repeat(np.arange(STEPS // 3), 3)
    time, source = np.arange(STEPS) % 3 / 5, (clip >= 10).astype(int)
    write_negatives(path, features, time, clip, source, ORIGIN, TRUE_RANK)
    return path


def test_steps_are_lifted_back(file: Path, features: NDArray[np.float32]) -> None:
    found = read_negatives(file)
    assert found.origin == read_origin(file) == ORIGIN
    assert found.features.shape == features.shape
    assert found.features.dtype == np.float32
    cosine = (found.features * features).mean(1)
    assert cosine.min() > 0.95
    np.testing.assert_allclose(found.features.mean(1), 0, atol=1e-4)
    np.testing.assert_allclose(found.features.std(1), 1, atol=1e-3)
    assert found.clip.tolist() == [number for number in range(20) for _ in range(3)]
    assert found.source.tolist() == [0] * 30 + [1] * 30
    assert found.time[:4].tolist() == pytest.approx([0.0, 0.2, 0.4, 0.0])
    assert (read_negatives(file).features == found.features).all(), "the same every time"
    assert file.stat().st_size < features.nbytes / 10


def test_what_the_directions_leave_out_has_its_size(
    file: Path, features: NDArray[np.float32]
) -> None:
    """A residual is what scores tell the unknown by: a step without one would look familiar."""
    mean = features.mean(0)
    _, _, directions = np.linalg.svd(features - mean, full_matrices=False)

    def rest(rows: NDArray[np.float32]) -> float:
        away = (rows - mean) @ directions[:TRUE_RANK].T @ directions[:TRUE_RANK]
        return float(np.linalg.norm(rows - mean - away, axis=1).mean())

    assert rest(read_negatives(file).features) == pytest.approx(rest(features), rel=0.1)


def rewritten(file: Path, metadata: dict[str, str] | None = None, **arrays: Any) -> Path:  # noqa: ANN401
    """Write the file again with other arrays (None: without one), or with other metadata."""
    with safe_open(file, "np") as opened:
        before = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118
        said = opened.metadata()
    kept = {name: array for name, array in (before | arrays).items() if array is not None}
    save_file(kept, file, said if metadata is None else metadata)
    return file


@pytest.mark.parametrize(
    ("arrays", "what"),
    [
        ({"mean": None}, "mean is missing"),
        ({"more": np.zeros(3)}, "more is missing or not part"),
        ({"mean": np.zeros(WIDTH)}, "mean is float64"),
        ({"mean": np.zeros(WIDTH - 1, np.float16)}, "mean is of shape"),
        ({"mean": np.full(WIDTH, np.nan, np.float16)}, "mean has values"),
        ({"directions": np.zeros(WIDTH, np.int8)}, "must be matrices"),
        ({"coefficients": np.zeros((STEPS, 3), np.float16)}, "coefficients is of shape"),
        ({"rest": np.full(STEPS, np.inf, np.float16)}, "rest has values"),
        ({"source": np.full(STEPS, 2, np.int32)}, "source that is not listed"),
        ({"source": np.full(STEPS, -1, np.int32)}, "source that is not listed"),
        ({"clip": np.zeros(STEPS + 1, np.int32)}, "clip is of shape"),
        ({"scale": np.full(TRUE_RANK, 3e38, np.float32)}, "too large"),
    ],
)
def test_a_damaged_file_is_one_sentence(file: Path, arrays: dict[str, Any], what: str) -> None:
    with pytest.raises(UserError, match=what) as error:
        read_negatives(rewritten(file, **arrays))
    assert str(file) in str(error.value)


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"lrcn-negatives": "{"},
        {"lrcn-negatives": "[]"},
        {"lrcn-negatives": "[" * 100_000},
        {"lrcn-negatives": json.dumps({"format": 2})},
        {"lrcn-negatives": json.dumps({"format": 1, "sources": 3})},
        {"lrcn-negatives": json.dumps({"format": 1, "sources": ["a"], "backbone": "lite0"})},
    ],
)
def test_metadata_that_makes_no_sense_is_one_sentence(file: Path, metadata: dict[str, str]) -> None:
    with pytest.raises(UserError, match="is damaged or is not a file of negatives"):
        read_negatives(rewritten(file, metadata))


@pytest.mark.parametrize("size", [0, 7, 200, 5000])
def test_a_file_that_is_cut_off_is_one_sentence(file: Path, size: int) -> None:
    file.write_bytes(file.read_bytes()[:size])
    with pytest.raises(UserError, match="is damaged"):
        read_negatives(file)
    file.unlink()
    with pytest.raises(UserError, match="cannot be read"):
        read_negatives(file)


def info(preset: str = "light", **other: Any) -> ModelInfo:  # noqa: ANN401
    spec = PRESETS[preset]
    asked: dict[str, Any] = {
        "name": "m",
        "classes": ("a", "b"),
        "preset": preset,
        "backbone": spec.backbone,
        "head": spec.head,
        "step_rate": 5.0,
        "backbone_digest": "0" * 64,
    }
    return ModelInfo(**asked | other)


def test_a_model_gets_those_of_its_own_features(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shipping, "assets_dir", lambda: file.parent)
    found = shipped_negatives(info())
    assert found is not None
    assert len(found.features) == STEPS
    assert shipped_negatives(info("default")) is None, "none ship for VGG-16 here"
    assert shipped_negatives(info(backbone_digest="1" * 64)) is None
    assert shipped_negatives(info(stream="flow")) is None
    average = replace(PRESETS["light"].head, pool="average")
    assert shipped_negatives(info(head=average)) is None


def test_what_a_model_knows_is_no_negative(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipping, "assets_dir", lambda: file.parent)
    found = shipped_negatives(info(classes=("archery", "b")))
    assert found is not None
    assert set(found.source.tolist()) == {1}
    assert len(found.features) == len(found.clip) == STEPS // 2


@pytest.mark.parametrize("backbone", ["lite0", "vgg16"])
def test_the_shipped_file_fits_the_shipped_weights(backbone: str) -> None:
    path = shipped_path(backbone)
    if not path.is_file():
        pytest.skip(f"none ship for {backbone} yet")
    found = read_negatives(path)
    assert found.origin.backbone == backbone
    assert found.origin.digest == FROZEN[backbone].digest
    preset = next(p for p in PRESETS.values() if p.backbone.kind == backbone and p.head.frames)
    assert found.origin.pool == preset.head.pool
    width = preset.head.pooled_width(preset.backbone.shape)
    assert found.features.shape == (len(found.clip), width)
    assert len(found.origin.sources) == len(set(found.source.tolist())) >= 8
    per_clip = 4 * 128  # numbers that belong to one clip: no picture can be made of them
    with safe_open(path, "np") as opened:
        assert opened.get_tensor("coefficients").size <= per_clip * len(set(found.clip.tolist()))
    assert path.stat().st_size < 2_000_000
