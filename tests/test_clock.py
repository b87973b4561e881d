"""The clock of live sources, against the system's own."""

import sys
import time

import pytest

from lrcn_desktop import clock


def test_it_goes_as_fast_as_the_monotonic_clock_while_the_computer_is_awake() -> None:
    before, began = clock.now(), time.monotonic()
    while time.monotonic() - began < 0.05:
        assert clock.now() >= before
    assert clock.now() - before == pytest.approx(time.monotonic() - began, abs=0.04)


@pytest.mark.skipif(sys.platform != "linux", reason="Linux has a clock of either kind")
def test_it_counts_the_time_that_the_computer_sleeps() -> None:
    assert clock.now() == pytest.approx(time.clock_gettime(time.CLOCK_BOOTTIME), abs=1.0)


def test_nobody_sets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    before = clock.now()
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert 0 <= clock.now() - before < 10
