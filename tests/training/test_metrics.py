"""Figures against cases whose answer is known."""

import pytest
import torch

from training.evaluation.metrics import (
    calibration_error,
    class_accuracy,
    fit_temperature,
    fit_threshold,
)


def test_the_share_of_right_steps_of_some_classes() -> None:
    said = [torch.tensor([[0.9, 0.1], [0.6, 0.4]]), torch.tensor([[0.8, 0.2], [0.3, 0.7]])]
    labels = [torch.tensor([0, 0]), torch.tensor([1, 1])]
    assert class_accuracy(said, labels, [1]) == 0.5
    assert class_accuracy(said, labels, [0, 1]) == 0.75


def test_the_temperature_of_overconfident_logits_is_found() -> None:
    torch.manual_seed(0)
    honest = torch.randn(20_000, 3) * 2
    labels = torch.distributions.Categorical(logits=honest).sample()
    assert fit_temperature(honest * 3, labels) == pytest.approx(3, rel=0.1)
    assert calibration_error(torch.softmax(honest, -1), labels) < 0.02
    assert calibration_error(torch.softmax(honest * 3, -1), labels) > 0.1


def test_the_threshold_keeps_what_is_asked_of_the_right_steps() -> None:
    confidence = torch.linspace(0.5, 1, 101)
    probabilities = torch.stack([confidence, 1 - confidence], -1)
    threshold = fit_threshold(probabilities, torch.zeros(101, dtype=torch.long), kept=0.9)
    assert threshold == pytest.approx(0.55, abs=0.01)


def test_a_threshold_of_easy_clips_leaves_room_for_harder_ones() -> None:
    sure = torch.tensor([[1.0, 0.0]] * 20)
    assert fit_threshold(sure, torch.zeros(20, dtype=torch.long)) == 0.9
