"""A computer that slept: live sources go on where they are, and the time is right."""

from pathlib import Path

import pytest
from fake_camera import FakeCamera, plug_in
from faults import Clocks

from lrcn_desktop.video.camera import CameraSource
from lrcn_desktop.video.frame import Frame
from lrcn_desktop.video.reconnecting import ReconnectingSource
from lrcn_desktop.video.recording import Recording
from lrcn_desktop.video.source import Source

HOUR = 3600.0


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> type[FakeCamera]:
    return plug_in(monkeypatch)


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    return Clocks(monkeypatch)


def read(source: Source) -> Frame:
    frame = source.read()
    assert frame is not None
    return frame


def test_a_cameras_frames_are_an_hour_apart_and_its_recording_begins_a_second_file(
    fake: type[FakeCamera], clocks: Clocks, tmp_path: Path
) -> None:
    with ReconnectingSource(CameraSource(0)) as source:
        before = [read(source) for _ in range(5)]
        clocks.sleep(HOUR)
        after = [read(source) for _ in range(5)]
        assert source.loss is None
    assert 0 < after[0].time - before[-1].time - HOUR < 5.0
    assert [frame.index for frame in (*before, *after)] == list(range(10))
    recording = Recording(tmp_path, "Camera", 50.0)
    for frame in (*before, *after):
        recording.write(frame.time, frame.image)
    recording.close()
    assert len(recording.paths) == 2
    assert recording.seconds < 5.0


def test_a_camera_that_is_gone_after_the_sleep_and_back_has_lost_the_hour(
    fake: type[FakeCamera], clocks: Clocks
) -> None:
    with ReconnectingSource(CameraSource(0)) as source:
        before = read(source)
        clocks.sleep(HOUR)
        fake.plugged = 2  # USB counts from 0 after a sleep
        after = read(source)
    assert 0 < after.time - before.time - HOUR < 10.0


@pytest.mark.parametrize("seconds", [-86_400.0, 86_400.0])
def test_a_clock_that_is_set_moves_no_frame(
    fake: type[FakeCamera], clocks: Clocks, seconds: float
) -> None:
    with ReconnectingSource(CameraSource(0)) as source:
        before = read(source)
        clocks.set(seconds)
        after = read(source)
    assert 0 < after.time - before.time < 5.0
