"""How clips become streams."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcn_desktop.errors import UserError
from training.evaluation.streams import LONGEST, SECONDS, STREAMS, Stream, build_streams
from training.fitting.example import Example

CLASSES = ("run", "walk", "jump")


def clip(name: str, label: int, seconds: float, rate: float = 5.0) -> Example:
    """Return a clip without features, whose last frame is at `seconds`."""
    steps = int(seconds * rate + 1e-9) + 1
    return Example(name, Path(name), torch.full((steps,), label), rate)


def many(rate: float = 5.0, unknown: int = 120) -> list[Example]:
    """Return clips of 2 to 10 s, more than streams need."""
    rng = np.random.default_rng(0)
    lengths = rng.uniform(2, 10, 400 + unknown)
    known = [clip(f"k{n}", n % 3, lengths[n], rate) for n in range(400)]
    return known + [clip(f"u{n}", -1, lengths[400 + n], rate) for n in range(unknown)]


def names(streams: list[Stream]) -> list[list[str]]:
    return [[example.name for example in stream.clips] for stream in streams]


@pytest.fixture(scope="module")
def streams() -> list[Stream]:
    return build_streams(many(), CLASSES)


def test_there_are_eight_of_about_three_minutes(streams: list[Stream]) -> None:
    assert len(streams) == STREAMS
    assert all(SECONDS - 20 < stream.seconds < SECONDS + 12 for stream in streams)


def test_a_quarter_to_a_third_is_unknown(streams: list[Stream]) -> None:
    shares = [stream.truth.count(None) / len(stream.truth) for stream in streams]
    assert 0.25 < sum(shares) / len(shares) < 0.33
    assert all(0.2 < share < 0.4 for share in shares)


def test_no_clip_comes_twice_and_no_neighbors_are_alike(streams: list[Stream]) -> None:
    used = Counter(example.path for stream in streams for example in stream.clips)
    assert set(used.values()) == {1}
    for stream in streams:
        assert len(stream.stretches()) == len(stream.clips)
        assert all(a.label != b.label for a, b in pairwise(stream.stretches()))


def test_the_known_activities_are_all_there_and_begin_streams_like_the_unknown(
    streams: list[Stream],
) -> None:
    shown = Counter(s.label for stream in streams for s in stream.stretches())
    assert min(shown[label] for label in CLASSES) > max(shown[label] for label in CLASSES) / 2
    assert len({stream.truth[0] for stream in streams}) > 1


def test_they_are_the_same_whatever_the_order_of_the_clips(streams: list[Stream]) -> None:
    again = build_streams(many()[::-1], CLASSES)
    assert names(again) == names(streams)


@pytest.mark.parametrize("rate", [1.0, 10.0, 25.0, 30.0])
def test_they_are_the_same_clips_at_any_rate(streams: list[Stream], rate: float) -> None:
    assert names(build_streams(many(rate), CLASSES)) == names(streams)


def test_without_unknown_clips_all_is_known() -> None:
    streams = build_streams(many(unknown=0), CLASSES)
    assert len(streams) == STREAMS
    assert not any(None in stream.truth for stream in streams)


def test_few_clips_make_one_short_stream() -> None:
    (stream,) = build_streams([clip("a", 0, 3.9), clip("b", 1, 1.9), clip("c", 7, 0.9)], CLASSES)
    assert len(stream.clips) == 3
    assert stream.seconds == pytest.approx(7.0, abs=0.7)
    assert None in stream.truth  # a number that is no class is unknown


def test_a_stream_knows_its_cuts_times_and_stretches(tmp_path: Path) -> None:
    labels = torch.tensor([0, 0, 1, 1])  # one that changes within a clip is no cut
    first = Example("a", tmp_path / "a.npy", labels, 2.0)
    second = Example("b", tmp_path / "b.npy", torch.tensor([-1, -1]), 2.0)
    stream = Stream((first, second), ("run", "run", "walk", "walk", None, None), 2.0)
    np.save(first.path, np.arange(8, dtype=np.float16).reshape(4, 2))
    np.save(second.path, np.arange(6, dtype=np.float16).reshape(3, 2))  # one step more than used
    assert stream.cuts == [4]
    assert stream.times.tolist() == [0, 0.5, 1, 1.5, 2, 2.5]
    assert stream.seconds == 3.0
    assert [(s.start, s.end, s.label) for s in stream.stretches()] == [
        (0, 2, "run"),
        (2, 4, "walk"),
        (4, 6, None),
    ]
    parts = list(stream.features())
    assert [part.tolist() for part in parts] == [[[0, 1], [2, 3], [4, 5], [6, 7]], [[0, 1], [2, 3]]]
    assert parts[0].dtype == np.float32


def test_clips_that_change_follow_each_other_by_what_they_end_and_begin_with() -> None:
    changing = [
        Example(f"{n}", Path(f"{n}"), torch.tensor([n % 3] * 300 + [(n + 1) % 3] * 300), 5.0)
        for n in range(9)
    ]
    for stream in build_streams(changing, CLASSES):
        assert all(len(example) == 600 for example in stream.clips)  # whole, though long
        assert all(stream.truth[cut - 1] != stream.truth[cut] for cut in stream.cuts)


def test_of_a_long_clip_the_beginning_is_used() -> None:
    long = [clip("a", 0, 600), clip("b", 1, 600), clip("c", -1, 600)]
    (stream,) = build_streams(long, CLASSES)
    assert [len(example) / 5 for example in stream.clips] == [LONGEST] * 3


@pytest.mark.parametrize("labels", [[0], [0, 0, 0], [-1, -1], [3, -1]])
def test_clips_that_cannot_follow_each_other_are_refused(labels: list[int]) -> None:
    clips = [clip(f"{n}", label, 5) for n, label in enumerate(labels)]
    with pytest.raises(UserError, match="make no stream"):
        build_streams(clips, CLASSES)


def test_clips_of_two_rates_are_refused() -> None:
    with pytest.raises(UserError, match="2 to 5 steps per second"):
        build_streams([clip("a", 0, 5, 5.0), clip("b", 1, 5, 2.0)], CLASSES)


@settings(deadline=None)  # a busy machine is no fault
@given(labels=st.lists(st.integers(-1, 2), min_size=2, max_size=60))
def test_any_clips_give_sound_streams(labels: list[int]) -> None:
    clips = [clip(f"{n}", label, 4.0) for n, label in enumerate(labels)]
    if len(set(labels)) == 1:
        return
    streams = build_streams(clips, CLASSES)
    used = [example.name for stream in streams for example in stream.clips]
    assert len(used) == len(set(used))
    for stream in streams:
        assert len(stream.truth) == sum(map(len, stream.clips))
        assert len(stream.clips) >= 2
        assert len(stream.stretches()) == len(stream.clips)
