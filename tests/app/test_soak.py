"""Hours of live use, by a faster clock and in real time: nothing grows, nothing is lost.

What a step leaves behind shows by the faster clock, what a second leaves in real time: two hours,
or as long as is wanted (at least six minutes, but of less than an hour the slopes are uncertain):

    LRCN_SOAK_MINUTES=60 pytest -s -m slow tests/app/test_soak.py -k real_time

The steps and segments of the timeline grow with the hours: that is what a timeline is. All else has
a bound. What is held goes up and down with the frames on their way, by a megabyte each; resident
memory does so by more, with what lies free between them.
"""

import gc
import math
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
import pytest
from held_memory import held
from pytestqt.qtbot import QtBot

from lrcn_desktop.app.document import loading, session
from lrcn_desktop.app.events.rule import Rule, write_rules
from lrcn_desktop.app.free_memory import keep_returning
from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.app.recording.recording_settings import FOLDER, LEAST_MEGABYTES, MEGABYTES
from lrcn_desktop.heaps import return_free, share_heaps
from lrcn_desktop.model.library import find_model
from lrcn_desktop.model.model_file import read_model
from lrcn_desktop.recognition.engines.engine import Engine
from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.recognition.recognizer import Recognizer
from lrcn_desktop.video.demo import DemoSource
from lrcn_desktop.video.file import FileSource
from lrcn_desktop.video.frame import Frame
from lrcn_desktop.video.source import Source

SPEED = 20.0  # of the faster clock
STEPS = 5.0  # steps per second of its stream
CHANGES = 5.0  # seconds of an activity there
SEGMENT = 1200.0  # bytes that a segment may take, in all lists of them: 1.0 kB is measured
EVENT = 1500.0  # bytes of a line in the list of events, which has 500 after half an hour
SETTLED = 120.0  # seconds until all else that has a bound has reached it, in real time
LOOKS = 60  # a sample is the least of so many: frames on their way take some megabytes
FRAME = 1.0  # MB of the demo's
MOST_SLOPE = 1.0  # MB an hour
MINUTES = float(os.environ.get("LRCN_SOAK_MINUTES", "120"))
OpenWindow = Callable[..., MainWindow]
Play = Callable[[MainWindow, str | Path], None]


class FasterClock(Source):
    """A camera whose seconds are short, of small pictures that cost nothing.

    It waits for who takes them, else a busy machine would make gaps of them, and runs of the gaps.
    """

    name = "faster clock"
    rate, size, duration = STEPS, (160, 120), None
    seekable, live = False, True

    def __init__(self) -> None:
        self.taken = -1  # the last frame that was
        self._count = 0
        self._began = time.monotonic()
        self._closed = False

    def read(self) -> Frame | None:
        """Wait until the next frame is due on the faster clock."""
        stamp = self._count / self.rate
        time.sleep(max(0.0, self._began + stamp / SPEED - time.monotonic()))
        while self.taken < self._count - 1 and not self._closed:
            time.sleep(1e-3)
        if self._closed:
            return None
        image = np.full((120, 160, 3), self._count % 256, np.uint8)
        self._count += 1
        return Frame(image, stamp, self._count - 1)

    def close(self) -> None:
        """End."""
        self._closed = True


class NoEngine(Engine):
    """Is not asked."""

    name, dim, seconds = "none", 1, 1e-3

    def features(self, frames: np.ndarray) -> np.ndarray:
        raise AssertionError("a scripted recognizer needs none")


class Scripted(Recognizer):
    """Sees one activity after another, without a look at the frames."""

    source: FasterClock

    def step(self, frame: Frame) -> Prediction:
        """Predict by the time alone."""
        self.source.taken = frame.index
        steps = max(1, self._clock.advance(frame.time))
        count = len(self.classes)
        seen = int(frame.time / CHANGES) % count
        probabilities = np.full(count, 0.1 / (count - 1), np.float32)
        probabilities[seen] = 0.9
        return Prediction(frame.time, probabilities, self.classes[seen], steps, 0.9)


def resident() -> float:
    """Return the process's megabytes, without the pages that lie free."""
    gc.collect()
    return_free()  # as the program does every minute
    return float(psutil.Process().memory_info().rss) / 1e6


def kept(window: MainWindow) -> float:
    """Return the megabytes that the steps, the segments and the listed events may take."""
    history, lines = window.document.history, window.events.panel.table.topLevelItemCount()
    assert history is not None
    return (history.stored_bytes + SEGMENT * history.stored_segments + EVENT * lines) / 1e6


def watch_events(window: MainWindow, log: Path) -> None:
    """Count the activities and write them to a table."""
    assert window.session.live is not None
    labels = window.session.live.recognizer.classes
    write_rules(window.settings, [Rule(label, count=True, log=str(log)) for label in labels])


@dataclass(frozen=True)
class Sample:
    """What the process has, at a moment.

    Attributes:
        hours: Since the first.
        kept: Megabytes of what is there to stay.
        held, resident: Megabytes in all, of what is held and of the process.
        threads, handles: Numbers of each.
    """

    hours: float
    kept: float
    held: float
    resident: float
    threads: int = 0
    handles: int = 0


