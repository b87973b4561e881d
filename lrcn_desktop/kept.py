"""All that the program keeps for itself between its starts, and how to delete it."""

import shutil
from pathlib import Path

from platformdirs import (
    user_cache_path,
    user_config_path,
    user_data_path,
    user_log_path,
    user_state_path,
)

from lrcn_desktop.errors import UserError
from lrcn_desktop.guard import reason

_PLACES = (user_data_path, user_config_path, user_cache_path, user_state_path, user_log_path)


def kept_folders() -> list[Path]:
    """Return the folders of all that is kept: models, trainings, reviews, settings, cache, log.

    What lies elsewhere is a person's own and not among it: recordings, exports, models and the
    reviews beside videos.
    """
    found = {place("lrcn-desktop", appauthor=False) for place in _PLACES}
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
