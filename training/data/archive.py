"""What an archive holds, as it says itself, and whether that may be unpacked."""

import errno
import shutil
import stat
import tarfile
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import Literal

from lrcn_desktop.errors import UserError

Progress = Callable[[int, int], None]
ENCRYPTED, DAMAGED = "it is encrypted", "it is damaged"
Kind = Literal["file", "folder", "other"]


class BrokenArchiveError(Exception):
    """An archive that cannot be listed or unpacked; one short clause says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file or folder of an archive.

    Attributes:
        name: Its path, as the archive has it.
        kind: "other": a link, a pipe or a device.
        size: Bytes when unpacked, 0 where unknown.
    """

    name: str
    kind: Kind
    size: int = 0


class Archive(ABC):
    """An archive file and what can unpack it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @abstractmethod
    def entries(self) -> list[Entry]:
        """Return what it holds.

        Raises:
            BrokenArchiveError: It cannot be listed.
        """

    @abstractmethod
    def unpack(self, folder: Path, progress: Progress) -> None:
        """Unpack all of it into `folder`; `progress` gets files done, of how many.

        Raises:
            BrokenArchiveError: It cannot be unpacked as a whole.
        """


class ZipArchive(Archive):
    """A .zip file."""

    def entries(self) -> list[Entry]:
        """Return what it holds; an encrypted one is broken."""
        with _sound(), zipfile.ZipFile(self.path) as file:
            infos = file.infolist()
        if any(info.flag_bits & 1 for info in infos):
            raise BrokenArchiveError(ENCRYPTED)
        return [Entry(i.filename, _zip_kind(i), i.file_size) for i in infos]

    def unpack(self, folder: Path, progress: Progress) -> None:
        """Unpack it, checking every file's checksum."""
        with _sound(), zipfile.ZipFile(self.path) as file:
            infos = file.infolist()
            for done, info in enumerate(infos, 1):
                file.extract(info, folder)
                progress(done, len(infos))


class TarArchive(Archive):
    """A .tar file, compressed or not."""

    def entries(self) -> list[Entry]:
        """Return what it holds."""
        with _sound(), tarfile.open(self.path) as file:
            return [Entry(m.name, _tar_kind(m), m.size) for m in file.getmembers()]

    def unpack(self, folder: Path, progress: Progress) -> None:
        """Unpack it with Python's own filter for data on top of `check_entries`."""
        with _sound(), tarfile.open(self.path) as file:
            members = file.getmembers()
            for done, member in enumerate(members, 1):
                file.extract(member, folder, filter="data")
                progress(done, len(members))


def python_archive(path: Path) -> Archive | None:
    """Return the archive at `path` if Python itself reads its kind, whatever its suffix."""
    with path.open("rb") as file:
        if file.read(2) == b"PK":
            return ZipArchive(path)
    try:
        return TarArchive(path) if tarfile.is_tarfile(path) else None
    except Exception:  # of a decompressor; what it is instead, the programs may know
        return None


@contextmanager
def _sound() -> Iterator[None]:
    """Take whatever Python's readers raise for damage, but for what the disk refuses.

    Raises:
        BrokenArchiveError: The archive is damaged, or compressed in a way that they cannot read.
        OSError: The disk is full, or the like.
    """
    try:
        yield
    except NotImplementedError as error:
        raise BrokenArchiveError("it is compressed in a way that Python cannot read") from error
    except OSError as error:
        if error.errno is None or error.errno == errno.EINVAL:  # "Not a gzipped file" has none
            raise BrokenArchiveError(DAMAGED) from error
        raise
    except UserError:  # raised by who follows the progress
        raise
    except Exception as error:
        raise BrokenArchiveError(DAMAGED) from error


def check_entries(entries: Sequence[Entry], archive: Path) -> None:
    """Refuse what could write outside of the folder that is unpacked to.

    Links are refused wherever they lead: a data set needs none, and writing through one is how
    archives escape from tools that only check names.

    Raises:
        UserError: The archive holds such a thing, and which.
    """
    for entry in entries:
        path = PureWindowsPath(entry.name)  # which knows both kinds of slash, and drives
        if path.anchor or ".." in path.parts:
            raise UserError(
                f"{archive.name} would write outside of its folder ({entry.name!r}): nothing was "
                "unpacked, get the archive from where it was published."
            )
        if entry.kind == "other":
            raise UserError(
                f"{archive.name} holds a link or a device ({entry.name!r}), which no data set "
                "needs: nothing was unpacked, get the archive from where it was published."
            )


def check_unpacked(folder: Path, archive: Path) -> int:
    """Check again, on the disk, that only plain files and folders came out, and count the files.

    Raises:
        UserError: Something else did.
    """
    files = 0
    for path in folder.rglob("*"):
        state = path.lstat()
        if stat.S_ISDIR(state.st_mode):
            continue
        if not stat.S_ISREG(state.st_mode) or state.st_nlink > 1:
            raise UserError(
                f"{archive.name} holds a link or a device ({path.name!r}), which no data set "
                "needs: get the archive from where it was published."
            )
        files += 1
    return files


def check_space(folder: Path, needed: int) -> None:
    """Check that `needed` bytes, and some to spare, can be written to `folder`.

    Raises:
        UserError: They cannot.
    """
    free = shutil.disk_usage(folder).free
    if free < needed * 1.02:
        raise UserError(
            f"The disk of {folder} has {free / 1e9:.1f} GB free, and {needed / 1e9:.1f} GB are "
            "needed: make room or choose another place."
        )


def _zip_kind(info: zipfile.ZipInfo) -> Kind:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "other"
    return "folder" if info.is_dir() else "file"


def _tar_kind(member: tarfile.TarInfo) -> Kind:
    if member.isdir():
        return "folder"
    return "file" if member.isreg() else "other"
