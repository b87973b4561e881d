"""What is cut from clips to be fitted to."""

import random
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lrcn_desktop.model.fits import FitConfig
from training.fitting.example import Example
from training.fitting.sequences import PADDING, RemixSampler, WindowSampler, stack


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("examples")


def example(folder: Path, labels: list[int], rate: float = 5.0) -> Example:
    """A clip whose only feature is the number of its step."""
    path = folder / f"{len(labels)}-{sum(labels)}.npy"
    np.save(path, np.arange(len(labels), dtype=np.float32)[:, None])
    return Example(path.stem, path, torch.tensor(labels), rate)


@given(steps=st.integers(1, 80), length=st.integers(1, 40), seed=st.integers(0, 99))
def test_windows_lie_within_their_clip_and_are_as_long_as_they_can(
    folder: Path, steps: int, length: int, seed: int
) -> None:
    windows = WindowSampler([example(folder, [0] * steps)], FitConfig(length=length))
    ((cut,),) = windows.epoch(random.Random(seed))
    places = cut.read()[:, 0].tolist()
    assert min(steps, max(1, length // 4)) <= len(places) <= length
    assert places == list(range(int(places[0]), int(places[0]) + len(places)))
    assert places[0] >= 0
    assert places[-1] <= steps - 1


@given(
    steps=st.integers(1, 80),
    low=st.floats(1, 30),
    wider=st.floats(1, 6),
    seed=st.integers(0, 99),
)
def test_resampled_windows_keep_to_the_rates(
    folder: Path, steps: int, low: float, wider: float, seed: int
) -> None:
    config = FitConfig(length=16, rates=(low, low * wider))
    ((cut,),) = WindowSampler([example(folder, [0] * steps)], config).epoch(random.Random(seed))
    places = cut.read()[:, 0].double()
    assert len(places) == len(cut.labels) >= 1
    assert places.min() >= 0
    assert places.max() <= steps - 1
    if len(places) > 2:
        stride = float((places[-1] - places[0]) / (len(places) - 1))
        rounding = 1 / (len(places) - 1)
        assert 5 / (low * wider) - rounding <= stride <= 5 / low + rounding


def test_every_clip_has_one_window_an_epoch_in_an_order_of_the_seed(folder: Path) -> None:
    clips = [example(folder, [0] * n) for n in (3, 4, 5, 6, 7)]
    windows = WindowSampler(clips, FitConfig(batch=2, length=99))

    def lengths(seed: int) -> list[int]:
        return [len(cut.labels) for batch in windows.epoch(random.Random(seed)) for cut in batch]

    assert windows.batches == 3
    assert lengths(1) == lengths(1)
    assert lengths(1) != lengths(2)


def test_streams_turn_what_has_an_opposite(folder: Path) -> None:
    clip = example(folder, [0, 0, 0, 1, 1, 1, 2, 2, 2])
    streams = RemixSampler([clip], FitConfig(length=30, batch=4), {0: 1, 1: 0})
    seen = set()
    for seed in range(20):
        for batch in streams.epoch(random.Random(seed)):
            for cut in batch:
                inputs, labels = cut.read()[:, 0].tolist(), cut.labels.tolist()
                assert len(inputs) == len(labels) == 30
                seen |= set(zip(inputs, labels, strict=True))
    assert {(0.0, 0), (0.0, 1), (4.0, 0), (4.0, 1), (7.0, 2)} <= seen
    assert not {(7.0, 0), (0.0, 2)} & seen


def test_shorter_sequences_are_padded_with_what_does_not_count(folder: Path) -> None:
    clips = [example(folder, [1] * n) for n in (2, 4)]
    ((a, b),) = WindowSampler(clips, FitConfig(length=4)).epoch(random.Random(3))
    inputs, labels = stack([a, b], 5)
    assert inputs.shape == (2, 5, 1)
    assert (labels != PADDING).sum() == len(a.labels) + len(b.labels)
    assert not inputs[labels == PADDING].any()
