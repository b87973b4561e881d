"""Checkpoints: what is written comes back, and what is not whole is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from lrcn_desktop.errors import UserError
from training.fitting.checkpoint import (
    Progress,
    load_checkpoint,
    pack_optimizer,
    save_checkpoint,
    unpack_optimizer,
)

Kind = Callable[[nn.Module], torch.optim.Optimizer]
Damage = Callable[[dict[str, Tensor]], object]
COUNTS = st.integers(0, 10**9)


def adam(network: nn.Module) -> torch.optim.Optimizer:
    return torch.optim.AdamW(network.parameters(), lr=0.1)


def momentum(network: nn.Module) -> torch.optim.Optimizer:
    return torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9)


def trained(steps: int, kind: Kind = adam) -> tuple[nn.Module, torch.optim.Optimizer]:
    torch.manual_seed(0)
    network = nn.Linear(3, 2)
    optimizer = kind(network)
    for _ in range(steps):
        step(network, optimizer)
    return network, optimizer


def step(network: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    optimizer.zero_grad()
    network(torch.ones(1, 3)).square().sum().backward()
    optimizer.step()


@pytest.mark.parametrize("kind", [adam, momentum])
def test_an_optimizer_goes_on_from_its_state_as_if_nothing_had_been(kind: Kind) -> None:
    network, optimizer = trained(3, kind)
    kept = {name: tensor.clone() for name, tensor in pack_optimizer(optimizer).items()}
    weights = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    step(network, optimizer)
    other, again = trained(0, kind)
    other.load_state_dict(weights)
    unpack_optimizer(again, kept)
    step(other, again)
    for name, tensor in network.state_dict().items():
        assert torch.equal(tensor, other.state_dict()[name])


def test_tensors_of_others_are_left_alone() -> None:
    _, optimizer = trained(steps=0)
    unpack_optimizer(optimizer, {"network.weight": torch.ones(2, 3)})
    assert not optimizer.state


@pytest.mark.parametrize(
    "damage",
    [
        lambda kept: kept.pop("optimizer.0.exp_avg"),
        lambda kept: kept.pop("optimizer.1.step"),
        lambda kept: kept.update({"optimizer.0.exp_avh": kept.pop("optimizer.0.exp_avg")}),
        lambda kept: kept.update({"optimizer.7.step": torch.ones(())}),
        lambda kept: kept.update({"optimizer.0.exp_avg": torch.ones(())}),
        lambda kept: kept.update({"optimizer.0.exp_avg": torch.ones(3, 2)}),
        lambda kept: kept.update({"optimizer.0.step": torch.ones(2, 3)}),
    ],
)
def test_a_state_that_is_not_this_optimizers_is_refused(damage: Damage) -> None:
    kept = pack_optimizer(trained(steps=1)[1])
    damage(kept)
    _, optimizer = trained(steps=0)
    with pytest.raises((ValueError, LookupError)):
        unpack_optimizer(optimizer, kept)
    assert not optimizer.state


@settings(max_examples=20)
@given(st.text(), COUNTS, COUNTS, COUNTS, COUNTS, st.booleans())
def test_progress_and_tensors_come_back(
    tmp_path_factory: pytest.TempPathFactory,
    config: str,
    seed: int,
    epoch: int,
    batches: int,
    best: int,
    finished: bool,
) -> None:
    path = tmp_path_factory.getbasetemp() / "fit.safetensors"
    figures = {"epoch": 1, "best": True, "loss": 0.5, "accuracy": 0.25}
    history = [{**figures, "validation_loss": None, "validation_accuracy": 1.0}]
    progress = Progress(config, seed, epoch, batches, best, history, finished)
    tensors = {"a": torch.tensor([1.0, float("inf")]), "b": torch.arange(3)}
    save_checkpoint(path, progress, tensors)
    found = load_checkpoint(path, config)
    assert found is not None
    assert found[0] == progress
    assert found[1].keys() == tensors.keys()
    assert all(torch.equal(found[1][name], tensor) for name, tensor in tensors.items())
    with pytest.raises(UserError, match="of a run with other settings"):
        load_checkpoint(path, config + "x")


def test_no_checkpoint_is_no_error(tmp_path: Path) -> None:
    assert load_checkpoint(tmp_path / "gone.safetensors", "") is None


@pytest.mark.parametrize("history", [[{}], [{"epoch": "1"}], [1]])
def test_a_history_without_its_figures_is_damage(tmp_path: Path, history: list[object]) -> None:
    path = tmp_path / "fit.safetensors"
    save_checkpoint(path, Progress("", 0, history=history), {})  # type: ignore[arg-type]
    with pytest.raises(UserError, match=r"fit\.safetensors is damaged .*: delete it"):
        load_checkpoint(path, "")
