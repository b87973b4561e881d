"""A run's folder: what a training needs to go on after anything.

`run.json` holds the settings, `progress.jsonl` what was told, `quarantine.csv` the files that could
not be decoded, `fits/` a checkpoint a fit, `inputs/` what is fitted to, `report.html` the result.
`fits/` and `inputs/` go when the run is done.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import atomic_write
from training.run.settings import Settings

_SETTINGS, _DONE = "run.json", "done.json"
_WAIT = 10.0  # seconds: a killed process may take that long to let go


class RunFolder:
    """The folder of one run.

    Attributes:
        path: The folder.
        settings: What was asked.
        resumed: Whether it goes on from an earlier session.
    """

    def __init__(self, path: Path, settings: Settings, *, resumed: bool) -> None:
        self.path, self.settings, self.resumed = path, settings, resumed

    @classmethod
    def begin(cls, path: Path, settings: Settings) -> "RunFolder":
        """Make the folder of a new run; a finished one of the same name gives way.

        Raises:
            UserError: It cannot be made, holds an unfinished run, or something else.
        """
        if cls.unfinished(path):
            raise UserError(
                f"{path} holds an unfinished run: go on with `lrcn-desktop train --resume {path}`, "
                "name another folder with --run, or delete it."
            )
        if path.exists() and not (path / _SETTINGS).exists() and any(path.iterdir()):
            raise UserError(f"{path} is no run's folder and not empty: name another with --run.")
        try:
            if path.exists():
                shutil.rmtree(path)
            path.mkdir(parents=True)
        except OSError as error:
            raise UserError(f"Cannot make the folder {path}: {error.strerror}.") from error
        with atomic_write(path / _SETTINGS, "w") as file:
            file.write(settings.to_json())
        return cls(path, settings, resumed=False)

    @staticmethod
    def unfinished(path: Path) -> bool:
        """Whether `path` is the folder of a run that can be resumed."""
        return (path / _SETTINGS).exists() and not (path / _DONE).exists()

    @classmethod
    def resume(cls, path: Path) -> "RunFolder":
        """Open the folder of an unfinished run.

        Raises:
            UserError: There is none, or it is done.
        """
        if not (path / _SETTINGS).is_file():
            raise UserError(f"{path} is no run's folder: name the one that --run named.")
        if (path / _DONE).exists():
            out = Settings.read(path / _SETTINGS).out
            raise UserError(f"The run in {path} is done: its model is {out}.")
        return cls(path, Settings.read(path / _SETTINGS), resumed=True)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes out while this one works here.

        Raises:
            UserError: Another one works here.
        """
        try:
            with FileLock(self.path / "lock", timeout=_WAIT):
                yield
        except Timeout:
            raise UserError(f"Another process is at the run in {self.path}: let it end.") from None

    def checkpoint(self, name: str) -> Path:
        """Return the checkpoint file of a fit."""
        folder = self.path / "fits"
        folder.mkdir(exist_ok=True)
        return folder / f"{name}.safetensors"

    def inputs(self, name: str) -> Path:
        """Return a folder for what is fitted to."""
        folder = self.path / "inputs" / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def history(self) -> list[dict[str, Any]]:
        """Return the epochs that were told, the last telling of each."""
        told: dict[tuple[str, int], dict[str, Any]] = {}
        for line in (self.path / "progress.jsonl").read_text("utf-8").splitlines():
            try:
                event = json.loads(line)
            except ValueError:  # cut off by a kill
                continue
            if event.get("event") == "epoch":
                told[event["fit"], event["epoch"]] = event
        return list(told.values())

    def finish(self) -> None:
        """Mark the run as done and let go of what only a resume would need."""
        with atomic_write(self.path / _DONE, "w") as file:
            json.dump({"model": self.settings.out}, file)
        for name in ("fits", "inputs"):
            shutil.rmtree(self.path / name, ignore_errors=True)
