"""The recorder: real files of what a live source sent, whatever its times."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import numpy as np
import psutil
import pytest
from waiting import until

from lrcn_desktop.errors import UserError
from lrcn_desktop.video import recorder
from lrcn_desktop.video.file import FileSource
from lrcn_desktop.video.frame import Frame, Image
from lrcn_desktop.video.recorder import Recorder
from lrcn_desktop.video.recording import Recording

NOW = datetime(2026, 11, 22, 21, 30, 5)
PATIENCE = 30.0


def numbered(number: int, width: int = 160) -> Image:
    """Return a picture that `number_in` reads."""
    bits = np.array([number >> bit & 1 for bit in range(8)], np.uint8) * 255
    return np.ascontiguousarray(np.tile(bits.repeat(width // 8)[None, :, None], (120, 1, 3)))


def record(folder: Path, times: list[float], rate: float = 10.0) -> Recording:
    recording = Recording(folder, "Camera", rate)
    for number, moment in enumerate(times):
        recording.write(moment, numbered(number), NOW)
    recording.close()
    return recording


@pytest.fixture
def numbers(number_in: Callable[[Image], int]) -> Callable[[Path], list[int]]:
    """Return the function that reads the numbers of a file's frames."""

    def read(path: Path) -> list[int]:
        with FileSource(path) as source:
            return [number_in(frame.image) for frame in source]

    return read


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ([100.0, 100.1, 100.2, 100.3], [0, 1, 2, 3]),
        ([0.0, 0.13, 0.17, 0.3, 0.44, 0.47], [0, 1, 2, 3, 4, 5]),  # late or early by half a frame
        ([0.0, 0.5, 0.6], [0, 0, 0, 0, 0, 1, 2]),  # none came for a while
        ([0.0, 0.03, 0.06, 0.1, 0.13, 0.16, 0.2, 0.23, 0.26, 0.3], None),  # three times too many
    ],
)
def test_times_are_right_at_a_constant_rate(
    times: list[float],
    expected: list[int] | None,
    tmp_path: Path,
    numbers: Callable[[Path], list[int]],
) -> None:
    recording = record(tmp_path, times)
    (path,) = recording.paths
    found = numbers(path)
    if expected is not None:
        assert found == expected
    for place, number in enumerate(found):
        assert times[number] - times[0] <= place / 10 + 0.1 + 1e-9
    assert recording.seconds == pytest.approx(len(found) / 10)
    assert recording.seconds == pytest.approx(times[-1] - times[0], abs=0.21)


def test_a_long_gap_begins_a_new_file_and_a_short_one_does_not(
    tmp_path: Path, numbers: Callable[[Path], list[int]]
) -> None:
    recording = record(tmp_path / "new" / "folder", [0.0, 0.1, 4.1, 14.1, 60.0, 60.1])
    assert [path.name for path in recording.paths] == [
        "2026-11-22 21-30-05 Camera.mkv",
        "2026-11-22 21-30-05 Camera (2).mkv",
    ]
    first, second = map(numbers, recording.paths)
    assert (len(first), first[-2:], second) == (43, [2, 3], [4, 5])  # no still of ten seconds
    assert recording.seconds == pytest.approx(14.2 + 0.2)
    with FileSource(recording.paths[0]) as source:
        assert [frame.time for frame in source][-1] == pytest.approx(14.1)


def test_another_size_begins_a_new_file(tmp_path: Path) -> None:
    recording = Recording(tmp_path, "Camera", 10.0)
    for moment, width in ((0.0, 160), (0.1, 160), (0.2, 320)):
        recording.write(moment, numbered(1, width), NOW)
    recording.close()
    sizes = []
    for path in recording.paths:
        with FileSource(path) as source:
            sizes.append(source.size)
    assert sizes == [(160, 120), (320, 120)]


def test_nothing_is_overwritten_and_every_name_is_allowed(tmp_path: Path) -> None:
    name = 'http://user@[::1]:8080/a?b="c"|<d>\\*.' + "x" * 300
    for _ in range(2):
        recording = Recording(tmp_path, name, 10.0)
        recording.write(0.0, numbered(3), NOW)
        recording.close()
    first, second = sorted(path.name for path in tmp_path.iterdir())
    assert not set('<>:"/\\|?*') & set(first + second)
    assert first != second
    assert len(first) < 100


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    recording = Recorder(tmp_path / "file" / "folder", "Camera", 10.0)
    recording.start()
    recording.push(Frame(numbered(1), 0.0, 0))
    assert recording.finish(PATIENCE)
    assert str(recording.error).startswith(f"Cannot record in {tmp_path / 'file' / 'folder'}: ")
    assert recording.paths == ()


