"""Fitting: what it learns, what it keeps, and that nothing can make it lose its way."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
import torch

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.fits import FitConfig
from lrcn_desktop.model.head import Head
from lrcn_desktop.model.presets import HeadConfig
from training.fitting.checkpoint import load_checkpoint
from training.fitting.distributed import SharedDropout
from training.fitting.example import Example
from training.fitting.fit import Data, FitContext, fit
from training.fitting.network import Network
from training.fitting.validate import validate, validation_figures

CONFIG = FitConfig(epochs=6, batch=4, length=8, learning_rate=1e-2)
CPU = torch.device("cpu")


@pytest.fixture
def data(tmp_path: Path) -> Data:
    """Three classes, distinguished by one of six features; a dozen clips each."""
    rng = np.random.default_rng(0)
    examples = []
    for number in range(36):
        steps = int(rng.integers(4, 20))
        features = rng.normal(size=(steps, 6)).astype(np.float32)
        features[:, number % 3] += 2
        path = tmp_path / f"{number}.npy"
        np.save(path, features)
        labels = torch.full((steps,), number % 3)
        examples.append(Example(str(number), path, labels, 5.0))
    return Data(examples[:24], examples[24:])


def network(hidden: tuple[int, ...] = (8,), dropout: float = 0.3) -> Network:
    torch.manual_seed(7)
    return Network(Head(HeadConfig(fc=(8,), hidden=hidden, dropout=dropout), (6, 1, 1), 3))


def weights(fitted: Network) -> torch.Tensor:
    return torch.cat([tensor.flatten() for tensor in fitted.state_dict().values()])


@pytest.mark.parametrize("hidden", [(), (8,)])
def test_it_learns_and_keeps_the_best_epoch(data: Data, hidden: tuple[int, ...]) -> None:
    fitted = network(hidden)
    progress = fit(fitted, data, replace(CONFIG, epochs=20), seed=1)
    losses = [epoch["validation_loss"] for epoch in progress.history]
    assert progress.best == losses.index(min(losses)) + 1
    assert [epoch["best"] for epoch in progress.history].count(True) >= 1
    right = [
        int(fitted.logits(e, CPU).mean(0).argmax()) == int(e.labels[0]) for e in data.validation
    ]
    assert sum(right) >= 10
    assert not fitted.training


@pytest.mark.parametrize("hidden", [(), (8,)])
def test_many_clips_at_once_are_judged_as_each_alone(data: Data, hidden: tuple[int, ...]) -> None:
    fitted, weight = network(hidden).eval(), torch.tensor([1.0, 2.0, 0.5])
    found = validate(fitted, data.train, CPU, weight)
    alone = [validate(fitted, [example], CPU, weight) for example in data.train]
    torch.testing.assert_close(found, torch.stack(alone).sum(0), rtol=1e-5, atol=1e-4)
    right = [(fitted.logits(e, CPU).argmax(-1) == e.labels).float() for e in data.train]
    accuracy = validation_figures(found)["validation_accuracy"]
    assert accuracy == pytest.approx(float(torch.cat(right).mean()))
    assert accuracy < 1.0  # that an untrained network's figures are compared, not only ones


def test_it_stops_when_nothing_gets_better(data: Data) -> None:
    config = FitConfig(epochs=50, patience=3, batch=4, length=8, learning_rate=0.3, decay=0.0)
    progress = fit(network(), data, config, seed=1)
    assert progress.epoch < 50
    assert progress.epoch - progress.best == 3


class Killed(BaseException):
    pass


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
@pytest.mark.parametrize("at", [1, 7, 20, 33])
def test_a_resumed_fit_gives_the_very_figures_and_weights(
    data: Data, tmp_path: Path, at: int, optimizer: Literal["adam", "sgd"]
) -> None:
    config = FitConfig(epochs=6, batch=4, length=8, optimizer=optimizer, learning_rate=1e-2)
    undisturbed = network()
    expected = fit(undisturbed, data, config, seed=1)
    batches = 0

    def kill() -> None:
        nonlocal batches
        batches += 1
        if batches == at:
            raise Killed

    context = FitContext(checkpoint=tmp_path / "fit.safetensors", check_paused=kill)
    with pytest.raises(Killed):
        fit(network(), data, config, seed=1, context=context)
    resumed = network()
    told: list[dict[str, Any]] = []
    context = FitContext(checkpoint=tmp_path / "fit.safetensors", epoch_done=told.append)
    progress = fit(resumed, data, config, seed=1, context=context)
    assert progress.history == expected.history == told
    assert torch.equal(weights(resumed), weights(undisturbed))

    again = network()
    context = FitContext(
        checkpoint=tmp_path / "fit.safetensors", check_paused=lambda: pytest.fail("done")
    )
    fit(again, data, config, seed=1, context=context)
    assert torch.equal(weights(again), weights(undisturbed))


def test_another_fit_does_not_go_on_from_a_checkpoint(data: Data, tmp_path: Path) -> None:
    context = FitContext(checkpoint=tmp_path / "fit.safetensors")
    fit(network(), data, CONFIG, seed=1, context=context)
    with pytest.raises(UserError, match="other settings"):
        fit(network(), data, CONFIG, seed=2, context=context)


@pytest.mark.parametrize("kept", [0, 9, 200])
def test_a_damaged_checkpoint_is_named(data: Data, tmp_path: Path, kept: int) -> None:
    path = tmp_path / "fit.safetensors"
    fit(network(), data, CONFIG, seed=1, context=FitContext(checkpoint=path))
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(UserError, match=r"fit\.safetensors is damaged"):
        load_checkpoint(path, "")


@pytest.mark.parametrize("hidden", [(), (8,)])
def test_long_sequences_reach_back_only_so_far(data: Data, hidden: tuple[int, ...]) -> None:
    """Truncation changes the gradients of what has memory, and nothing that the network says."""

    def one_batch(truncate: int) -> tuple[float, torch.Tensor]:
        config = FitConfig(epochs=1, batch=24, length=20, truncate=truncate, decay=0.0)
        fitted = network(hidden, dropout=0.0)
        return fit(fitted, Data(data.train), config, seed=1).history[0]["loss"], weights(fitted)

    (whole, as_whole), (longer, as_longer), (short, as_short) = map(one_batch, (20, 64, 4))
    assert whole == longer == pytest.approx(short, rel=1e-5)
    assert torch.equal(as_whole, as_longer)
    assert torch.allclose(as_whole, as_short, atol=1e-5) != bool(hidden)


def test_the_mask_of_dropout_does_not_depend_on_how_a_batch_is_shared() -> None:
    dropout = SharedDropout(0.5)
    dropout.batch = 6
    given = torch.ones(6, 3, 4)
    parts = []
    for rows in (slice(0, 6), slice(0, 2), slice(2, 6)):
        torch.manual_seed(3)
        dropout.rows = rows
        parts.append(dropout(given[rows]))
    assert torch.equal(parts[0], torch.cat(parts[1:]))
    assert set(parts[0].unique().tolist()) == {0.0, 2.0}
    assert torch.equal(dropout.eval()(given), given)


@pytest.mark.parametrize("p", [0.1, 0.5, 0.75])
def test_dropout_drops_its_share_everywhere_and_keeps_the_mean(p: float) -> None:
    torch.manual_seed(0)
    dropout = SharedDropout(p)
    dropout.batch, dropout.rows = 500, slice(0, 500)
    given = torch.ones(500, 8, 5, requires_grad=True)
    left = dropout(given)
    for axes in ((0, 1, 2), (1, 2), (0, 1), (0, 2)):  # and no place more than another
        shares = (left == 0).float().mean(axes)
        assert float((shares - p).abs().max()) < 0.4 / (left.numel() / shares.numel()) ** 0.5 * 5
    assert float(left.detach().mean()) == pytest.approx(1, abs=0.03)
    assert float(left.detach().max()) == pytest.approx(1 / (1 - p), rel=0.01)
    left.sum().backward()
    assert given.grad is not None
    assert torch.equal(given.grad, left.detach())
