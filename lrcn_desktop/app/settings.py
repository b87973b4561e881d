"""What the program remembers from one start to the next."""

import json
import logging
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QSettings, Signal

from lrcn_desktop.files import make_private
from lrcn_desktop.guard import parse_json, reason
from lrcn_desktop.paths import config_dir

T = TypeVar("T")
_log = logging.getLogger(__name__)
_TAKEN = 1.0  # seconds: by then whoever has made a lock has written into it who has it


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """Something that can be set; any JSON value.

    Attributes:
        key: Its name in the file, "group/name".
        default: Its value before it was ever set.
    """

    key: str
    default: T = field(compare=False)


class Settings(QObject):
    """The values of settings in one .ini file.

    A value of another type than the default's, or a damaged one, counts as missing; of a file with
    damaged values a copy is kept beside it.
    """

    changed = Signal(Setting)  # it has another value now

    def __init__(self, path: Path | None = None, parent: QObject | None = None) -> None:
        """Keep the values in `path`; None: in the user's configuration folder."""
        super().__init__(parent)
        self._path = path or config_dir() / "settings.ini"
        with suppress(OSError):  # then nothing is remembered
            make_private(self._path.parent)
        self._store = QSettings(str(self._path), QSettings.Format.IniFormat)
        self._damaged: set[str] = set()  # the keys that were found damaged

    def get(self, setting: Setting[T]) -> T:
        """Return the value of a setting, or its default."""
        default = setting.default
        text = str(self._store.value(setting.key, ""))
        if not text:
            return default
        try:
            value = parse_json(text)
            if isinstance(default, float) and type(value) is int:
                value = float(value)
        except Exception as error:  # what is remembered never stops a start, whatever is wrong
            self._keep_damaged(setting.key, reason(error))
            return default
        return value if type(value) is type(default) else default

    def set(self, setting: Setting[T], value: T) -> None:
        """Remember the value of a setting, at once and on disk."""
        text = json.dumps(value)
        if self._store.value(setting.key) != text:
            self._store.setValue(setting.key, text)
            write(self._store)
            self.changed.emit(setting)

    def toggle(self, setting: Setting[bool]) -> None:
        """Set what is on or off to the other of both."""
        self.set(setting, not self.get(setting))

    def _keep_damaged(self, key: str, why: str) -> None:
        """Log what is wrong, and keep a copy of the file before anything is written over it."""
        if key in self._damaged:
            return
        if not self._damaged:
            with suppress(OSError):
                shutil.copyfile(self._path, f"{self._path}.damaged")
        self._damaged.add(key)
        _log.warning("%s: %s cannot be read and counts as missing (%s)", self._path, key, why)


def write(store: QSettings) -> None:
    """Write a store to its file, at once also where a process was killed while it did so.

    Qt waits half a minute for a lock that does not say who has it.
    """
    lock = Path(f"{store.fileName()}.lock")
    with suppress(OSError):
        made = lock.stat()
        if not made.st_size and time.time() - made.st_mtime > _TAKEN:
            lock.unlink()
    store.sync()
