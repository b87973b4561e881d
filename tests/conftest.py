"""Fixtures for every room: leak checks, real clips, small real videos."""

import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

# Before PyTorch is imported, here and in processes that tests start: networks as small as the
# tests' take many times as long on two threads of a busy machine, and pytest-xdist keeps it busy.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# A shell has what it starts in the background ignore Ctrl-C, and nohup the terminal's end: so would
# all that tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

import numpy as np
import psutil
import pytest
from hypothesis import HealthCheck, settings

from lrcn_desktop.video.frame import Image
from lrcn_desktop.video.opencv import cv2

# What tests start is this checkout's, and begins with child_start/sitecustomize.py.
_HERE = Path(__file__).parent
os.environ["PYTHONPATH"] = os.pathsep.join(
    [str(_HERE / "child_start"), str(_HERE.parent), *filter(None, [os.getenv("PYTHONPATH")])]
)

# A busy machine is no fault: no example has to be ready within 200 ms, nor ten within a second.
settings.register_profile(
    "ours",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    max_examples=int(os.environ.get("LRCN_EXAMPLES", "100")),
)
settings.load_profile("ours")

DATA = Path(__file__).parents[2] / "shared" / "data"
BARS = 8  # a numbered frame is eight bars, white where the number's bit is set
WriteVideo = Callable[..., Path]


_frozen = 0  # modules that no collection looks at any more


def pytest_collection_finish() -> None:
    """Leave what was imported out of every collection of garbage: it is none, and takes 0.2 s."""
    _freeze_imports(1)


def pytest_runtest_logfinish() -> None:
    """Do so with what a test was the first to import, such as half of PyTorch: that takes 0.5 s."""
    _freeze_imports(50)


def _freeze_imports(least: int) -> None:
    global _frozen
    if len(sys.modules) >= _frozen + least:
        _frozen = len(sys.modules)
        gc.collect()
        gc.freeze()


def pytest_unconfigure() -> None:
    """Let it be collected at the end, as nanobind asks for (ncnn's bindings)."""
    gc.unfreeze()


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a test away from the settings, models and corrections of whoever runs it."""
    for name in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / f".{name.lower()}"))


@pytest.fixture(autouse=True)
def own_priority(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what a test calls from lowering a priority: of all tests after it, or of a thread.

    On a busy machine such a thread waits for longer than a test does.
    """
    monkeypatch.setattr(os, "nice", lambda _: 0, raising=False)
    monkeypatch.setattr(os, "setpriority", lambda *_: None, raising=False)


@pytest.fixture(autouse=True)
def no_leaked_thread() -> Iterator[None]:
    """Fail a test that leaves a thread of Python's running (QThreads are pytest-qt's matter)."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + 30  # a busy machine is slow; a thread that is left never ends
    for thread in _new_threads(before):
        thread.join(max(0.0, deadline - time.monotonic()))
    left = [thread.name for thread in _new_threads(before)]
    assert not left, f"the test left threads running: {', '.join(left)}"


@pytest.fixture(autouse=True)
def no_leaked_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Fail a test that leaves a file of its own, or a clip, open."""
    folders = (str(tmp_path_factory.getbasetemp()), str(DATA))
    before = _open_files(folders)
    yield
    left = _open_files(folders) - before
    assert not left, f"the test left files open: {', '.join(sorted(left))}"


@pytest.fixture(scope="session")
def ucf101() -> Path:
    """Return the folder of real clips, CLASS/v_CLASS_gGG_cCC.avi, or skip."""
    folder = DATA / "ucf101"
    if not folder.is_dir():
        pytest.skip(f"the UCF-101 clips are not in {folder}")
    return folder


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a real model file: VGG-16 at 96 pixels, 5 steps per second, an untrained LSTM of 8."""
    import torch  # not at the top: most tests of the video room do without

    from lrcn_desktop.model.backbones.vgg16 import VGG16
    from lrcn_desktop.model.model import build_model, save_model
    from lrcn_desktop.model.model_info import ModelInfo
    from lrcn_desktop.model.presets import BackboneConfig, HeadConfig

    info = ModelInfo(
        name="tiny",
        classes=("sitting down", "standing up", "waving"),
        preset="default",
        backbone=BackboneConfig(size=96),
        head=HeadConfig(pool="statistics", fc=(16,), hidden=(8,)),
        step_rate=5.0,
        backbone_digest=VGG16.digest,
        test={"clip_accuracy": 0.5},
    )
    path = tmp_path_factory.mktemp("models") / "tiny.safetensors"
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        save_model(path, build_model(info))
    return path


@pytest.fixture(scope="session")
def make_video() -> WriteVideo:
    """Return a function that writes a small video of numbered frames and gives its path.

    Its arguments: path (the suffix decides the codec), frames (25), rate (25.0), size
    ((160, 120)), draw (`numbered`: called with a frame's number and the size).
    """

    def make(
        path: Path,
        frames: int = 25,
        rate: float = 25.0,
        size: tuple[int, int] = (160, 120),
        draw: Callable[[int, tuple[int, int]], Image] | None = None,
    ) -> Path:
        codec = {".avi": "MJPG", ".mp4": "mp4v", ".mkv": "XVID", ".webm": "VP80"}[path.suffix]
        code = cv2.VideoWriter.fourcc(*codec)
        writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, code, rate, size)
        assert writer.isOpened()
        for number in range(frames):
            writer.write((draw or numbered)(number, size)[..., ::-1])
        writer.release()
        return path

    return make


@pytest.fixture
def write_video(tmp_path: Path, make_video: WriteVideo) -> WriteVideo:
    """Return `make_video` for a name in the test's own folder: "clip.avi", or another."""
    return lambda name="clip.avi", *given, **more: make_video(tmp_path / name, *given, **more)


@pytest.fixture
def number_in() -> Callable[[Image], int]:
    """Return the function that reads the number (0 to 255) of a frame of `write_video`."""
    return read_number


def numbered(number: int, size: tuple[int, int]) -> Image:
    """Draw a number from 0 to 255 as eight bars, the lowest bit at the left; RGB."""
    width, height = size
    bits = np.array([number >> bit & 1 for bit in range(BARS)], np.uint8)
    row = np.repeat(bits * 255, -(-width // BARS))[:width]
    return np.ascontiguousarray(np.broadcast_to(row[None, :, None], (height, width, 3)))


def read_number(image: Image) -> int:
    """Return the number that `numbered` drew, also after lossy coding and scaling."""
    bar = -(-image.shape[1] // BARS)
    middle = image[image.shape[0] // 2, bar // 2 :: bar, 1][:BARS]
    return sum(int(value > 127) << bit for bit, value in enumerate(middle))


def _new_threads(before: set[threading.Thread]) -> list[threading.Thread]:
    return [
        thread
        for thread in threading.enumerate()
        if thread not in before
        and not thread.name.startswith("Dummy-")  # Qt's, for as long as they live
        and type(thread).__name__ != "TMonitor"  # tqdm's, one for the whole process
    ]


def _open_files(folders: tuple[str, ...]) -> set[str]:
    if sys.platform == "win32":
        return set()  # psutil takes seconds there, and Windows itself keeps open files in place
    files = {os.path.realpath(file.path) for file in psutil.Process().open_files()}
    return {file for file in files if file.startswith(tuple(map(os.path.realpath, folders)))}
