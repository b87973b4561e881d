"""Helpers: another process does some of a run's fits, and the result is the same."""

import io
import json
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from safetensors.torch import load_file
from tiny_training import asked, told  # type: ignore[import-not-found]
from waiting import until

from lrcn_desktop.cli import main
from training.progress import JsonLines
from training.run import helpers as module
from training.run.control import Control
from training.run.folder import RunFolder
from training.run.helpers import Helpers, claim
from training.run.pipeline import help_training

PATIENCE = 30.0


def weights(folder: Path) -> dict[str, Any]:
    return {name: part.tolist() for name, part in load_file(folder / "model.safetensors").items()}


@pytest.fixture
def begun(features: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a run that was interrupted before its first fit."""

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("training.run.fits.fit_networks", interrupted)
        assert main(["train", *asked(features, tmp_path)]) == 130
    return tmp_path


def test_what_a_helper_has_fitted_is_taken_up(
    begun: Path,
    undisturbed: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = begun / "model.run"
    capsys.readouterr()
    help_training(RunFolder.join(run), JsonLines(), Control(lambda _: None))
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [event["number"] for event in said] == [3, 3, 3, 2, 2, 2, 1, 1, 1]  # the last first

    def never(*_: object) -> None:
        raise AssertionError("it is fitted already")

    monkeypatch.setattr("training.fitting.fit.Fit.run", never)
    assert main(["train", "--resume", str(run)]) == 0
    assert weights(begun) == weights(undisturbed)
    assert len([event for event in told(run)[0] if event["event"] == "epoch"]) == len(said)


def test_a_helper_leaves_to_others_what_they_do(
    begun: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = begun / "model.run"
    capsys.readouterr()
    lock = claim(run / "fits" / "fold-2-of-2")
    assert lock is not None
    try:
        help_training(RunFolder.join(run), JsonLines(), Control(lambda _: None))
    finally:
        lock.release()
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {event["number"] for event in said} == {1, 3}


def test_a_run_with_a_helper_gives_the_same_model(
    features: Path, tmp_path: Path, undisturbed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WORTH", 0.0)
    monkeypatch.setattr(module, "CORES", 2)
    started: list[Any] = []
    real = module.subprocess.Popen

    def counted(command: list[str], **more: Any) -> Any:  # noqa: ANN401
        process = real(command, **more)
        if module.OPTION in command:
            started.append(process)
        return process

    monkeypatch.setattr(module.subprocess, "Popen", counted)
    assert main(["train", *asked(features, tmp_path)]) == 0
    assert [process.returncode is None for process in started] == [False]
    assert weights(tmp_path) == weights(undisturbed)
    epochs = [event for event in told(tmp_path / "model.run")[0] if event["event"] == "epoch"]
    assert sorted((event["number"], event["epoch"]) for event in epochs) == [
        (fit, epoch) for fit in (1, 2, 3) for epoch in (1, 2, 3)
    ]


def test_what_the_first_process_is_told_its_helpers_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ready, words, heard = threading.Event(), iter([b"pau", b"se\nstop\n", b""]), list[str]()

    def read(*_: int) -> bytes:
        assert ready.wait(PATIENCE)
        return next(words)

    monkeypatch.setattr("training.run.control.os", SimpleNamespace(read=read))
    control = Control(lambda _: None)
    control.pass_on(heard.append)
    ready.set()
    until(lambda: heard == ["pause", "stop"])
    with pytest.raises(KeyboardInterrupt):
        control.check_paused()


class Idle:
    """Stands for a process that has nothing to say."""

    def __init__(self, command: list[str], **_: object) -> None:
        self.command, self.stdin, self.stdout = command, io.BytesIO(), io.BytesIO()
        self.pid = id(self)

    def poll(self) -> int | None:
        return None

    def wait(self, _: float) -> int:
        return 0


@pytest.mark.parametrize(
    ("wanted", "fits", "seconds", "started"),
    [(False, 5, 1e6, 0), (True, 5, module.WORTH / 2, 0), (True, 2, 1e6, 2), (True, 9, 1e6, 3)],
)
def test_helpers_start_once_where_it_is_worth_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    wanted: bool,
    fits: int,
    seconds: float,
    started: int,
) -> None:
    """As many as there is to do, on all cores but one."""
    made: list[Idle] = []
    monkeypatch.setattr(module, "CORES", 4)

    def make(command: list[str], **more: object) -> Idle:
        made.append(Idle(command, **more))
        return made[-1]

    monkeypatch.setattr(module.subprocess, "Popen", make)
    helpers = Helpers(tmp_path, lambda _: None, lambda _: None, wanted=wanted)
    helpers.offer(fits, seconds)
    helpers.offer(fits, seconds)
    helpers.say("pause")
    assert [process.stdin.getvalue() for process in made] == [b"pause\n"] * started
    helpers.stop()
    assert all(process.stdin.closed for process in made)


def test_a_helper_that_comes_to_harm_is_told_and_costs_nothing(
    features: Path, tmp_path: Path, undisturbed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where it lacks a library, or the memory."""
    monkeypatch.setattr(module, "WORTH", 0.0)
    monkeypatch.setattr(module, "CORES", 2)
    code = "import sys; print('some trace\\nNo memory', file=sys.stderr); sys.exit(1)"
    monkeypatch.setattr(module, "own_command", lambda: [sys.executable, "-c", code])
    real, ended = module.subprocess.Popen, []

    def start(command: list[str], **more: Any) -> Any:  # noqa: ANN401
        process = real(command, **more)
        if module.OPTION in command:
            ended.append(process.wait(PATIENCE))
        return process

    monkeypatch.setattr(module.subprocess, "Popen", start)
    assert main(["train", *asked(features, tmp_path)]) == 0
    assert ended == [1]
    assert weights(tmp_path) == weights(undisturbed)
    notes = [event["text"] for event in told(tmp_path / "model.run")[0] if event["event"] == "note"]
    assert "A process that helped came to harm (No memory): this one does its work." in notes


def test_the_end_of_the_first_process_ends_its_helper(begun: Path) -> None:
    """Its input ends then, however it ended."""
    command = [*module.own_command(), "train", module.OPTION, str(begun / "model.run")]
    done = module.subprocess.run(
        command, stdin=module.subprocess.DEVNULL, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 130
    assert b"Traceback" not in done.stderr
