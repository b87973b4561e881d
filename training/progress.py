"""What a long command tells while it works: a bar for people, JSON lines for programs."""

import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Never

from tqdm import tqdm

from lrcn_desktop.errors import UserError
from lrcn_desktop.training_events import (
    Epoch,
    Failed,
    Note,
    Progress,
    StageBegun,
    TrainingEvent,
    to_line,
)


class Reporter(ABC):
    """Told by the trainer what happens, and keeps it in the run's file.

    A stage ("scan", "features", "fit", "test") is begun with `stage` and moved on with `advance`.
    """

    def __init__(self) -> None:
        self._stage, self._total, self._begun, self._first = "", 0, 0.0, 0
        self._file: IO[str] | None = None

    def also_to(self, path: Path) -> None:
        """Write every further event to `path` too, a JSON object per line, behind what is there.

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
        self.event(StageBegun(stage, text, total, unit))

    def counter(self, stage: str, text: str, unit: str) -> Callable[[int, int], None]:
        """Return what takes (done, total) of a stage, which begins with its first call."""
        begun = False

        def count(done: int, total: int) -> None:
            nonlocal begun
            if not begun:
                begun = True
                self.stage(stage, text, total, unit, done)
            self.advance(done)

        return count

    def scanning(self) -> Callable[[int, int], None]:
        """Return the counter of a scan."""
        return self.counter("scan", "looking at the clips", "clip")

    def advance(self, done: int) -> None:
        """Say that `done` units of the stage are done."""
        self.event(Progress(self._stage, done, self._total, self.seconds_left(done)))

    def seconds_left(self, done: float) -> float | None:
        """Return how long the stage will take yet at its pace so far; None: too early to tell."""
        since = done - self._first
        if since <= 0:
            return None
        return round((time.monotonic() - self._begun) / since * (self._total - done), 1)

    def note(self, text: str) -> None:
        """Say one sentence to the person."""
        self.event(Note(text))

    def event(self, event: TrainingEvent) -> None:
        """Report one event.

        Raises:
            UserError: It cannot be written to the run's file, which is then given up.
        """
        line = to_line(event, time.time())
        if self._file is not None:
            self._write(line)
        self.show(event, line)

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
    def show(self, event: TrainingEvent, line: str) -> None:
        """Show an event, as JSON a `line`, to whom this reporter serves."""

    def close(self) -> None:
        """End what is shown, and the run's file."""
        if self._file is not None:
            self._file.close()
            self._file = None


class Silent(Reporter):
    """Tells nobody: a process beside the first of a distributed run."""

    def show(self, event: TrainingEvent, line: str) -> None:
        """Ignore it."""


class Bar(Reporter):
    """A progress bar and sentences on the error stream, for a person at a terminal."""

    def __init__(self) -> None:
        super().__init__()
        self._bar: tqdm[Never] | None = None

    def show(self, event: TrainingEvent, line: str) -> None:
        """Show what a person wants to see of it."""
        match event:
            case StageBegun(text=text, total=total, unit=unit):
                self._close_bar()
                self._bar = tqdm(total=total, desc=text, unit=unit, disable=None)
            case Progress(done=done) if self._bar is not None:
                self._bar.update(done - self._bar.n)
            case Epoch(fit=fit, loss=loss) if self._bar is not None:
                self._bar.set_description(fit, refresh=False)
                self._bar.set_postfix(loss="-" if loss is None else f"{loss:.3f}", refresh=False)
            case Note(text=text):
                tqdm.write(text, file=sys.stderr)

    def close(self) -> None:
        """Take the bar away."""
        self._close_bar()
        super().close()

    def _close_bar(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


@contextmanager
def reporting(progress: str, *, failures: bool = False) -> Iterator[Reporter]:
    """Give what shows a command's progress, as its option --progress says, and end it.

    Args:
        progress: "json", or else for people.
        failures: Whether a UserError that ends the command is an event too.
    """
    reporter: Reporter = JsonLines() if progress == "json" else Bar()
    try:
        yield reporter
    except UserError as error:
        if failures:
            reporter.event(Failed(str(error)))
        raise
    finally:
        reporter.close()


class JsonLines(Reporter):
    """One JSON object per line on the standard output, for the program that started this one."""

    def show(self, event: TrainingEvent, line: str) -> None:
        """Write it, at once."""
        print(line, flush=True)
