"""An LSTM over sequences of different lengths, for fitting on a processor.

There, PyTorch runs packed sequences a step at a time, a dozen operations each, and differentiates
these one by one. This knows its derivatives: the same gradients in two thirds to a third of the
time, less the longer the sequences. Without gradients PyTorch's own is as fast, and a GPU has
cuDNN's.
"""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn


def packed_lstm(
    layer: nn.LSTM, x: Tensor, order: Tensor, counts: list[int], state: tuple[Tensor, Tensor]
) -> tuple[Tensor, Tensor]:
    """Run an LSTM of one layer over sequences, each from a state of its own.

    Args:
        layer: Its weights.
        x: (N, I), the steps of all sequences.
        order: int64 (N,), a permutation: where in `x` all first steps are, then all second ones,
            and so on, the longest sequence first.
        counts: How many first steps there are, how many second ones, and so on.
        state: (h, c) before the first steps, each (sequences, H), the longest sequence first.

    Returns:
        h and c after each step, each (N, H), where `x` has that step. Gradients come by h, and go
        to `x` and the weights; not to the state.
    """
    weights = dict(layer.named_parameters())
    bias = weights["bias_ih_l0"] + weights["bias_hh_l0"]
    hidden, cells = _PackedLSTM.apply(
        x, order, counts, *state, weights["weight_ih_l0"], weights["weight_hh_l0"], bias
    )
    return hidden, cells


class _PackedLSTM(torch.autograd.Function):
    """The equations of `torch.nn.LSTM`, whose gates are i, f, g and o, and their derivatives."""

    @staticmethod
    def forward(
        ctx: Any,  # noqa: ANN401 - PyTorch makes its class
        x: Tensor,
        order: Tensor,
        counts: list[int],
        h: Tensor,
        c: Tensor,
        weight_ih: Tensor,
        weight_hh: Tensor,
        bias: Tensor,
    ) -> tuple[Tensor, Tensor]:
        size = weight_hh.shape[1]
        x = x[order]
        gates = torch.addmm(bias, x, weight_ih.t())  # of all steps at once
        hidden, cells, squashed = gates.new_empty(3, len(x), size).unbind()
        recurrent, before = weight_hh.t().contiguous(), (h, c)
        for all_four, i, f, g, o, now_h, now_c, s in _steps(
            counts, gates, *torch.split(gates, size, 1), hidden, cells, squashed
        ):
            before_h, before_c = (part[: len(all_four)] for part in before)
            all_four.addmm_(before_h, recurrent)
            for gate in (i, f, o):
                gate.sigmoid_()
            torch.mul(f, before_c, out=now_c).addcmul_(i, g.tanh_())
            torch.mul(o, torch.tanh(now_c, out=s), out=now_h)
            before = now_h, now_c
        ctx.counts = counts
        ctx.save_for_backward(x, order, gates, squashed, h, c, hidden, cells, weight_ih, weight_hh)
        inverse = torch.argsort(order)
        cells = cells[inverse]
        ctx.mark_non_differentiable(cells)
        return hidden[inverse], cells

    @staticmethod
    def backward(
        ctx: Any,  # noqa: ANN401
        grad: Tensor,
        _: Tensor,
    ) -> tuple[Tensor | None, ...]:
        x, order, gates, squashed, h, c, hidden, cells, weight_ih, weight_hh = ctx.saved_tensors
        size, counts = weight_hh.shape[1], ctx.counts
        before_h, before_c = _before(h, hidden, counts), _before(c, cells, counts)
        i, f, g, o = torch.split(gates, size, 1)
        # From what follows a gate to what it is the sigmoid or tanh of, until a step multiplies it.
        slopes = torch.cat(
            [i * (1 - i) * g, f * (1 - f) * before_c, i * (1 - g * g), o * (1 - o) * squashed], 1
        )
        from_hidden = o * (1 - squashed * squashed)  # to the cell
        to_h, to_c = grad.new_zeros(2, counts[0], size).unbind()
        to_cell, to_output = slopes.view(-1, 4, size)[:, :3], slopes[:, 3 * size :]
        parts = grad[order], from_hidden, to_cell, to_output, slopes, f
        for after, slope, three, output, all_four, kept in reversed(list(_steps(counts, *parts))):
            h, c = to_h[: len(after)], to_c[: len(after)]
            h += after
            c.addcmul_(h, slope)
            three *= c[:, None]
            output *= h
            torch.mm(all_four, weight_hh, out=h)
            c *= kept
        to_x = torch.empty_like(x)
        to_x[order] = slopes @ weight_ih
        into = slopes.t()
        return to_x, None, None, None, None, into @ x, into @ before_h, slopes.sum(0)


def _before(first: Tensor, after: Tensor, counts: list[int]) -> Tensor:
    """Return what each step begins with, of what there is `after` each."""
    last = zip(torch.split(after, counts), counts[1:], strict=False)
    return torch.cat([first, *(rows[:count] for rows, count in last)])


def _steps(counts: list[int], *parts: Tensor) -> Iterator[tuple[Tensor, ...]]:
    """Yield each step's rows of all `parts`, as views."""
    return zip(*(torch.split(part, counts) for part in parts), strict=True)
