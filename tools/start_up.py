"""How long the program takes to start, at the first start and later: `python -m tools.start_up`.

Prints JSON: by source, seconds from the command to the window, the first frame and the first
prediction. "first" has none of the user's files (settings, caches) and, as far as no other program
uses them, none of the program's in memory; "later" is the median of starts with a warm disk.
"""

import json
import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import numpy

from lrcn_desktop.recognition.bench.clips import write_clip
from lrcn_desktop.recognition.bench.commands import start_seconds, start_up
from lrcn_desktop.resources import assets_dir


def main() -> None:
    """Measure the demo and a video."""
    found = {}
    with tempfile.TemporaryDirectory(prefix="lrcn-start-") as name:
        folder = Path(name)
        clip = write_clip(folder / "clip.mp4", 10.0, size=(1280, 720))
        for source in ("demo", str(clip)):
            for kind in ("CACHE", "CONFIG", "DATA", "STATE"):
                os.environ[f"XDG_{kind}_HOME"] = str(folder / f"{Path(source).stem}-{kind}")
            forget_files()
            first = start_seconds([source])
            found[Path(source).stem] = {"first": first, "later": start_up(source)}
    json.dump(found, sys.stdout, indent=1)
    print()


def forget_files() -> None:
    """Have the system read the program's files from the disk again, where it can be told so."""
    if not hasattr(os, "posix_fadvise"):
        return
    for folder in (Path(numpy.__file__).parents[1], assets_dir(), Path(__file__).parents[1]):
        for path in folder.rglob("*"):
            with suppress(OSError), path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


if __name__ == "__main__":
    main()
