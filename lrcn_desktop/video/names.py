"""How the names of files and addresses are written for people."""


def printable(name: str) -> str:
    """Return a name that can be shown and written anywhere.

    On Linux a name may be any bytes; those that are no text are shown as U+FFFD.
    """
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
