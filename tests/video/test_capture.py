import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest
from camera_server import CameraServer
from waiting import until

from lrcn_desktop.errors import UserError
from lrcn_desktop.video import stream
from lrcn_desktop.video.capture import LATE, Capture, Captured
from lrcn_desktop.video.demo import DemoSource
from lrcn_desktop.video.frame import Frame
from lrcn_desktop.video.open import open_source
from lrcn_desktop.video.source import Source
from lrcn_desktop.video.stream import StreamSource

WriteVideo = Callable[..., Path]
PATIENCE = 10.0


@contextmanager
def capturing(
    source: Source, every_frame: bool = False, heard: list[Captured] | None = None
) -> Iterator[Capture]:
    """Run a capture; `heard` gets every frame, also those that nobody takes in time."""
    capture = Capture(source, every_frame)
    if heard is not None:
        capture.listeners = (heard.append,)
    capture.start()
    try:
        yield capture
    finally:
        capture.stop()


def take(capture: Capture) -> Captured:
    captured = capture.latest.take(PATIENCE)
    assert captured is not None
    return captured


def take_all(capture: Capture) -> list[Captured]:
    taken: list[Captured] = []
    while not capture.ended:
        if (captured := capture.latest.take(0.05)) is not None:
            taken.append(captured)
    if (captured := capture.latest.take(0)) is not None:
        taken.append(captured)
    return taken


def test_a_file_plays_at_its_own_pace(write_video: WriteVideo) -> None:
    heard: list[Captured] = []
    with capturing(open_source(write_video(frames=26, rate=20.0)), heard=heard) as capture:
        take_all(capture)
        assert capture.rate == pytest.approx(20, rel=0.25)
    assert [captured.frame.index for captured in heard] == list(range(26))
    slowest = max(after.arrived - before.arrived for before, after in pairwise(heard))
    took = heard[-1].arrived - heard[0].arrived
    assert 1.2 < took < 1.5 + slowest  # 1.25 by the time stamps
    behind = [captured.arrived - heard[0].arrived - captured.frame.time for captured in heard]
    assert min(behind) > -0.05  # never early
    assert {captured.generation for captured in heard} == {0}


def test_after_a_stall_it_does_not_rush() -> None:
    class Stalling(Clockless):
        def read(self) -> Frame | None:
            frame = super().read()
            if frame is not None and frame.index == 5:
                time.sleep(0.6)  # the stall itself: a slow disk, say
            return frame

    with capturing(Stalling(frames=20, rate=50)) as capture:
        taken = take_all(capture)
    arrived = [captured.arrived for captured in taken if captured.frame.index >= 5]
    assert len(arrived) >= 12
    assert arrived[-1] - arrived[0] > 14 / 50 - 0.15


def test_the_demo_leaves_frames_out_where_the_machine_is_slow_and_keeps_the_time() -> None:
    """Else a recording of ten minutes of a busy machine would be shorter."""
    shown: list[tuple[float, float]] = []  # of the frames: when they came, and their time
    with capturing(DemoSource(rate=5000)) as capture:
        capture.listeners = (lambda c: shown.append((c.arrived, c.frame.time)),)
        until(lambda: len(shown) > 4 and shown[-1][1] > 0.7)
    passed, played = (shown[-1][n] - shown[0][n] for n in (0, 1))
    slowest = max(after[0] - before[0] for before, after in pairwise(shown))
    assert played == pytest.approx(passed, abs=LATE + slowest)
    assert len(shown) < 5000 * played / 4


def test_every_frame_waits_for_the_taker_and_keeping_up_does_not(write_video: WriteVideo) -> None:
    path = write_video(frames=20, rate=100.0)
    for every_frame in (True, False):
        with capturing(open_source(path), every_frame) as capture:
            indices = []
            while not capture.ended or not capture.latest.wait_taken(0):
                if (captured := capture.latest.take(0.02)) is not None:
                    indices.append(captured.frame.index)
                    time.sleep(0.03)  # a recognizer at a third of the source's rate
            assert indices[-1] == 19
            if every_frame:
                assert indices == list(range(20))
                assert capture.latest.dropped == 0
            else:
                assert len(indices) + capture.latest.dropped == 20
                assert capture.latest.dropped > 5


def test_pause_holds_step_moves_one_frame_and_play_goes_on(write_video: WriteVideo) -> None:
    with capturing(open_source(write_video(frames=75))) as capture:
        take(capture)
        capture.pause()
        assert capture.paused
        held = capture.latest.take(0.1) or capture.latest.peek()
        assert held is not None
        assert capture.latest.take(0.3) is None
        for step in (1, 2, 3):
            capture.step()
            moved = take(capture)
            assert moved.frame.index == held.frame.index + step
            assert capture.position == moved.frame.time
        assert capture.latest.take(0.15) is None
        capture.play()
        assert not capture.paused
        assert take(capture).frame.index == held.frame.index + 4


