"""The settings of the recordings, and their defaults."""

from pathlib import Path

from platformdirs import user_videos_path

from lrcn_desktop.app.settings import Settings

FOLDER = "recording/folder"  # "": the default
KEEP = "buffer/keep"
SECONDS = "buffer/seconds"
MEGABYTES = "buffer/megabytes"
SAVE_ON = "recording/save_on"  # activities

DEFAULT_SECONDS, LEAST_SECONDS, MOST_SECONDS = 30.0, 5.0, 600.0
DEFAULT_MEGABYTES, LEAST_MEGABYTES, MOST_MEGABYTES = 200.0, 10.0, 8000.0


def default_folder() -> Path:
    """Return the folder of the system's for videos, with our name."""
    return user_videos_path() / "LRCN Desktop"


def recording_folder(settings: Settings) -> Path:
    """Return where recordings go."""
    chosen = settings.get(FOLDER, "")
    return Path(chosen) if chosen and "\0" not in chosen else default_folder()


def buffer_bounds(settings: Settings) -> tuple[float, float]:
    """Return how many seconds and megabytes may be kept in memory."""
    seconds = settings.get(SECONDS, DEFAULT_SECONDS)
    megabytes = settings.get(MEGABYTES, DEFAULT_MEGABYTES)
    return (
        min(max(seconds, LEAST_SECONDS), MOST_SECONDS),
        min(max(megabytes, LEAST_MEGABYTES), MOST_MEGABYTES),
    )


def save_on(settings: Settings) -> list[str]:
    """Return the activities that the last seconds are saved for."""
    chosen: list[object] = settings.get(SAVE_ON, [])
    return [label for label in chosen if isinstance(label, str)]
