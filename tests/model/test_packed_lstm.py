"""The LSTM for fitting gives what PyTorch's own gives, and the same gradients."""

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from lrcn_desktop.model.head import Head
from lrcn_desktop.model.packed_lstm import packed_lstm
from lrcn_desktop.model.presets import HeadConfig


def gradients(layer: nn.LSTM, x: Tensor, said: Tensor) -> list[Tensor]:
    names = "weight_ih_l0", "weight_hh_l0", "bias_ih_l0"
    trained = [x, *(dict(layer.named_parameters())[name] for name in names)]
    wanted = torch.arange(said.numel(), dtype=said.dtype).view(said.shape).cos()
    return list(torch.autograd.grad((said * wanted).sum(), trained))


@settings(deadline=None, max_examples=40)
@given(lengths=st.lists(st.integers(1, 7), min_size=1, max_size=5), seed=st.integers(0, 99))
def test_sequences_of_any_lengths_give_what_each_gives_alone(lengths: list[int], seed: int) -> None:
    torch.manual_seed(seed)
    layer = nn.LSTM(3, 4, batch_first=True).double()
    lengths = sorted(lengths, reverse=True)
    h, c = torch.randn(2, len(lengths), 4, dtype=torch.float64)
    x = torch.randn(sum(lengths), 3, dtype=torch.float64, requires_grad=True)
    counts = [sum(length > step for length in lengths) for step in range(lengths[0])]
    steps = torch.split(torch.randperm(len(x)), lengths)  # where the steps of each sequence are
    order = [int(s[step]) for step in range(lengths[0]) for s in steps if step < len(s)]

    hidden, cells = packed_lstm(layer, x, torch.tensor(order), counts, (h, c))
    expected, last = torch.zeros_like(hidden), []
    for number, own in enumerate(steps):
        first = h[None, number, None], c[None, number, None]
        said, (_, after) = layer(x[own][None], first)
        expected = expected.index_copy(0, own, said[0])
        last.append(after[0, 0])

    torch.testing.assert_close(hidden, expected)
    torch.testing.assert_close(cells[torch.stack([own[-1] for own in steps])], torch.stack(last))
    for one, other in zip(gradients(layer, x, hidden), gradients(layer, x, expected), strict=True):
        torch.testing.assert_close(one, other)


def test_a_head_learns_across_restarts_what_it_learns_step_by_step() -> None:
    torch.manual_seed(0)
    config = HeadConfig(
        pool="norm", fc=(5,), hidden=(4, 3), dropout=0.0, project=6, motion=2, cut=0.5
    )
    head = Head(config, (8, 1, 1), classes=3)
    rows = torch.randn(4, 9, 10)
    rows[..., -1] = torch.rand(4, 9)  # below 0.5 the scene is cut, and the memory restarts
    trained = [p for p in head.parameters() if p.requires_grad]
    wanted = torch.randn(4, 9, 3)

    def learned(length: int) -> tuple[Tensor, list[Tensor]]:
        state, said = head.initial_state(4), []
        for part in torch.split(rows, length, 1):
            logits, state = head.classify(part, state)
            said.append(logits)
        logits = torch.cat(said, 1)
        return logits, list(torch.autograd.grad((logits * wanted).sum(), trained))

    at_once, gradients_at_once = learned(9)
    by_steps, gradients_by_steps = learned(1)
    torch.testing.assert_close(at_once, by_steps, atol=1e-6, rtol=1e-5)
    for one, other in zip(gradients_at_once, gradients_by_steps, strict=True):
        torch.testing.assert_close(one, other, atol=1e-6, rtol=1e-5)