def test_a_seek_shows_the_new_frame_in_a_new_generation_also_while_paused(
    write_video: WriteVideo,
) -> None:
    with capturing(open_source(write_video(frames=75))) as capture:
        assert take(capture).generation == 0
        capture.pause()
        capture.latest.take(0.1)
        for generation, seconds in enumerate((2.0, 0.4, 1.2), start=1):
            capture.seek(seconds)
            shown = take(capture)
            assert (shown.frame.index, shown.generation) == (round(seconds * 25), generation)
            assert capture.position == pytest.approx(seconds)
            assert capture.latest.take(0.1) is None
        capture.play()
        following = take(capture)
        assert (following.frame.index, following.generation) == (31, 3)


def test_while_paused_it_steps_back_frame_by_frame(write_video: WriteVideo) -> None:
    with capturing(open_source(write_video(frames=75))) as capture:
        take(capture)
        capture.step_back()  # playing: nothing happens
        capture.pause()
        capture.seek(1.0)
        until(lambda: capture.position == pytest.approx(1.0))
        for _ in range(3):  # faster than the source: none may be lost
            capture.step_back()
        until(lambda: capture.position == pytest.approx(22 / 25))
        capture.step()
        until(lambda: capture.position == pytest.approx(23 / 25))
        capture.seek(0.0)
        until(lambda: capture.position == 0.0)
        capture.latest.take(0)
        capture.step_back()
        assert take(capture).frame.index == 0  # there is none before the first


def test_at_the_end_a_step_back_shows_the_last_but_one(write_video: WriteVideo) -> None:
    with capturing(open_source(write_video(frames=10, rate=100.0))) as capture:
        take_all(capture)
        capture.pause()
        capture.step_back()
        assert take(capture).frame.index == 8


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_steps_back_and_the_end_are_right_at_a_variable_rate(
    write_video: WriteVideo, tmp_path: Path, suffix: str, number_in: Callable[..., int]
) -> None:
    path = tmp_path / f"variable{suffix}"
    kept = r"select='not(mod(n\,7)*mod(n\,5))+lt(mod(n\,23)\,6)'"
    coding = ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-bf", "3", "-threads", "1")
    command = (imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(write_video(frames=200)))
    subprocess.run((*command, "-vf", kept, "-fps_mode", "vfr", *coding, str(path)), check=True)
    with open_source(path) as source:
        frames = [(frame.time, number_in(frame.image)) for frame in source]
    assert len({round(b - a, 3) for (a, _), (b, _) in pairwise(frames)}) > 2
    with capturing(open_source(path)) as capture:
        capture.pause()
        capture.seek(1000.0)
        until(lambda: capture.position == frames[-1][0])
        for time_, number in frames[-2:-20:-1]:
            capture.latest.take(0)
            capture.step_back()
            shown = take(capture)
            assert (shown.frame.time, number_in(shown.frame.image)) == (time_, number)


@pytest.mark.parametrize("speed", [0.5, 4.0])
def test_another_speed_holds_from_the_next_frame_on(write_video: WriteVideo, speed: float) -> None:
    with capturing(open_source(write_video(frames=51, rate=25.0))) as capture:
        take(capture)
        capture.set_speed(speed)
        begun = take(capture)
        seconds = 0.25 * speed  # of the video, in a quarter of a second
        while (last := take(capture)).frame.time < begun.frame.time + seconds:
            pass
        took = last.arrived - begun.arrived
        assert took == pytest.approx((last.frame.time - begun.frame.time) / speed, abs=0.08)


def test_listeners_are_told_every_frame_also_those_that_nobody_took(
    write_video: WriteVideo,
) -> None:
    told: list[Captured] = []
    capture = Capture(open_source(write_video(frames=10, rate=100.0)))
    capture.listeners = (told.append,)
    capture.start()
    try:
        until(lambda: capture.ended)
        assert [captured.frame.index for captured in told] == list(range(10))
        capture.listeners = ()
        capture.pause()
        capture.step_back()
        until(lambda: capture.position == pytest.approx(0.08))
        assert len(told) == 10
    finally:
        capture.stop()


