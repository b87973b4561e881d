"""Writing video files: what any reader finds in them, also when everything around breaks."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from children import child
from waiting import until

from lrcn_desktop.errors import UserError
from lrcn_desktop.video import encoder, ffmpeg, writer
from lrcn_desktop.video.file import FileSource
from lrcn_desktop.video.frame import Frame, Image
from lrcn_desktop.video.writer import VideoWriter

LOST = 1.5  # seconds before a cut that may be missing, at the most
SIZE, RATE = (320, 240), 30.0
RNG = np.random.default_rng(4)
PICTURES = [np.kron(RNG.integers(0, 255, (30, 40, 3), np.uint8), np.ones((8, 8, 1), np.uint8))] * 2
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of POSIX")


def frames_of(path: Path) -> list[Frame]:
    """Read a file to its end; it must not count as cut off."""
    with FileSource(path) as source:
        return list(source)


def until_written(path: Path, seconds: float) -> None:
    """Wait until so much of a file that is being written can be read back."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with suppress(UserError, IndexError):
            if frames_of(path)[-1].time >= seconds:
                return
    pytest.fail(f"{path} did not come to hold {seconds} seconds")


def write_until_it_fails(video: VideoWriter, most: int = 600) -> tuple[int, str]:
    """Write until an error comes; return the frames written before it, and its sentence."""
    for count in range(most):
        try:
            video.write(RNG.integers(0, 255, (SIZE[1], SIZE[0], 3), np.uint8))
        except UserError as error:
            with pytest.raises(UserError):  # and it stays so
                video.write(PICTURES[0])
            video.close()
            return count, str(error)
    raise AssertionError("no error came")


