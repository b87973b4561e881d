"""How the names of files and addresses are written for people."""


def printable(name: str) -> str:
    r"""Return a name that can be shown and written anywhere.

    On Linux a name may be any bytes; those that are no text are shown as "\xe9" and the like.
    """
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
