"""Streams for fitting: what follows what, and that a window is what live use would see."""

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcn_desktop.model.fits import FitConfig
from lrcn_desktop.model.head import Head
from lrcn_desktop.model.head_arrays import HeadArrays
from lrcn_desktop.model.presets import HeadConfig
from lrcn_desktop.model.projection import Projection
from training.fitting.example import Example
from training.fitting.projection import fit_projection, projected
from training.fitting.sequences import PADDING, stack
from training.fitting.stream_sampler import StreamSampler

COMPONENTS, MOTION = 3, 2


def clip(number: int, label: int, steps: int, labels: list[int] | None = None) -> Example:
    """A projected clip whose components are its number, its step and its label."""
    rows = torch.zeros(steps, COMPONENTS + MOTION + 2)
    rows[:, 0], rows[:, 1] = number, torch.arange(steps)
    truth = torch.tensor(labels) if labels is not None else torch.full((steps,), label)
    rows[:, 2] = truth
    rows[:, -1] = 1
    return Example(str(number), Path("nowhere"), truth, 5.0, rows=rows)


def projection() -> Projection:
    made = Projection(10, COMPONENTS, MOTION, 0.5)
    made.basis[:, :COMPONENTS] = torch.eye(COMPONENTS)
    return made


def sampler(
    config: FitConfig, *, others: int = 2, opposite: dict[int, int] | None = None
) -> StreamSampler:
    known = [clip(number, number % 3, 4 + number) for number in range(9)]
    negatives = [clip(100 + number, -1, 12) for number in range(others)]
    return StreamSampler(known, negatives, config, opposite or {}, projection())


CONFIG = FitConfig(batch=4, length=32, streams=True, keep="last")


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 999))
def test_without_a_fade_every_step_is_one_of_its_activity(seed: int) -> None:
    for windows in sampler(CONFIG).epoch(random.Random(seed)):
        for window in windows:
            rows, steady = window.read(), window.weight == 0  # type: ignore[attr-defined]
            assert rows.shape == (32, COMPONENTS + MOTION + 2)
            truth = torch.where(rows[:, 2] < 0, PADDING, rows[:, 2].round().long())
            assert (truth == window.labels)[steady].all()


def test_streams_hold_cuts_fades_and_stretches_of_nothing_known() -> None:
    streams = sampler(CONFIG)
    windows = [
        window
        for seed in range(10)
        for batch in streams.epoch(random.Random(seed))
        for window in batch
    ]
    labels = torch.cat([window.labels for window in windows])
    counts = {int(label): int((labels == label).sum()) for label in labels.unique()}
    assert set(counts) == {0, 1, 2, PADDING}
    assert max(counts[c] for c in (0, 1, 2)) < 2 * min(counts[c] for c in (0, 1, 2))
    assert any((w.weight > 0).any() for w in windows)  # type: ignore[attr-defined]
    assert any((w.cut >= 0).any() for w in windows)  # type: ignore[attr-defined]


def test_the_next_window_goes_on_where_the_last_one_ended() -> None:
    long = FitConfig(batch=1, length=256, streams=True)
    short = FitConfig(batch=1, length=64, streams=True)
    whole = next(sampler(long).epoch(random.Random(5)))[0]
    parts = sampler(short).epoch(random.Random(5))
    joined = torch.cat([next(parts)[0].read() for _ in range(4)])
    torch.testing.assert_close(joined, whole.read())


def test_it_has_no_others_where_there_are_none() -> None:
    for windows in sampler(CONFIG, others=0).epoch(random.Random(1)):
        assert all((window.labels >= 0).all() for window in windows)


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 99), low=st.floats(5, 10), wider=st.floats(1, 3))
def test_rates_stretch_time_and_no_more(seed: int, low: float, wider: float) -> None:
    config = FitConfig(batch=2, length=64, streams=True, rates=(low, low * wider))
    for window in next(sampler(config).epoch(random.Random(seed))):
        places = window.places  # type: ignore[attr-defined]
        moved = places.diff()
        inside = moved[(moved >= 0) & (moved < 2)]  # within one stretch, but for a few
        assert (inside <= 5 / low + 1).float().mean() > 0.95
        assert float(inside.mean()) <= 5 / low + 0.3


@pytest.mark.parametrize(("rate", "steps"), [(5.0, 32), (10.0, 64), (30.0, 192)])
def test_a_window_lasts_as_many_seconds_at_any_rate(rate: float, steps: int) -> None:
    config = FitConfig(batch=2, length=32, streams=True, rates=(rate, rate))
    streams = sampler(config)
    for windows in streams.epoch(random.Random(0)):
        assert {len(window.labels) for window in windows} == {steps}
        assert streams.projection.rate == pytest.approx(rate)
    assert streams.projection.rate == 5.0  # that of the clips, for all else


