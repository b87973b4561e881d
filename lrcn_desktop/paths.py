"""The folders that each system gives a program for what it keeps; none of them need exist."""

from pathlib import Path

from platformdirs import PlatformDirs

_DIRS = PlatformDirs("lrcn-desktop", appauthor=False)


def data_dir() -> Path:
    """Return the folder of what is the user's own: models, trainings, reviews, corrections."""
    return _DIRS.user_data_path


def config_dir() -> Path:
    """Return the folder of the settings."""
    return _DIRS.user_config_path


def cache_dir() -> Path:
    """Return the folder of what can be computed again."""
    return _DIRS.user_cache_path


def state_dir() -> Path:
    """Return the folder of what lasts between two starts and is not worth a copy."""
    return _DIRS.user_state_path


def log_dir() -> Path:
    """Return the folder of the log."""
    return _DIRS.user_log_path
