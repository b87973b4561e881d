"""The rolling buffer: what it holds, and that it never holds more."""

import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcn_desktop.video import buffer
from lrcn_desktop.video.buffer import MEGABYTE, RollingBuffer
from lrcn_desktop.video.frame import Frame

NOISE = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
PATIENCE = 30.0


@pytest.fixture
def held() -> Iterator[RollingBuffer]:
    kept = RollingBuffer(10.0, 5.0)
    yield kept
    kept.close()


def fill(kept: RollingBuffer, times: list[float], size: int = 64) -> None:
    for index, moment in enumerate(times):
        kept.push(Frame(np.ascontiguousarray(NOISE[:size, :size]), moment, index))
        assert kept.settle(PATIENCE)


@settings(max_examples=40, deadline=None)
@given(
    steps=st.lists(st.tuples(st.floats(0.001, 3.0), st.integers(8, 64)), min_size=1, max_size=25),
    bounds=st.lists(st.tuples(st.floats(0.1, 10.0), st.floats(0.0005, 0.05)), min_size=1),
)
def test_never_more_than_its_bounds_and_never_less_than_fits(
    steps: list[tuple[float, int]], bounds: list[tuple[float, float]]
) -> None:
    kept = RollingBuffer(*bounds[0])
    moment, sizes = 0.0, {}
    try:
        for index, (step, size) in enumerate(steps):
            moment += step
            fill(kept, [moment], size)
            sizes[moment] = len(buffer.encoded(Frame(NOISE[:size, :size].copy(), 0.0, 0)))
            seconds, megabytes = bounds[index * len(bounds) // len(steps)]
            kept.set_bounds(seconds, megabytes)
            times = kept.snapshot().times
            total = sum(sizes[time] for time in times)
            assert kept.seconds == (times[-1] - times[0] if times else 0.0) <= seconds
            assert kept.megabytes == total / MEGABYTE
            assert total <= round(megabytes * MEGABYTE)
            assert times == tuple(sizes)[len(sizes) - len(times) :]  # the newest
    finally:
        kept.close()


def test_as_much_as_fits(held: RollingBuffer) -> None:
    fill(held, [0.5 * step for step in range(60)])
    assert held.seconds == 10.0
    one = held.megabytes / 21
    held.set_bounds(10.0, 10.5 * one)
    assert held.seconds == 4.5
    fill(held, [40.0])
    assert held.seconds == 0.0
    assert held.megabytes == pytest.approx(one)
    assert held.dropped == 0


def test_a_snapshot_is_decoded_frame_by_frame_while_the_buffer_goes_on(held: RollingBuffer) -> None:
    smooth = np.ascontiguousarray(np.tile(np.arange(64, dtype=np.uint8)[:, None, None], (1, 64, 3)))
    for index in range(5):
        held.push(Frame(smooth + index, index / 5, 7 + index))
        assert held.settle(PATIENCE)
    snapshot = held.snapshot()
    fill(held, [20.0])
    assert snapshot.times == (0.0, 0.2, 0.4, 0.6, 0.8)
    assert snapshot.seconds == 0.8
    for number, frame in enumerate(snapshot):
        assert (frame.time, frame.index) == (number / 5, 7 + number)
        assert np.abs(frame.image.astype(int) - smooth - number).max() < 6
    assert not list(snapshot)
    assert held.snapshot().times == (20.0,)


def test_an_earlier_frame_restarts_it(held: RollingBuffer) -> None:
    fill(held, [5.0, 6.0, 0.5, 1.0])
    assert held.snapshot().times == (0.5, 1.0)


def test_whoever_pushes_never_waits_and_what_is_dropped_is_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    release = threading.Event()
    held = RollingBuffer(10.0, 5.0, lambda frame: b"jpeg" if release.wait(PATIENCE) else b"")
    monkeypatch.setattr(buffer, "QUEUED", 3 * NOISE.nbytes)
    began = time.monotonic()
    for index in range(50):
        held.push(Frame(NOISE, index / 10, index))
    assert time.monotonic() - began < 1
    assert 50 - 3 - 1 <= held.dropped <= 50 - 3
    release.set()
    assert held.settle(PATIENCE)
    assert len(held.snapshot().times) == 50 - held.dropped
    held.close()


def test_closing_releases_everything(held: RollingBuffer) -> None:
    fill(held, [0.0, 1.0])
    held.close()
    held.push(Frame(NOISE, 2.0, 2))
    assert held.megabytes == held.seconds == 0.0
    assert held.snapshot().times == ()
