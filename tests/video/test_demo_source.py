"""The demo as a source: its frames, its truth, and that both depend on seed and time alone."""

import itertools
import time
from collections import Counter, defaultdict

import numpy as np
import pytest

from lrcn_desktop.video.demo import ACTIVITIES, ORDER_PAIRS, DemoSource


def test_frames_keep_the_contract_of_a_source() -> None:
    with DemoSource(3, rate=10.0, size=(320, 240)) as source:
        assert (source.name, source.rate, source.size) == ("demo", 10.0, (320, 240))
        assert source.duration is None
        assert not source.live
        assert not source.seekable
        frames = [frame for _, frame in zip(range(12), source, strict=False)]
    assert [frame.index for frame in frames] == list(range(12))
    assert [frame.time for frame in frames] == pytest.approx([index / 10.0 for index in range(12)])
    for frame in frames:
        assert frame.image.shape == (240, 320, 3)
        assert frame.image.dtype == np.uint8
        assert frame.image.flags.c_contiguous
    assert not np.shares_memory(frames[0].image, frames[1].image)
    assert not np.array_equal(frames[0].image, frames[-1].image)
    assert source.read() is None
    source.close()


def test_a_frame_depends_on_seed_and_time_alone() -> None:
    straight, skipping = DemoSource(5, rate=5.0), DemoSource(5, rate=5.0)
    images = {frame.time: frame.image for _, frame in zip(range(40), straight, strict=False)}
    skipping.render(500.0)
    for moment in (7.8, 0.4, 3.2, 3.0):
        assert np.array_equal(skipping.render(moment), images[moment])


def test_seeds_differ() -> None:
    one, other = DemoSource(0), DemoSource(1)
    assert not np.array_equal(one.render(1.0), other.render(1.0))
    assert one.truth_segments(60.0) != other.truth_segments(60.0)


def test_truth_is_defined_everywhere_and_is_what_the_segments_say() -> None:
    source = DemoSource(2)
    end = 300.0
    segments = source.truth_segments(end)
    assert segments[0][0] == 0.0
    assert segments[-1][1] == end
    for (_, stop, _), (start, _, _) in itertools.pairwise(segments):
        assert stop == start
    for start, stop, activity in segments:
        for moment in (start, (start + stop) / 2.0, stop - 1e-6):
            assert source.truth(moment) == activity
    for start, stop, _ in segments[:-1]:
        assert 1.999 <= stop - start <= 4.401


def test_activities_are_about_equally_frequent() -> None:
    time_of: defaultdict[str, float] = defaultdict(float)
    for start, stop, activity in DemoSource(4).truth_segments(3600.0):
        time_of[activity] += stop - start
    assert set(time_of) == set(ACTIVITIES)
    for activity in ACTIVITIES:
        assert time_of[activity] == pytest.approx(3600.0 / len(ACTIVITIES), rel=0.25)


def test_what_came_before_says_nothing_about_which_of_a_pair_comes_next() -> None:
    shown = [activity for _, _, activity in DemoSource(6).truth_segments(40_000.0)]
    for forward, backward in ORDER_PAIRS:
        for before in ACTIVITIES:
            after = Counter(b for a, b in itertools.pairwise(shown) if a == before)
            total = after[forward] + after[backward]
            # Four standard deviations of a fair coin.
            assert abs(after[forward] - total / 2.0) < 4.0 * (total**0.5) / 2.0


def test_a_far_time_costs_what_a_near_one_does() -> None:
    source = DemoSource(7, size=(160, 120))

    def cost(first: float) -> float:
        costs = []
        for step in range(25):
            start = time.process_time()
            source.render(first + step / 25.0)
            costs.append(time.process_time() - start)
        return float(np.median(costs))

    near, far = cost(1.0), cost(30.0 * 24.0 * 3600.0)
    assert far < 4.0 * near + 0.002
    start = time.process_time()
    source.truth(1e9)
    assert time.process_time() - start < 0.05