def test_frames_are_drawn_on_and_written_on_the_recorders_thread(
    tmp_path: Path, numbers: Callable[[Path], list[int]]
) -> None:
    threads = set()

    def draw(frame: Frame) -> Image:
        threads.add(threading.current_thread())
        return numbered(frame.index + 100)

    recording = Recorder(tmp_path, "Camera annotated", 10.0, draw)
    recording.start()
    for index in range(10):
        recording.push(Frame(numbered(0), index / 10, index))
    assert recording.finish(PATIENCE)
    recording.push(Frame(numbered(0), 1.0, 10))
    (path,) = recording.paths
    assert path.name.endswith(" Camera annotated.mkv")
    assert numbers(path) == list(range(100, 110))
    assert threads == {recording}
    assert (recording.dropped, recording.losing, recording.error) == (0, False, None)


def test_whoever_pushes_never_waits_and_what_is_lost_is_counted(
    tmp_path: Path, numbers: Callable[[Path], list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    most = 16
    monkeypatch.setattr(recorder, "QUEUED", most * numbered(0).nbytes)
    slow = threading.Event()
    recording = Recorder(tmp_path, "Camera", 10.0, lambda f: slow.wait(PATIENCE) and f.image)
    recording.start()
    for index in range(40):
        recording.push(Frame(numbered(index), index / 10, index))
    assert recording.losing
    assert recording.dropped >= 40 - most - 1
    slow.set()
    until(lambda: recording.seconds >= 0.1 * (40 - recording.dropped))
    recording.push(Frame(numbered(40), 4.0, 40))
    assert recording.finish(PATIENCE)
    found = numbers(recording.paths[0])
    assert (found[-1], len(found)) == (40, 41 - recording.dropped)
    assert recording.seconds == pytest.approx(4.1)  # the time is right all the same


def test_what_waits_is_bounded_by_its_bytes(tmp_path: Path) -> None:
    slow = threading.Event()

    def draw(frame: Frame) -> Image:
        slow.wait(PATIENCE)
        return numbered(frame.index)

    recording = Recorder(tmp_path, "Camera", 10.0, draw)
    recording.start()
    huge = np.broadcast_to(np.uint8(0), (8192, 8192, 3))  # 201 MB, were it not one byte
    for index in range(10):
        recording.push(Frame(huge, index / 10, index))
    assert recording.dropped >= 8  # one is drawn, and one may wait
    slow.set()
    assert recording.finish(PATIENCE)
    assert recording.error is None


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_an_encoder_that_dies_leaves_its_sentence_and_the_file(tmp_path: Path) -> None:
    recording = Recorder(tmp_path, "Camera", 30.0)
    recording.start()
    for index in range(60):
        recording.push(Frame(numbered(index), index / 30, index))
        until(lambda index=index: recording.seconds >= (index - 5) / 30)  # type: ignore[misc]
    (path,) = recording.paths
    until_readable(path, 0.5)
    (child,) = encoders()
    os.kill(child.pid, signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE
    index = 60
    while recording.error is None and time.monotonic() < deadline:
        recording.push(Frame(numbered(60), index / 30, index))
        index += 1
        time.sleep(0.02)
    recording.join(PATIENCE)
    assert isinstance(recording.error, UserError)
    assert str(path) in str(recording.error)
    with FileSource(path) as source:
        assert list(source)[-1].time >= 0.5
    assert recording.finish(1.0)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_an_encoder_that_hangs_does_not_hold_up_the_end(tmp_path: Path) -> None:
    recording = Recorder(tmp_path, "Camera", 30.0)
    recording.start()
    recording.push(Frame(numbered(0), 0.0, 0))
    until(lambda: recording.seconds)
    (child,) = encoders()
    os.kill(child.pid, signal.SIGSTOP)
    for index in range(1, 10):
        recording.push(Frame(numbered(0), index / 30, index))
    began = time.monotonic()
    assert not recording.finish(0.5)
    assert time.monotonic() - began < 5
    assert not recording.is_alive()
    assert not encoders()


def until_readable(path: Path, seconds: float) -> None:
    """Wait until so much of a recording under way can be read back."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(UserError, IndexError), FileSource(path) as source:
            if list(source)[-1].time >= seconds:
                return
    pytest.fail(f"{path} did not come to hold {seconds} seconds")


def encoders() -> list[psutil.Process]:
    """Return the encoders of this process; other tests may have left other children."""
    return [child for child in psutil.Process().children() if "ffmpeg" in child.name()]


def test_a_slow_encoder_costs_frames_and_no_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number_in: Callable[[Image], int]
) -> None:
    """It has time for one frame in seven of 20 seconds; copies would take as long as frames."""
    monkeypatch.setattr(recorder, "QUEUED", 3 * numbered(0).nbytes)
    turns, begun = threading.Semaphore(0), threading.Semaphore(0)

    def draw(frame: Frame) -> Image:
        begun.release()
        assert turns.acquire(timeout=PATIENCE)
        return frame.image

    recording = Recorder(tmp_path, "Camera", 10.0, draw)
    recording.start()
    for index in range(201):
        recording.push(Frame(numbered(index), index / 10, index))
        if index % 7 == 0:
            assert begun.acquire(timeout=PATIENCE)
            turns.release()
    turns.release(10)
    assert recording.finish(PATIENCE)
    (path,) = recording.paths
    with FileSource(path) as source:
        frames = list(source)
    assert 201 - recording.dropped == len(frames) < 40
    assert [round(frame.time * 10) for frame in frames] == [number_in(f.image) for f in frames]
    assert frames[-1].time == pytest.approx(20.0, abs=0.01)
    assert recording.seconds == pytest.approx(20.1)


def held(folder: Path) -> tuple[Recorder, threading.Event, threading.Event]:
    """Return a recorder that has begun, an event before which it writes nothing, and one which
    says that it has taken a frame."""
    hold, taken = threading.Event(), threading.Event()

    def draw(frame: Frame) -> Image:
        taken.set()
        assert hold.wait(PATIENCE)
        return frame.image

    recording = Recorder(folder, "Camera", 10.0, draw)
    recording.start()
    return recording, hold, taken


def test_a_gap_between_two_files_is_in_neither(tmp_path: Path) -> None:
    recording, hold, _ = held(tmp_path)
    for index in range(5):
        recording.push(Frame(numbered(index), index / 10, index))
    recording.push(Frame(numbered(5), 3600.0, 5))
    assert recording.taken == pytest.approx(0.4)
    hold.set()
    assert recording.finish(PATIENCE)
    assert len(recording.paths) == 2
    assert recording.taken == pytest.approx(0.6)


def test_an_encoder_that_is_behind_is_spared_repeats(
    tmp_path: Path, number_in: Callable[[Image], int]
) -> None:
    """Few frames a second fill no queue of bytes, though their repeats would take for ever."""
    recording, hold, _ = held(tmp_path)
    for index in range(5):
        recording.push(Frame(numbered(index), index / 2, index))
    assert (recording.seconds, recording.taken) == (0.0, 2.0)  # all that came counts
    hold.set()
    assert recording.finish(PATIENCE)
    assert recording.taken == recording.seconds == pytest.approx(2.1)
    with FileSource(recording.paths[0]) as source:
        found = [(round(frame.time, 2), number_in(frame.image)) for frame in source]
    repeats = [(1.1 + n / 10, 2) for n in range(4)] + [(1.6 + n / 10, 3) for n in range(4)]
    wanted = sorted([(0.0, 0), (0.5, 1), (1.0, 2), (1.5, 3), (2.0, 4), *repeats])
    assert found == [(pytest.approx(time), number) for time, number in wanted]
    assert recording.dropped == 0


def test_an_end_that_takes_too_long_keeps_the_last_frame(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording, hold, taken = held(tmp_path)
    for index in range(50):
        recording.push(Frame(numbered(index), index / 10, index))
    assert taken.wait(PATIENCE)

    def joined(seconds: float) -> None:  # in which all of the time passes
        time.sleep(seconds)
        hold.set()
        threading.Thread.join(recording, PATIENCE)

    monkeypatch.setattr(recording, "join", joined)
    assert recording.finish(0.01)
    assert recording.seconds == pytest.approx(5.0)
    assert recording.dropped >= 40
