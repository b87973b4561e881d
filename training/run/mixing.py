"""What each part of a head counts for in its answer, by clips that it was not fitted to.

A part that knows its own clips by heart looks better on them than it is, and weights that are
trained along with it favor it. New clips tell better (stacking, Wolpert 1992).
"""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, softplus

from training.fitting.example import Example
from training.fitting.network import Network
from training.fitting.projection import projected

_DECAY = 1e-2  # of the squared weights
_LEAST = 1e-3  # of each weight, so that its logarithm is finite


def mix_rounds(rounds: Sequence[tuple[Network, Sequence[Example]]]) -> Tensor:
    """Set the `mix` of each round's head by the clips that the other rounds held out.

    Args:
        rounds: Networks, and pooled clips of the activities that they were not fitted to.

    Returns:
        The `mix` (P,) by the clips of all rounds.
    """
    said = [_parts(network, clips) for network, clips in rounds]
    everything = range(len(rounds))

    def fit(chosen: Sequence[int]) -> Tensor:
        return _fit(
            [parts for number in chosen for parts in said[number]],
            [clip.labels for number in chosen for clip in rounds[number][1]],
        )

    for number, (network, _) in enumerate(rounds):
        others = [other for other in everything if other != number]
        set_mix(network, fit(others or everything))
    return fit(everything)


def set_mix(network: Network, mix: Tensor) -> None:
    """Let the parts of a head count for `mix` (P,)."""
    with torch.no_grad():
        network.head.mix.copy_(mix)


@torch.inference_mode()
def _parts(network: Network, clips: Sequence[Example]) -> list[Tensor]:
    """Return what each part of a head says of each clip from its start, (P, T, C)."""
    head = network.head
    assert head.projection is not None
    said = []
    for example in projected(head.projection, clips):
        logits, _ = head.answer(example.read().float()[None], head.initial_state())
        said.append(torch.cat([part for part in logits[1:] if part is not None]).cpu())
    return said


def _fit(said: Sequence[Tensor], labels: Sequence[Tensor]) -> Tensor:
    """Return the `mix` (P,) of the least loss, every clip counting alike.

    With it the answer is as sure as these clips bear: all rounds' answers are of one loudness, and
    a temperature of one is their own.
    """
    parts, truth = torch.cat(list(said), dim=1).double(), torch.cat(list(labels))
    share = torch.cat([torch.full((len(clip),), 1 / len(clip) / len(labels)) for clip in labels])
    raw = torch.zeros(len(parts), dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([raw], max_iter=100, line_search_fn="strong_wolfe")

    def evaluate() -> Tensor:
        optimizer.zero_grad()
        weights = softplus(raw)
        joint = torch.tensordot(weights, parts, dims=1)
        losses = cross_entropy(joint, truth, reduction="none")
        loss = (losses * share).sum() + _DECAY * weights.square().sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimizer.step(evaluate)  # type: ignore[no-untyped-call]
    weights = softplus(raw.detach()).clamp_min(_LEAST)
    return weights.log().float()
