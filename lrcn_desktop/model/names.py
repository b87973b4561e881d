"""Names for models: what a file may be called on every system, and what is free."""

import re
from collections.abc import Collection

_LONGEST = 60
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def is_name(text: str) -> bool:
    """Whether a model's file can have this name on Linux, Windows and macOS."""
    return (
        0 < len(text) <= _LONGEST
        and text == text.strip()
        and text[0] not in ".-"
        and text[-1] != "."
        and not _FORBIDDEN.search(text)
        and not _RESERVED.fullmatch(text)
    )


def free_name(wanted: str, taken: Collection[str]) -> str:
    """Return a name that is allowed and not taken, as close to the wanted one as can be."""
    stem = _FORBIDDEN.sub("", wanted).strip(" .-")[: _LONGEST - 4]
    if not is_name(stem):
        stem = "model"
    name, number = stem, 1
    while name in taken:
        number += 1
        name = f"{stem}-{number}"
    return name
