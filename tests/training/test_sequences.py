"""What a network is fitted to: windows of clips, and streams whose order tells."""

import random

import torch
from hypothesis import given
from hypothesis import strategies as st

from training.fitting.sequences import PADDING, Example, Remix, Windows, stack


def example(labels: list[int], first: int = 0) -> Example:
    """Return a clip whose features count its steps from `first`."""
    steps = torch.arange(first, first + len(labels)).float()
    return Example(steps[:, None].half(), torch.tensor(labels))


@given(lengths=st.lists(st.integers(1, 40), min_size=1, max_size=9), length=st.integers(1, 50))
def test_windows_are_stretches_of_every_clip(lengths: list[int], length: int) -> None:
    clips = [example([number] * steps) for number, steps in enumerate(lengths)]
    windows = Windows(clips, length)
    batches = windows.epoch(4, random.Random(0))
    assert len(batches) == windows.batches(4)
    cut = [window for batch in batches for window in batch]
    assert sorted(int(w.labels[0]) for w in cut) == list(range(len(clips)))
    for window in cut:
        whole = min(length, lengths[int(window.labels[0])])
        assert min(whole, max(1, length // 4)) <= len(window.labels) <= whole
        assert (window.pooled.float().diff(dim=0) == 1).all()


def test_streams_have_their_length_and_each_label_its_own_order() -> None:
    clips = [example([0, 0, 0, 2, 2, 1, 1, 1], first=10)]  # 0 backwards is 1
    remix = Remix(clips, 20, {0: 1, 1: 0})
    streams = [s for batch in remix.epoch(8, random.Random(1)) for s in batch]
    assert streams
    seen = set()
    for stream in streams:
        assert stream.pooled.shape == (20, 1)
        values = stream.pooled[:, 0].int().tolist()
        for value, label in zip(values, stream.labels.tolist(), strict=True):
            seen.add((value, label))
    forwards = {(10, 0), (11, 0), (12, 0), (13, 2), (14, 2), (15, 1), (16, 1), (17, 1)}
    backwards = {(10, 1), (11, 1), (12, 1), (15, 0), (16, 0), (17, 0)}
    assert seen == forwards | backwards


def test_padding_is_marked() -> None:
    pooled, labels = stack([example([1, 1, 1]), example([0])])
    assert pooled.shape == (2, 3, 1)
    assert labels.tolist() == [[1, 1, 1], [0, PADDING, PADDING]]
