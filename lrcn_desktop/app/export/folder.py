"""Where the files of an export may go."""

import os
from pathlib import Path

from lrcn_desktop.app.document.result import Result


def export_folder(result: Result, last: str) -> Path:
    """Return a folder that is there: beside the video, where the `last` ones went, or home."""
    beside = [result.media.path.absolute().parent] if result.media.path is not None else []
    for folder in (*beside, *([Path(last)] if last else [])):
        if folder.is_dir() and os.access(folder, os.W_OK):
            return folder
    return Path.home()
