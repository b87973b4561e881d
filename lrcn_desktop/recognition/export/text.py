"""The recording as formats name it, and names that neither break a file nor a line."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

_SURROGATES = re.compile("[\ud800-\udfff]")  # what Python makes of file names that are not UTF-8
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")  # XML allows none of these
_FORMULA = "=+-@"


@dataclass(frozen=True, slots=True)
class Media:
    """What other programs must know of a recording to find and play it again.

    Attributes:
        name: What the user calls it.
        path: Its file; None where there is none (a camera, a stream, a folder of images, the demo).
        rate: Frames a second, above 0.
        duration: Seconds.
    """

    name: str
    path: Path | None
    rate: float
    duration: float


def storable(text: str) -> str:
    """Return `text` as UTF-8 can hold it, U+FFFD for what is no character."""
    return _SURROGATES.sub("\ufffd", text)


def one_line(text: str) -> str:
    """Return `text` without line ends, control characters and doubled spaces."""
    return " ".join(_CONTROLS.sub(" ", storable(text)).split())


def cell(text: str) -> str:
    """Return what a table's cell says; what a spreadsheet would run as a formula gets a "'".

    On one line: `csv` leaves a carriage return unquoted, which readers take for the row's end.
    """
    words = one_line(text)
    first = unicodedata.normalize("NFKC", words[:1])  # full-width and small ones count somewhere
    return f"'{words}" if first and first in _FORMULA else words