def test_after_the_end_it_seeks_and_plays_again(write_video: WriteVideo) -> None:
    with capturing(open_source(write_video(frames=15, rate=50.0))) as capture:
        take_all(capture)
        assert capture.ended
        last = capture.latest.peek()
        assert last is not None
        assert last.frame.index == 14
        capture.seek(0.2)
        again = take_all_from(capture)
        assert (again[0].frame.index, again[-1].frame.index) == (10, 14)
        capture.play()
        restarted = take_all_from(capture)
        assert (restarted[0].frame.index, restarted[-1].frame.index) == (0, 14)
        assert (again[0].generation, restarted[0].generation) == (1, 2)


def take_all_from(capture: Capture) -> list[Captured]:
    first = take(capture)
    return [first, *take_all(capture)]


def test_a_damaged_file_tells_its_error_and_can_still_be_sought(write_video: WriteVideo) -> None:
    path = write_video(frames=100, rate=100.0)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with capturing(open_source(path)) as capture:
        until(lambda: capture.error is not None)
        assert "breaks off" in str(capture.error)
        assert capture.ended
        capture.pause()
        capture.latest.take(0)
        capture.seek(0.1)
        assert take(capture).frame.index == 10
        assert capture.error is None


def test_a_fault_of_the_program_becomes_an_error_too(caplog: pytest.LogCaptureFixture) -> None:
    class Faulty(Clockless):
        def read(self) -> Frame | None:
            raise ZeroDivisionError("division by zero")

    with capturing(Faulty(frames=1, rate=25)) as capture:
        until(lambda: capture.error is not None)
        assert isinstance(capture.error, UserError)
        assert "ZeroDivisionError" in str(capture.error)
        assert capture.is_alive()
    assert "division by zero" in caplog.text


def test_a_live_stream_is_read_as_it_comes_and_told_when_it_ends(
    camera_server: CameraServer,
) -> None:
    with capturing(open_source(camera_server.url("/short")), every_frame=True) as capture:
        taken = take_all(capture)
        assert "has ended" in str(capture.error)
        capture.seek(0.0)
        capture.play()
        assert capture.ended
    assert taken[-1].frame.index == 11


def test_a_paused_live_stream_shows_nothing_stale_afterwards(camera_server: CameraServer) -> None:
    with capturing(open_source(camera_server.url("/live"))) as capture:
        take(capture)
        capture.pause()
        held = capture.latest.take(0.1) or capture.latest.peek()
        assert held is not None
        assert capture.latest.take(0.5) is None
        capture.play()
        assert take(capture).frame.index > held.frame.index + 8


def test_stop_returns_soon_from_a_stream_that_hangs(
    camera_server: CameraServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "READ_TIMEOUT", 3.0)
    capture = Capture(StreamSource(camera_server.url("/stall")))
    capture.start()
    while take(capture).frame.index < 11:
        pass
    began = time.monotonic()
    capture.stop()
    assert time.monotonic() - began < 2
    assert capture.daemon
    capture.stop()
    capture.join(PATIENCE)  # the read's own time-out ends it
    assert not capture.is_alive()
    assert capture.error is None


def test_stop_ends_the_thread_wherever_it_is(write_video: WriteVideo) -> None:
    path = write_video(frames=50, rate=25.0)
    for prepare in (Capture.pause, lambda capture: take(capture), Capture.step):
        capture = Capture(open_source(path), every_frame=True)
        capture.start()
        prepare(capture)
        capture.stop()
        assert not capture.is_alive()
        assert capture.source.read() is None
    never_started = Capture(open_source(path))
    never_started.stop()
    assert never_started.source.read() is None


def test_commands_from_many_threads_do_no_harm(write_video: WriteVideo) -> None:
    with capturing(open_source(write_video(frames=100))) as capture:

        def pester(seed: int) -> None:
            chance = np.random.default_rng(seed)
            for _ in range(40):
                command = chance.integers(4)
                if command == 0:
                    capture.seek(float(chance.uniform(-1, 5)))
                else:
                    (capture.play, capture.pause, capture.step)[command - 1]()

        threads = [threading.Thread(target=pester, args=(seed,)) for seed in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        capture.pause()
        capture.seek(2.0)
        until(lambda: capture.position == pytest.approx(2.0))
        assert capture.error is None


class Clockless(Source):
    """Frames from memory, as fast as they are asked for."""

    seekable = False
    live = False
    duration = None
    size = (4, 4)
    name = "memory"

    def __init__(self, frames: int, rate: float) -> None:
        self.rate = rate
        self._left = iter(range(frames))

    def read(self) -> Frame | None:
        index = next(self._left, None)
        if index is None:
            return None
        return Frame(np.zeros((4, 4, 3), np.uint8), index / self.rate, index)

    def close(self) -> None:
        """Nothing is open."""