@pytest.fixture
def limit() -> Iterator[Callable[[int], None]]:
    """Return a function that lets no file grow beyond so many bytes: a full disk to FFmpeg."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def fresh_choice() -> Iterator[None]:
    """Look for programs again, before and after."""
    ffmpeg.find_ffmpeg.cache_clear()
    yield
    ffmpeg.find_ffmpeg.cache_clear()


@pytest.mark.parametrize("suffix", [".mkv", ".mp4"])
@pytest.mark.parametrize("rate", [30.0, 30000 / 1001, 7.5])
def test_every_frame_is_there_at_its_time(
    suffix: str, rate: float, tmp_path: Path, number_in: Callable[[Image], int]
) -> None:
    path = tmp_path / f"a: -film 100%{suffix}"
    video = VideoWriter(path, (160, 120), rate)
    for number in range(40):
        bits = np.array([number >> bit & 1 for bit in range(8)], np.uint8) * 255
        video.write(np.ascontiguousarray(np.tile(bits.repeat(20)[None, :, None], (120, 1, 3))))
    video.close()
    video.close()
    frames = frames_of(path)
    assert [number_in(frame.image) for frame in frames] == list(range(40))
    assert [frame.time for frame in frames] == pytest.approx(np.arange(40) / rate, abs=0.002)
    assert (video.codec, video.has_sound) == ("H.264", False)


@pytest.mark.parametrize("no_ffmpeg", [False, True])
@pytest.mark.parametrize("suffix", [".mkv", ".mp4"])
def test_odd_sizes_and_colors(
    suffix: str, no_ffmpeg: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if no_ffmpeg:
        monkeypatch.setattr(writer, "find_ffmpeg", lambda: None)
    path = tmp_path / f"clip{suffix}"
    colors = [(255, 0, 0), (0, 160, 0), (0, 0, 255), (200, 150, 100)]
    video = VideoWriter(path, (161, 121), 10.0, sound=path)
    for color in colors:
        video.write(np.full((121, 161, 3), color, np.uint8))
    video.close()
    frames = frames_of(path)
    assert len(frames) == len(colors)
    for frame, color in zip(frames, colors, strict=True):
        assert frame.image.shape == (122, 162, 3)
        assert np.abs(frame.image[60, 80].astype(int) - color).max() < 12
    assert video.codec == ("MPEG-4" if no_ffmpeg else "H.264")
    assert not video.has_sound


@pytest.mark.parametrize("no_ffmpeg", [False, True])
def test_the_frame_before_stands_in_the_places_that_are_left_out(
    no_ffmpeg: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if no_ffmpeg:
        monkeypatch.setattr(writer, "find_ffmpeg", lambda: None)
    path = tmp_path / "clip.mkv"
    video = VideoWriter(path, SIZE, 10.0)
    for place, grey in ((0, 50), (1, 100), (7, 150), (8, 200)):
        video.write(np.full((SIZE[1], SIZE[0], 3), grey, np.uint8), place)
    video.close()
    frames = frames_of(path)
    shown = {round(frame.time * 10): round(frame.image.mean() / 50) * 50 for frame in frames}
    filled = dict.fromkeys(range(2, 7), 100) if no_ffmpeg else {}  # OpenCV's files know no times
    assert shown == {0: 50, 1: 100, 7: 150, 8: 200} | filled


@pytest.mark.parametrize(("suffix", "codec"), [(".mkv", "pcm_s16le"), (".mp4", "aac")])
def test_sound_goes_along_to_the_last_frame(suffix: str, codec: str, tmp_path: Path) -> None:
    sound = tmp_path / "sound.wav"
    with wave.open(str(sound), "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", ""))
        file.writeframes(bytes(2 * 16000 * 20))
    path = tmp_path / f"film{suffix}"
    video = VideoWriter(path, SIZE, RATE, sound=sound)
    for number in range(60):
        video.write(PICTURES[number % 2])
    video.close()
    assert video.has_sound
    program = ffmpeg.find_ffmpeg()
    assert program is not None
    assert ffmpeg.sound_codec(program.program, path) == codec
    assert len(frames_of(path)) == 60
    assert path.stat().st_size < 400_000  # two seconds of the twenty


@posix
def test_an_encoder_that_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "clip.mkv"
    video = VideoWriter(path, SIZE, RATE)
    for number in range(90):
        video.write(PICTURES[number % 2])
    (child,) = _children()
    assert os.getpgid(child) != os.getpgid(0)  # Ctrl-C in a terminal does not reach it
    until_written(path, 3.0 - LOST)
    os.kill(child, signal.SIGKILL)
    _, sentence = write_until_it_fails(video)
    assert sentence == f"Cannot write {path}: the video encoder was ended (killed)."
    assert frames_of(path)[-1].time >= 3.0 - LOST
    assert not _children()


@posix
def test_a_program_that_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "clip.mkv"
    script = f"""
        import numpy as np
        from pathlib import Path
        from lrcn_desktop.video.writer import VideoWriter
        video = VideoWriter(Path({str(path)!r}), (320, 240), 30.0)
        image = np.random.default_rng(0).integers(0, 255, (240, 320, 3), np.uint8)
        for number in range(90):
            video.write(image)
        print("written", flush=True)
        input()
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    pipe = subprocess.PIPE
    with child(command, stdin=pipe, stdout=pipe) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"written\n"
        (encoder_process,) = _children(process.pid)
        process.kill()
    until(lambda: not _runs(encoder_process))  # it finishes the file and ends
    assert frames_of(path)[-1].time >= 3.0 - LOST


@posix
def test_a_full_disk(tmp_path: Path, limit: Callable[[int], None]) -> None:
    path = tmp_path / "clip.mkv"
    limit(3_000_000)
    video = VideoWriter(path, SIZE, RATE)
    count, sentence = write_until_it_fails(video)
    assert sentence == f"Cannot write {path}: File too large."
    assert frames_of(path)[-1].time >= count / RATE - LOST


