"""A run's folder: what a training needs to go on after anything.

`run.json` holds the settings, `clips.json` which clips it began with, `progress.jsonl` what was
reported, `quarantine.csv` the files that could not be decoded, `fits/` one checkpoint per fit,
`inputs/` what is fitted to, `report.html` the result. `fits/` and `inputs/` go at the end.
"""

import json
import shutil
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Self

from filelock import BaseFileLock, FileLock, Timeout

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import atomic_write, make_private, remove_left
from lrcn_desktop.guard import guarded
from lrcn_desktop.training_events import Epoch, parse
from training.run.settings import Settings

_SETTINGS, _DONE, _LOCK = "run.json", "done.json", "lock"
_CLIPS = "clips.json"
_OTHERS = ("fits", "inputs", _CLIPS, "progress.jsonl", "quarantine.csv")
WAIT = 5.0  # seconds: a killed process may take that long to let go


class RunFolder(AbstractContextManager["RunFolder"]):
    """The folder of one run; other processes are kept out of it until the block ends.

    Attributes:
        path: The folder.
        settings: What was asked.
        resumed: Whether it goes on from an earlier session.
    """

    def __init__(
        self, path: Path, settings: Settings, *, resumed: bool, lock: BaseFileLock | None = None
    ) -> None:
        self.path, self.settings, self.resumed = path, settings, resumed
        self._lock = lock

    def __exit__(self, *_: object) -> None:
        """Let other processes in."""
        if self._lock is not None:
            self._lock.release()

    @classmethod
    def begin(cls, path: Path, settings: Settings) -> Self:
        """Make the folder of a new run.

        An earlier run of that name gives way if it is done, or has not begun to fit anything. The
        report of a finished one stays, as its model does, until this run has another.

        Raises:
            UserError: It cannot be made, holds an unfinished run or something else, or another
                process works there.
        """
        try:
            if not (path / _SETTINGS).is_file() and path.exists() and _others_in(path):
                raise UserError(
                    f"{path} is no run's folder and not empty: name another with --run."
                )
            make_private(path)
        except OSError as error:
            raise UserError(f"Cannot make the folder {path}: {error.strerror}.") from error
        lock = _locked(path)
        try:
            if cls.unfinished(path) and any((path / "fits").glob("*.safetensors")):
                raise UserError(
                    f"{path} holds an unfinished run: continue with "
                    f"{resume_command(path)}, name another folder with --run, or delete it."
                )
            for name in (*_OTHERS, _DONE):
                _remove(path / name)
            with atomic_write(path / _SETTINGS, "w") as file:
                file.write(settings.to_json())
        except BaseException:
            lock.release()
            raise
        return cls(path, settings, resumed=False, lock=lock)

    @staticmethod
    def unfinished(path: Path) -> bool:
        """Whether `path` is the folder of a run that can be resumed."""
        return (path / _SETTINGS).exists() and not (path / _DONE).exists()

    @classmethod
    def resume(cls, path: Path) -> Self:
        """Open the folder of an unfinished run.

        Raises:
            UserError: There is none, it is done, or another process works there.
        """
        settings = cls.asked(path)
        lock = _locked(path)
        if (path / _DONE).exists():
            _clean(path)  # it may have been killed before it could
            lock.release()
            raise UserError(f"The run in {path} is done: its model is {settings.out}.")
        for left in path.rglob(".*.part"):  # half of what a killed process wrote
            remove_left(left)
        return cls(path, settings, resumed=True, lock=lock)

    @classmethod
    def join(cls, path: Path) -> Self:
        """Open the folder in which another process of the same run has opened it before."""
        return cls(path, cls.asked(path), resumed=True)

    @staticmethod
    def asked(path: Path) -> Settings:
        """Return the settings of the run in `path`, done or not.

        Raises:
            UserError: There is none.
        """
        if not (path / _SETTINGS).is_file():
            raise UserError(f"{path} is no run's folder: name the one that --run named.")
        return Settings.read(path / _SETTINGS)

    @property
    def clips(self) -> Path:
        """The file that says which clips the run began with."""
        return self.path / _CLIPS

    def checkpoint(self, name: str) -> Path:
        """Return the checkpoint file of a fit.

        Raises:
            UserError: Its folder cannot be made.
        """
        return self._folder("fits") / f"{name}.safetensors"

    def inputs(self, name: str) -> Path:
        """Return a folder for what is fitted to.

        Raises:
            UserError: It cannot be made.
        """
        return self._folder(f"inputs/{name}")

    def history(self) -> list[Epoch]:
        """Return the epochs that were reported, the last report of each.

        What a kill has cut off, and what a disk has damaged, is left out.
        """
        path = self.path / "progress.jsonl"
        with guarded(path, "is no record of a run"):
            events = map(parse, path.read_bytes().splitlines())
        epochs = [event for event in events if isinstance(event, Epoch)]
        return list({(epoch.fit, epoch.epoch): epoch for epoch in epochs}.values())

    def finish(self) -> None:
        """Mark the run as done and release what only a resume would need."""
        with atomic_write(self.path / _DONE, "w") as file:
            json.dump({"model": self.settings.out}, file)
        _clean(self.path)

    def _folder(self, name: str) -> Path:
        folder = self.path / name
        try:
            make_private(folder)
        except OSError as error:
            raise UserError(f"Cannot make the folder {folder}: {error.strerror}.") from error
        return folder


def resume_command(path: Path) -> str:
    """Return the command, for a person, that goes on with the run in `path`."""
    shown = f'"{path}"' if " " in str(path) else path
    return f"`lrcn-desktop train --resume {shown}`"


def _others_in(path: Path) -> bool:
    return any(item.name != _LOCK for item in path.iterdir())


def _clean(path: Path) -> None:
    """Remove what only a resume of the run in `path` would need."""
    for name in ("fits", "inputs"):
        shutil.rmtree(path / name, ignore_errors=True)


def _remove(path: Path) -> None:
    try:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise UserError(f"Cannot delete {path} of an earlier run: {error.strerror}.") from error


def _locked(path: Path) -> BaseFileLock:
    lock = FileLock(path / _LOCK, timeout=WAIT)
    try:
        lock.acquire()
    except Timeout:
        raise UserError(f"Another process uses the run in {path}: wait for it to finish.") from None
    except OSError as error:
        raise UserError(f"Cannot write in {path}: {error.strerror}.") from error
    return lock
