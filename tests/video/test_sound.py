"""Sound is in step with its picture, and costs nothing but itself where it cannot be played."""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from making import X264, ffmpeg, pictures
from waiting import until

from lrcn_desktop.video.capture import Capture
from lrcn_desktop.video.decoding import output, process
from lrcn_desktop.video.decoding.output import LATENCY
from lrcn_desktop.video.decoding.sound import RATE, Samples, SoundReader
from lrcn_desktop.video.decoding.speaker import MOST_HELD, Playhead, Speaker, Waiting
from lrcn_desktop.video.file import FileSource
from lrcn_desktop.video.sound import SoundPlayer

IN_STEP = 0.08  # seconds
# A tone of a twentieth of a second at 0.1, 0.35, 0.6 ... seconds.
BEEPS = "aevalsrc='if(between(mod(t,0.25),0.1,0.15),sin(2*PI*1000*t),0)':s=44100"
SOUND = ("-f", "lavfi", "-t", "4", "-i", BEEPS)
LONG = ("-f", "lavfi", "-t", "60", "-i", BEEPS)  # for processes that start late on a busy machine
KINDS = {
    "aac.mp4": (*pictures("64x48", seconds=4), *SOUND, *X264, "-c:a", "aac"),
    # The picture begins later than its sound, or the other way about.
    "late.ts": ("-itsoffset", "1", *pictures("64x48"), *SOUND, *X264, "-c:a", "mp2"),
    "late.mkv": (*pictures("64x48"), "-itsoffset", "1", *SOUND, *X264, "-c:a", "flac"),
}
LATE = {"late.mkv": 1.0}
TIMED = tuple(KINDS)
KINDS["long.mkv"] = (*pictures("64x48"), *LONG, *X264, "-c:a", "flac")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound")
    for name, words in KINDS.items():
        ffmpeg(*words, str(folder / name))
    return folder


