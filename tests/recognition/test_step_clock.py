"""The step clock: the same number of steps for any source of the same length."""

import math
from collections.abc import Callable
from fractions import Fraction
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lrcn_desktop.recognition.step_clock import GAP, StepClock, want_steps_only
from lrcn_desktop.video.source import Source

rates = st.sampled_from([5, 10, 12, 15, 23.976, 24, 25, 29.97, 30, 50, 59.94, 60, 100, 120])
step_rates = st.one_of(st.sampled_from([1, 2.5, 5, 10, 12, 15, 24, 25, 30]), st.floats(0.5, 60))
starts = st.floats(0, 1000).map(lambda value: round(value, 3))


def expected(seconds: float, rate: float) -> int:
    """Return the ticks at k / rate from 0 to `seconds`, both included, in exact arithmetic."""
    return math.floor(Fraction(seconds) * Fraction(rate)) + 1


@given(rates, step_rates, starts, st.integers(0, 600))
def test_after_t_seconds_there_were_t_times_rate_steps_and_the_first(
    rate: float, step_rate: float, start: float, frames: int
) -> None:
    clock, total = StepClock(step_rate), 0
    for index in range(frames + 1):
        total += clock.advance(start + index / rate)
        # Time stamps are rounded to a millisecond, so a tick counts 2 ms early.
        assert (
            expected(index / rate, step_rate) <= total <= expected(index / rate + 3e-3, step_rate)
        )


@given(st.integers(1, 30), st.integers(1, 4), starts, st.integers(1, 300))
def test_a_source_at_a_multiple_of_the_rate_steps_on_every_nth_frame(
    step_rate: int, times: int, start: float, frames: int
) -> None:
    """And time stamps rounded to a millisecond, as Matroska has them, change nothing."""
    clock = StepClock(step_rate)
    for index in range(frames):
        time = round(start + index / (step_rate * times), 3)
        assert clock.advance(time) == (index % times == 0)


@given(rates, step_rates, st.lists(st.booleans(), min_size=1, max_size=400))
def test_dropped_frames_are_made_up_for_by_the_next(
    rate: float, step_rate: float, kept: list[bool]
) -> None:
    whole, thinned = StepClock(step_rate), StepClock(step_rate)
    total = thin_total = 0
    last = 0.0
    for index, keep in enumerate([True, *kept]):
        time = index / rate
        total += whole.advance(time)
        if keep:
            assume(time - last <= GAP)
            last = time
            thin_total += thinned.advance(time)
            assert thin_total == total


@pytest.mark.parametrize("rate", [5.0, None])
@pytest.mark.parametrize("jump", [GAP + 0.01, 100.0, -0.01, -3.0])
def test_a_gap_or_a_step_back_restarts(rate: float | None, jump: float) -> None:
    clock = StepClock(rate)
    for index in range(76):
        clock.advance(10 + index / 25)
    after = 13 + jump
    assert clock.restarts_at(after)
    assert clock.due(after) == clock.advance(after) == 1
    assert not clock.restarts_at(after + 0.04)
    assert [clock.advance(after + index / 25) for index in range(1, 11)] == (
        [1] * 10 if rate is None else [0, 0, 0, 0, 1] * 2
    )


def test_a_gap_of_a_second_is_none_yet() -> None:
    clock = StepClock(5.0)
    clock.advance(0.0)
    assert clock.advance(1.0) == 5


def test_asking_changes_nothing_and_reset_forgets() -> None:
    clock = StepClock(10.0)
    assert clock.restarts_at(0.0)
    assert clock.advance(0.0) == 1
    assert [clock.due(0.5) for _ in range(3)] == [5, 5, 5]
    assert clock.advance(0.5) == 5
    assert clock.due(0.5) == 0
    clock.reset()
    assert clock.restarts_at(0.5)
    assert clock.due(0.55) == 1


SOURCES = (24.0, 25.0, 29.97, 30.0, 60.0)


