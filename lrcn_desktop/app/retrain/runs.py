"""The folders of trainings: where a new one goes, and which are not finished."""

import shutil
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lrcn_desktop.app.retrain.state import TrainingState
from lrcn_desktop.errors import UserError
from lrcn_desktop.paths import data_dir
from lrcn_desktop.training_events import parse

EVENTS, SETTINGS, DONE = "progress.jsonl", "run.json", "done.json"  # the trainer's files
_MOST_READ = 1 << 26  # bytes of an events file, from its end


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A training that was stopped, or broke off, and can be continued; `state` as it was then."""

    folder: Path
    state: TrainingState
    when: float

    @property
    def name(self) -> str:
        """What the model is called that it is to make."""
        return Path(self.state.run.model).stem if self.state.run is not None else self.folder.name


def runs_dir() -> Path:
    """Return the folder of this person's runs; it need not exist."""
    return data_dir() / "runs"


def new_run(name: str) -> Path:
    """Return a folder for a new run; the trainer makes it."""
    stem = f"{name}-{datetime.now():%Y%m%d-%H%M%S}"
    folder, number = runs_dir() / stem, 1
    while folder.exists():
        number += 1
        folder = runs_dir() / f"{stem}-{number}"
    return folder


def can_continue(folder: Path) -> bool:
    """Whether the trainer has work in `folder` that it can go on with."""
    return (folder / SETTINGS).is_file() and not (folder / DONE).exists()


def find_unfinished() -> list[Unfinished]:
    """Return the runs that can be continued, the newest first; slow enough for a worker."""
    folders = filter(can_continue, runs_dir().glob("*"))
    runs = [Unfinished(folder, read_state(folder), _when(folder)) for folder in folders]
    return sorted(runs, key=lambda run: run.when, reverse=True)


def read_state(folder: Path) -> TrainingState:
    """Return what a run's own file of events says of it."""
    state = TrainingState()
    path = folder / EVENTS
    if not path.is_file():
        return state
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _MOST_READ))
        for line in file:
            event = parse(line)
            if event is not None:
                state.take(event)
    return state


def discard(folder: Path) -> None:
    """Delete a run's folder.

    Raises:
        UserError: It cannot be deleted.
    """
    if folder.parent != runs_dir():
        raise UserError(f"{folder} is not one of the program's own runs, so it is left alone.")
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return  # nothing was written, or it is gone already
    except OSError as error:
        raise UserError(f"Cannot delete {folder}: {error.strerror or error}.") from error


def _when(folder: Path) -> float:
    try:
        return (folder / EVENTS).stat().st_mtime
    except FileNotFoundError:
        return time.time()
