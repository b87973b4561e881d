"""Where the shipped assets lie: inside the wheel, or beside the packages in a checkout."""

from pathlib import Path


def assets_dir() -> Path:
    """Return the folder of shipped weights, models and icons."""
    package = Path(__file__).resolve().parent
    installed = package / "assets"
    return installed if installed.is_dir() else package.parent / "assets"
