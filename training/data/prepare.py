"""Unpacking a data set that is published as an archive, all of it or nothing."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from lrcn_desktop.errors import UserError
from training.data.archive import (
    ENCRYPTED,
    Archive,
    BrokenArchiveError,
    Progress,
    check_entries,
    check_space,
    check_unpacked,
    python_archive,
)
from training.data.unpackers import PROGRAMS, ProgramArchive

LEAST_FREE = 2**20


def prepare(path: Path, dest: Path, progress: Progress = lambda done, total: None) -> int:
    """Unpack the archive at `path` into the new folder `dest` and return how many files it has.

    It is unpacked beside `dest`, looked at, and only then given that name.

    Args:
        path: UCF101.rar, or any archive that Python or an installed program unpacks.
        dest: Not there yet, or empty.
        progress: Called with files unpacked, of how many.

    Raises:
        UserError: The archive is damaged, encrypted or hostile, no program unpacks it, `dest` has
            something in it, or the disk is full.
    """
    path, dest = path.absolute(), dest.absolute()
    _check_archive(path)
    _check_dest(dest)
    archives = archives_for(path)
    faults: list[str] = []
    for archive in archives:
        try:
            return _unpack(archive, dest, progress)
        except BrokenArchiveError as error:
            check_space(dest.parent, LEAST_FREE)  # a full disk is what a program may call damage
            faults.append(str(error))
        except OSError as error:
            reason = error.strerror or str(error)
            raise UserError(f"{path.name} cannot be unpacked to {dest}: {reason}.") from error
    raise UserError(f"{path.name} cannot be unpacked: {_advice(archives, faults)}.")


def _advice(archives: Sequence[Archive], faults: Sequence[str]) -> str:
    if ENCRYPTED in faults:
        return f"{ENCRYPTED}, unpack it with its password yourself and use the folder"
    tried = [archive.program.name for archive in archives if isinstance(archive, ProgramArchive)]
    others = [program.name for program in PROGRAMS if program.name not in tried]
    if not tried or not others:
        return f"{faults[0]}, download it again"
    return (
        f"{faults[0]}, or of a kind that {' and '.join(tried)} cannot read: "
        f"download it again, or install {' or '.join(others)}"
    )


def _unpack(archive: Archive, dest: Path, progress: Progress) -> int:
    entries = archive.entries()
    check_entries(entries, archive.path)
    check_space(dest.parent, sum(entry.size for entry in entries))
    progress(0, sum(entry.kind == "file" for entry in entries))
    folder = Path(tempfile.mkdtemp(prefix=f".{dest.name}-", suffix=".part", dir=dest.parent))
    try:
        archive.unpack(folder, progress)
        files = check_unpacked(folder, archive.path)
        if not files:
            raise BrokenArchiveError("it is empty")
        folder.chmod(0o755)  # a temporary folder is for its owner alone
        if dest.is_dir():
            dest.rmdir()  # empty, or it fails; Windows moves to no folder that is there
        folder.replace(dest)
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # gone already where all went well
    return files


def archives_for(path: Path) -> Sequence[Archive]:
    """Return what may unpack `path`, the best first.

    Raises:
        UserError: Nothing here can.
    """
    if found := python_archive(path):
        return [found]
    there = [ProgramArchive(path, program) for program in PROGRAMS if program.there]
    if not there:
        names = ", ".join(program.name for program in PROGRAMS)
        raise UserError(
            f"No program that unpacks {path.name} was found ({names}): install one, for instance "
            "by apt install unar, brew install unar, or 7-Zip."
        )
    return there


def _check_archive(path: Path) -> None:
    if not path.is_file():
        raise UserError(f"There is no file {path}: give the archive to unpack.")
    try:
        with path.open("rb") as file:
            empty = not file.read(1)
    except OSError as error:
        raise UserError(f"{path} cannot be opened: {(error.strerror or '').lower()}.") from error
    if empty:
        raise UserError(f"{path.name} is empty: download it again.")


def _check_dest(dest: Path) -> None:
    try:
        if dest.is_dir() and not any(dest.iterdir()):
            return
    except OSError as error:
        raise UserError(f"{dest} cannot be opened: {(error.strerror or '').lower()}.") from error
    if dest.exists() or dest.is_symlink():
        raise UserError(f"{dest} is there and not an empty folder: name a new one.")
    if not dest.parent.is_dir():
        raise UserError(f"The folder {dest.parent} does not exist: make it, or name another one.")