@posix
def test_an_encoder_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    video = VideoWriter(tmp_path / "clip.mkv", SIZE, RATE)
    video.write(PICTURES[0])  # a busy machine may take long to start it
    monkeypatch.setattr(encoder, "PATIENCE", 0.5)
    (child,) = _children()
    os.kill(child, signal.SIGSTOP)
    began = time.monotonic()
    _, sentence = write_until_it_fails(video)
    assert "took no picture for" in sentence
    assert time.monotonic() - began < 5
    assert not _children()


def test_a_program_that_was_stopped_and_goes_on_does_not_take_its_encoder_for_dead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stops = [False]

    class Event(threading.Event):
        """A wait that the program slept through is over at once, whatever has come meanwhile."""

        def wait(self, timeout: float | None = None) -> bool:
            return stops.pop() if stops and timeout == encoder.SLICE else super().wait(timeout)

    with monkeypatch.context() as patch:
        patch.setattr(threading, "Event", Event)
        video = VideoWriter(tmp_path / "clip.mkv", SIZE, RATE)
    try:
        for picture in PICTURES:
            video.write(picture)
    finally:
        video.close()
    assert (stops, len(frames_of(tmp_path / "clip.mkv"))) == ([], len(PICTURES))


@posix
def test_the_end_of_a_file_does_not_hang_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoder, "FINISHING", 0.5)
    video = VideoWriter(tmp_path / "clip.mp4", SIZE, RATE)
    video.write(PICTURES[0])
    os.kill(_children()[0], signal.SIGSTOP)
    with pytest.raises(UserError, match=r"clip\.mp4: the video encoder failed"):
        video.close()
    video.close()
    assert not _children()


def test_aborting_leaves_nothing_running(tmp_path: Path) -> None:
    video = VideoWriter(tmp_path / "clip.mp4", SIZE, RATE)
    video.write(PICTURES[0])
    video.abort()
    video.abort()
    with pytest.raises(UserError):
        video.write(PICTURES[0])
    video.close()
    assert not _children()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("clip.avi", r"clip\.avi: a video's name ends in \.mp4 or \.mkv"),
        ("nowhere/clip.mkv", "the folder .*nowhere does not exist"),
        (".", "ends in"),
    ],
)
def test_what_cannot_be_written(name: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=sentence):
        VideoWriter(tmp_path / name, SIZE, RATE)
    assert not _children()


@posix
@pytest.mark.parametrize(("refused", "codec"), [("libx264 ", "H.264"), ("264 ", "MPEG-4")])
def test_the_next_best_encoder(
    refused: str,
    codec: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fresh_choice: None,
) -> None:
    """Whatever encoders the FFmpeg here has: one that stands in for libopenh264 is MPEG-4's."""
    real = ffmpeg.find_ffmpeg()
    assert real is not None
    wrapper = tmp_path / "ffmpeg"
    refuse = f'case "$*" in *"-c:v "*"{refused}"*) exit 1;; esac'
    stand_in = 'for a do shift; [ "$a" = libopenh264 ] && a=mpeg4; set -- "$@" "$a"; done'
    wrapper.write_text(f'#!/bin/sh\n{refuse}\n{stand_in}\nexec {real.program} "$@"\n')
    wrapper.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(wrapper))
    ffmpeg.find_ffmpeg.cache_clear()
    video = VideoWriter(tmp_path / "clip.mkv", SIZE, RATE)
    for number in range(10):
        video.write(PICTURES[number % 2])
    video.close()
    assert video.codec == codec
    assert len(frames_of(tmp_path / "clip.mkv")) == 10


@posix
def test_a_program_that_does_not_work_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_choice: None
) -> None:
    broken = tmp_path / "ffmpeg"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    found = ffmpeg.find_ffmpeg()
    assert found is not None
    assert found.program != str(broken)
    assert found.encoder == "libx264"


def _children(process: int | None = None) -> list[int]:
    psutil = pytest.importorskip("psutil")
    children = psutil.Process(process).children(recursive=True)
    return [child.pid for child in children if "ffmpeg" in child.name()]


def _runs(process: int) -> bool:
    psutil = pytest.importorskip("psutil")
    try:
        return bool(psutil.Process(process).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
