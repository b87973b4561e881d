"""Hours of live use, by a faster clock and in real time: nothing grows, nothing is lost.

Two hours in real time, or as long as is wanted (at least three minutes):

    LRCN_SOAK_MINUTES=10 pytest -s -m slow tests/app/test_soak.py -k real_time
"""

import gc
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
import pytest
from pytestqt.qtbot import QtBot

from lrcn_desktop.app.document import loading
from lrcn_desktop.app.events.rule import Rule, write_rules
from lrcn_desktop.app.heaps import share_heaps
from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.app.recording.recording_settings import FOLDER
from lrcn_desktop.video.demo import DemoSource
from lrcn_desktop.video.file import FileSource
from lrcn_desktop.video.frame import Frame
from lrcn_desktop.video.source import Source

MOST_GROWTH = 50.0  # MB, from the first minute of live use to the end of the hour
SPEED = 12.0  # of the faster clock
SETTLED = 60.0  # seconds of the stream before the first measurement
MOST_SLOPE = 1.0  # MB an hour
MINUTES = float(os.environ.get("LRCN_SOAK_MINUTES", "120"))
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
    monkeypatch.setattr(loading, "open_source", lambda _: FasterClock())
    share_heaps()  # as the program does
    window = open_window(models[1])
    play(window, "0")
    seen = watch(window, qtbot, until=3600.0, every=300.0)
    assert seen[-1] - seen[0] < MOST_GROWTH


@dataclass(frozen=True)
class Sample:
    """What the process holds, at a moment: hours, megabytes, and numbers of each."""

    hours: float
    memory: float
    threads: int
    handles: int


def slope(samples: list[Sample]) -> tuple[float, float]:
    """Return by how many MB an hour the memory grows, and that figure's standard error."""
    hours = np.array([sample.hours for sample in samples])
    memory = np.array([sample.memory for sample in samples])
    by, at = np.polyfit(hours, memory, 1)
    left = memory - (by * hours + at)
    spread = np.sqrt((left**2).sum() / max(1, len(samples) - 2))
    return float(by), float(spread / np.sqrt(((hours - hours.mean()) ** 2).sum()))


def last_time(path: Path) -> float:
    """Return the time of a video's last frame, in seconds."""
    with FileSource(path) as source:
        assert source.duration is not None
        source.seek(source.duration - 1.0)
        return max(frame.time for frame in source)


@pytest.mark.slow
@pytest.mark.timeout(60 * MINUTES + 1200)
def test_nothing_grows_and_no_second_is_lost_in_real_time(
    open_window: OpenWindow,
    play: Play,
    qtbot: QtBot,
    models: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """The demo at 60 pictures a second, recorded, with an event of every activity logged."""
    monkeypatch.setattr(loading, "open_source", lambda _: DemoSource(rate=60.0))
    share_heaps()  # as the program does
    window = open_window(models[1])
    window.settings.set(FOLDER, str(tmp_path / "recordings"))
    play(window, "demo")
    live, capture = window.session.live, window.session.capture
    assert live is not None
    assert capture is not None
    log = str(tmp_path / "events.csv")
    rules = [Rule(label, count=True, log=log) for label in live.recognizer.classes]
    write_rules(window.settings, rules)
    recordings, process = window.recording.recordings, psutil.Process()
    window.recording.controls.raw.click()
    qtbot.waitUntil(lambda: recordings.seconds > 0, timeout=60_000)
    began, position, recorded = time.monotonic(), capture.position, recordings.seconds
    samples: list[Sample] = []
    while (passed := time.monotonic() - began) < 60 * MINUTES:
        qtbot.wait(10_000)
        assert (capture.error, live.error) == (None, None)
        count = (process.num_threads(), process.num_fds() if os.name == "posix" else 0)
        samples.append(Sample(passed / 3600, megabytes(window), *count))
        kept = (recordings.seconds - recorded, capture.position - position, recordings.dropped)
        print(f"{passed / 60:6.1f} min, {samples[-1]}, recorded {kept}", flush=True)
    wanted, dropped = capture.position - position, recordings.dropped
    with qtbot.waitSignal(recordings.saved, timeout=60_000) as saved:
        window.recording.controls.raw.click()
    assert saved.args is not None
    paths, seconds = saved.args[0], saved.args[1] - recorded
    warm = [sample for sample in samples if sample.hours * 3600 > SETTLED]
    warm = warm[len(warm) // 4 :]
    by, error = slope(warm)
    print(f"{by:.1f} +- {error:.1f} MB an hour; threads and handles {warm[0]} to {warm[-1]}")
    print(f"recorded {seconds:.1f} s of {wanted:.1f} s played in {passed:.1f} s, {dropped} dropped")
    assert seconds == pytest.approx(wanted, abs=2.0)
    assert wanted == pytest.approx(passed, abs=2.0)
    assert sum(map(last_time, paths)) == pytest.approx(saved.args[1], abs=1.0)
    assert warm[-1].threads <= warm[0].threads + 1
    assert warm[-1].handles <= warm[0].handles + 2
    assert by - 2 * error < MOST_SLOPE
