"""The process that decodes: light, used again, and harmless whatever happens to it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from camera_server import CameraServer
from waiting import until

from lrcn_desktop.errors import UserError
from lrcn_desktop.video.capture import Capture
from lrcn_desktop.video.decoding import decoder, pool, process
from lrcn_desktop.video.decoding.messages import LONGEST, Lines, packed
from lrcn_desktop.video.decoding.process import FROZEN_WORD
from lrcn_desktop.video.decoding.ring import BUDGET, MOST_PIXELS, slots
from lrcn_desktop.video.file import FileSource
from lrcn_desktop.video.frame import Image
from lrcn_desktop.video.reconnecting import ReconnectingSource
from lrcn_desktop.video.recorder import Recorder
from lrcn_desktop.video.stream import StreamSource

ROOT = Path(__file__).parents[2]
WriteVideo = Callable[..., Path]
Number = Callable[[Image], int]
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals")


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=100)


def test_it_imports_nothing_heavy() -> None:
    done = run("import sys, lrcn_desktop.video.decoding.child; print(*sys.modules)")
    modules = {name.partition(".")[0] for name in done.stdout.split()}
    assert "av" in modules
    assert not modules & {"cv2", "torch", "PySide6", "ncnn", "PIL", "scipy"}


def test_a_script_without_a_guard_may_open_a_file(write_video: WriteVideo, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\nfrom lrcn_desktop.video.open import open_source\n"
        "print(sum(1 for _ in open_source(sys.argv[1])))\n"
    )
    done = run(f"exec(open({str(script)!r}).read())", str(write_video(frames=7)))
    assert (done.stdout, done.stderr) == ("7\n", "")


def test_the_standalone_build_knows_the_word_that_makes_it_a_decoder() -> None:
    entry = (ROOT / "packaging" / "entry.py").read_text()
    assert f'sys.argv[1:2] == ["{FROZEN_WORD}"]' in entry


def test_files_one_after_another_share_a_process(write_video: WriteVideo) -> None:
    path = write_video(frames=3)
    pids = set()
    for _ in range(4):
        with FileSource(path) as source:
            pids.add(source.pid)
            assert len(list(source)) == 3
    assert len(pids) == 1


@posix
def test_a_crash_on_the_way_loses_no_frame(write_video: WriteVideo, number_in: Number) -> None:
    found: list[int] = []
    with FileSource(write_video(frames=75, size=(640, 480))) as source:
        for frame in source:
            found.append(number_in(frame.image))
            assert frame.index == found[-1]
            if len(found) in (20, 45):
                os.kill(source.pid, signal.SIGSEGV)
    assert found == list(range(75))


@posix
def test_a_file_that_crashes_every_decoder_is_told_and_may_be_sought_in(
    write_video: WriteVideo, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FileSource(write_video(frames=20)) as source:
        read = decoder.MediaDecoder.read
        with monkeypatch.context() as patch:
            patch.setattr(
                decoder.MediaDecoder,
                "read",
                lambda self: (os.kill(self.pid, signal.SIGSEGV), read(self))[1],
            )
            with pytest.raises(UserError, match=r"clip\.avi crashes its decoder \(SIGSEGV\)"):
                source.read()
        source.seek(0.4)
        frame = source.read()
        assert frame is not None
        assert frame.index == 10


@posix
def test_a_decoder_that_hangs_is_told_in_time(
    write_video: WriteVideo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoder, "PATIENCE", 0.5)
    monkeypatch.setattr(process, "LOOK", 0.3)
    with FileSource(write_video(frames=60, size=(640, 480))) as source:
        assert source.read() is not None
        os.kill(source.pid, signal.SIGSTOP)
        began = time.monotonic()
        with pytest.raises(UserError, match="hangs its decoder after"):
            list(source)
        assert time.monotonic() - began < 10


@posix
def test_closing_a_decoder_that_hangs_takes_no_time(
    write_video: WriteVideo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoder, "CLOSING", 0.2)
    source = FileSource(write_video())
    assert source.read() is not None
    os.kill(source.pid, signal.SIGSTOP)
    began = time.monotonic()
    source.close()
    assert time.monotonic() - began < 5
    assert source.read() is None


@posix
def test_a_crash_while_it_plays_is_not_seen(write_video: WriteVideo, number_in: Number) -> None:
    source = FileSource(write_video(frames=60, rate=30.0, size=(640, 480)))
    capture = Capture(source)
    found: list[int] = []
    capture.listeners = (lambda captured: found.append(number_in(captured.frame.image)),)
    capture.start()
    try:
        until(lambda: len(found) > 20)
        assert not capture.ended
        os.kill(source.pid, signal.SIGSEGV)
        until(lambda: capture.ended)
        assert capture.error is None
        assert found == list(range(60))
    finally:
        capture.stop()


@posix
def test_a_crash_while_a_stream_is_recorded_costs_a_moment(
    camera_server: CameraServer, tmp_path: Path
) -> None:
    stream = StreamSource(camera_server.url("/live"))
    capture, recorder = Capture(ReconnectingSource(stream)), Recorder(tmp_path, "Camera", 50.0)
    capture.listeners = (lambda captured: recorder.push(captured.frame),)
    recorder.start()
    capture.start()
    try:
        until(lambda: recorder.seconds > 0.4)
        os.kill(stream.pid, signal.SIGSEGV)
        until(lambda: capture.source.loss is not None or capture.position > 1.0)
        until(lambda: capture.source.loss is None and recorder.seconds > 1.2)
    finally:
        capture.stop()
        assert recorder.finish(20)
    assert capture.error is recorder.error is None
    kept = 0.0
    for path in recorder.paths:  # a busy machine takes over five seconds for another decoder
        with FileSource(path) as source:
            kept += [frame.time for frame in source][-1]
    assert kept == pytest.approx(recorder.seconds, abs=0.05 * len(recorder.paths))


@pytest.mark.skipif(sys.platform != "linux", reason="the system's own limit")
def test_its_memory_is_limited() -> None:
    code = (
        "from lrcn_desktop.video.decoding.limits import limit_memory\nlimit_memory()\n"
        "try:\n    bytearray(1_500_000_000)\nexcept MemoryError:\n    print('refused')\n"
    )
    assert run(code).stdout == "refused\n"


def test_messages_come_whole_from_whatever_pieces() -> None:
    assert packed("time", 1, 0.5) == b'["time",1,0.5]\n'
    longest = packed("time", "x" * (LONGEST - 11))
    assert len(longest) == LONGEST + 1  # with its end
    for cut in (0, 1, 5, LONGEST):
        lines = Lines()
        assert lines.feed(longest[:cut]) == []
        assert lines.feed(longest[cut:] + b'["x"]\n["y') == [json.loads(longest), ["x"]]
        assert lines.feed(b'"]\n') == [["y"]]


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (b'["a"]\n{}\n["b"]\n', "^a message without a name$"),
        (b"[]\n", "^a message without a name$"),
        (b"[1]\n", "^a message without a name$"),
        (b'"a"\n', "^a message without a name$"),
        (b"no\n", "Expecting value"),
        (b"\xff\n", "utf-8"),
        (b"[" * 100_000 + b"\n", "^a message too deep$"),
        (b"x" * (LONGEST + 1), "^a message without end$"),
    ],
)
def test_what_it_says_is_never_believed(wrong: bytes, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        Lines().feed(wrong)


def test_the_ring_is_bounded_in_bytes() -> None:
    for size in ((1, 1), (320, 240), (1920, 1080), (7680, 4320)):
        assert slots(size) == 1 or 3 * size[0] * size[1] * slots(size) <= BUDGET
    for size in ((0, 5), (-1, -1), (MOST_PIXELS, 2), (8193, 8192)):
        with pytest.raises(ValueError, match="pictures of"):
            slots(size)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_decoded_pictures_give_their_memory_back_at_once(write_video: WriteVideo) -> None:
    """Pictures of 0.9 MB, which would wait for the garbage collection."""
    with FileSource(write_video("clip.mp4", frames=50, size=(960, 640))) as source:
        child = psutil.Process(source.pid)
        used = [m.rss - m.shared for m in (child.memory_info() for _ in source)]
    assert max(used) - used[15] < 15e6


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_a_process_that_has_grown_is_not_used_again(
    write_video: WriteVideo, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool.end_spares()
    path = write_video(frames=3)
    grown = "from lrcn_desktop.video.decoding import child; child.has_room = lambda: False; main()"
    monkeypatch.setattr(process, "CODE", process.CODE.removesuffix("main()") + grown)
    pids = set()
    for _ in range(2):
        with FileSource(path) as source:
            pids.add(source.pid)
    assert len(pids) == 2
