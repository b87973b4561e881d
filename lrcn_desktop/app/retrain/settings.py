"""What the window remembers from one start to the next."""

from PySide6.QtCore import QSettings

from lrcn_desktop.app.settings import write
from lrcn_desktop.paths import config_dir

MOST_FOLDERS = 8
_KEY = "retrain/folders"


def recent_folders() -> list[str]:
    """Return the folders that models were built from, the newest first."""
    stored = _settings().value(_KEY, [])
    listed = [stored] if isinstance(stored, str) else stored  # an .ini file keeps one as a text
    return [str(folder) for folder in listed] if isinstance(listed, list) else []


def remember_folder(folder: str) -> None:
    """Put `folder` first."""
    others = [known for known in recent_folders() if known != folder]
    settings = _settings()
    settings.setValue(_KEY, [folder, *others][:MOST_FOLDERS])
    write(settings)


def _settings() -> QSettings:
    path = config_dir() / "window.ini"
    return QSettings(str(path), QSettings.Format.IniFormat)
