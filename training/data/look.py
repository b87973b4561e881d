"""Looking at one clip, frame by frame: whether it can be decoded, and what it holds."""

from dataclasses import dataclass
from pathlib import Path

from lrcn_desktop.errors import UserError
from training.data.clip import content_digest, open_clip


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of a clip.

    Attributes:
        digest: `content_digest` of it.
        frames: How many can be decoded.
        seconds: How long they last.
        reason: Why it cannot be used, one short clause; "" where it can.
    """

    digest: str
    frames: int
    seconds: float
    reason: str = ""


def look(path: str) -> Look:
    """Decode a whole clip; what is wrong with it is the answer's `reason`, never an error."""
    clip = Path(path)
    try:
        if reason := _special(clip):
            return Look("", 0, 0.0, reason)
        frames, last = 0, 0.0
        with open_clip(clip) as source:
            for frame in source:
                frames, last = frames + 1, frame.time
            seconds = last + 1 / source.rate
        return Look(content_digest(clip), frames, seconds)
    except UserError as error:
        return Look("", 0, 0.0, _clause(str(error), clip))
    except OSError as error:
        return Look("", 0, 0.0, f"cannot be read: {(error.strerror or str(error)).lower()}")
    except Exception as error:  # OpenCV's own, a lack of memory: the next clip may be well
        return Look("", 0, 0.0, f"decoding it fails with {type(error).__name__}")


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
    for name in (f"{path.absolute()}/", f"{path.absolute()} ", f"{path.name} "):
        sentence = sentence.replace(name, "")
    return sentence.partition("; --")[0].partition(": remove")[0].rstrip(".")
