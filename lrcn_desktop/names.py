"""Names of files and activities on every system, and text from outside made harmless."""

import re
import unicodedata
from collections.abc import Collection

LONGEST = 60  # characters
LONGEST_BYTES = 120  # of UTF-8: with a date before and an ending behind, below every system's 255
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_JOINERS = "\u200c\u200d"  # invisible, but parts of Persian words and of emoji


def cleaned(text: str, longest: int = 1000) -> str:
    """Return text from outside as one line that can be shown, written and compared.

    Line ends, tabs, control characters, halves of surrogate pairs and marks that turn the direction
    of what follows become spaces; at the ends no space stays.

    Args:
        text: Anything.
        longest: Bytes of UTF-8 that are kept.
    """
    shown = "".join(" " if _is_hidden(character) else character for character in text)
    return _cut(shown.strip(), longest).rstrip()


def is_one_line(text: str) -> bool:
    """Whether a text holds no line end, control character or half of a surrogate pair."""
    return not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in text)


def is_name(text: str) -> bool:
    """Whether a model's file or an activity's folder can have this name on every system."""
    return (
        0 < len(text) <= LONGEST
        and len(text.encode("utf-8", "surrogatepass")) <= LONGEST_BYTES
        and text == cleaned(text)
        and text[0] not in ".-"
        and text[-1] != "."
        and not _FORBIDDEN.search(text)
        and not _RESERVED.fullmatch(text)
    )


def file_name(text: str, otherwise: str, instead: str = "-") -> str:
    """Return a name for a file or folder, without an ending, as close to `text` as can be.

    Args:
        text: Anything.
        otherwise: The name where nothing of `text` can stay.
        instead: What takes the place of characters that a system refuses.
    """
    words = " ".join(_FORBIDDEN.sub(instead, cleaned(text)).split())
    name = _cut(words[:LONGEST], LONGEST_BYTES).lstrip(" .-").rstrip(" .")
    if _RESERVED.fullmatch(name):
        name = f"{name.partition('.')[0]}_"  # with an ending too Windows means the device
    return name if is_name(name) else otherwise


def free_name(wanted: str, taken: Collection[str]) -> str:
    """Return a model's name that is allowed and not taken, as close to the wanted one as can be."""
    stem = file_name(wanted, "model", "")[: LONGEST - 4].rstrip(" .") or "model"
    name, number = stem, 1
    while name in taken:
        number += 1
        name = f"{stem}-{number}"
    return name


def _is_hidden(character: str) -> bool:
    category = unicodedata.category(character)
    return category in ("Cc", "Cs", "Cf", "Zl", "Zp") and character not in _JOINERS


def _cut(text: str, longest: int) -> str:
    """Return as many whole characters as `longest` bytes hold."""
    return text.encode("utf-8", "ignore")[:longest].decode("utf-8", "ignore")
