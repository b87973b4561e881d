"""Fitting what says "none of these" to clips."""

import numpy as np
import pytest
import torch

from lrcn_desktop.model.presets import HeadConfig
from lrcn_desktop.model.rejection import Rejection, RejectionConfig
from training.fitting.rejection import fit_rejection, fit_weights

HEAD = HeadConfig(pool="statistics", project=8, motion=0, cut=0.4, frames=True, hidden=(2,))
CONFIG = RejectionConfig(components=4, seconds=1.0)


def clips(number: int, center: list[float], seed: int) -> list[torch.Tensor]:
    """Clips of ten steps around a center in the first components."""
    generator = torch.Generator().manual_seed(seed)
    made = []
    for _ in range(number):
        rows = torch.randn(10, HEAD.project + 2, generator=generator)
        rows[:, : len(center)] += torch.tensor(center) + torch.randn(1, generator=generator) / 2
        rows[:, -1] = 1
        made.append(rows)
    return made


@pytest.mark.parametrize("number", [2, 30])
def test_it_tells_clips_that_it_has_not_seen(number: int) -> None:
    def sides(seed: int) -> tuple[list[tuple[torch.Tensor, torch.Tensor]], list[torch.Tensor]]:
        known = [
            (rows, torch.full((10,), label))
            for label, center in enumerate(([6.0, 0.0], [0.0, 6.0]))
            for rows in clips(number, center, seed + label)
        ]
        return known, clips(number, [0.0, 0.0, 0.0, 0.0, 4.0], seed + 2)

    known, others = sides(0)
    arrays = fit_rejection(CONFIG, HEAD, known, others, 2)
    assert all(array.flags.c_contiguous for array in arrays.values())  # as a resumed run reads them
    held, held_others = sides(10)

    def means(rows: torch.Tensor) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        ours = Rejection(CONFIG, HEAD, arrays)
        probabilities = np.full((len(rows), 2), 0.5, np.float32)
        evidence = ours.evidence(rows.numpy(), probabilities)
        return ours.average(evidence, rows.numpy(), ours.initial_state())[0]

    arrays["weights"] = fit_weights(
        [means(rows) for rows, _ in held], [means(rows) for rows in held_others]
    )
    assert (arrays["weights"][:-1] >= 0).all()
    ours = Rejection(CONFIG, HEAD, arrays)
    third, third_others = sides(20)
    right = [ours.known(means(rows))[-1] for rows, _ in third]
    wrong = [ours.known(means(rows))[-1] for rows in third_others]
    assert np.mean(np.array(right) > 0.5) >= 0.9
    assert np.mean(np.array(wrong) > 0.5) <= 0.1


def test_a_class_of_few_alike_frames_gives_finite_numbers() -> None:
    rows = torch.zeros(3, HEAD.project + 2)
    known = [(rows, torch.tensor([0, 0, 0])), (rows + 1, torch.tensor([1, 1, 1]))]
    arrays = fit_rejection(CONFIG, HEAD, known, [rows - 1], 2)
    assert all(np.isfinite(array).all() for array in arrays.values())


def test_of_very_many_steps_some_are_enough() -> None:
    """UCF-101 has half a million; those of a clip that hardly changes tell nothing new."""
    few = [
        (rows[:1].repeat(2, 1), torch.full((2,), label))
        for label, center in enumerate(([6.0, 0.0], [0.0, 6.0]))
        for rows in clips(20, center, label)
    ]
    others = [rows[:1].repeat(2, 1) for rows in clips(20, [0.0, 0.0, 0.0, 0.0, 4.0], 2)]
    many = [(rows[:1].repeat(1800, 1), labels[:1].repeat(1800)) for rows, labels in few]
    expected = fit_rejection(CONFIG, HEAD, few, others, 2)
    found = fit_rejection(CONFIG, HEAD, many, [rows.repeat(900, 1) for rows in others], 2)
    for name, array in expected.items():
        np.testing.assert_allclose(found[name], array, atol=1e-3, err_msg=name)
