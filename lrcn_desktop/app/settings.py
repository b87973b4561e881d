"""What the program remembers from one start to the next."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from platformdirs import user_config_path
from PySide6.QtCore import QObject, QSettings, Signal

T = TypeVar("T")


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

    A value of another type than the default's, or a damaged one, counts as missing.
    """

    changed = Signal(Setting)  # it has another value now

    def __init__(self, path: Path | None = None, parent: QObject | None = None) -> None:
        """Keep the values in `path`; None: in the person's configuration folder."""
        super().__init__(parent)
        path = path or user_config_path("lrcn-desktop", appauthor=False) / "settings.ini"
        self._store = QSettings(str(path), QSettings.Format.IniFormat)

    def get(self, setting: Setting[T]) -> T:
        """Return the value of a setting, or its default."""
        default = setting.default
        try:
            value = json.loads(str(self._store.value(setting.key, "")))
        except ValueError:
            return default
        if isinstance(default, float) and type(value) is int:
            value = float(value)
        return value if type(value) is type(default) else default

    def set(self, setting: Setting[T], value: T) -> None:
        """Remember the value of a setting, at once and on disk."""
        text = json.dumps(value)
        if self._store.value(setting.key) != text:
            self._store.setValue(setting.key, text)
            self._store.sync()
            self.changed.emit(setting)
