"""Where the shipped assets lie, and how the program starts itself, however it was installed."""

import sys
from pathlib import Path


def assets_dir() -> Path:
    """Return the folder of shipped weights, models and icons.

    It is inside the wheel, or beside the packages in a checkout.
    """
    package = Path(__file__).resolve().parent
    installed = package / "assets"
    return installed if installed.is_dir() else package.parent / "assets"


def own_command() -> list[str]:
    """Return the command that starts this program once more, without arguments."""
    if getattr(sys, "frozen", False):  # built as a folder: there is no Python, only the program
        return [sys.executable]
    return [sys.executable, "-m", "lrcn_desktop"]
