"""The head: one step after another is the whole clip at once."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcn_desktop.model.head import Head
from lrcn_desktop.model.presets import PRESETS, Cell, HeadConfig, Pool

SHAPE = (6, 3, 3)
DIM = 54

sizes = st.lists(st.integers(1, 9), max_size=2).map(tuple)
configs = st.builds(
    HeadConfig,
    pool=st.sampled_from(["flatten", "average", "statistics"]),
    fc=sizes,
    cell=st.sampled_from(["lstm", "gru"]),
    hidden=sizes,
) | st.builds(
    HeadConfig,
    pool=st.sampled_from(["average", "statistics"]),
    fc=sizes,
    cell=st.sampled_from(["lstm", "gru"]),
    hidden=sizes,
    frames=st.booleans(),
    project=st.integers(1, 8),
    motion=st.integers(0, 4),
    cut=st.sampled_from([-1.0, 0.0, 0.9]),
)


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(0)


@settings(deadline=None, max_examples=40)
@given(config=configs, steps=st.integers(1, 12), batch=st.integers(1, 3), cut=st.integers(0, 12))
def test_any_cutting_of_a_clip_gives_what_the_whole_gives(
    config: HeadConfig, steps: int, batch: int, cut: int
) -> None:
    head = Head(config, SHAPE, classes=3).eval()
    features = torch.rand(batch, steps, DIM) * 10
    with torch.inference_mode():
        whole, last = head(features, head.initial_state(batch))
        state, single = head.initial_state(batch), []
        for step in range(steps):
            logits, state = head(features[:, step : step + 1], state)
            single.append(logits)
        parts, middle = [], head.initial_state(batch)
        for part in (features[:, : min(cut, steps)], features[:, min(cut, steps) :]):
            if part.shape[1]:
                logits, middle = head(part, middle)
                parts.append(logits)
    assert whole.shape == (batch, steps, 3)
    torch.testing.assert_close(torch.cat(single, dim=1), whole, atol=1e-4, rtol=0)
    torch.testing.assert_close(torch.cat(parts, dim=1), whole, atol=1e-4, rtol=0)
    for one, other, third in zip(state, last, middle, strict=True):
        torch.testing.assert_close(one, other, atol=1e-4, rtol=0)
        torch.testing.assert_close(third, other, atol=1e-4, rtol=0)


@pytest.mark.parametrize("name", ["vgg16-lstm", "default"])
def test_stepping_holds_for_the_presets_at_their_full_size(name: str) -> None:
    preset = PRESETS[name]
    head = Head(preset.head, preset.backbone.shape, 7).eval()
    features = torch.relu(torch.randn(1, 40, preset.backbone.dim)) * 20
    with torch.inference_mode():
        whole, _ = head(features, head.initial_state())
        state, single = head.initial_state(), []
        for step in features.split(1, dim=1):
            logits, state = head(step, state)
            single.append(logits)
    torch.testing.assert_close(torch.cat(single, dim=1), whole, atol=1e-4, rtol=0)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_the_past_matters_with_recurrent_layers_and_only_with_them(cell: Cell) -> None:
    now, past = torch.rand(1, 1, DIM), torch.rand(1, 5, DIM)
    for hidden in ((8,), ()):
        config = HeadConfig(fc=(8,), cell=cell, hidden=hidden)
        head = Head(config, SHAPE, 3).eval()
        with torch.inference_mode():
            _, after = head(past, head.initial_state())
            fresh, _ = head(now, head.initial_state())
            later, _ = head(now, after)
        assert torch.equal(fresh, later) == (hidden == ())


def test_the_state_is_given_and_taken_and_left_alone() -> None:
    head = Head(HeadConfig(hidden=(4, 5)), SHAPE, 3).eval()
    state = head.initial_state(2)
    assert [tuple(part.shape) for part in state] == [(1, 2, 4)] * 2 + [(1, 2, 5)] * 2
    copies = [part.clone() for part in state]
    with torch.inference_mode():
        _, after = head(torch.rand(2, 3, DIM), state)
    assert all(torch.equal(a, b) for a, b in zip(state, copies, strict=True))
    assert not any(torch.equal(a, b) for a, b in zip(state, after, strict=True))


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_training_leaves_the_second_bias_at_zero(cell: Cell) -> None:
    config = HeadConfig(fc=(8,), cell=cell, hidden=(4, 4))
    head = Head(config, SHAPE, 3)
    optimizer = torch.optim.SGD([p for p in head.parameters() if p.requires_grad], lr=1.0)
    logits, _ = head(torch.rand(2, 5, DIM), head.initial_state(2))
    logits.square().sum().backward()
    optimizer.step()
    second = [p for name, p in head.named_parameters() if name.endswith("bias_hh_l0")]
    assert len(second) == 2
    assert all(bool((p == 0).all()) for p in second)


@pytest.mark.parametrize("pool", ["average", "statistics"])
def test_what_is_pooled_is_normalized_and_finite(pool: Pool) -> None:
    head = Head(HeadConfig(pool=pool), SHAPE, 3).eval()
    pooled = head.pool(torch.rand(2, 4, DIM) * 10)
    assert pooled.shape[:2] == (2, 4)
    torch.testing.assert_close(pooled.mean(-1), torch.zeros(2, 4), atol=1e-5, rtol=0)
    for same in (0.0, 1.0):  # a black picture, one value everywhere: nothing to divide by
        assert bool(torch.isfinite(head.pool(torch.full((1, 1, DIM), same))).all())
