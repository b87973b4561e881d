"""Deleting all that is kept, from the window."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from shared_names import PATIENCE

from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.app.settings import Setting
from lrcn_desktop.files import make_private
from lrcn_desktop.kept import kept_folders

DELETING = """
import sys
from PySide6.QtCore import QTimer
from lrcn_desktop.app import run
from lrcn_desktop.app.main_window import MainWindow

shown = MainWindow.show

def show(window):
    shown(window)
    QTimer.singleShot(100, window.privacy._delete)

MainWindow.show = show
sys.exit(run.run(None, model=None, device="cpu", screenshot=None, seconds=0.0))
"""


def test_the_question_says_what_and_where(window: MainWindow, qtbot: QtBot) -> None:
    window.settings.set(Setting("a/b", 0), 1)
    (folder, *_) = kept_folders()
    window.privacy.open()
    qtbot.waitUntil(lambda: window.privacy.box is not None, timeout=PATIENCE)
    box = window.privacy.box
    assert box is not None
    assert str(folder) in box.text()
    assert "recordings" in box.text()
    next(b for b in box.findChildren(QPushButton) if b.text() == "Keep").click()
    assert not window.privacy.wanted
    assert folder.is_dir()


def test_after_a_yes_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".cache"))
    make_private(tmp_path / ".data" / "lrcn-desktop" / "models")
    command = [sys.executable, "-c", DELETING]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=110)
    assert (done.returncode, done.stderr) == (0, "")
    assert kept_folders() == []
