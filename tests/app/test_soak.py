"""Memory over hours of live use, by a faster clock and in real time."""

import gc
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from camera_server import CameraServer
from pytestqt.qtbot import QtBot

from lrcn_desktop.app.document import session
from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.video.demo import DemoSource
from lrcn_desktop.video.frame import Frame
from lrcn_desktop.video.source import Source

MOST_GROWTH = 50.0  # MB, from the first minute of live use to the end of the hour
SPEED = 12.0  # of the faster clock
SETTLED = 60.0  # seconds of the stream before the first measurement
REAL_MINUTES = 10.0
OpenWindow = Callable[..., MainWindow]
Play = Callable[[MainWindow, str | Path], None]


class FasterClock(Source):
    """A camera whose seconds are short: the demo's frames, with the time stamps of 30 a second."""

    name = "faster clock"
    rate, size, duration = 30.0, (640, 480), None
    seekable, live = False, True

    def __init__(self) -> None:
        with DemoSource() as demo:
            self._frames = [frame.image for frame, _ in zip(demo, range(150), strict=False)]
        self._count = 0
        self._began = time.monotonic()
        self._closed = False

    def read(self) -> Frame | None:
        """Wait until the next frame is due on the faster clock."""
        if self._closed:
            return None
        stamp = self._count / self.rate
        time.sleep(max(0.0, self._began + stamp / SPEED - time.monotonic()))
        image = self._frames[self._count % len(self._frames)].copy()
        self._count += 1
        return Frame(image, stamp, self._count - 1)

    def close(self) -> None:
        """End."""
        self._closed = True


def megabytes(window: MainWindow) -> float:
    """Return the process's memory without the last seconds' pictures.

    Those have a bound of their own, which the user sets; a busy machine keeps fewer of them.
    """
    gc.collect()
    held = window.recording.last_seconds.held
    return float(psutil.Process().memory_info().rss) / 1e6 - (held[1] if held else 0.0)


def watch(window: MainWindow, qtbot: QtBot, until: float, every: float) -> list[float]:
    """Return the megabytes at `every` seconds of the stream, from SETTLED to `until`."""
    capture, live = window.session.capture, window.session.live
    assert capture is not None
    assert live is not None
    seen: list[float] = []
    began = time.monotonic()
    mark = SETTLED
    while mark <= until:
        while capture.position < mark:
            assert (capture.error, live.error) == (None, None)
            qtbot.wait(50)
        seen.append(megabytes(window))
        minutes, real = capture.position / 60, (time.monotonic() - began) / 60
        print(f"{minutes:6.1f} min of stream, {real:5.1f} min, {seen[-1]:7.1f} MB", flush=True)
        mark += every
    print(f"{live.stats}; repaints {window.stage.picture.repaints_per_second:.0f}/s", flush=True)
    return seen


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_an_hour_by_a_faster_clock_takes_no_more_memory_than_a_minute(
    open_window: OpenWindow,
    play: Play,
    qtbot: QtBot,
    models: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(session, "open_source", lambda _: FasterClock())
    window = open_window(models[1])
    play(window, "0")
    seen = watch(window, qtbot, until=3600.0, every=300.0)
    assert seen[-1] - seen[0] < MOST_GROWTH


@pytest.fixture
def server() -> Iterator[CameraServer]:
    with CameraServer().running() as running:
        running.interval = 1 / 30
        yield running


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_live_stream_in_real_time_takes_no_more_memory_as_minutes_pass(
    open_window: OpenWindow,
    play: Play,
    qtbot: QtBot,
    models: tuple[str, str],
    server: CameraServer,
) -> None:
    window = open_window(models[1])
    play(window, server.url("/live"))
    seen = watch(window, qtbot, until=60 * REAL_MINUTES, every=60.0)
    hourly = (seen[-1] - seen[0]) * 60 / (REAL_MINUTES - 1)
    print(f"{seen[-1] - seen[0]:.1f} MB in {REAL_MINUTES - 1:.0f} minutes: {hourly:.0f} an hour")
    assert seen[-1] - seen[0] < MOST_GROWTH