def slope(
    hours: Sequence[float], megabytes: Sequence[float], least: float = 0.0
) -> tuple[float, float]:
    """Return by how many MB an hour memory grows, and that figure's standard error.

    Few samples may lie closer together by chance than they do: by `least` megabytes at the least.
    """
    (by, at), moments = np.polyfit(hours, megabytes, 1), np.array(hours)
    left = np.array(megabytes) - (by * moments + at)
    spread = np.sqrt((left**2).sum() / max(1, len(hours) - 2))
    return float(by), float(max(spread, least) / np.sqrt(((moments - moments.mean()) ** 2).sum()))


def last_time(path: Path) -> float:
    """Return the time of a video's last frame, in seconds."""
    with FileSource(path) as source:
        assert source.duration is not None
        source.seek(source.duration - 1.0)
        return max(frame.time for frame in source)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_what_steps_leave_behind_in_an_hour_is_what_is_kept_of_them(
    open_window: OpenWindow,
    play: Play,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """The second of two hours by the faster clock: by then all that has a bound has reached it."""
    recognizer = Scripted(read_model(find_model("demo")), NoEngine())
    recognizer.source = FasterClock()
    monkeypatch.setattr(loading, "open_source", lambda _: recognizer.source)
    monkeypatch.setattr(session, "load_recognizer", lambda *_: recognizer)
    share_heaps()  # as the program does
    window = open_window("demo")
    window.settings.set(MEGABYTES, LEAST_MEGABYTES)
    play(window, "0")
    watch_events(window, tmp_path / "events.csv")
    capture, live = window.session.capture, window.session.live
    assert capture is not None
    assert live is not None
    samples: list[Sample] = []
    for mark in np.linspace(3600.0, 7200.0, 41):
        looks: list[float] = []
        while capture.position < mark or not looks:
            assert (capture.error, live.error) == (None, None)
            qtbot.wait(50)
            looks.append(held())
        usual = float(np.median(looks))  # with the picture on show, without frames on their way
        samples.append(Sample(capture.position / 3600, kept(window), usual, resident()))
        print(samples[-1], flush=True)
    del samples[0]  # whose looks are of all the first hour
    hours = [sample.hours for sample in samples]
    by, error = slope(hours, [sample.held for sample in samples])
    content, _ = slope(hours, [sample.kept for sample in samples])
    print(f"{by:.2f} +- {error:.2f} MB an hour are held, where {content:.2f} may be kept")
    assert by - 2 * error < content
    by, error = slope(hours, [sample.resident - sample.kept for sample in samples])
    print(f"{by:.2f} +- {error:.2f} MB an hour beside what is kept are resident")
    assert by - 2 * error < MOST_SLOPE


@pytest.mark.slow
@pytest.mark.timeout(60 * MINUTES + 1200)
def test_nothing_grows_and_no_second_is_lost_in_real_time(
    open_window: OpenWindow,
    play: Play,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """The demo at 60 pictures a second, recorded, with an event of every activity logged."""
    monkeypatch.setattr(loading, "open_source", lambda _: DemoSource(rate=60.0))
    share_heaps()  # as the program does
    window = open_window("demo")
    keep_returning(window)
    window.settings.set(MEGABYTES, LEAST_MEGABYTES)  # full from the first seconds on
    window.settings.set(FOLDER, str(tmp_path / "recordings"))
    play(window, "demo")
    live, capture = window.session.live, window.session.capture
    assert live is not None
    assert capture is not None
    watch_events(window, tmp_path / "events.csv")
    recordings, process = window.recording.recordings, psutil.Process()
    window.recording.controls.raw.click()
    qtbot.waitUntil(lambda: recordings.seconds > 0, timeout=60_000)
    began, position, recorded = time.monotonic(), capture.position, recordings.seconds
    samples: list[Sample] = []
    while (passed := time.monotonic() - began) < 60 * MINUTES:
        least, least_held = math.inf, math.inf
        for _ in range(LOOKS):
            qtbot.wait(1000)
            least, least_held = min(least, resident()), min(least_held, held())
        assert (capture.error, live.error) == (None, None)
        count = (process.num_threads(), process.num_fds() if os.name == "posix" else 0)
        samples.append(Sample(passed / 3600, kept(window), least_held, least, *count))
        played = (recordings.seconds - recorded, capture.position - position, recordings.dropped)
        print(f"{passed / 60:6.1f} min, {samples[-1]}, recorded {played}", flush=True)
    wanted, dropped = capture.position - position, recordings.dropped
    with qtbot.waitSignal(recordings.saved, timeout=60_000) as saved:
        window.recording.controls.raw.click()
    assert saved.args is not None
    paths, seconds = saved.args[0], saved.args[1] - recorded
    warm = [sample for sample in samples if sample.hours * 3600 >= SETTLED]
    hours = [sample.hours for sample in warm]
    slopes = (
        slope(hours, [sample.held - sample.kept for sample in warm], FRAME),
        slope(hours, [sample.resident - sample.kept for sample in warm], 4 * FRAME),
    )
    print(f"MB an hour beside what is kept, held and resident, and their errors: {slopes}")
    print(f"{warm[0]} to {warm[-1]}")
    print(f"recorded {seconds:.1f} s of {wanted:.1f} s played in {passed:.1f} s, {dropped} dropped")
    assert seconds == pytest.approx(wanted, abs=2.0)
    assert wanted == pytest.approx(passed, abs=2.0)
    assert sum(map(last_time, paths)) == pytest.approx(saved.args[1], abs=1.0)
    assert warm[-1].threads <= warm[0].threads + 1
    assert warm[-1].handles <= warm[0].handles + 2
    assert all(by - 2 * error < MOST_SLOPE for by, error in slopes)
