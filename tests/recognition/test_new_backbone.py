"""A new backbone: its own module and a line in the registry, and everything runs on it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file
from torch import nn

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.backbones import backbone as module
from lrcn_desktop.model.backbones.backbone import INPUT, OUTPUT, Backbone
from lrcn_desktop.model.backbones.registry import FROZEN
from lrcn_desktop.model.backbones.weights import SCALINGS, FrozenWeights, weights_digest
from lrcn_desktop.model.model import build_model, save_model
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.model.presets import BackboneConfig, HeadConfig
from lrcn_desktop.recognition.engines.open import build_engine
from lrcn_desktop.recognition.load import load_recognizer
from lrcn_desktop.video.demo import DemoSource
from lrcn_desktop.video.frame import Frame

ROOT = Path(__file__).parents[2]
CHANNELS, SIZE = 4, 96
# The places that may know a backbone by its name: what it is, and the presets that use it.
HOMES = ("lrcn_desktop/model/backbones/", "lrcn_desktop/model/presets.py")


def in_torch(weights: FrozenWeights) -> nn.Module:
    convolution = nn.Conv2d(3, CHANNELS, 32, stride=32)
    state = {key: torch.from_numpy(weights.tensors[f"only.{key}"]) for key in ("weight", "bias")}
    convolution.load_state_dict(state)
    return convolution.requires_grad_(False)


def ncnn_layers() -> Iterator[str]:
    yield f"Input {INPUT} 0 1 {INPUT}"
    options = f"0={CHANNELS} 1=32 3=32 5=1 6={CHANNELS * 3 * 32 * 32}"
    yield f"Convolution only 1 1 {INPUT} {OUTPUT} {options}"


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Backbone:
    """Register a backbone of one convolution, its weights among the assets."""
    random = np.random.default_rng(0)
    tensors = {
        "only.weight": random.normal(0, 0.02, (CHANNELS, 3, 32, 32)).astype(np.float16),
        "only.bias": np.ones(CHANNELS, np.float16),
    }
    save_file(tensors, tmp_path / "toy.safetensors", {"input": SCALINGS["lite"].description})
    backbone = Backbone(
        kind="toy",
        name="Toy",
        file="toy.safetensors",
        digest=weights_digest(tensors),
        scaling="lite",
        sizes=range(32, 1025, 32),
        channels=CHANNELS,
        convolutions={"only": (CHANNELS, 3, 32, 32)},
        in_torch=in_torch,
        ncnn_layers=ncnn_layers,
    )
    monkeypatch.setattr(module, "assets_dir", lambda: tmp_path)
    monkeypatch.setitem(FROZEN, backbone.kind, backbone)
    return backbone


def info(backbone: Backbone, size: int = SIZE) -> ModelInfo:
    return ModelInfo(
        name="on a toy",
        classes=("a", "b"),
        preset="default",
        backbone=BackboneConfig(backbone.kind, size),
        head=HeadConfig(pool="average", hidden=(4,)),
        step_rate=5.0,
        backbone_digest=backbone.digest,
    )


def test_a_registered_backbone_runs_in_every_engine_and_in_a_model(
    toy: Backbone, tmp_path: Path
) -> None:
    model = build_model(info(toy))
    assert toy.parameters == CHANNELS * (3 * 32 * 32 + 1)
    image = DemoSource(0).render(1.0)
    ours, theirs = (build_engine(model, kind).features(image[None]) for kind in ("ncnn 1", "cpu"))
    assert ours.shape == theirs.shape == (1, CHANNELS * 3 * 3)
    np.testing.assert_allclose(ours, theirs, atol=1e-2)
    assert theirs.std() > 0.1
    path = tmp_path / "model.safetensors"
    save_model(path, model)
    recognizer = load_recognizer(path, "cpu")
    seen = recognizer.step(Frame(image, 0.0, 0))
    assert seen is not None
    assert seen.probabilities.shape == (2,)


def test_it_takes_the_sizes_that_it_says(toy: Backbone) -> None:
    with pytest.raises(ValueError, match="backbone"):
        info(toy, SIZE + 1)


def test_its_weights_are_checked(toy: Backbone, tmp_path: Path) -> None:
    (tmp_path / toy.file).unlink()
    with pytest.raises(UserError, match=r"toy\.safetensors"):
        toy.weights()


@pytest.mark.parametrize("room", ["lrcn_desktop", "training"])
def test_no_code_compares_the_names_of_backbones(room: str) -> None:
    """A backbone that is compared by name is one that the next will silently be taken for."""
    names = {*FROZEN, *(backbone.name for backbone in FROZEN.values())}
    found = []
    for path in (ROOT / room).rglob("*.py"):
        where = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Compare) and not where.startswith(HOMES):
                words = {n.value for n in ast.walk(node) if isinstance(n, ast.Constant)}
                of_a_kind = "backbone.kind" in ast.unparse(node) and any(
                    isinstance(word, str) for word in words
                )
                if words & names or of_a_kind:
                    found.append(f"{where}:{node.lineno}: {ast.unparse(node)}")
    assert not found
