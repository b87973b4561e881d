"""A teaching project: a folder of examples, one folder per activity, and one JSON beside them.

    PROJECT/teach.json          the order of the activities, and where clips were recorded
    PROJECT/ACTIVITY/clip.mkv   ordinary video files
    PROJECT/_other/clip.mkv     something else: none of the activities

The folders are what counts: a file that somebody puts there is an example, one that is gone is not,
and `train` reads the same folder. What is deleted or trimmed goes to PROJECT/.deleted, so that it
can be restored.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import atomic_write, make_private, put_aside
from lrcn_desktop.guard import guarded, reason
from lrcn_desktop.names import cleaned, is_name
from lrcn_desktop.video.suffixes import VIDEO_SUFFIXES

OTHER = "_other"
"""The folder of clips that show none of the activities; `train` knows it by the same name."""

_FILE, _DELETED = "teach.json", ".deleted"
_FORMAT = 1
_BITE = 1 << 20
_LONGEST = 100  # bytes of a name that is shown


class _Saved(msgspec.Struct, forbid_unknown_fields=True):
    """The JSON file."""

    format: int
    activities: list[str] = []
    places: dict[str, str] = {}  # by "ACTIVITY/FILE", where and when it was recorded
    shift: float = 0.0  # of the threshold for "unknown", in logits


@dataclass(frozen=True, slots=True)
class Clip:
    """An example.

    Attributes:
        path: The video file.
        activity: What it shows, or `OTHER`.
        place: Where and when it was recorded; "" where nobody knows.
    """

    path: Path
    activity: str
    place: str = ""

    @property
    def source(self) -> str:
        """What it was cut from: the sub-folder that holds it; "" where it is by itself."""
        return "" if self.path.parent.name == self.activity else self.path.parent.name


@dataclass(frozen=True, slots=True)
class Deleted:
    """A clip that was deleted or trimmed, and where its file is kept."""

    clip: Clip
    kept: Path


@dataclass(slots=True)
class Project:
    """The examples of a model to be.

    Attributes:
        folder: Where they are.
        activities: Their names, in the order of the keys; without `OTHER`.
        shift: What the user moved the threshold for "unknown" by, in logits.
        notes: What is wrong with the folder, one sentence each.
    """

    folder: Path
    activities: list[str] = field(default_factory=list)
    shift: float = 0.0
    notes: list[str] = field(default_factory=list)
    _places: dict[str, str] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @classmethod
    def open(cls, folder: Path) -> Project:
        """Open a project's folder, or make one.

        A folder of clips that has no JSON is a project too.

        Raises:
            UserError: It cannot be read or made.
        """
        try:
            make_private(folder)
            make_private(folder / OTHER)
        except OSError as error:
            raise UserError(
                f"Cannot make the folder {folder} ({reason(error)}): choose another folder."
            ) from error
        project = cls(folder)
        project._read()
        project.look()
        return project

    @property
    def name(self) -> str:
        """What the model is called: the folder's name."""
        return self.folder.resolve().name

    def look(self) -> None:
        """Look at the folder: what was put there or taken away by hand counts."""
        with self._lock, guarded(self.folder, "cannot be read"):
            found = {
                entry.name
                for entry in os.scandir(self.folder)
                if entry.is_dir() and not entry.name.startswith((".", "_"))
            }
            gone = [name for name in self.activities if name not in found]
            self.activities = [name for name in self.activities if name in found]
            self.activities += sorted(name for name in found - set(self.activities))
            there = {self._key(clip.path) for clip in self.clips()}
            missing = [key for key in self._places if key not in there]
            self.notes = [note for note in self.notes if "damaged" in note]
            self.notes += [f"The folder of {name} is gone: record it again." for name in gone]
            if missing:
                count = "1 clip is" if len(missing) == 1 else f"{len(missing)} clips are"
                self.notes.append(
                    f"{count} no longer in {self.folder} ({cleaned(missing[0], _LONGEST)}): "
                    "put the file back, or go on without it."
                )
            for key in missing:
                del self._places[key]

    def clips(self, activity: str | None = None) -> list[Clip]:
        """Return the examples of an activity or of `OTHER`, None: of all; oldest names first."""
        names = (*self.activities, OTHER) if activity is None else (activity,)
        with self._lock:
            return [
                Clip(path, name, self._places.get(self._key(path), ""))
                for name in names
                for path in _videos(self.folder / name)
            ]

    def add_activity(self, name: str) -> str:
        """Add an activity, at the end, and return its name.

        Raises:
            UserError: The name cannot be a folder's or is taken, or the folder cannot be made.
        """
        name = " ".join(name.split())
        self._check(name)
        with self._lock:
            try:
                make_private(self.folder / name)
            except OSError as error:
                raise UserError(f"Cannot make the folder {name} ({reason(error)}).") from error
            self.activities.append(name)
            self.save()
        return name

    def rename_activity(self, name: str, new: str) -> str:
        """Give an activity another name, its folder too, and return the name.

        Raises:
            UserError: The name cannot be a folder's or is taken, or the folder cannot be renamed.
        """
        new = " ".join(new.split())
        if new == name:
            return name
        self._check(new, besides=name)
        with self._lock:
            _move(self.folder / name, self.folder / new)
            self.activities[self.activities.index(name)] = new
            self._places = {
                f"{new}/{key[len(name) + 1 :]}" if key.startswith(f"{name}/") else key: place
                for key, place in self._places.items()
            }
            self.save()
        return new

    def remove_activity(self, name: str) -> list[Deleted]:
        """Remove an activity and its clips, and return what can be restored."""
        deleted = [self.delete(clip) for clip in self.clips(name)]
        with self._lock:
            self.activities.remove(name)
            try:
                (self.folder / name).rmdir()
            except OSError as error:
                raise UserError(
                    f"The folder {self.folder / name} stays ({reason(error)}): "
                    "delete what else is in it."
                ) from error
            finally:
                self.save()
        return deleted

    def set_place(self, clip: Clip) -> None:
        """Remember where a clip was recorded."""
        with self._lock:
            self._places[self._key(clip.path)] = clip.place
            self.save()

    def move(self, clip: Clip, activity: str) -> Clip:
        """Make a clip an example of another activity, or of `OTHER`, and return it.

        Raises:
            UserError: The file cannot be moved.
        """
        with self._lock:
            path = free_path(self.folder / activity / clip.path.name)
            _move(clip.path, path)
            self._places.pop(self._key(clip.path), None)
            moved = replace(clip, path=path, activity=activity)
            self.set_place(moved)
        return moved

    def delete(self, clip: Clip) -> Deleted:
        """Put a clip aside, so that `restore` can bring it back.

        Raises:
            UserError: The file cannot be moved.
        """
        with self._lock:
            kept = free_path(self.folder / _DELETED / clip.activity / clip.path.name)
            _move(clip.path, kept)
            self._places.pop(self._key(clip.path), None)
            self.save()
        return Deleted(clip, kept)

    def restore(self, deleted: Deleted) -> Clip:
        """Bring back what was deleted, and the activity with it.

        Raises:
            UserError: The file cannot be moved.
        """
        clip = deleted.clip
        with self._lock:
            if clip.activity not in (*self.activities, OTHER):
                self.activities.append(clip.activity)
            path = free_path(clip.path)
            _move(deleted.kept, path)
            restored = replace(clip, path=path)
            self.set_place(restored)
        return restored

    def save(self) -> None:
        """Write the JSON, atomically.

        Raises:
            UserError: It cannot be written.
        """
        with self._lock:
            saved = _Saved(_FORMAT, list(self.activities), dict(self._places), self.shift)
            with atomic_write(self.folder / _FILE, "wb") as file:
                file.write(msgspec.json.format(msgspec.json.encode(saved), indent=1))

    def _read(self) -> None:
        path = self.folder / _FILE
        if not path.is_file():
            return
        try:
            with guarded(path, "is damaged"):
                saved = msgspec.json.decode(path.read_bytes(), type=_Saved)
                if saved.format != _FORMAT:
                    raise ValueError("it is of a later version of this program")
        except UserError as error:
            put_aside(path)  # the clips are what counts
            self.notes.append(f"{error} The clips are there, their order and places are forgotten.")
            return
        self.activities = list(dict.fromkeys(n for n in saved.activities if is_name(n)))
        self._places = {key: cleaned(place) for key, place in saved.places.items()}
        self.shift = min(max(saved.shift, -8.0), 8.0)

    def _key(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()

    def _check(self, name: str, besides: str = "") -> None:
        if not is_name(name) or name.startswith("_"):
            raise UserError(
                f"An activity cannot be called {name!r}: give 1 to 60 letters, digits or spaces."
            )
        taken = {other.casefold() for other in self.activities if other != besides}
        if name.casefold() in taken:
            raise UserError(f"There is an activity {name} already: give another name.")


def digest(path: Path) -> str:
    """Return the name of a file's content: 32 hexadecimal digits.

    Raises:
        OSError: It cannot be read.
    """
    found = hashlib.sha256()
    with path.open("rb") as file:
        while bite := file.read(_BITE):
            found.update(bite)
    return found.hexdigest()[:32]


def _videos(folder: Path) -> Iterator[Path]:
    try:
        paths = sorted(folder.rglob("*"))  # clips of one source may have a folder of their own
    except OSError:
        return
    for path in paths:
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix.lower() in VIDEO_SUFFIXES and not hidden and path.is_file():
            yield path


def free_path(path: Path) -> Path:
    """Return a path that nothing has yet, as close to `path` as can be."""
    found, number = path, 1
    while found.exists():
        number += 1
        found = path.with_name(f"{path.stem} ({number}){path.suffix}")
    return found


def _move(path: Path, to: Path) -> None:
    try:
        make_private(to.parent)
        path.rename(to)
    except OSError as error:
        raise UserError(f"{path} cannot be moved ({reason(error)}).") from error
