"""The settings of teaching, and their defaults."""

from pathlib import Path

from lrcn_desktop.app.recording.recording_settings import default_folder
from lrcn_desktop.app.settings import Setting, Settings

FOLDER = Setting("teach/folder", "")  # the project's; "": the default
COUNTDOWN = Setting("teach/countdown", False)


def project_folder(settings: Settings) -> Path:
    """Return the folder of the project that was open last, or the first one's."""
    chosen = settings.get(FOLDER)
    return Path(chosen) if chosen and "\0" not in chosen else default_folder() / "My activities"
