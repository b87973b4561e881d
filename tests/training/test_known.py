"""What a run calls unknown: fitted to held-out clips, judged by others, sources kept whole."""

from pathlib import Path

import numpy as np
import pytest
import torch

from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.model.presets import BackboneConfig, HeadConfig
from lrcn_desktop.model.rejection import RejectionConfig
from training.fitting.example import OTHER, Example
from training.run.known import HeldOut, calibrate_known
from training.run.negatives import deal

HEAD = HeadConfig(pool="norm", fc=(4,), hidden=(3,), frames=True, project=4, motion=1, cut=0.4)
INFO = ModelInfo(
    name="tiny",
    classes=("a", "b"),
    preset="default",
    backbone=BackboneConfig("features", 8),
    head=HEAD,
    step_rate=5.0,
    rejection=RejectionConfig(components=2, seconds=1.0),
)
ARRAYS = {
    "means": np.zeros((2, 2), np.float32),
    "whiten": np.eye(2, dtype=np.float32),
    "side": np.zeros(4, np.float32),
    "weights": np.zeros(5, np.float32),
}


def held(label: int, distance: float, fold: int, seed: int, *, right: bool = True) -> HeldOut:
    """A clip at a distance from every class."""
    rows = np.zeros((6, 4 + 1 + 2), np.float32)
    noise = np.random.default_rng(seed).normal(size=6)
    rows[:, 0], rows[:, -1] = distance + noise, 1
    said = label if right else 1 - label
    logits = np.tile(np.eye(2, dtype=np.float32)[max(said, 0)] * 3, (6, 1))
    return HeldOut(rows, logits, np.full(6, label), ARRAYS, fold)


def clips(far: float, *, wrong: int = 0) -> list[HeldOut]:
    known = [
        held(n % 2, 1.0, fold, 10 * fold + n, right=n >= wrong)
        for fold in (1, 2, 3)
        for n in range(6)
    ]
    return known + [held(OTHER, far, fold, 100 + fold) for fold in (1, 2, 3)]


def test_what_is_far_away_is_unknown_and_the_threshold_lies_between() -> None:
    found = calibrate_known(INFO, clips(8.0))
    figures = found.figures
    assert 0 < found.info.threshold < 1
    assert found.weights[0] > 0
    assert figures.auroc > 0.99
    assert figures.shown > 0.95
    assert figures.false_alarms < 0.05


def test_what_looks_like_the_activities_cannot_be_told_and_the_figures_say_so() -> None:
    figures = calibrate_known(INFO, clips(1.0)).figures
    assert 0.3 < figures.auroc < 0.7
    assert figures.shown > 0.6  # known steps stay named even so
    assert figures.false_alarms > 0.4


def test_steps_that_are_named_wrongly_are_not_shown_right() -> None:
    figures = calibrate_known(INFO, clips(8.0, wrong=3)).figures
    assert figures.shown == pytest.approx(0.5, abs=0.05)


def test_a_fold_is_judged_by_what_the_others_fitted() -> None:
    made = clips(8.0)
    # In the third fold all is ten times as far away: no threshold of the others can suit it.
    shifted = [
        HeldOut(clip.rows * 10, clip.logits, clip.labels, clip.rejection, 3)
        if clip.fold == 3
        else clip
        for clip in made
    ]
    figures = calibrate_known(INFO, shifted).figures
    assert figures.shown == pytest.approx(2 / 3, abs=0.05)


def example(name: str, source: str) -> Example:
    return Example(name, Path("nowhere"), torch.tensor([OTHER]), 5.0, group=source)


@pytest.mark.parametrize("rounds", [1, 2, 5])
def test_no_source_is_fitted_to_and_held_back_in_one_round(rounds: int) -> None:
    others = [example(f"{source}{n}", source) for source in "abcdefg" for n in range(3)]
    dealt = deal(others, rounds)
    assert len(dealt) == rounds
    for fit, kept in dealt:
        assert fit
        assert kept
        assert len(fit) + len(kept) == len(others)
        assert not {e.group for e in fit} & {e.group for e in kept}
    if rounds > 1:
        assert sorted(e.name for _, kept in dealt for e in kept) == sorted(e.name for e in others)


def test_a_single_source_is_fitted_to_rather_than_held_back() -> None:
    dealt = deal([example("1", "a"), example("2", "a")], 2)
    assert all(fit for fit, _ in dealt)
