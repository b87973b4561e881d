"""What the program remembers from one start to the next, by key."""

import json
from pathlib import Path
from typing import TypeVar

from platformdirs import user_config_path
from PySide6.QtCore import QObject, QSettings, Signal

T = TypeVar("T")


class Settings(QObject):
    """Values by key ("group/name") in one .ini file; any JSON value can be one.

    A value of another type than the default's, or a damaged one, counts as missing.
    """

    changed = Signal(str)  # the key that has another value now

    def __init__(self, path: Path | None = None, parent: QObject | None = None) -> None:
        """Keep the values in `path`; None: in the person's configuration folder."""
        super().__init__(parent)
        path = path or user_config_path("lrcn-desktop", appauthor=False) / "settings.ini"
        self._store = QSettings(str(path), QSettings.Format.IniFormat)

    def get(self, key: str, default: T) -> T:
        """Return the value of `key`, or `default`."""
        try:
            value = json.loads(str(self._store.value(key, "")))
        except ValueError:
            return default
        if isinstance(default, float) and type(value) is int:
            value = float(value)
        return value if type(value) is type(default) else default

    def set(self, key: str, value: object) -> None:
        """Remember `value`, at once and on disk."""
        text = json.dumps(value)
        if self._store.value(key) != text:
            self._store.setValue(key, text)
            self._store.sync()
            self.changed.emit(key)
