"""From the command line to the window and back: exit statuses, screenshots, missing displays."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from faults import drive
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from lrcn_desktop.app import automation
from lrcn_desktop.app.run import run


def shoot(source: str | None, model: str, picture: Path, seconds: float = 0.5) -> int:
    return run(source, model=model, device="cpu", screenshot=picture, seconds=seconds)


def colors_in(path: Path) -> int:
    image = QImage(str(path))
    xs, ys = range(0, image.width(), 7), range(0, image.height(), 7)
    return len({image.pixel(x, y) for x in xs for y in ys})


def test_a_screenshot_of_the_demo_shows_a_picture(
    qapp: QApplication, models: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "demo.png"
    assert shoot("demo", models[0], picture) == 0
    assert colors_in(picture) > 100
    told = json.loads(capsys.readouterr().out)  # what the status bar said
    assert (told["declared"], told["wanted"]) == (30.0, 30.0)
    assert told["peak_rss_mb"] > 50


def test_a_screenshot_without_a_source_shows_the_welcome(
    qapp: QApplication, models: tuple[str, str], tmp_path: Path
) -> None:
    assert shoot(None, models[0], tmp_path / "welcome.jpg") == 0
    assert colors_in(tmp_path / "welcome.jpg") > 5


@pytest.mark.parametrize("fault", ["source", "model"])
def test_a_failure_is_shown_saved_and_told(
    qapp: QApplication,
    models: tuple[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    fault: str,
) -> None:
    picture = tmp_path / "failed.png"
    source = "/no/such.avi" if fault == "source" else "demo"
    model = "/no/such.safetensors" if fault == "model" else models[0]
    assert shoot(source, model, picture) == 2
    told = capsys.readouterr().err.strip()
    assert "/no/such" in told
    assert "\n" not in told
    assert colors_in(picture) > 5


@pytest.mark.parametrize("name", ["there/is/none.png", "picture.mp3"])
def test_a_screenshot_that_cannot_be_saved_is_told_at_once(
    models: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert shoot("demo", models[0], tmp_path / name) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_a_screenshot_on_a_read_only_drive_is_told_and_the_window_closes(
    qapp: QApplication,
    models: tuple[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with drive(tmp_path / "drive") as disk:
        disk.make_read_only()
        assert shoot("demo", models[0], disk.path / "picture.png") == 2
        assert "Read-only file system" in capsys.readouterr().err
        monkeypatch.setattr(automation, "check_writable", lambda path: None)  # as if it came later
        assert shoot(None, models[0], disk.path / "picture.png") == 2
        assert "Read-only file system" in capsys.readouterr().err


def test_ctrl_c_closes_the_window(qapp: QApplication, models: tuple[str, str]) -> None:
    QTimer.singleShot(200, lambda: signal.raise_signal(signal.SIGINT))
    assert run("demo", model=models[0], device="cpu", screenshot=None, seconds=0.0) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="displays are named so on Linux only")
@pytest.mark.parametrize("display", ["", ":4711"])
def test_a_missing_display_is_one_sentence_and_no_abort(display: str) -> None:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {k: v for k, v in os.environ.items() if k not in hidden} | {"DISPLAY": display}
    code = (
        "import sys; from lrcn_desktop.app.run import run;"
        "sys.exit(run(None, model=None, device='cpu', screenshot=None, seconds=0.0))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2, done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
