"""The folder that needs no Python: built once (slow), started and used as a person would."""

import configparser
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from children import child
from PIL import Image as Picture

from lrcn_desktop.resources import own_command
from lrcn_desktop.video.frame import Image

ROOT = Path(__file__).parents[1]
DESKTOP_FILE = ROOT / "packaging" / "lrcn-desktop.desktop"
BUILDING, STARTING = 3000.0, 240.0  # seconds, on a machine that does other things too
WriteVideo = Callable[..., Path]


def environment() -> dict[str, str]:
    """The environment of somebody who has no Python, and no screen."""
    without = {n: v for n, v in os.environ.items() if not n.startswith(("PYTHON", "VIRTUAL"))}
    return {**without, "QT_QPA_PLATFORM": "offscreen", "PATH": "/usr/bin:/bin"}


def build(out: Path) -> Path:
    command = [sys.executable, str(ROOT / "packaging" / "build.py"), "--out", str(out)]
    subprocess.run(["nice", "-n", "19", *command], cwd=out, check=True, timeout=BUILDING)
    return out / "lrcn-desktop" / "lrcn-desktop"


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program of LRCN_FROZEN (a folder that packaging/build.py made), or of one built now."""
    if "LRCN_FROZEN" in os.environ:
        return Path(os.environ["LRCN_FROZEN"]) / "lrcn-desktop"
    pytest.importorskip("PyInstaller", reason='needs pip install ".[ship]"')
    return build(tmp_path_factory.mktemp("dist"))


def half_noisy(side: str, clip: int, frame: int, size: tuple[int, int]) -> Image:
    """Draw a picture with noise at one side, another in every clip."""
    width, height = size
    image = np.zeros((height, width, 3), np.uint8)
    begin = 0 if side == "left" else width // 2
    noise = np.random.default_rng((clip, frame)).integers(0, 255, (height, width // 2, 3))
    image[:, begin : begin + width // 2] = noise
    return image


def start_lines(command: list[str]) -> list[str]:
    """Start a window, read its lines until it is ready, then end it as Ctrl-C does."""
    options = {"stdout": subprocess.PIPE, "text": True, "env": environment(), "cwd": ROOT}
    with child(command, **options) as process:
        timer = threading.Timer(STARTING, process.kill)
        timer.start()
        try:
            assert process.stdout is not None
            lines = []
            while lines[-1:] != ["ready"] and (line := process.stdout.readline()):
                lines.append(line.strip())
            process.send_signal(signal.SIGINT)
            assert process.wait(60) == 0
        finally:
            timer.cancel()
            timer.join()
    return lines


@pytest.mark.slow
@pytest.mark.timeout(BUILDING + 2 * STARTING)
def test_the_folder_shows_its_window_and_recognizes(program: Path) -> None:
    lines = start_lines([str(program), "--demo", "--ready"])
    assert lines == ["window", "picture", "ready"]


@pytest.mark.slow
@pytest.mark.timeout(BUILDING + STARTING)
def test_the_folder_analyses(program: Path, tmp_path: Path) -> None:
    result = tmp_path / "demo.json"
    command = [str(program), "analyze", "demo", "--seconds", "5", "--json", str(result)]
    subprocess.run(command, env=environment(), check=True, timeout=STARTING)
    assert len(json.loads(result.read_text())["steps"]) == 25
    video = tmp_path / "demo.mp4"
    command = [str(program), "analyze", "demo", "--seconds", "2", "--annotate", str(video)]
    subprocess.run(command, env=environment(), check=True, timeout=STARTING)
    assert video.stat().st_size > 10_000


@pytest.mark.slow
@pytest.mark.timeout(BUILDING + 3 * STARTING)
def test_the_folder_trains_with_processes_of_its_own(
    program: Path, tmp_path: Path, write_video: WriteVideo
) -> None:
    clips = tmp_path / "clips"
    for activity in ("left", "right"):
        (clips / activity).mkdir(parents=True)
        for number in range(4):
            draw = partial(half_noisy, activity, number)
            shutil.move(write_video(f"{activity}{number}.avi", draw=draw), clips / activity)
    (clips / "left" / "broken.avi").write_bytes(b"RIFF" + bytes(3000))
    scan = [str(program), "dataset", "scan", str(clips)]
    where = {"cwd": tmp_path, "env": environment()}
    done = subprocess.run(
        scan, **where, check=True, timeout=STARTING, capture_output=True, text=True
    )
    assert "broken.avi" in done.stdout + done.stderr
    model = tmp_path / "my.safetensors"
    train = [str(program), "train", str(clips), "--out", str(model), "--epochs", "1"]
    train += ["--progress", "json", "--cache", str(tmp_path / "cache")]
    done = subprocess.run(
        train, **where, check=True, timeout=2 * STARTING, capture_output=True, text=True
    )
    assert json.loads(done.stdout.splitlines()[-1])["event"] == "done"
    assert model.exists()


@pytest.mark.slow
@pytest.mark.timeout(BUILDING)
def test_the_folder_has_a_desktop_file_and_icons(program: Path) -> None:
    share = program.parent / "share"
    assert (share / "applications" / DESKTOP_FILE.name).read_text() == DESKTOP_FILE.read_text()
    icons = list((share / "icons" / "hicolor").glob("*x*/apps/lrcn-desktop.png"))
    assert len(icons) >= 8
    for path in icons:
        with Picture.open(path) as icon:
            assert f"{icon.width}x{icon.height}" == path.parents[1].name
            assert icon.convert("RGBA").getpixel((icon.width // 2, 2 + icon.height // 16))[3] == 255


def test_the_desktop_file_is_well_formed() -> None:
    file = configparser.ConfigParser(interpolation=None)
    file.optionxform = str  # type: ignore[assignment, method-assign]
    file.read_string(DESKTOP_FILE.read_text())
    entry = file["Desktop Entry"]
    assert entry["Type"] == "Application"
    assert entry["Exec"].split()[0] == entry["TryExec"] == entry["Icon"] == DESKTOP_FILE.stem
    for name in ("Categories", "Keywords", "MimeType"):
        assert entry[name].endswith(";")
    if validator := shutil.which("desktop-file-validate"):
        done = subprocess.run([validator, str(DESKTOP_FILE)], capture_output=True, text=True)
        assert (done.returncode, done.stdout) == (0, "")


def test_the_program_starts_itself_as_it_was_started(monkeypatch: pytest.MonkeyPatch) -> None:
    command = [*own_command(), "--version"]
    assert subprocess.run(command, cwd=ROOT, check=True, timeout=60).returncode == 0
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert own_command() == [sys.executable]


def test_the_window_says_when_it_is_ready() -> None:
    assert start_lines([*own_command(), "--ready"]) == ["window", "ready"]
