"""What a long command tells while it works: a bar for people, JSON lines for programs."""

import json
import sys
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Never

import msgspec
from tqdm import tqdm

from lrcn_desktop.errors import UserError


class EpochFigures(msgspec.Struct, tag_field="event", tag="epoch"):
    """What an "epoch" event says at the least, to be checked where one is read back."""

    fit: str
    epoch: int
    loss: float
    accuracy: float
    validation_loss: float | None
    validation_accuracy: float | None
    best: bool


class Reporter(ABC):
    """Told by the trainer what happens, and keeps it in the run's file.

    A stage ("scan", "features", "fit", "test") is begun with `stage` and moved on with `advance`.
    """

    def __init__(self) -> None:
        self._stage, self._total, self._begun, self._first = "", 0, 0.0, 0
        self._file: IO[str] | None = None

    def also_to(self, path: Path) -> None:
        """Write every further event to `path` too, a JSON object a line, behind what is there.

        Raises:
            UserError: It cannot be written.
        """
        try:
            written = path.read_bytes() if path.exists() else b""
            self._file = path.open("a", encoding="utf-8")
        except OSError as error:
            raise UserError(f"Cannot write {path}: {error.strerror}.") from error
        if written and not written.endswith(b"\n"):  # cut off by a kill: keep what follows apart
            self._write("")

    def stage(self, stage: str, text: str, total: int, unit: str, done: int = 0) -> None:
        """Begin a stage of `total` units, of which `done` were done in an earlier session."""
        self._stage, self._total, self._begun, self._first = stage, total, time.monotonic(), done
        self.event("stage", stage=stage, text=text, total=total, unit=unit)

    def advance(self, done: int) -> None:
        """Say that `done` units of the stage are done."""
        self.event(
            "progress",
            stage=self._stage,
            done=done,
            total=self._total,
            seconds_left=self.seconds_left(done),
        )

    def seconds_left(self, done: float) -> float | None:
        """Return how long the stage will take yet at its pace so far; None: too early to tell."""
        since = done - self._first
        if since <= 0:
            return None
        return round((time.monotonic() - self._begun) / since * (self._total - done), 1)

    def note(self, text: str) -> None:
        """Say one sentence to the person."""
        self.event("note", text=text)

    def event(self, event: str, **figures: object) -> None:
        """Tell one event with its figures, as the README lists them.

        Raises:
            UserError: It cannot be written to the run's file, which is then given up.
        """
        if self._file is not None:
            self._write(_line(event, figures))
        self.show(event, figures)

    def _write(self, line: str) -> None:
        file = self._file
        assert file is not None
        try:
            print(line, file=file, flush=True)
        except OSError as error:
            self._file = None
            with suppress(OSError):  # it tries again to write what it holds
                file.close()
            raise UserError(f"Cannot write {file.name}: {error.strerror}.") from error

    @abstractmethod
    def show(self, event: str, figures: dict[str, Any]) -> None:
        """Show an event to whom this reporter serves."""

    def close(self) -> None:
        """End what is shown, and the run's file."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _line(event: str, figures: dict[str, Any]) -> str:
    return json.dumps({"event": event, "time": round(time.time(), 3), **figures})


class Silent(Reporter):
    """Tells nobody: a process beside the first of a distributed run."""

    def show(self, event: str, figures: dict[str, Any]) -> None:
        """Ignore it."""


class Bar(Reporter):
    """A progress bar and sentences on the error stream, for a person at a terminal."""

    def __init__(self) -> None:
        super().__init__()
        self._bar: tqdm[Never] | None = None

    def show(self, event: str, figures: dict[str, Any]) -> None:
        """Show what a person wants to see of it."""
        if event == "stage":
            self._close_bar()
            self._bar = tqdm(
                total=figures["total"], desc=figures["text"], unit=figures["unit"], disable=None
            )
        elif event == "progress" and self._bar is not None:
            self._bar.update(figures["done"] - self._bar.n)
        elif event == "epoch" and self._bar is not None:
            self._bar.set_description(figures["fit"], refresh=False)
            self._bar.set_postfix(loss=f"{figures['loss']:.3f}", refresh=False)
        elif event == "note":
            tqdm.write(figures["text"], file=sys.stderr)

    def close(self) -> None:
        """Take the bar away."""
        self._close_bar()
        super().close()

    def _close_bar(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


class JsonLines(Reporter):
    """One JSON object a line on the standard output, for the program that started this one."""

    def show(self, event: str, figures: dict[str, Any]) -> None:
        """Write it, at once."""
        print(_line(event, figures), flush=True)
