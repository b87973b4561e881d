"""Pause, continue, stop, Ctrl-C: what a running training is asked while it works."""

import signal
import sys
import time
from pathlib import Path

import pytest
from tiny_training import Start, Training, asked, check_files  # type: ignore[import-not-found]

from lrcn_desktop.cli import main

FIT = "fold 1 of 2, LSTM"  # so that much is left to do


def stopped(training: Training, run: Path) -> str:
    """Wait for the end of a training that was asked to stop; return what its error stream said."""
    status, errors = training.end()
    assert (status, errors.count("\n")) == (130, 1), errors
    note, last = training.events[-2:]
    assert note["text"] == f"Stopped; continue with `lrcn-desktop train --resume {run}`."
    assert (last["event"], last["resume"]) == ("stopped", str(run))
    check_files(run.parent)
    return str(errors)


@pytest.mark.timeout(300)
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process alone")
def test_pause_continue_stop_and_ctrl_c(
    features: Path, undisturbed: Path, start: Start, tmp_path: Path
) -> None:
    run = tmp_path / "model.run"
    training = start(*asked(features, tmp_path))
    training.say("what")
    training.until("epoch", fit=FIT, epoch=1)
    training.say("pause")
    training.until("paused")
    before = len((run / "progress.jsonl").read_bytes())
    time.sleep(0.5)
    assert len((run / "progress.jsonl").read_bytes()) == before
    training.say("continue")
    training.until("continued")
    training.until("epoch")
    training.say("pause")
    training.until("paused")
    training.say("stop")  # also out of a pause
    stopped(training, run)

    training = start("--resume", run)
    assert training.process.stdin is not None
    training.process.stdin.close()  # means nothing
    training.process.stdin = None
    training.until("epoch", fit="fold 2 of 2, LSTM")
    training.process.send_signal(signal.SIGINT)
    assert stopped(training, run) == "lrcn-desktop: interrupted.\n"

    assert main(["train", "--resume", str(run)]) == 0
    for name in ("model.safetensors", "model.run/report.html"):
        assert (tmp_path / name).read_bytes() == (undisturbed / name).read_bytes()
