"""A tiny training as a process of its own, for tests that disturb it."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import psutil
import pytest
from safetensors import safe_open

from lrcn_desktop.cli import main

ENVIRONMENT = os.environ | {"OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo"}


class Training:
    """`lrcn-desktop train ... --progress json` in a process of its own."""

    def __init__(
        self,
        arguments: Sequence[str],
        launcher: Sequence[str] = (),
        environment: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Start it.

        Args:
            arguments: Of `train`.
            launcher: Arguments of Python that come before "-m lrcn_desktop train".
            environment: What is added to the environment.
        """
        command = [sys.executable, *launcher, "-m", "lrcn_desktop", "train"]
        self.process = subprocess.Popen(
            [*command, *arguments, "--progress", "json"],
            env=ENVIRONMENT | dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.events: list[dict[str, Any]] = []

    def until(self, event: str, **figures: object) -> dict[str, Any]:
        """Wait for an event with these figures and return it."""
        while (found := self.next()) is not None:
            if found["event"] == event and figures.items() <= found.items():
                return found
        raise AssertionError(f"no {event} {figures}: {self.events[-1:]} {self.end()}")

    def next(self) -> dict[str, Any] | None:
        """Return the next event as it comes; None: there are no more."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with suppress(ValueError):  # a line that a kill cut off
                self.events.append(json.loads(line))
                return self.events[-1]
        return None

    def say(self, word: str) -> None:
        """Give a command."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()

    def end(self) -> tuple[int, str]:
        """Wait for the end; return the exit status and what was said on the error stream."""
        while self.next() is not None:
            pass
        _, errors = self.process.communicate(timeout=60)
        return self.process.returncode, errors

    def kill(self) -> None:
        """Kill it as a power cut would."""
        self.process.kill()
        self.end()


Start = Callable[..., Training]


@pytest.fixture
def start() -> Iterator[Start]:
    """Return the function that starts a `Training`; what still runs at the end is killed."""
    started: list[Training] = []

    def run(*arguments: object, **more: Any) -> Training:  # noqa: ANN401
        started.append(Training([str(argument) for argument in arguments], **more))
        return started[-1]

    yield run
    for training in started:
        if training.process.poll() is None:
            for child in psutil.Process(training.process.pid).children(recursive=True):
                child.kill()
            training.kill()


@pytest.fixture(scope="session")
def features(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a feature folder: 24 clips of three activities in eight groups."""
    return make_features(tmp_path_factory.mktemp("features") / "features")


def make_features(folder: Path, clips: int = 24, columns: int = 256) -> Path:
    """Fill a feature folder with noise in which an activity shows a little."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    with (folder / "index.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("clip", "label", "group", "split", "rate", "file"))
        for number in range(clips):
            array = rng.normal(size=(int(rng.integers(6, 20)), columns))
            array[:, number % 3 :: 3] += 0.4
            np.save(folder / f"{number}.npy", array.astype(np.float16))
            label = ("jump", "run", "walk")[number % 3]
            rows.writerow((f"clip {number}", label, number // 3, "", 5, f"{number}.npy"))
    return folder


def asked(features: Path, folder: Path) -> list[str]:
    """Return the arguments of the tiny training; its model is `folder`/model.safetensors."""
    out = str(folder / "model.safetensors")
    return ["--features", str(features), "--out", out, "--epochs", "3", "--folds", "2"]


@pytest.fixture(scope="session")
def undisturbed(features: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder in which the tiny training was done without any disturbance."""
    folder = tmp_path_factory.mktemp("undisturbed")
    assert main(["train", *asked(features, folder)]) == 0
    return folder


def check_files(*folders: Path) -> None:
    """Check that every file in `folders` that bears its final name can be read to its end."""
    for path in (path for folder in folders for path in folder.rglob("*")):
        if path.suffix == ".safetensors":
            with safe_open(path, "np") as file:
                assert [file.get_tensor(name) for name in file.keys()]  # noqa: SIM118
        elif path.suffix == ".npy":
            assert np.load(path, allow_pickle=False).size
        elif path.suffix == ".json":
            json.loads(path.read_bytes())
        elif path.suffix == ".csv":
            assert list(csv.reader(path.read_text("utf-8").splitlines()))


def told(run: Path) -> tuple[list[dict[str, Any]], int]:
    """Return the events in a run's folder, and how many lines are no event: torn ones."""
    events, torn = [], 0
    for line in (run / "progress.jsonl").read_text("utf-8").splitlines():
        try:
            events.append(json.loads(line))
        except ValueError:
            torn += 1
    return events, torn