@pytest.mark.parametrize("step_rate", [5.0, 10.0, 15.0, 25.0, 30.0])
@pytest.mark.parametrize("rate", SOURCES)
def test_a_minute_has_as_many_steps_whatever_the_source_and_what_is_dropped(
    rate: float, step_rate: float
) -> None:
    whole, thinned = StepClock(step_rate), StepClock(step_rate)
    times = [round(index / rate, 3) for index in range(round(60 * rate) + 1)]
    kept = [t for index, t in enumerate(times) if index % 7 not in (2, 3, 5)]
    assert sum(map(whole.advance, times)) == pytest.approx(60 * step_rate + 1, abs=1)
    assert sum(map(thinned.advance, kept)) == pytest.approx(kept[-1] * step_rate + 1, abs=1)


@pytest.mark.parametrize("rate", SOURCES[:4])
def test_every_frame_is_a_step_and_stands_for_the_missing_ones(rate: float) -> None:
    """Also where time stamps are rounded, and where a camera's come irregularly."""
    jitter = (0.0, 0.3, -0.3, 0.1, -0.2)
    for late in (0.0, 1.0):
        times = [
            round((index + late * jitter[index % 5]) / rate, 3) for index in range(round(20 * rate))
        ]
        clock = StepClock(rate, every_frame=True, highest=30.0)
        assert [clock.advance(t) for t in times] == [1] * len(times)
        clock = StepClock(rate, every_frame=True, highest=30.0)
        kept = [0, 1, 2, 5, 6, 10, 15, 20]
        steps = [clock.advance(times[index]) for index in kept]
        if late:
            assert sum(steps) == 21
        else:
            assert steps == [1, 1, 1, 3, 1, 4, 5, 5]


def test_every_frame_does_not_exceed_the_highest_rate() -> None:
    """A source of 60 frames per second that says it has 30, or 15, or does not say."""
    for said in (30.0, 15.0, None):
        clock = StepClock(said, every_frame=True, highest=30.0)
        steps = [clock.advance(index / 60) for index in range(601)]
        assert sum(steps) == 301
        assert max(steps) == 1


def test_another_rate_goes_on_in_the_stream_without_making_up_for_anything() -> None:
    clock = StepClock(5.0)
    times = [index / 25 for index in range(101)]
    assert sum(map(clock.advance, times[:51])) == 11
    clock.change(25.0)
    assert not clock.restarts_at(times[51])
    assert [clock.advance(t) for t in times[51:61]] == [1] * 10
    clock.change(25.0, every_frame=True, highest=30.0)
    assert [clock.advance(t) for t in times[61:71]] == [1] * 10
    clock.change(5.0)
    assert [clock.advance(t) for t in times[71:81]] == [0, 0, 0, 0, 1] * 2


def test_the_same_rate_again_changes_nothing() -> None:
    clock, untouched = StepClock(5.0), StepClock(5.0)
    for index in range(100):
        assert clock.advance(index / 25) == untouched.advance(index / 25)
        clock.change(5.0)


def test_a_source_that_does_not_say_its_rate_is_held_to_the_highest() -> None:
    """Of 45 frames a second two in three are steps; of five each is one, and stands for one."""
    clock = StepClock(None, highest=30.0)
    assert sum(clock.advance(index / 45) for index in range(451)) == pytest.approx(301, abs=1)
    clock = StepClock(None, highest=30.0)
    assert [clock.advance(index / 5) for index in range(20)] == [1] * 20


def test_from_ticks_to_a_step_on_every_frame() -> None:
    clock = StepClock(5.0)
    assert sum(clock.advance(index / 25) for index in range(26)) == 6
    clock.change(10.0, every_frame=True)
    assert [clock.advance(1 + index / 25) for index in range(1, 26)] == [1] * 25


@pytest.mark.parametrize(("rate", "wanted"), [(5.0, [0, 5, 10, 15, 20]), (None, list(range(25)))])
def test_a_source_converts_what_is_a_step(rate: float | None, wanted: list[int]) -> None:
    asked: list[Callable[[float], bool]] = []
    source = SimpleNamespace(want=asked.append)
    want_steps_only(cast(Source, source), rate)
    (wants,) = asked
    assert [index for index in range(25) if wants(index / 25)] == wanted
