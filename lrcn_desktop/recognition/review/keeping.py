"""Where a review is kept, and how it is found again: beside the video, or in the data folder."""

from __future__ import annotations

import hashlib
import os
import re
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from platformdirs import user_data_path

from lrcn_desktop.errors import UserError
from lrcn_desktop.recognition.review.review import Kept
from lrcn_desktop.recognition.review.sidecar import Sidecar, read_sidecar, write_sidecar

ENDING = ".lrcn.json"
_KEPT = "; it will be kept under another name as soon as you correct something."
_PIECE = 65_536  # bytes at each end of a file that its digest is made of


@dataclass(frozen=True, slots=True)
class Found:
    """What `ReviewFile.load` found.

    Attributes:
        kept: The review, None where there is none.
        path: Its file, None where there is none.
        error: One sentence about a file that cannot be used, or "".
    """

    kept: Kept | None = None
    path: Path | None = None
    error: str = ""


@dataclass(slots=True)
class ReviewFile:
    """The file, or files, that the review of one source is kept in.

    Beside the video where that can be written, else in the data folder, where it is found by the
    video's content. The newer one counts where there are both. Not to be used by two threads at
    once.

    Attributes:
        source: The source's name.
        digest: Of its content; "" for a live session, of which nothing is found again.
        places: The paths, in the order in which they are tried.
    """

    source: str
    digest: str
    places: tuple[Path, ...]
    _useless: set[Path] = field(default_factory=set)

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
        name = re.sub(r"\W+", "-", source).strip("-")[:60] or "live"
        moment = time.strftime("%Y-%m-%d %H.%M.%S", time.localtime(began))
        return cls(source, "", (reviews_dir() / f"{name} {moment}{ENDING}",))

    def load(self) -> Found:
        """Return the newest review that is there and can be used."""
        newest: tuple[Sidecar, Path] | None = None
        error = ""
        for path in self.places if self.digest else ():
            if not os.path.lexists(path):
                continue
            try:
                sidecar = self._read(path)
            except UserError as reason:
                self._useless.add(path)
                error = str(reason).rstrip(".") + _KEPT
                continue
            if newest is None or sidecar.saved > newest[0].saved:
                newest = (sidecar, path)
        if newest is None:
            return Found(error=error)
        return Found(newest[0].kept, newest[1], error)

    def save(self, kept: Kept) -> Path:
        """Write the review and return where; a file that is no review of this source is renamed.

        Raises:
            UserError: It can be written nowhere.
        """
        sidecar = Sidecar(self.source, self.digest, time.time(), kept)
        for path in self.places[:-1]:
            with suppress(UserError):
                return self._write(path, sidecar)
        return self._write(self.places[-1], sidecar)

    def _read(self, path: Path) -> Sidecar:
        sidecar = read_sidecar(path)
        if sidecar.digest != self.digest:
            raise UserError(f"{path.name} is the review of another video of that name.")
        return sidecar

    def _write(self, path: Path, sidecar: Sidecar) -> Path:
        try:
            if path.parent == reviews_dir():
                path.parent.mkdir(parents=True, exist_ok=True)
            if path in self._useless and os.path.lexists(path):
                path.rename(_free(path))
        except OSError as error:
            raise UserError(f"Cannot write {path}: {error.strerror or error}.") from error
        self._useless.discard(path)
        write_sidecar(path, sidecar)
        return path


def reviews_dir() -> Path:
    """Return the folder of the reviews that are not beside their video."""
    return user_data_path("lrcn-desktop", appauthor=False) / "reviews"


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


def _free(path: Path) -> Path:
    """Return a name beside `path` that nothing has yet."""
    number = 1
    while True:
        free = path.with_name(f"{path.name}.unusable-{number}")
        if not os.path.lexists(free):
            return free
        number += 1
