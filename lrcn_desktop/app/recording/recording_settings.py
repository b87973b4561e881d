"""The settings of the recordings, and their defaults."""

from pathlib import Path

from platformdirs import user_videos_path

from lrcn_desktop.app.settings import Setting, Settings

FOLDER = Setting("recording/folder", "")  # "": the default
KEEP = Setting("buffer/keep", True)
SECONDS = Setting("buffer/seconds", 30.0)
MEGABYTES = Setting("buffer/megabytes", 200.0)
SAVE_ON: Setting[list[object]] = Setting("recording/save_on", [])  # activities

LEAST_SECONDS, MOST_SECONDS = 5.0, 600.0
LEAST_MEGABYTES, MOST_MEGABYTES = 10.0, 8000.0


def default_folder() -> Path:
    """Return the folder of the system's for videos, with our name."""
    return user_videos_path() / "LRCN Desktop"


def recording_folder(settings: Settings) -> Path:
    """Return where recordings go."""
    chosen = settings.get(FOLDER)
    return Path(chosen) if chosen and "\0" not in chosen else default_folder()


def buffer_bounds(settings: Settings) -> tuple[float, float]:
    """Return how many seconds and megabytes may be kept in memory."""
    seconds = settings.get(SECONDS)
    megabytes = settings.get(MEGABYTES)
    return (
        min(max(seconds, LEAST_SECONDS), MOST_SECONDS),
        min(max(megabytes, LEAST_MEGABYTES), MOST_MEGABYTES),
    )


def save_on(settings: Settings) -> list[str]:
    """Return the activities that the last seconds are saved for."""
    return [label for label in settings.get(SAVE_ON) if isinstance(label, str)]
