"""Figures against cases whose answer is known."""

import pytest
import torch

from training.evaluation.metrics import calibration_error, class_accuracy


def test_the_share_of_right_steps_of_some_classes() -> None:
    said = [torch.tensor([[0.9, 0.1], [0.6, 0.4]]), torch.tensor([[0.8, 0.2], [0.3, 0.7]])]
    labels = [torch.tensor([0, 0]), torch.tensor([1, 1])]
    assert class_accuracy(said, labels, [1]) == 0.5
    assert class_accuracy(said, labels, [0, 1]) == 0.75


def test_the_calibration_error_is_how_far_confidence_is_from_the_share_of_right_steps() -> None:
    said = torch.tensor([[0.9, 0.1]] * 10)
    for right, error in ((9, 0.0), (5, 0.4), (10, 0.1)):
        labels = torch.tensor([0] * right + [1] * (10 - right))
        assert calibration_error(said, labels) == pytest.approx(error, abs=1e-6)
