"""Figures against cases whose answer is known."""

import pytest
import torch

from training.evaluation.metrics import (
    accuracy,
    calibration_error,
    class_accuracy,
    confusion,
    fit_temperature,
    fit_threshold,
)

SAID = [
    torch.tensor([[0.9, 0.1], [0.6, 0.4]]),  # right, right
    torch.tensor([[0.8, 0.2], [0.3, 0.7]]),  # wrong, right; wrong by the mean
]
LABELS = [torch.tensor([0, 0]), torch.tensor([1, 1])]


def test_accuracies() -> None:
    result = accuracy(SAID, LABELS)
    assert (result.frame, result.clip_mean, result.clip_last) == (0.75, 0.5, 1.0)
    assert confusion(SAID, LABELS, 2).tolist() == [[1, 0], [1, 0]]
    assert class_accuracy(SAID, LABELS, [1]) == 0.5


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
