"""What was seen of each clip, remembered, so that an unchanged one is never decoded again."""

import hashlib
import json
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import atomic_write, make_private
from lrcn_desktop.paths import cache_dir
from training.data.clip import image_files
from training.data.decode_check import ClipCheck

_FORMAT = f"2, PyAV {version('av')}"  # another decoder may see other things


class ScanCache:
    """The checks of the clips of one data set, in a file of the folder `home`.

    Other processes may keep the same file: each replaces it as a whole and keeps what it found
    there; of two that write at once the last one wins, and the other's checks are made again.

    Args:
        home: Where caches are kept; made where missing.
        folder: The data set.

    Raises:
        UserError: `home` cannot be made.
    """

    def __init__(self, home: Path, folder: Path) -> None:
        try:
            make_private(home)
        except OSError as error:
            raise UserError(f"Cannot make the folder {home}: {error.strerror}.") from error
        self._folder = folder
        whole = str(folder.resolve()).encode("utf-8", "surrogateescape")
        name = hashlib.sha256(whole).hexdigest()
        self.path = home / f"scan-{name[:16]}.json"
        self._checks = self._read()
        self._new: dict[str, dict[str, Any]] = {}

    def get(self, path: Path, stamp: str) -> ClipCheck | None:
        """Return what was seen of the clip at `path`, if it has not changed since."""
        entry = self._checks.get(self._key(path))
        if entry is None or entry["stamp"] != stamp:
            return None
        return ClipCheck(entry["digest"], entry["frames"], entry["seconds"], entry["reason"])

    def put(self, path: Path, stamp: str, check: ClipCheck) -> None:
        """Remember what was seen of a clip that had this `stamp` before."""
        self._new[self._key(path)] = {"stamp": stamp, **asdict(check)}

    def save(self) -> None:
        """Write it, with what other processes have written meanwhile.

        Raises:
            UserError: It cannot be written.
        """
        if self._new:
            self._checks = self._read() | self._checks | self._new
            with atomic_write(self.path, "w") as file:
                json.dump({"format": _FORMAT, "clips": self._checks}, file)
            self._new = {}

    def _key(self, path: Path) -> str:
        return path.relative_to(self._folder).as_posix()

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            content = json.loads(self.path.read_bytes())
            if content["format"] != _FORMAT:
                return {}
            return {key: entry for key, entry in content["clips"].items() if _is_entry(entry)}
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return {}  # none yet, or damaged: it is built again


def default_cache() -> Path:
    """Return where every command keeps checks and features where no folder is given."""
    return cache_dir() / "features"


def stamp_of(path: Path) -> str:
    """Return what changes when a clip does: its size and the time of its last change.

    Returns:
        "" where that cannot be known, as of a link to nothing.
    """
    try:
        files = image_files(path) if path.is_dir() else [path]
        states = [file.stat() for file in files]
    except OSError:
        return ""
    last = max((state.st_mtime_ns for state in states), default=0)
    return f"{len(states)} {sum(state.st_size for state in states)} {last}"


def _is_entry(entry: object) -> bool:
    return (
        isinstance(entry, dict)
        and all(isinstance(entry.get(key), str) for key in ("stamp", "digest", "reason"))
        and isinstance(entry.get("frames"), int)
        and isinstance(entry.get("seconds"), int | float)
    )
