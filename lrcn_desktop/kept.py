"""All that the program keeps for itself between its starts, and how to delete it."""

import shutil
from pathlib import Path

from lrcn_desktop.errors import UserError
from lrcn_desktop.guard import reason
from lrcn_desktop.paths import cache_dir, config_dir, data_dir, log_dir, state_dir

_PLACES = (data_dir, config_dir, cache_dir, state_dir, log_dir)


def kept_folders() -> list[Path]:
    """Return the folders of all that is kept: models, trainings, reviews, settings, cache, log.

    What lies elsewhere is a person's own and not among it: recordings, exports, models and the
    reviews beside videos.
    """
    found = {place() for place in _PLACES}
    outer = (folder for folder in found if found.isdisjoint(folder.parents))
    return sorted(folder for folder in outer if folder.is_dir())


def kept_bytes() -> int:
    """Return how much is kept; it may take a while."""
    return sum(
        path.lstat().st_size
        for folder in kept_folders()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    )


def delete_kept() -> None:
    """Delete all of it.

    Raises:
        UserError: Something cannot be deleted; the rest is.
    """
    failures: list[BaseException] = []
    for folder in kept_folders():
        shutil.rmtree(folder, onerror=lambda _, __, failed: failures.append(failed[1]))
    if left := kept_folders():
        raise UserError(f"{left[0]} cannot be deleted ({reason(failures[0])}): delete it yourself.")
