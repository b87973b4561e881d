"""Where a review is stored, and how it is found again: beside the video, or in the data folder."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import make_private
from lrcn_desktop.names import file_name
from lrcn_desktop.paths import data_dir
from lrcn_desktop.recognition.review import merging
from lrcn_desktop.recognition.review.file_format import Sidecar, read_sidecar, stored, write_sidecar
from lrcn_desktop.recognition.review.review import ReviewSnapshot

ENDING = ".lrcn.json"
_KEPT = "; it will be kept under another name as soon as you correct something."
_PATIENCE = 5.0  # seconds that another window's saving may take
_PIECE = 65_536  # bytes at each end of a file that its digest is made of

_log = logging.getLogger(__name__)
_Stamp = tuple[int, int, int] | None


@dataclass(frozen=True, slots=True)
class Found:
    """What `ReviewFile.load` found.

    Attributes:
        snapshot: The review, None where there is none.
        path: Its file, None where there is none.
        error: One sentence about a file that cannot be used, or "".
    """

    snapshot: ReviewSnapshot | None = None
    path: Path | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """What `ReviewFile.save` did.

    Attributes:
        path: Where the review is now.
        merged: The review as it was written, where another window's corrections were taken in.
        other: The other window's file, kept as it was, where both changed the same segment.
    """

    path: Path
    merged: ReviewSnapshot | None = None
    other: Path | None = None


@dataclass(slots=True)
class ReviewFile:
    """The file, or files, that the review of one source is stored in.

    Beside the video where that can be written, else in the data folder, where it is found by the
    video's content. The newer one counts where there are both. Not to be used by two threads at
    once; by two windows it may be, each with a `ReviewFile` of its own.

    Attributes:
        source: The source's name.
        digest: Of its content; "" for a live session, of which nothing is found again.
        places: The paths, in the order in which they are tried.
    """

    source: str
    digest: str
    places: tuple[Path, ...]
    _useless: set[Path] = field(default_factory=set)
    _known: dict[Path, _Stamp] = field(default_factory=dict)  # the files, as last read or written
    _base: ReviewSnapshot = field(
        default_factory=ReviewSnapshot
    )  # the review, as last read or written
    _ahead: ReviewSnapshot | None = None  # what is written and the window does not show yet
    _saved: float = 0.0  # when the newest was

    @classmethod
    def of_video(cls, video: Path) -> ReviewFile:
        """Return the review file of a video file or a folder of images.

        Raises:
            UserError: The video cannot be read.
        """
        video = video.absolute()
        digest = content_digest(video)
        beside = video.with_name(f"{video.name}{ENDING}")
        return cls(video.name, digest, (beside, reviews_dir() / f"{digest}{ENDING}"))

    @classmethod
    def of_session(cls, source: str, began: float) -> ReviewFile:
        """Return the review file of a live session that began at `began`, seconds since 1970."""
        name = file_name(re.sub(r"\W+", "-", source), "live")
        moment = time.strftime("%Y-%m-%d %H.%M.%S", time.localtime(began))
        return cls(source, "", (reviews_dir() / f"{name} {moment}{ENDING}",))

    def load(self) -> Found:
        """Return the newest review that is there and can be used."""
        newest, error = self._newest()
        if newest is None:
            return Found(error=error)
        sidecar, path = newest
        self._base, self._saved = sidecar.snapshot, sidecar.saved
        return Found(sidecar.snapshot, path, error)

    def save(self, snapshot: ReviewSnapshot) -> Saved:
        """Write the review; a file that is no review of this source is renamed.

        What another window has saved since the last call is taken in.

        Raises:
            UserError: It can be written nowhere.
        """
        snapshot = stored(snapshot)
        if not self.digest and not self._saved:  # another window's session began in this second
            self.places = tuple(map(_unused, self.places))
        with self._alone():
            merged, other = None, None
            if news := self._news():
                sidecar, place = news
                self._ahead, self._saved = sidecar.snapshot, sidecar.saved
            if self._ahead is not None:
                merge = merging.merge(self._base, snapshot, self._ahead)
                merged = merge.snapshot
                if news and merge.conflict:
                    other = _free(place, "other")
                    write_sidecar(other, sidecar)
            # A clock that was set back must not make what is written now the older one.
            self._saved = max(time.time(), self._saved + 0.001)
            path = self._write(Sidecar(self.source, self.digest, self._saved, merged or snapshot))
            self._base, self._ahead = snapshot, merged
        return Saved(path, merged, other)

    def adopted(self) -> None:
        """Take down that the window goes on from what `save` returned as merged."""
        if self._ahead is not None:
            self._base, self._ahead = self._ahead, None

    def _newest(self) -> tuple[tuple[Sidecar, Path] | None, str]:
        """Return the newest usable review, and a sentence about one that is not."""
        newest: tuple[Sidecar, Path] | None = None
        error = ""
        for path in self.places if self.digest else ():
            self._known[path] = stamp = _stamp(path)
            if stamp is None:
                continue
            try:
                sidecar = self._read(path)
            except UserError as reason:
                self._useless.add(path)
                error = str(reason).rstrip(".") + _KEPT
                continue
            if newest is None or sidecar.saved > newest[0].saved:
                newest = (sidecar, path)
        return newest, error

    def _news(self) -> tuple[Sidecar, Path] | None:
        """Return what somebody else has saved since this was last read or written."""
        if all(_stamp(path) in (None, self._known.get(path)) for path in self.places):
            return None
        newest, _ = self._newest()
        if newest is None or newest[0].saved <= self._saved:
            return None
        return newest

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other windows from reading and writing the same review meanwhile, where possible."""
        if not self.digest:
            yield
            return
        lock = FileLock(reviews_dir() / f".{self.digest}.lock", timeout=_PATIENCE)
        try:
            make_private(reviews_dir())
            lock.acquire()
        except (OSError, Timeout, NotImplementedError) as error:  # then only the merging helps
            _log.warning("The review of %s is not locked: %s", self.source, error)
        try:
            yield
        finally:
            lock.release()

    def _read(self, path: Path) -> Sidecar:
        sidecar = read_sidecar(path)
        if sidecar.digest != self.digest:
            raise UserError(f"{path.name} is the review of another video of that name.")
        return sidecar

    def _write(self, sidecar: Sidecar) -> Path:
        """Write to the first place where that is possible."""
        for path in self.places[:-1]:
            with suppress(UserError):
                return self._write_to(path, sidecar)
        return self._write_to(self.places[-1], sidecar)

    def _write_to(self, path: Path, sidecar: Sidecar) -> Path:
        if path.parent == reviews_dir():
            try:
                make_private(path.parent)
            except OSError as error:
                raise UserError(f"Cannot write {path}: {error.strerror or error}.") from error
        if path in self._useless and os.path.lexists(path):
            try:
                path.rename(_free(path, "unusable"))
            except OSError as error:
                raise UserError(f"Cannot write {path}: {error.strerror or error}.") from error
        self._useless.discard(path)
        write_sidecar(path, sidecar)
        self._known[path] = _stamp(path)
        return path


