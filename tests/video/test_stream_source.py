import socket
import time

import numpy as np
import pytest
from camera_server import CameraServer

from lrcn_desktop.errors import UserError
from lrcn_desktop.video import stream
from lrcn_desktop.video.frame import Frame
from lrcn_desktop.video.open import open_source
from lrcn_desktop.video.stream import StreamSource

DEAD = 8.0  # seconds that a dead address may take


def test_motion_jpeg_is_live_and_timed_by_arrival(camera_server: CameraServer) -> None:
    camera_server.interval = 0.1  # ten a second, where FFmpeg would say 25
    with open_source(camera_server.url("/live")) as source:
        assert isinstance(source, StreamSource)
        assert (source.live, source.seekable, source.duration) == (True, False, None)
        assert source.size == (64, 48)
        assert source.rate > 0
        began = time.monotonic()
        frames = [source.read() for _ in range(12)]
        took = time.monotonic() - began
    times = np.array([frame.time for frame in frames if frame is not None])
    assert len(times) == 12
    assert times[0] == 0
    assert (np.diff(times) > 0).all()
    assert times[-1] == pytest.approx(took, abs=0.3)
    assert frames[-1] is not None
    assert frames[-1].index == 11
    assert frames[-1].image.flags.c_contiguous


def test_a_stream_that_ends_says_so(camera_server: CameraServer) -> None:
    source = StreamSource(camera_server.url("/short"))
    with source, pytest.raises(UserError, match="has ended"):
        list(source)


def test_a_stream_that_stalls_says_so(
    camera_server: CameraServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "READ_TIMEOUT", 1.0)
    with (
        StreamSource(camera_server.url("/stall")) as source,
        pytest.raises(UserError, match="has sent no picture for 1 seconds"),
    ):
        list(source)


def test_a_size_change_in_mid_stream_survives(camera_server: CameraServer) -> None:
    frames: list[Frame] = []
    with (
        StreamSource(camera_server.url("/sizes")) as source,
        pytest.raises(UserError, match="has ended"),
    ):
        frames.extend(source)
    assert len(frames) == 12


@pytest.mark.parametrize("path", ["/page", "/missing"])
def test_an_answer_that_is_no_video_is_told(
    camera_server: CameraServer, capfd: pytest.CaptureFixture[str], path: str
) -> None:
    address = camera_server.url(path)
    with pytest.raises(UserError, match=f"There is no video at {address}"):
        StreamSource(address)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("scheme", ["http", "rtsp"])
def test_a_refused_connection_is_told_at_once(scheme: str) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        with pytest.raises(UserError, match="There is no video at"):
            StreamSource(f"{scheme}://127.0.0.1:{port}/live")


@pytest.mark.parametrize("scheme", ["http", "rtsp"])
def test_a_host_that_never_answers_is_told_in_time(
    capfd: pytest.CaptureFixture[str], scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "OPEN_TIMEOUT", 1.0)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        began = time.monotonic()
        with pytest.raises(UserError, match="does not answer"):
            StreamSource(f"{scheme}://127.0.0.1:{silent.getsockname()[1]}/live")
        assert time.monotonic() - began < DEAD
    assert capfd.readouterr() == ("", "")


def test_an_unknown_host_is_told_in_time_and_its_password_is_not_shown() -> None:
    began = time.monotonic()
    with pytest.raises(UserError, match=r"rtsp://no\.such\.invalid/live cannot be found") as caught:
        StreamSource("rtsp://me:secret@no.such.invalid/live")
    assert "secret" not in str(caught.value)
    assert time.monotonic() - began < DEAD


def test_a_film_on_a_web_server_is_no_live_stream(camera_server: CameraServer) -> None:
    """A file has a length and time stamps: it is paced by them, and its end is no fault."""
    with StreamSource(camera_server.url("/film.avi")) as source:
        assert not source.live
        assert source.duration == pytest.approx(0.4)
        times = [frame.time for frame in source]
    assert times == pytest.approx([n / 25 for n in range(10)])