def onsets(samples: Samples) -> list[int]:
    """Return where tones begin."""
    (loud,) = np.nonzero(np.abs(samples[:, 0].astype(int)) > 3000)
    return [int(loud[0]), *loud[1:][np.diff(loud) > RATE // 10].tolist()] if len(loud) else []


@pytest.mark.parametrize("name", TIMED)
def test_every_sample_is_at_its_time_in_the_file(files: Path, name: str) -> None:
    reader = SoundReader(str(files / name))
    whole = np.zeros((6 * RATE, 2), np.int16)
    while (block := reader.next()) is not None:
        start, samples = block
        whole[start : start + len(samples)] = samples
    right = np.arange(0.1, 4, 0.25) + LATE.get(name, 0.0)
    assert np.array(onsets(whole)) / RATE == pytest.approx(right, abs=0.02)
    reader.seek(3.0)
    found = reader.next()
    assert found is not None
    start, samples = found
    assert 2.0 <= start / RATE <= 3.0
    again = whole[start : start + len(samples)].astype(int)
    assert np.abs(samples - again).mean() < 500  # the codec has no block before it
    reader.close()


def test_the_sound_follows_its_clock_and_does_not_mind_late_looks() -> None:
    head, count, clock = Playhead(), 960, (100.0, 5.0)
    assert head.next(None, 99.0, count) is None
    begun = head.next(clock, 100.5, count)
    assert begun == round(5.5 * RATE)
    random = np.random.default_rng(0)
    for number in range(1, 100):  # the looks are up to 60 ms late, the device is not
        late = 0.06 * random.random() * (number % 3 == 0)
        assert head.next(clock, 100.5 + number * 0.02 + late, count) == begun + number * count
    for number in range(100, 120):  # the device has stood still for a tenth of a second
        place = head.next(clock, 100.6 + number * 0.02, count)
    assert place == pytest.approx(begun + number * count + 0.1 * RATE, abs=0.01 * RATE)
    assert head.next((103.0, 50.0), 103.0, count) == 50 * RATE  # elsewhere, at once


def test_what_waits_is_bounded_and_silent_in_its_gaps() -> None:
    waiting = Waiting()
    waiting.put((1000, np.full((500, 2), 7, np.int16)))
    waiting.put((2000, np.full((500, 2), 9, np.int16)))
    assert waiting.take(900, 1200)[:, 1].tolist() == [0] * 100 + [7] * 500 + [0] * 500 + [9] * 100
    assert waiting.reaches(2400)
    assert not waiting.reaches(2400 + 2 * RATE)
    while waiting.has_room:
        waiting.put((0, np.zeros((RATE, 2), np.int16)))
    assert waiting.held <= MOST_HELD + RATE


class CountingOutput:
    """Asks for samples as a device does, and notes when each would be heard."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.samples: list[Samples] = []
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, fill: Callable[[int], Samples]) -> None:
        self._stopped.clear()
        self._thread = threading.Thread(target=self._play, args=(fill,), daemon=True)
        self._thread.start()

    def _play(self, fill: Callable[[int], Samples]) -> None:
        due = time.monotonic()
        while not self._stopped.wait(max(0.0, due - time.monotonic())):
            self.times.append(time.monotonic() + LATENCY)
            self.samples.append(fill(960))
            due += 960 / RATE

    def stop(self) -> None:
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def heard(self) -> list[float]:
        """Return the moments at which tones began to be heard."""
        if not self.samples:
            return []
        return [
            self.times[place // 960] + place % 960 / RATE
            for place in onsets(np.concatenate(self.samples[: len(self.times)]))
        ]


@contextmanager
def playing(path: Path) -> Iterator[tuple[Capture, Speaker, CountingOutput, list[float]]]:
    """Play a file, its sound following its picture as the window does; and when frames came."""
    counting = CountingOutput()
    speaker = Speaker(str(path), lambda: counting)  # type: ignore[arg-type, return-value]
    capture = Capture(FileSource(path))
    starts: list[float] = []  # of the file, by every frame
    capture.listeners = (lambda c: starts.append(c.arrived - c.frame.time),)
    speaker.start()
    capture.start()
    try:
        yield capture, speaker, counting, starts
    finally:
        capture.stop()
        speaker.close()
        speaker.join(5)


def follow(capture: Capture, speaker: Speaker, until: Callable[[], bool]) -> None:
    """Do what the window's tick does."""
    clock: object = ...  # not known
    deadline, done = time.monotonic() + 20, False
    while not done:
        assert time.monotonic() < deadline
        done = until()
        if capture.clock != clock:
            clock = capture.clock
            speaker.follow(clock)
        time.sleep(0.01)


def in_step(tones: list[float], start: float) -> bool:
    """Whether tones are heard when the picture of their time is shown, which began at `start`."""
    off = [(tone - start - 0.1 + 0.125) % 0.25 - 0.125 for tone in tones]
    return float(np.abs(off).max()) < IN_STEP


def test_the_sound_is_in_step_with_the_picture_after_pause_and_seek(files: Path) -> None:
    with playing(files / "aac.mp4") as (capture, speaker, counting, starts):
        follow(capture, speaker, lambda: len(counting.heard()) >= 2)
        assert in_step(counting.heard(), starts[-1])
        capture.pause()
        follow(capture, speaker, lambda: capture.clock is None)
        count = len(counting.samples)
        follow(capture, speaker, lambda: len(counting.samples) > count + 15)
        assert not np.concatenate(counting.samples[count + 1 :]).any()
        count = len(counting.heard())
        capture.seek(3.0)
        capture.play()
        follow(capture, speaker, lambda: len(counting.heard()) >= count + 2)
        assert capture.position >= 3.0
        assert in_step(counting.heard()[count:], starts[-1])
        follow(capture, speaker, lambda: capture.ended)
        assert capture.clock is None


def test_only_what_plays_as_in_life_has_a_clock(files: Path) -> None:
    capture = Capture(FileSource(files / "aac.mp4"))
    shown = threading.Event()
    capture.listeners = (lambda _: shown.set(),)
    assert capture.clock is None
    capture.start()
    assert shown.wait(20)
    assert capture.clock is not None
    capture.set_speed(2.0)
    assert capture.clock is None
    capture.stop()
    assert capture.clock is None


# Plays into the library's output that nobody hears, and writes down how much was loud.
COUNT = """
import atexit, sys; sys.path.append({root!r})
from lrcn_desktop.video.decoding import child, output
output.SILENT = {{"WASAPI", "DSOUND", "WINMM", "COREAUDIO", "SNDIO", "AUDIO4", "OSS", "PULSEAUDIO",
    "ALSA", "JACK", "AAUDIO", "OPENSL", "WEBAUDIO", "CUSTOM"}}
start = output.Output.start
def counted(self, fill):
    def counting(count):
        samples = fill(count)
        with open(log, "a") as file:
            print(len(samples), samples.max(), file=file)
        return samples
    start(self, counting)
output.Output.start = counted
log = {log!r}
child.main()
"""


def test_the_sound_is_played_in_a_process_of_its_own(
    files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("miniaudio")
    log = tmp_path / "log"
    monkeypatch.setattr(process, "CODE", COUNT.replace("{log!r}", repr(str(log))))
    player = SoundPlayer(files / "long.mkv")
    player.start()
    player.follow((time.monotonic(), 0.0))
    counts: list[tuple[int, int]] = []
    deadline = time.monotonic() + 20
    while not any(loud > 3000 for _, loud in counts):
        assert time.monotonic() < deadline
        time.sleep(0.02)
        if log.exists():
            lines = log.read_text().splitlines()[:-1]
            counts = [(int(a), int(b)) for a, b in map(str.split, lines)]
    assert {count for count, _ in counts} == {RATE // 50}
    player.stop()
    player.join(10)
    assert not player.is_alive()


NONE = """
import sys; sys.path.append({root!r})
from lrcn_desktop.video.decoding import child, output
output.SILENT = {{b.name for b in __import__("miniaudio").Backend}} - {{"CUSTOM"}}
child.main()
"""


def test_no_output_is_no_matter(
    files: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pytest.importorskip("miniaudio")
    monkeypatch.setattr(output, "SILENT", frozenset({"NULL"}))
    monkeypatch.setattr(process, "CODE", NONE)
    player = SoundPlayer(files / "long.mkv")
    with caplog.at_level(logging.DEBUG):
        player.start()
        player.follow((time.monotonic(), 0.0))
        player.join(0.5)
        player.follow(None)
        player.stop()
        player.join(10)
    assert not caplog.records


def test_without_the_library_there_is_no_output(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "miniaudio", None)
    with pytest.raises(OSError, match="no library"):
        output.Output()


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_crash_of_the_sound_costs_the_sound(
    files: Path, caplog: pytest.LogCaptureFixture
) -> None:
    player = SoundPlayer(files / "aac.mp4")
    player.start()
    with FileSource(files / "aac.mp4") as source:
        assert source.has_sound
        player.follow((time.monotonic() - 1e6, 0.0))  # long over: nothing is heard
        until(lambda: player.process)
        assert player.process is not None
        os.kill(player.process.pid, signal.SIGSEGV)
        player.join(10)
        assert not player.is_alive()
        assert sum(1 for _ in source) == 100
    assert [r.message for r in caplog.records] == [
        "the sound of aac.mp4 is not played: crashes its decoder (SIGSEGV)"
    ]


def test_a_stuttering_picture_is_silent(files: Path) -> None:
    player = SoundPlayer(files / "aac.mp4")
    now = time.monotonic()
    player.follow((now, 0.0))
    assert player.heard is not None
    for number in range(4):
        player.follow((now, float(number)))
    assert player.heard is None
