"""Models by name: the shipped ones in assets/models, and the person's own in the data folder."""

import os
from pathlib import Path

from platformdirs import user_data_path

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.model_file import read_info
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.resources import assets_dir

SUFFIX = ".safetensors"


def own_models_dir() -> Path:
    """Return the folder of the person's own models; it need not exist."""
    return user_data_path("lrcn-desktop", appauthor=False) / "models"


def model_paths() -> dict[str, Path]:
    """Return every model's path by its file's name; a person's own goes before a shipped one."""
    folders = (assets_dir() / "models", own_models_dir())
    return {path.stem: path for folder in folders for path in sorted(folder.glob(f"*{SUFFIX}"))}


def find_model(name: str | os.PathLike[str]) -> Path:
    """Return the path of a model given by name or by path.

    Raises:
        UserError: There is no such model.
    """
    known = model_paths()
    if isinstance(name, str) and name in known:
        return known[name]
    path = Path(name)
    try:
        if path.is_file():
            return path
    except OSError as error:  # a name too long, a folder that may not be entered
        raise UserError(f"The model {path} cannot be read: {error.strerror or error}.") from error
    raise UserError(
        f"There is no model {str(name)!r}: give a {SUFFIX} file"
        f"{' or one of ' + ', '.join(known) if known else ''}."
    )


def list_models() -> list[tuple[Path, ModelInfo | UserError]]:
    """Return every model in the library with what it says of itself, or what is wrong with it."""
    result: list[tuple[Path, ModelInfo | UserError]] = []
    for path in model_paths().values():
        try:
            result.append((path, read_info(path)))
        except UserError as error:
            result.append((path, error))
    return result
