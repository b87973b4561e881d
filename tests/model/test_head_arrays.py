"""The head in NumPy computes what the head in PyTorch computes, whole or step by step."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcn_desktop.model.head import Head
from lrcn_desktop.model.head_arrays import HeadArrays, head_shapes, softmax
from lrcn_desktop.model.presets import PRESETS, HeadConfig

sizes = st.lists(st.integers(1, 9), max_size=2).map(tuple)
shapes = st.tuples(st.integers(1, 6), st.integers(1, 7), st.integers(1, 7))
configs = st.builds(
    HeadConfig,
    pool=st.sampled_from(["flatten", "norm", "average", "statistics"]),
    fc=sizes,
    cell=st.sampled_from(["lstm", "gru"]),
    hidden=sizes,
    frames=st.booleans(),
) | st.builds(
    HeadConfig,
    pool=st.sampled_from(["norm", "average", "statistics"]),
    fc=sizes,
    cell=st.sampled_from(["lstm", "gru"]),
    hidden=sizes,
    frames=st.booleans(),
    project=st.integers(1, 8),
    motion=st.integers(0, 4),
    movement=st.sampled_from([0.0, 1.5]),
    cut=st.sampled_from([-1.0, 0.0, 0.9]),  # never, at the first frame, at most frames of noise
)


configs = configs.map(
    lambda made: made if made.motion and made.frames else replace(made, movement=0.0)
)


def both(config: HeadConfig, shape: tuple[int, int, int]) -> tuple[Head, HeadArrays]:
    torch.manual_seed(0)
    head = Head(config, shape, classes=3).eval()
    if head.projection is not None:
        torch.nn.init.normal_(head.projection.mean)
        torch.nn.init.orthogonal_(head.projection.basis)
        if config.motion:
            torch.nn.init.normal_(head.projection.motion_basis)
        torch.nn.init.normal_(head.mix) if config.frames else None
        torch.nn.init.normal_(head.movement.weight) if head.movement is not None else None
    arrays = {name: tensor.numpy() for name, tensor in head.state_dict().items()}
    return head, HeadArrays(config, shape, arrays)


@settings(deadline=None, max_examples=60)
@given(config=configs, shape=shapes, steps=st.integers(1, 9), cut=st.integers(0, 9))
def test_it_computes_what_pytorch_computes_however_a_clip_is_cut(
    config: HeadConfig, shape: tuple[int, int, int], steps: int, cut: int
) -> None:
    head, ours = both(config, shape)
    features = np.random.default_rng(0).random((steps, int(np.prod(shape))), np.float32) * 10
    with torch.inference_mode():
        expected, left = head(torch.from_numpy(features)[None], head.initial_state())
    state, found = ours.initial_state(), []
    for part in (features[:cut], features[cut:]):
        if len(part):
            taken = ours.run(part, state)
            state = taken.state
            found.append(taken.logits)
    logits = np.concatenate(found)
    assert logits.dtype == np.float32
    np.testing.assert_allclose(logits, expected[0].numpy(), atol=1e-4)
    for one, other in zip(state, left, strict=True):
        assert one.dtype == np.float32
        np.testing.assert_allclose(one, other.flatten().numpy(), atol=1e-4)
    wanted = torch.softmax(expected[0], -1).numpy()
    np.testing.assert_allclose(softmax(logits), wanted, atol=1e-4)


@settings(deadline=None, max_examples=30)
@given(config=configs, shape=shapes)
def test_a_file_is_expected_to_hold_what_the_network_has(
    config: HeadConfig, shape: tuple[int, int, int]
) -> None:
    state = Head(config, shape, classes=3).state_dict()
    assert head_shapes(config, shape, 3) == {name: tuple(t.shape) for name, t in state.items()}


@pytest.mark.parametrize("name", ["vgg16-lstm", "default", "light"])
def test_it_holds_for_the_presets_at_their_full_size_and_a_long_stream(name: str) -> None:
    preset = PRESETS[name]
    head, ours = both(preset.head, preset.backbone.shape)
    rng = np.random.default_rng(0)
    features = np.maximum(rng.standard_normal((300, preset.backbone.dim), np.float32), 0) * 20
    with torch.inference_mode():
        expected, _ = head(torch.from_numpy(features)[None], head.initial_state())
    state = ours.initial_state()
    for step, row in enumerate(features):
        steps = ours.run(row[None], state)
        state = steps.state
        np.testing.assert_allclose(steps.logits[0], expected[0, step].numpy(), atol=1e-4)
