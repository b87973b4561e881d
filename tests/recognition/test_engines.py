"""The engines: the same features from each, whatever the frame."""

import gc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.backbones.lite0 import LITE0
from lrcn_desktop.model.model import Model, build_model, load_model, save_model
from lrcn_desktop.model.presets import BackboneConfig, HeadConfig
from lrcn_desktop.recognition.engines.engine import Engine
from lrcn_desktop.recognition.engines.open import build_engine, open_engine
from lrcn_desktop.recognition.engines.preprocessing import resize
from lrcn_desktop.recognition.engines.torch_engine import stretch
from lrcn_desktop.recognition.load import load_recognizer
from lrcn_desktop.video.demo import DemoSource
from lrcn_desktop.video.frame import Frame, Image

TOLERANCE = 1e-3  # of the features' norm


@pytest.fixture(scope="module")
def model(tiny_model: Path) -> Model:
    return load_model(tiny_model)


@pytest.fixture(scope="module")
def torch_cpu(model: Model) -> Engine:
    return build_engine(model, "cpu")


@pytest.fixture(scope="module")
def ncnn_cpu(model: Model) -> Engine:
    return build_engine(model, "ncnn")


@pytest.fixture(scope="module", params=["ncnn", "cpu"])
def engine(request: pytest.FixtureRequest, ncnn_cpu: Engine, torch_cpu: Engine) -> Engine:
    return ncnn_cpu if request.param == "ncnn" else torch_cpu


@pytest.fixture(scope="module")
def frames() -> Image:
    """Give frames (4, H, W, 3) of several scenes."""
    return np.stack([DemoSource(seed).render(seed * 7.0) for seed in range(4)])


def difference(ours: np.ndarray, theirs: np.ndarray) -> float:
    return float((np.linalg.norm(ours - theirs, axis=-1) / np.linalg.norm(theirs, axis=-1)).max())


def test_ncnn_agrees_with_pytorch(ncnn_cpu: Engine, torch_cpu: Engine, frames: Image) -> None:
    ours, theirs = ncnn_cpu.features(frames), torch_cpu.features(frames)
    for features in (ours, theirs):
        assert features.shape == (4, 512 * 3 * 3)
        assert features.dtype == np.float32
        assert np.isfinite(features).all()
        assert features.min() >= 0
        assert features.std() > 0
    assert difference(ours, theirs) < TOLERANCE
    assert difference(theirs[1:], theirs[:-1]) > 0.05  # and the scenes differ by far more


def test_engines_agree_at_the_presets_size(model: Model, frames: Image) -> None:
    large = Model(replace(model.info, backbone=BackboneConfig()), model.head)
    ours, theirs = (build_engine(large, kind).features(frames[:1]) for kind in ("ncnn", "cpu"))
    assert ours.shape == (1, 25_088)
    assert difference(ours, theirs) < TOLERANCE


def test_engines_agree_on_the_lighter_network(model: Model, frames: Image) -> None:
    backbone = BackboneConfig("lite0", size=128)
    light = Model(replace(model.info, backbone=backbone, backbone_digest=LITE0.digest), model.head)
    ours, theirs = (build_engine(light, kind).features(frames) for kind in ("ncnn", "cpu"))
    assert ours.shape == (4, 1280 * 4 * 4)
    assert difference(ours, theirs) < TOLERANCE
    assert difference(theirs[1:], theirs[:-1]) > 0.05


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA GPU here")
def test_cuda_agrees_with_pytorch_on_the_cpu(
    model: Model, torch_cpu: Engine, frames: Image
) -> None:
    ours = build_engine(model, "cuda").features(frames)
    assert difference(ours, torch_cpu.features(frames)) < 2 * TOLERANCE  # half precision


def test_a_card_resizes_as_the_processor_does(frames: Image) -> None:
    images = torch.from_numpy(frames[:1]).permute(0, 3, 1, 2)
    for size in (96, 224):
        expected = torch.from_numpy(resize(frames[:1], size)).permute(0, 3, 1, 2)
        apart = (stretch(images, size) - expected).abs()
        assert apart.max() <= 1
        assert (apart > 0).float().mean() < 5e-3  # sums that rounding puts on either side of a half