def reviews_dir() -> Path:
    """Return the folder of the reviews that are not beside their video."""
    return data_dir() / "reviews"


def content_digest(video: Path) -> str:
    """Return 32 hexadecimal digits that tell a video from others, wherever it lies.

    Made of a file's size, first and last 64 KB, or of the names and sizes in a folder of images.

    Raises:
        UserError: It cannot be read.
    """
    digest = hashlib.sha256()
    try:
        if video.is_dir():
            with os.scandir(video) as entries:
                files = sorted((entry.name, entry.stat().st_size) for entry in entries)
            for name, size in files:
                digest.update(os.fsencode(f"{name}\0{size}\0"))
        else:
            with video.open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                digest.update(f"{size}\0".encode())
                digest.update(file.read(_PIECE))
                file.seek(max(0, size - _PIECE))
                digest.update(file.read(_PIECE))
    except OSError as error:
        raise UserError(f"{video} cannot be read: {error.strerror or error}.") from error
    return digest.hexdigest()[:32]


def _stamp(path: Path) -> _Stamp:
    """Return what tells a file from the one that was there before; None where there is none."""
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_ino, state.st_mtime_ns, state.st_size


def _free(path: Path, why: str) -> Path:
    """Return a name beside `path` that nothing has yet."""
    number = 1
    while os.path.lexists(free := path.with_name(f"{path.name}.{why}-{number}")):
        number += 1
    return free


def _unused(path: Path) -> Path:
    """Return `path`, or one like it that nothing has yet."""
    number, free = 1, path
    while os.path.lexists(free):
        number += 1
        free = path.with_name(f"{path.name.removesuffix(ENDING)} ({number}){ENDING}")
    return free
