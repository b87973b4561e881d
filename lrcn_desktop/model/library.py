"""Models by name: the shipped ones in assets/models, and the person's own in the data folder."""

import os
import secrets
from dataclasses import dataclass, replace
from pathlib import Path

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import make_private
from lrcn_desktop.model.model_file import read_info, read_model, write_model
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.names import is_name
from lrcn_desktop.paths import data_dir
from lrcn_desktop.resources import assets_dir

SUFFIX = ".safetensors"
_BIN = "deleted"  # the folder, inside that of the own models, where deleted ones can be restored


@dataclass(frozen=True, slots=True)
class Deleted:
    """A model that was deleted: where it was, and where it can be restored from."""

    path: Path
    kept: Path


def own_models_dir() -> Path:
    """Return the folder of the person's own models; it need not exist."""
    return data_dir() / "models"


def model_paths() -> dict[str, Path]:
    """Return every model's path by its file's name; a person's own goes before a shipped one."""
    folders = (assets_dir() / "models", own_models_dir())
    found = {path.stem: path for folder in folders for path in folder.glob(f"*{SUFFIX}")}
    return dict(sorted(found.items()))


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


def is_own(path: Path) -> bool:
    """Whether a model is one of the person's own, which may be renamed and deleted."""
    return path.parent == own_models_dir()


def import_model(path: Path, name: str) -> Path:
    """Copy a model file, once it is known to be sound, among the person's own and return the copy.

    Raises:
        UserError: The file is at fault, the name is not allowed or taken, or the disk is full.
    """
    return _save(path, name)


def rename_model(path: Path, name: str) -> Path:
    """Give one of the person's own models another name, its file too, and return its path.

    Raises:
        UserError: It is not an own one or damaged, or the name is not allowed or taken.
    """
    _check_own(path)
    renamed = _save(path, name)
    _remove(path)
    return renamed


def delete_model(path: Path) -> Deleted:
    """Take one of the person's own models, sound or damaged, out of the library.

    Raises:
        UserError: It is not an own one, or cannot be moved.
    """
    _check_own(path)
    kept = path.parent / _BIN / f"{secrets.token_hex(8)}{SUFFIX}"
    try:
        kept.parent.mkdir(exist_ok=True)
        path.rename(kept)
    except OSError as error:
        raise UserError(f"Cannot delete {path}: {error.strerror or error}.") from error
    return Deleted(path, kept)


def restore_model(deleted: Deleted) -> None:
    """Put a deleted model back.

    Raises:
        UserError: Its name is taken by now, or it cannot be moved.
    """
    if deleted.path.exists():
        raise UserError(
            f"There is another model called {deleted.path.stem!r} by now: rename that one first."
        )
    try:
        deleted.kept.rename(deleted.path)
    except OSError as error:
        raise UserError(f"Cannot restore {deleted.path}: {error.strerror or error}.") from error


def discard_model(deleted: Deleted) -> None:
    """Delete a deleted model for good.

    Raises:
        UserError: It cannot be deleted.
    """
    _remove(deleted.kept)


def _save(path: Path, name: str) -> Path:
    """Write the model of `path` once more, under another name."""
    if not is_name(name):
        raise UserError(f"A model cannot be called {name!r}: take letters, digits and spaces.")
    target = own_models_dir() / f"{name}{SUFFIX}"
    if name in model_paths():
        raise UserError(f"There is a model called {name!r} already: take another name.")
    model = read_model(path)
    try:
        make_private(target.parent)
    except OSError as error:
        raise UserError(f"Cannot make {target.parent}: {error.strerror or error}.") from error
    write_model(target, replace(model, info=replace(model.info, name=name)))
    return target


def _check_own(path: Path) -> None:
    if not is_own(path):
        raise UserError(f"{path} is not one of your own models, so it is left alone.")


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise UserError(f"Cannot delete {path}: {error.strerror or error}.") from error
