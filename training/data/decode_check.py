"""Checking one clip, frame by frame: whether it can be decoded, and what it holds."""

import threading
import time
from dataclasses import dataclass
from pathlib import Path

from lrcn_desktop.errors import UserError
from lrcn_desktop.video.decoding.decoder import DecoderFailedError
from lrcn_desktop.video.names import printable
from lrcn_desktop.video.source import Source
from training.data.clip import checked_clip, content_digest


@dataclass(frozen=True, slots=True)
class ClipCheck:
    """What was seen of a clip.

    Attributes:
        digest: `content_digest` of it.
        frames: How many can be decoded.
        seconds: How long they last.
        reason: Why it cannot be used, one short clause; "" where it can.
        lasting: Whether another check would find the same.
    """

    digest: str
    frames: int
    seconds: float
    reason: str = ""
    lasting: bool = True


class StoppedError(Exception):
    """Nobody wants to know any more."""


def check_clip(path: Path, seconds: float, stopped: threading.Event) -> ClipCheck:
    """Decode a whole clip, in a process of its own.

    Args:
        path: A video file or a folder of images.
        seconds: How long that may take.
        stopped: Set it to leave off.

    Returns:
        What was seen; what is wrong with the clip is its `reason`, never an error.

    Raises:
        StoppedError: It was stopped.
    """
    try:
        if reason := _special(path):
            return _unusable(reason)
        with checked_clip(path) as source:
            source.want(lambda _: False)  # no picture
            frames, length = _count(source, seconds, stopped)
        return ClipCheck(content_digest(path), frames, length)
    except TimeoutError:
        return _unusable(f"its decoder hangs: not done in {seconds:.0f} seconds")
    except UserError as error:
        cause = error.__cause__
        lasting = not isinstance(cause, DecoderFailedError) or cause.lasting
        return ClipCheck("", 0, 0.0, _clause(str(error), path), lasting)
    except OSError as error:
        return _unusable(f"cannot be read: {(error.strerror or str(error)).lower()}")


def _count(source: Source, seconds: float, stopped: threading.Event) -> tuple[int, float]:
    """Return how many frames there are, and how long they last."""
    ends = time.monotonic() + seconds
    frames, last = 0, 0.0
    for frame in source:
        if stopped.is_set():
            raise StoppedError
        if time.monotonic() > ends:
            raise TimeoutError
        frames, last = frames + 1, frame.time
    return frames, last + 1 / source.rate


def _unusable(reason: str) -> ClipCheck:
    return ClipCheck("", 0, 0.0, reason)


def _special(path: Path) -> str:
    """Return why `path` is not even to be opened, or ""."""
    if path.is_symlink() and not path.exists():
        return "a link to nothing"
    if not path.exists():
        return "it is gone"
    if path.is_dir():
        return ""
    if not path.is_file():  # opening a pipe would wait for its writer
        return "a pipe or a device, not a file"
    return "" if path.stat().st_size else "empty"


def _clause(sentence: str, path: Path) -> str:
    """Return what a source's sentence says of the file, without its name and its advice."""
    whole, name = printable(str(path.absolute())), printable(path.name)
    for shown in (f"{whole}/", f"{whole} ", f"{name} "):
        sentence = sentence.replace(shown, "")
    for advice in ("; --", ": remove", ": it is damaged, so", ": convert"):
        sentence = sentence.partition(advice)[0]
    return sentence.rstrip(".")
