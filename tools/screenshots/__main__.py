"""python -m tools.screenshots FOLDER: every window in a picture, made again."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from lrcn_desktop.errors import exit_status


def main() -> int:
    """Take the pictures without a screen, and without the person's own settings and models."""
    parser = argparse.ArgumentParser(
        "python -m tools.screenshots",
        description="Save a picture of every window, dialog and page; it takes some minutes.",
    )
    parser.add_argument("folder", type=Path, help="where the pictures go; those there go first")
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory(prefix="lrcn-") as work:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        for name in ("CONFIG", "DATA", "CACHE", "STATE"):
            os.environ[f"XDG_{name}_HOME"] = f"{work}/{name.lower()}"
        from lrcn_desktop.app.run import application  # after the environment, which Qt reads
        from tools.screenshots.tour import take_all

        names = take_all(application(), folder, Path(work))
    print("\n".join(names))
    return 0


if __name__ == "__main__":
    sys.exit(exit_status("screenshots", main))
