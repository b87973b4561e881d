"""Temperature and threshold: known cases, and that no clip judges what it was used to fit."""

from collections.abc import Sequence

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from training.evaluation.calibration import (
    FLOOR,
    cross_fit,
    fit_calibration,
    fit_temperature,
    fit_threshold,
)
from training.evaluation.metrics import calibration_error


def clips(seed: int, count: int, loud: float = 1.0, steps: int = 8) -> tuple[list[Tensor], ...]:
    """Return logits that are `loud` times as sure as they should be, and labels."""
    random = torch.Generator().manual_seed(seed)
    honest = torch.randn(count, steps, 3, generator=random) * 2
    labels = torch.multinomial(torch.softmax(honest, -1).flatten(0, 1), 1, generator=random)
    return list(honest * loud), list(labels.view(count, steps))


def names(count: int, size: int = 1) -> list[str]:
    return [f"g{number // size}" for number in range(count)]


def error(logits: Sequence[Tensor], labels: Sequence[Tensor], temperature: float) -> float:
    return calibration_error(
        torch.softmax(torch.cat(list(logits)) / temperature, -1), torch.cat(list(labels))
    )


def test_the_temperature_of_overconfident_logits_is_found() -> None:
    logits, labels = clips(0, 2000, loud=3)
    found = fit_temperature(logits, labels, names(2000))
    assert found == pytest.approx(3, rel=0.15)
    assert error(logits, labels, found) < 0.03 < 0.1 < error(logits, labels, 1.0)


def test_timid_logits_are_not_sharpened_beyond_the_floor() -> None:
    logits, labels = clips(0, 200, loud=0.3)
    assert fit_temperature(logits, labels, names(200)) == pytest.approx(FLOOR)


def test_one_hard_group_among_few_warns_of_others() -> None:
    """A temperature for the mean of these groups would be too sharp for the next hard one."""
    logits, labels = clips(0, 60, loud=2)
    labels[:6] = [(label + 1) % 3 for label in labels[:6]]
    alone = fit_temperature(logits, labels, names(60))  # each clip a group of its own
    by_group = fit_temperature(logits, labels, names(60, size=6))
    assert by_group > alone > 2


@given(seed=st.integers(0, 50), size=st.integers(1, 4))
@settings(max_examples=15, deadline=None)
def test_clips_count_alike_however_long(seed: int, size: int) -> None:
    logits, labels = clips(seed, 12)
    longer = [clip.repeat(3, 1) if n % 2 else clip for n, clip in enumerate(logits)]
    said = [clip.repeat(3) if n % 2 else clip for n, clip in enumerate(labels)]
    groups = names(12, size)
    one, other = fit_calibration(logits, labels, groups), fit_calibration(longer, said, groups)
    assert one.temperature == pytest.approx(other.temperature)
    assert one.threshold == pytest.approx(other.threshold, abs=0.011)


def test_the_threshold_keeps_what_is_asked_of_the_right_steps() -> None:
    confidence = torch.linspace(0.5, 1, 101)
    probabilities = [torch.tensor([[float(c), 1 - float(c)]]) for c in confidence] * 40
    labels = [torch.zeros(1, dtype=torch.long)] * len(probabilities)
    threshold = fit_threshold(probabilities, labels, names(len(labels)))
    assert threshold == pytest.approx(0.525, abs=0.015)
    # forty groups that differ as a whole: others may be surer or less sure
    groups = [f"{int(c * 80)}" for c in confidence] * 40
    assert fit_threshold(probabilities, labels, groups) < threshold


def test_a_threshold_of_easy_clips_leaves_room_for_harder_ones() -> None:
    sure, truth = [torch.tensor([[1.0, 0.0]])] * 20, [torch.zeros(1, dtype=torch.long)] * 20
    assert fit_threshold(sure, truth, names(20)) == pytest.approx(0.9)
    assert fit_threshold(sure, [label + 1 for label in truth], names(20)) == 0.0


@given(seed=st.integers(0, 50), fold=st.integers(0, 2))
@settings(max_examples=15, deadline=None)
def test_a_clip_does_not_fit_what_judges_it(seed: int, fold: int) -> None:
    logits, labels = clips(seed, 18, loud=2)
    groups, folds = names(18, size=2), [number // 6 for number in range(18)]
    before = cross_fit(logits, labels, groups, folds)
    for number in range(18):
        if folds[number] == fold:
            labels[number] = (labels[number] + 1) % 3  # now it is all wrong
    after = cross_fit(logits, labels, groups, folds)
    for number in range(18):
        assert (before[number] == after[number]) == (folds[number] == fold)
