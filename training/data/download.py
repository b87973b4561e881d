"""Downloading a large file: resumable, checked for its length, cancellable."""

import json
import os
import re
import time
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import IO
from urllib.error import HTTPError, URLError

from filelock import FileLock, Timeout

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import remove_left
from lrcn_desktop.guard import reason
from training.data.archive import check_space

PATIENCE = 30.0  # seconds without a byte, after which a connection counts as broken
TRIES = 5  # in a row that bring nothing
PAUSE = 2.0  # seconds before the second try, twice as many before each further one
_PIECE = 2**18
_RANGE = re.compile(r"bytes (\d{1,15})-\d+/(\d{1,15})")
_LENGTH = re.compile(r"\d{1,15}")

Progress = Callable[[int, int], None]  # bytes that are there, of how many


class _GoneError(Exception):
    """What was downloaded so far is of another file than the server has now."""


@dataclass
class _Part:
    """The part that is there: `NAME.part`, and what it is of in `NAME.part.json`."""

    path: Path
    url: str

    @property
    def about(self) -> Path:
        return self.path.with_name(f"{self.path.name}.json")

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    @property
    def validator(self) -> str:
        """The mark by which the server knows the file; "" where the part cannot be continued."""
        with suppress(OSError, ValueError, AttributeError, RecursionError):
            about = json.loads(self.about.read_text("utf-8"))
            mark = str(about.get("validator", ""))
            if about.get("url") == self.url and mark.isascii() and mark.isprintable():
                return mark
        return ""

    def restart(self) -> None:
        remove_left(self.path)
        remove_left(self.about)

    def begin(self, headers: Mapping[str, str]) -> None:
        mark = headers.get("ETag", "")
        mark = "" if mark.startswith("W/") else mark  # weak: not the same to the byte
        about = {"url": self.url, "validator": mark or headers.get("Last-Modified", "")}
        self.about.write_text(json.dumps(about), "utf-8")


def download(
    url: str,
    path: Path,
    progress: Progress = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> bool:
    """Download `url` to `path`, going on from what an earlier call left; say if it is there now.

    Nothing bears the name `path` before it is whole. A connection that breaks off or brings nothing
    is made again, at the byte where it ended.

    Args:
        url: http or https.
        path: The file to make; one that is there is left as it is.
        progress: Called after every piece.
        cancelled: Asked at every piece; what is there is kept then.

    Raises:
        UserError: The server cannot be reached, refuses, breaks off again and again, or contradicts
            itself, or the disk is full. What is there is kept, unless it is of no use.
    """
    if path.exists():
        return True
    part = _Part(path.with_name(f"{path.name}.part"), url)
    lock = FileLock(path.with_name(f".{path.name}.lock"), timeout=0)
    try:
        with lock:
            done = _download(part, path, progress, cancelled)
        if done:
            remove_left(Path(lock.lock_file))
        return done
    except Timeout:
        raise UserError(f"{path} is being downloaded by another process: wait for it.") from None
    except OSError as error:
        raise UserError(f"Cannot write {path}: {reason(error)}.") from error


def _download(part: _Part, path: Path, progress: Progress, cancelled: Callable[[], bool]) -> bool:
    tries, most = 0, part.size
    while not cancelled():
        why = "the server contradicts itself"
        try:
            if not _continue(part, progress, cancelled):
                return False
        except _GoneError:
            part.restart()
            tries += 1
        except (HTTPException, ConnectionError, URLError, ValueError) as error:
            # ValueError: urllib's, of an address that the server redirects to
            why = reason(getattr(error, "reason", None) or error)
            _check_final(part.url, error)
            tries = 1 if part.size > most else tries + 1
        else:
            part.path.replace(path)
            part.restart()
            return True
        most = max(most, part.size)
        if tries >= TRIES:
            raise UserError(
                f"{part.url} cannot be downloaded to its end: {why}. The {part.size / 1e6:.0f} MB "
                "that are there are kept: try again later."
            )
        _wait(PAUSE * 2 ** (tries - 1), cancelled)
    return False


def _check_final(url: str, error: Exception) -> None:
    """Raise a UserError where another try would bring the same."""
    if isinstance(error, HTTPError) and error.code < 500:
        raise UserError(f"{url} cannot be downloaded: the server says {reason(error)}.") from error
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        raise UserError(
            f"{url} cannot be downloaded: the server's certificate is not valid. Get the file in a "
            "browser if you trust it, and use dataset prepare."
        ) from error


def _continue(part: _Part, progress: Progress, cancelled: Callable[[], bool]) -> bool:
    """Take one connection's bytes; whether the file is whole then, not cancelled."""
    headers = {"Accept-Encoding": "identity", "User-Agent": "LRCN Desktop"}
    have = part.size
    mark = part.validator
    if have and mark:
        headers |= {"Range": f"bytes={have}-", "If-Range": mark}
    else:
        part.restart()
        have = 0
    try:
        response = _opener().open(urllib.request.Request(part.url, headers=headers), None, PATIENCE)
    except HTTPError as error:
        if error.code == 416:  # it is shorter than what is there
            raise _GoneError from error
        raise
    with response:
        have, total = _where(response, have)
        check_space(part.path.parent, max(0, total - have))
        with part.path.open("r+b" if have else "wb") as file:
            file.truncate(have)
            file.seek(have)
            if not have:
                part.begin(response.headers)
            if not _copy(response, file, have, total, progress, cancelled):
                return False
            os.fsync(file.fileno())
    if part.size != total if total else not part.size:
        raise ConnectionError(f"it ended after {part.size} of {total} bytes")
    return True


def _where(response: HTTPResponse, have: int) -> tuple[int, int]:
    """Return where the server goes on, and how large the whole is; 0: it does not say."""
    if response.status == 206:
        match = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if match is None or int(match[1]) != have or int(match[2]) < have:
            raise _GoneError
        return have, int(match[2])
    length = response.headers.get("Content-Length", "0")
    if not _LENGTH.fullmatch(length):
        raise _GoneError
    return 0, int(length)  # it has sent all of it, from the start


def _copy(
    response: HTTPResponse,
    file: IO[bytes],
    have: int,
    total: int,
    progress: Progress,
    cancelled: Callable[[], bool],
) -> bool:
    while piece := _read(response):
        have += len(piece)
        if total and have > total:
            raise _GoneError
        file.write(piece)
        progress(have, max(have, total))
        if cancelled():
            return False
    return True


def _read(response: HTTPResponse) -> bytes:
    try:
        return response.read1(_PIECE)
    except OSError as error:  # of the connection, and not of the disk
        raise ConnectionError(reason(error)) from error


def _wait(seconds: float, cancelled: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not cancelled():
        time.sleep(0.05)


def _opener() -> urllib.request.OpenerDirector:
    """Return what opens http and https alone: no redirection leads to a file or to FTP."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler,
        urllib.request.HTTPHandler,
        urllib.request.HTTPSHandler,
        urllib.request.HTTPRedirectHandler,
        urllib.request.HTTPDefaultErrorHandler,
        urllib.request.HTTPErrorProcessor,
        urllib.request.UnknownHandler,
    ):
        opener.add_handler(handler())
    return opener
