"""`kill`, a closed terminal and the end of the session: what was begun ends as after Ctrl-C."""

import os
import signal
import subprocess
import sys
import time
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from children import child

from lrcn_desktop.recognition.review.store import reviews_dir
from lrcn_desktop.signals import ENDING, ending_as_interrupted, on_signals

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
PATIENCE = 50.0  # seconds
# The other one differs in nothing but its number, which a test below holds.
NUMBERS = [pytest.param(n, marks=() if n is ENDING[-1] else pytest.mark.slow) for n in ENDING]


def wait_for(found: object, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not found() and time.monotonic() < deadline:  # type: ignore[operator]
        assert process.poll() is None
        time.sleep(0.02)
    assert found()  # type: ignore[operator]


def start(*command: str | Path) -> AbstractContextManager[subprocess.Popen[str]]:
    pipe = subprocess.PIPE
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    return child((sys.executable, *command), stdout=pipe, stderr=pipe, text=True, env=environment)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_killed_command_leaves_nothing_half_written(
    tmp_path: Path, tiny_model: Path, number: signal.Signals
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    command = ("-m", "lrcn_desktop", "analyze", "demo", "--seconds", "10")
    options = ("--model", tiny_model, "--device", "cpu", "--annotate", out / "seen.mp4")
    with start(*command, *options) as process:
        wait_for(lambda: list(out.glob(".*.part.mp4")), process)
        process.send_signal(number)
        assert process.wait(PATIENCE) == 130
        assert process.stderr is not None
        assert process.stderr.read().splitlines()[-1] == "lrcn-desktop: interrupted."
    assert list(out.iterdir()) == []


CORRECTED = """
import sys
from PySide6.QtCore import QTimer
from lrcn_desktop.app import run
from lrcn_desktop.app.main_window import MainWindow

def correct(window):
    review = window.document.review
    if review is not None and window.session.live is not None:
        review.add(0.0, 1.0, "walking")
        window.document.reviews.edited()
        print("corrected", flush=True)
    else:
        QTimer.singleShot(50, lambda: correct(window))

shown = MainWindow.show

def show(window):
    shown(window)
    correct(window)

MainWindow.show = show
sys.exit(run.run("demo", model=sys.argv[1], device="cpu", screenshot=None, seconds=0.0))
"""


@pytest.mark.parametrize("number", NUMBERS)
def test_a_killed_window_saves_what_it_could(
    tmp_path: Path, tiny_model: Path, number: signal.Signals
) -> None:
    with start("-c", CORRECTED, tiny_model) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "corrected\n", process.stderr.read()
        process.send_signal(number)
        assert process.wait(PATIENCE) == 0
    (kept,) = reviews_dir().glob("*.lrcn.json")
    assert '"walking"' in kept.read_text("utf-8")


def test_what_was_set_before_is_set_again_and_what_is_ignored_stays_so() -> None:
    calls: list[str] = []

    def mine(*_: object) -> None:
        calls.append("mine")

    before = signal.signal(signal.SIGTERM, mine)
    ignored = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with ending_as_interrupted():
            signal.raise_signal(signal.SIGHUP)
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGTERM)
        with on_signals(ENDING, lambda: calls.append("called")):
            signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
        signal.signal(signal.SIGHUP, ignored)
    assert calls == ["called", "mine"]
