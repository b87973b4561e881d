"""Writing files so that a crash, a full disk or a cancel leaves no half of one behind."""

import json
import logging
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Literal

from lrcn_desktop.errors import UserError

_log = logging.getLogger(__name__)


@contextmanager
def atomic_write(path: Path | str, mode: Literal["w", "wb"]) -> Iterator[IO[Any]]:
    r"""Open a temporary file beside `path` that takes its place when the block ends well.

    When the block fails, `path` is as it was before and the temporary file is gone. A symbolic
    link is followed, not replaced. Text is UTF-8 and its line ends are written as given ("\n").

    Args:
        path: The file to write or to replace.
        mode: "w" for text, "wb" for bytes.

    Raises:
        UserError: The file cannot be written, or the block raised an OSError (a full disk).
    """
    target = _target(path)
    temporary = target.with_name(f".{secrets.token_hex(8)}.part")
    encoding, newline = ("utf-8", "") if mode == "w" else (None, None)
    try:
        with temporary.open(mode.replace("w", "x"), encoding=encoding, newline=newline) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _take_place(temporary, target)
    except OSError as error:
        raise UserError(f"Cannot write {path}: {error.strerror or error}.") from error
    finally:
        remove_left(temporary)


@contextmanager
def atomic_path(path: Path | str) -> Iterator[Path]:
    """Give a path beside `path`, of the same ending, whose file takes its place at a good end.

    For what another library writes. When the block fails, `path` is as it was before and the
    temporary file is gone.

    Raises:
        UserError: The file cannot be written, or the block raised an OSError (a full disk), or a
            UserError, which then names `path` where it named the temporary file.
    """
    target = _target(path)
    temporary = target.with_name(f".{secrets.token_hex(8)}.part{target.suffix}")
    try:
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        _take_place(temporary, target)
    except UserError as error:
        raise UserError(str(error).replace(str(temporary), str(path))) from error
    except OSError as error:
        raise UserError(f"Cannot write {path}: {error.strerror or error}.") from error
    finally:
        remove_left(temporary)


def write_json(path: Path | str, value: object) -> None:
    """Write a value as indented JSON, atomically.

    Raises:
        UserError: The file cannot be written.
    """
    with atomic_write(path, "w") as file:
        json.dump(value, file, indent=1)


def check_writable(path: Path | str) -> None:
    """Check that `atomic_write` could write `path` now; it leaves nothing behind.

    Raises:
        UserError: The folder is missing or read-only, or `path` is a folder or write-protected.
    """
    target = _target(path)
    probe = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        probe.open("xb").close()
    except OSError as error:
        raise UserError(f"Cannot write {path}: {error.strerror or error}.") from error
    finally:
        remove_left(probe)


def remove_left(path: Path) -> None:
    """Remove a file that something left behind, where that is possible.

    Never raises: on a read-only or unplugged drive even a file that is not there cannot be removed,
    and an error of the clean-up must not take the place of the one that callers act on.
    """
    with suppress(OSError):
        path.unlink(missing_ok=True)


def make_private(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for their owner alone.

    What is there already stays as it is: somebody may share it on purpose.

    Raises:
        OSError: It cannot be made.
    """
    if not folder.is_dir():
        make_private(folder.parent)
        folder.mkdir(0o700, exist_ok=True)


def put_aside(path: Path) -> None:
    """Give a damaged file another name, beside its own, so that a new one can take its place.

    Never raises, and keeps one at the most: for what is remembered, not for what somebody made.
    """
    try:
        path.replace(path.with_name(f"{path.name}.damaged"))
    except OSError as error:
        _log.warning("%s is damaged and cannot be put aside: %s", path, error)
    else:
        _log.warning("%s was damaged, and was put aside as %s.damaged", path, path.name)


def _take_place(temporary: Path, target: Path) -> None:
    """Replace `target`, keeping who may read it."""
    if target.exists():
        with suppress(OSError):  # a drive that knows no rights
            shutil.copymode(target, temporary)
    temporary.replace(target)


def _target(path: Path | str) -> Path:
    """Return the file that `path` stands for, if it is one that may be replaced."""
    try:
        target = Path(path).resolve()
        if target.is_dir():
            raise UserError(f"Cannot write {path}: it is a folder; give a file name.")
        if not target.parent.is_dir():
            raise UserError(f"Cannot write {path}: the folder {target.parent} does not exist.")
        if target.exists() and not target.is_file():  # replacing a device would destroy it
            raise UserError(f"Cannot write {path}: it is not an ordinary file.")
        if target.exists() and not os.access(target, os.W_OK):
            raise UserError(f"Cannot write {path}: it is write-protected.")
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links, before Python 3.13
        reason = getattr(error, "strerror", None) or error
        raise UserError(f"Cannot write {path}: {reason}.") from error
    return target