def test_opposite_activities_play_whole_and_both_ways() -> None:
    known = [clip(0, 0, 6), clip(1, 1, 6)]
    streams = StreamSampler(known, [], CONFIG, {0: 1, 1: 0}, projection())
    seen = set()
    for windows in streams.epoch(random.Random(0)):
        for window in windows:
            rows = window.read()
            steady = window.weight == 0  # type: ignore[attr-defined]
            moved, same = rows[1:, 1] - rows[:-1, 1], rows[1:, 0] == rows[:-1, 0]
            for step in ((moved.abs() == 1) & same & steady[1:] & steady[:-1]).nonzero().flatten():
                forwards = bool(moved[step] > 0)
                expected = int(rows[step + 1, 0]) if forwards else 1 - int(rows[step + 1, 0])
                assert int(window.labels[step + 1]) == expected
                seen.add((expected, forwards))
    assert seen == {(0, True), (1, True), (0, False), (1, False)}


def test_a_projection_is_the_principal_components_and_live_use_sees_the_same(
    tmp_path: Path,
) -> None:
    config = HeadConfig(
        pool="norm", fc=(4,), hidden=(3,), frames=True, project=5, motion=2, cut=0.1
    )
    head = Head(config, (40, 1, 1), 2).eval()
    assert head.projection is not None
    rng = np.random.default_rng(0)
    examples, features = [], []
    for number in range(12):
        walk = np.cumsum(rng.normal(size=(9, 40)), axis=0) + 5 * rng.normal(size=40)
        features.append(walk.astype(np.float32))
        np.save(tmp_path / f"{number}.npy", head.pool(torch.from_numpy(features[-1])[None])[0])
        labels = torch.zeros(9, dtype=torch.int64)
        examples.append(Example(str(number), tmp_path / f"{number}.npy", labels, 5.0))
    fit_projection(head.projection, examples)
    pooled = torch.cat([example.read() for example in examples])
    exact = torch.linalg.svd(pooled - pooled.mean(0), full_matrices=False).Vh[:5]
    overlap = torch.linalg.svdvals(exact @ head.projection.basis.T)
    assert overlap.min() > 0.99
    live = HeadArrays(config, (40, 1, 1), {n: t.numpy() for n, t in head.state_dict().items()})
    for example, seen in zip(projected(head.projection, examples), features, strict=True):
        assert example.rows is not None
        found = live.run(seen, live.initial_state()).rows
        np.testing.assert_allclose(found, example.rows.float().numpy(), atol=0.02)


@pytest.mark.parametrize("frames", [1, 2, 4])
def test_fewer_frames_than_components_leave_zeros(tmp_path: Path, frames: int) -> None:
    made = Projection(10, 6, 3, 0.5)
    np.save(tmp_path / "clip.npy", np.random.default_rng(0).normal(size=(frames, 10)))
    labels = torch.zeros(frames, dtype=torch.int64)
    fit_projection(made, [Example("clip", tmp_path / "clip.npy", labels, 5.0)])
    assert torch.isfinite(made.basis).all()
    assert int((made.basis.abs().sum(1) > 0).sum()) == max(0, frames - 1)


def test_clips_that_never_change_give_finite_rows(tmp_path: Path) -> None:
    made = Projection(10, 6, 3, 0.5)
    labels = torch.zeros(8, dtype=torch.int64)
    examples = []
    for number in range(2):  # nothing moves, and float16 rounds
        still = np.tile(np.linspace(-1, 1, 10) * (1 if number else -1), (8, 1)).astype(np.float16)
        np.save(tmp_path / f"{number}.npy", still)
        examples.append(Example(str(number), tmp_path / f"{number}.npy", labels, 5.0))
    fit_projection(made, examples)
    assert float(made.scale[1]) == 0  # rather than the reciprocal of rounding
    for example in projected(made, examples):
        assert example.rows is not None
        assert torch.isfinite(example.rows).all()
    far, _ = made(torch.full((1, 2, 10), 1e6), torch.zeros(1, 10))
    assert float(far[..., :9].abs().max()) <= 50


@pytest.mark.parametrize("joined", [True, False])
def test_clips_that_lie_in_memory_as_one_give_the_same_streams_and_stay_as_they_were(
    joined: bool,
) -> None:
    """Also where some of them lie elsewhere, and where a batch is read window by window."""
    apart = [clip(number, number % 3, 4 + number) for number in range(6)]
    for number, example in enumerate(apart):
        rows = example.read()
        rows[:, -1] = torch.linspace(0, 0.9, len(rows))  # at its first step it has none before it
        apart[number] = replace(example, rows=rows.half())
    whole = torch.cat([example.read() for example in apart])
    parts = torch.split(whole, [len(example) for example in apart])
    one = [replace(example, rows=part) for example, part in zip(apart, parts, strict=True)]
    if not joined:
        one[3] = apart[3]
    before = whole.clone()
    batches = zip(
        *(
            StreamSampler(clips[:4], clips[4:], CONFIG, {}, projection()).epoch(random.Random(1))
            for clips in (apart, one)
        ),
        strict=True,
    )
    for ours, theirs in batches:
        at_once, _ = stack(theirs, CONFIG.length)
        torch.testing.assert_close(at_once, torch.stack([cut.read() for cut in ours]))
    assert torch.equal(whole, before)
