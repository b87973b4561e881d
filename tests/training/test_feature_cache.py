"""The cache of features: pooled as the head pools, whole maps of earlier versions put to use."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.backbones.registry import FROZEN
from lrcn_desktop.model.head import Head
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.model.presets import PRESETS
from lrcn_desktop.recognition.engines.engine import Engine
from training.data.clip import FileClip
from training.data.dataset import DataSet
from training.features.cache import FeatureCache
from training.features.kind import FeatureKind, frozen_kind
from training.fitting.distributed import ProcessGroup
from training.progress import Silent
from training.run.prepare import prepare_features

UCF101_STEPS = 13_320 * 7.21 * 5  # clips, seconds of each on average, steps per second


class Maps(Engine):
    """Feature maps of noise, another for each picture; counts its pictures."""

    name = "noise"

    def __init__(self, dim: int) -> None:
        """Give maps of `dim` numbers."""
        self.dim, self.pictures, self.seconds = dim, 0, 0.01

    def features(self, frames: np.ndarray) -> np.ndarray:
        """See `Engine`."""
        self.pictures += len(frames)
        rng = np.random.default_rng(int(frames.sum()))
        return np.maximum(rng.normal(size=(len(frames), self.dim)), 0).astype(np.float32)


def kind_of(preset: str) -> FeatureKind:
    spec = PRESETS[preset]
    digest = FROZEN[spec.backbone.kind].digest
    info = ModelInfo("m", ("a", "b"), preset, spec.backbone, spec.head, 5.0, backbone_digest=digest)
    return frozen_kind(info, 5.0)


@pytest.fixture
def clip(write_video: Callable[..., Path]) -> FileClip:
    return FileClip("clip.avi", "g1", "a", write_video(frames=25))


@pytest.mark.parametrize("preset", ["default", "light"])
def test_all_of_ucf101_fits_on_a_laptop(preset: str) -> None:
    assert UCF101_STEPS * kind_of(preset).row_bytes < 8e9


@pytest.mark.parametrize("preset", ["default", "light"])
def test_what_is_kept_is_what_the_head_pools(tmp_path: Path, clip: FileClip, preset: str) -> None:
    kind, spec = kind_of(preset), PRESETS[preset]
    cache, whole = FeatureCache(tmp_path / "a", kind), FeatureCache(tmp_path / "b", kind.whole)
    for each in (cache, whole):
        assert [error for _, error in each.fill([clip], Maps(spec.backbone.dim))] == [None]
    maps = torch.from_numpy(np.array(whole.load(clip))).float()
    assert maps.shape == (5, spec.backbone.dim)
    pooled = Head(spec.head, spec.backbone.shape, 2).pool(maps[None])[0].numpy()
    np.testing.assert_allclose(cache.load(clip), pooled, atol=5e-3)
    assert cache.path(clip).stat().st_size < whole.path(clip).stat().st_size / 7


def test_whole_maps_of_an_earlier_version_are_pooled_and_nothing_is_decoded(
    tmp_path: Path, clip: FileClip
) -> None:
    kind = kind_of("light")
    whole, engine = FeatureCache(tmp_path, kind.whole), Maps(PRESETS["light"].backbone.dim)
    assert list(whole.fill([clip], engine)) == [(clip, None)]
    seen, cache = engine.pictures, FeatureCache(tmp_path, kind)
    assert cache.missing([clip]) == [clip]
    assert cache.undecoded([clip]) == []
    assert list(cache.fill([clip], engine)) == [(clip, None)]
    assert engine.pictures == seen
    assert cache.load(clip).shape == (5, kind.dim)


def test_maps_that_are_damaged_are_made_again(tmp_path: Path, clip: FileClip) -> None:
    kind, engine = kind_of("light"), Maps(PRESETS["light"].backbone.dim)
    whole = FeatureCache(tmp_path, kind.whole)
    whole.path(clip).write_bytes(b"no array")
    cache = FeatureCache(tmp_path, kind)
    assert list(cache.fill([clip], engine)) == [(clip, None)]
    assert engine.pictures == 5


def test_it_says_what_features_will_take_and_refuses_where_there_is_no_room(
    tmp_path: Path, clip: FileClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = DataSet("clips", ("a", "b"), (replace(clip, length=3600.0),))
    stages: list[str] = []
    reporter = Silent()
    monkeypatch.setattr(reporter, "stage", lambda name, text, *_: stages.append(text))
    kind, engine = kind_of("light"), Maps(FROZEN["lite0"].channels * 49)

    def gather() -> None:
        prepare_features(
            data,
            kind,
            cache=tmp_path,
            engine=lambda: engine,
            reporter=reporter,
            processes=ProcessGroup(),
        )

    gather()
    assert "18,000 frames" in stages[0]
    assert "about 3 minutes, 276 MB in" in stages[0]
    cache = FeatureCache(tmp_path, kind)
    cache.path(data.clips[0]).unlink()
    free = lambda _: type("Usage", (), {"free": 1_000_000})  # noqa: E731
    monkeypatch.setattr("training.run.prepare.shutil.disk_usage", free)
    with pytest.raises(UserError, match=r"take 276 MB in .*, where 1 MB are free"):
        gather()