def test_a_batch_is_its_frames_one_by_one(engine: Engine, frames: Image) -> None:
    single = np.concatenate([engine.features(frame[None]) for frame in frames[:3]])
    assert difference(engine.features(frames[:3]), single) < 1e-5
    assert engine.features(frames[:0]).shape == (0, engine.dim)


def test_features_own_their_memory(engine: Engine, frames: Image) -> None:
    """Neither a later frame nor the end of this one changes what was given out."""
    frame = frames[:1].copy()
    first = engine.features(frame)
    kept = first.copy()
    frame[:] = 0
    del frame
    for other in frames[1:]:
        engine.features(other[None].copy())
    gc.collect()
    np.testing.assert_array_equal(first, kept)
    np.testing.assert_array_equal(engine.features(frames[:1].copy()), kept)


def test_a_view_gives_what_its_copy_gives(engine: Engine, frames: Image) -> None:
    for view in (frames[:1, ::2, ::-3], frames[:1, 5:99, 7:311]):
        np.testing.assert_array_equal(engine.features(view), engine.features(view.copy()))


@pytest.mark.parametrize(
    "size", [(1, 1), (1, 500), (333, 17), (640, 360), (96, 96), (95, 97), (2160, 3840)]
)
def test_any_size_of_frame_is_taken(
    ncnn_cpu: Engine, torch_cpu: Engine, size: tuple[int, int]
) -> None:
    rng = np.random.default_rng(0)
    frame = rng.integers(0, 256, (1, *size, 3), np.uint8)
    ours, theirs = ncnn_cpu.features(frame), torch_cpu.features(frame)
    assert np.isfinite(theirs).all()
    assert difference(ours, theirs) < TOLERANCE


def test_colors_and_sides_are_told_apart(engine: Engine, frames: Image) -> None:
    plain = engine.features(frames[:1])
    assert difference(engine.features(frames[:1, ..., ::-1]), plain) > 0.02
    assert difference(engine.features(frames[:1, :, ::-1]), plain) > 0.02


def test_auto_finds_an_engine_and_cpu_takes_ncnn(model: Model) -> None:
    assert open_engine(model).dim == 512 * 9
    assert "ncnn" in open_engine(model, "cpu").name


def test_nothing_is_measured_before_the_first_step(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    ncnn_engine = pytest.importorskip("lrcn_desktop.recognition.engines.ncnn_engine").NcnnEngine
    features = ncnn_engine.features
    monkeypatch.setattr(
        ncnn_engine, "features", lambda *a: (asked.append(len(a[1])), features(*a))[1]
    )
    engine = open_engine(model, "cpu")
    assert asked == [1]  # the frame that it is tried on
    assert engine.seconds is None


@pytest.mark.parametrize("error", [ImportError("no wheel"), RuntimeError("no such instruction")])
def test_pytorch_takes_the_place_of_an_ncnn_that_does_not_work(
    model: Model, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: object) -> None:
        raise error

    module = pytest.importorskip("lrcn_desktop.recognition.engines.ncnn_engine")
    monkeypatch.setattr(module.NcnnEngine, "__init__", fail)
    engine = open_engine(model, "cpu")
    assert (engine.name, engine.failure) == ("CPU (PyTorch)", None)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA GPU here")
def test_an_absent_gpu_is_told(model: Model) -> None:
    with pytest.raises(UserError, match="no CUDA GPU"):
        open_engine(model, "cuda")


def test_a_model_of_other_weights_is_told(model: Model) -> None:
    other = Model(replace(model.info, backbone_digest="0" * 64), model.head)
    with pytest.raises(UserError, match="'tiny' was trained on other VGG-16 weights"):
        open_engine(other)


def test_a_model_with_a_cnn_of_its_own_runs(tmp_path: Path, model: Model, frames: Image) -> None:
    info = replace(
        model.info,
        backbone=BackboneConfig("cnn", 96, batch_norm=True),
        head=HeadConfig(fc=(8,), hidden=(8,)),
        backbone_digest=None,
        scaling="torchvision",
    )
    path = tmp_path / "cnn.safetensors"
    save_model(path, build_model(info))
    recognizer = load_recognizer(path, "cpu")
    prediction = recognizer.step(Frame(frames[0], 0.0, 0))
    assert prediction.probabilities.sum() == pytest.approx(1, abs=1e-5)
