"""Pause, continue, stop, Ctrl-C: what a running training is asked while it works."""

import signal
import sys
import time
from pathlib import Path

import pytest
from tiny_training import Start, asked, check_files  # type: ignore[import-not-found]

from lrcn_desktop.cli import main

FIT = "fold 1 of 2, LSTM"  # so that much is left to do


def resumed_as_if_undisturbed(folder: Path, undisturbed: Path) -> None:
    check_files(folder)
    assert main(["train", "--resume", str(folder / "model.run")]) == 0
    for name in ("model.safetensors", "model.run/report.html"):
        assert (folder / name).read_bytes() == (undisturbed / name).read_bytes()


def test_pause_continue_and_stop(
    features: Path, undisturbed: Path, start: Start, tmp_path: Path
) -> None:
    training = start(*asked(features, tmp_path))
    training.say("what")
    training.until("epoch", fit=FIT, epoch=1)
    training.say("pause")
    training.until("paused")
    before = len((tmp_path / "model.run" / "progress.jsonl").read_bytes())
    time.sleep(0.5)
    assert len((tmp_path / "model.run" / "progress.jsonl").read_bytes()) == before
    training.say("continue")
    training.until("continued")
    training.until("epoch")
    training.say("pause")
    training.until("paused")
    training.say("stop")  # also out of a pause
    status, errors = training.end()
    assert (status, errors.count("\n")) == (130, 1), errors
    assert training.events[-1]["event"] == "stopped"
    assert training.events[-1]["resume"] == str(tmp_path / "model.run")
    resumed_as_if_undisturbed(tmp_path, undisturbed)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process alone")
def test_ctrl_c_and_the_end_of_the_input(
    features: Path, undisturbed: Path, start: Start, tmp_path: Path
) -> None:
    training = start(*asked(features, tmp_path))
    assert training.process.stdin is not None
    training.process.stdin.close()  # means nothing
    training.process.stdin = None
    training.until("epoch", fit=FIT, epoch=2)
    training.process.send_signal(signal.SIGINT)
    status, errors = training.end()
    assert (status, errors) == (130, "lrcn-desktop: interrupted.\n")
    note, stopped = training.events[-2:]
    assert (
        note["text"]
        == f"Stopped; continue with `lrcn-desktop train --resume {tmp_path}/model.run`."
    )
    assert stopped["event"] == "stopped"
    resumed_as_if_undisturbed(tmp_path, undisturbed)
