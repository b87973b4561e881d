"""Fitting the classifier of motion alone: convex, so that few clips are not learned by heart."""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from lrcn_desktop.model.head import Head
from training.fitting.example import Example

_DECAY = 0.03  # of the squared weights
_MOST = 60_000  # steps that are looked at: what is averaged over seconds changes slowly


def fit_movement(head: Head, examples: Sequence[Example]) -> None:
    """Fit `head.movement` in place to projected clips, each class and each clip counting alike."""
    assert head.movement is not None
    classes = head.movement.out_features
    inputs, labels, shares = [], [], []
    stride = -(-sum(len(example) for example in examples) // _MOST) or 1
    for example in examples:
        thinned = slice((len(example) - 1) % stride, None, stride)  # the last step among them
        rows = example.read().float()[None]
        average, _ = head.average_motion(rows, rows.new_zeros(1, 1, head.config.motion + 1))
        inputs.append(average[0, thinned])
        labels.append(example.labels[thinned])
        shares.append(torch.full((len(labels[-1]),), 1 / max(1, len(labels[-1]))))
    x, truth, share = torch.cat(inputs), torch.cat(labels), torch.cat(shares)
    by_class = torch.zeros(classes).index_add_(0, truth, share)
    share = share / by_class[truth] / (by_class > 0).sum()
    weight = torch.zeros(classes, x.shape[1], requires_grad=True)
    bias = torch.zeros(classes, requires_grad=True)
    optimizer = torch.optim.LBFGS([weight, bias], max_iter=100, line_search_fn="strong_wolfe")

    def evaluate() -> Tensor:
        optimizer.zero_grad()
        losses = cross_entropy(x @ weight.T + bias, truth, reduction="none")
        loss = (losses * share).sum() + _DECAY * weight.square().sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimizer.step(evaluate)  # type: ignore[no-untyped-call]
    head.movement.weight.copy_(weight.detach())
    head.movement.bias.copy_(bias.detach())
