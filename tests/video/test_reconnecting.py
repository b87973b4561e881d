"""Live sources that go away and come back, by real servers and by cameras without a device."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from camera_server import CameraServer
from fake_camera import FakeCamera, plug_in
from waiting import until

from lrcn_desktop import clock
from lrcn_desktop.video import stream
from lrcn_desktop.video.camera import CameraInfo, CameraSource
from lrcn_desktop.video.capture import Capture
from lrcn_desktop.video.frame import Frame
from lrcn_desktop.video.reconnecting import ReconnectingSource
from lrcn_desktop.video.stream import StreamSource

NOTICED = 2.0  # seconds in which a loss must be reported
PATIENCE = 15.0


@contextmanager
def capturing(source: CameraSource | StreamSource) -> Iterator[tuple[Capture, list[Frame]]]:
    capture = Capture(ReconnectingSource(source))
    frames: list[Frame] = []
    capture.listeners = (lambda captured: frames.append(captured.frame),)
    capture.start()
    try:
        yield capture, frames
    finally:
        began = time.monotonic()
        capture.stop()
        assert time.monotonic() - began < 2
        capture.join(PATIENCE)


def is_well(capture: Capture) -> bool:
    return capture.loss is None


def check_stream(frames: list[Frame], gap: float) -> None:
    """Check that times and indices rise over a gap, the times by its length."""
    times = np.array([frame.time for frame in frames])
    assert (np.diff(times) > 0).all()
    assert [frame.index for frame in frames] == list(range(len(frames)))
    assert np.diff(times).max() == pytest.approx(gap, abs=1.0)


def test_a_server_that_is_killed_and_started_again(
    camera_server: CameraServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    reopen, tries = StreamSource.reopen, list[None]()
    monkeypatch.setattr(StreamSource, "reopen", lambda self: tries.append(None) or reopen(self))
    source = StreamSource(camera_server.url("/live"))
    with capturing(source) as (capture, frames):
        until(lambda: len(frames) > 5)
        assert capture.loss is None
        camera_server.kill()
        until(lambda: capture.loss is not None, NOTICED)
        assert capture.loss is not None
        assert capture.loss.kind == "ended"
        lost = capture.loss.since
        seen = len(frames)
        until(lambda: len(tries) >= 2)
        assert (capture.ended, capture.error, len(frames)) == (False, None, seen)
        again = CameraServer(camera_server.server_port)
        with again.running():
            until(lambda: len(frames) > seen + 5)
            gap = clock.now() - lost
            assert capture.loss is None
    check_stream(frames, gap)


def test_a_stream_that_stalls_is_told_before_its_time_out_and_goes_on(
    camera_server: CameraServer,
) -> None:
    source = StreamSource(camera_server.url("/live"))
    with capturing(source) as (capture, frames):
        until(lambda: len(frames) > 5)
        camera_server.flowing.clear()
        until(lambda: capture.loss is not None, NOTICED)
        assert capture.loss is not None
        assert capture.loss.kind == "silent"
        seen = len(frames)
        camera_server.flowing.set()
        until(lambda: len(frames) > seen and is_well(capture))
        assert len(camera_server.asked) == 1  # the same connection


def test_a_stream_that_stalls_for_long_is_asked_for_anew(
    camera_server: CameraServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "READ_TIMEOUT", 1.5)
    with capturing(StreamSource(camera_server.url("/stall"))) as (capture, frames):
        until(lambda: len(frames) > 11)
        lost = clock.now()
        until(lambda: len(frames) > 14)
        gap = clock.now() - lost
        assert gap > 1.0
        assert is_well(capture)
    check_stream(frames, gap)


@pytest.mark.parametrize("phase", ["waiting", "connecting"])
def test_stopping_is_bounded_in_every_phase(camera_server: CameraServer, phase: str) -> None:
    threads = threading.active_count()
    with capturing(StreamSource(camera_server.url("/live"))) as (capture, frames):
        until(lambda: len(frames) > 5)
        camera_server.answering.clear()  # whoever connects waits
        camera_server.kill(listening=phase == "connecting")
        until(lambda: capture.loss is not None)
        time.sleep(0.7)
        # leaving stops it, within two seconds
    assert capture.error is None
    until(lambda: threading.active_count() <= threads + 1)  # the server's handler


def test_hours_of_reconnecting_pile_nothing_up(
    camera_server: CameraServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lrcn_desktop.video.reconnecting.LONGEST_PAUSE", 0.01)
    monkeypatch.setattr("lrcn_desktop.video.reconnecting.FIRST_PAUSE", 0.01)
    with capturing(StreamSource(camera_server.url("/live"))) as (capture, frames):
        until(lambda: len(frames) > 5)
        camera_server.kill()
        until(lambda: capture.loss is not None)
        threads = threading.active_count()
        used = time.process_time()
        time.sleep(1.0)
        assert threading.active_count() <= threads + 1
        assert time.process_time() - used < 0.9


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> type[FakeCamera]:
    return plug_in(monkeypatch)


@pytest.mark.parametrize("back", [0, 2])
def test_a_camera_comes_back_also_under_another_index(fake: type[FakeCamera], back: int) -> None:
    with capturing(CameraSource(0)) as (capture, frames):
        until(lambda: len(frames) > 5)
        fake.plugged = None
        until(lambda: capture.loss is not None, NOTICED)
        assert capture.loss is not None
        assert capture.loss.kind == "unplugged"
        lost, seen, opened, looked = capture.loss.since, len(frames), fake.opened, fake.looked
        until(lambda: fake.looked >= looked + 2)
        assert fake.opened == opened  # asking the system whether it is there is enough
        fake.plugged = back
        until(lambda: len(frames) > seen + 5)
        gap = clock.now() - lost
        assert is_well(capture)
    check_stream(frames, gap)


def test_another_camera_is_not_taken_for_the_lost_one(fake: type[FakeCamera]) -> None:
    fake.others = (CameraInfo(1, "Webcam"), CameraInfo(3, "Microscope"))
    with capturing(CameraSource(0)) as (capture, frames):
        until(lambda: len(frames) > 5)
        fake.plugged = None
        until(lambda: capture.loss is not None, NOTICED)
        opened, looked = fake.opened, fake.looked
        until(lambda: fake.looked >= looked + 2)
        assert fake.opened == opened  # the twin was there before


def test_a_camera_that_repeats_its_last_picture_after_it_was_unplugged_is_told(
    fake: type[FakeCamera], monkeypatch: pytest.MonkeyPatch
) -> None:
    still = np.zeros((48, 64, 3), np.uint8)
    with capturing(CameraSource(0)) as (capture, frames):
        until(lambda: len(frames) > 5)
        monkeypatch.setattr(fake, "read", lambda self: time.sleep(0.02) or (still, 0.0))
        monkeypatch.setattr(fake, "is_open", True)
        fake.plugged = None
        until(lambda: capture.loss is not None and capture.loss.kind == "unplugged", NOTICED)


def test_a_camera_that_falls_silent_is_told_and_opened_again(
    fake: type[FakeCamera], monkeypatch: pytest.MonkeyPatch
) -> None:
    with capturing(CameraSource(0)) as (capture, frames):
        until(lambda: len(frames) > 5)
        opened, seen = fake.opened, len(frames)
        with monkeypatch.context() as silent:
            silent.setattr(fake, "read", lambda self: time.sleep(0.02))
            until(lambda: capture.loss is not None, NOTICED)
            assert capture.loss is not None
            assert capture.loss.kind == "silent"
            until(lambda: fake.opened > opened)
        until(lambda: len(frames) > seen + 5)
        assert is_well(capture)
