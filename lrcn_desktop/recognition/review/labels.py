"""Names of activities that a person types."""

LONGEST = 60
_FORBIDDEN = frozenset('<>:"/\\|?*')


def is_label(text: str) -> bool:
    """Whether an activity can have this name: it is a folder's too, on every system."""
    return (
        0 < len(text) <= LONGEST
        and text == text.strip()
        and text[0] != "."
        and text[-1] != "."
        and text.isprintable()
        and not _FORBIDDEN & set(text)
    )


def folder_name(label: str) -> str:
    """Return the name of the folder of an activity's clips."""
    name = "".join("_" if c in _FORBIDDEN or not c.isprintable() else c for c in label)
    return name.strip(" .")[:LONGEST].strip(" .") or "_"
