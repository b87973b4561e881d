"""The record of a crash that took the whole process, for the next start to find."""

import faulthandler
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_log = logging.getLogger(__name__)


@contextmanager
def crash_record(folder: Path) -> Iterator[Path | None]:
    """Keep where every thread was, should the process crash; a good end takes the record away.

    Args:
        folder: Where the record lies.

    Yields:
        What the last session left when it crashed, or None.
    """
    record = folder / "crash.txt"
    try:
        crashed = _put_aside(record, folder / "last-crash.txt")
        file = record.open("a", encoding="utf-8")
    except OSError as error:
        _log.warning("there is no record of crashes: %s", error)
        yield None
        return
    with file:
        ours = not faulthandler.is_enabled()  # a developer's own goes before
        if ours:
            faulthandler.enable(file)
        try:
            yield crashed
        finally:
            if ours:
                faulthandler.disable()
                with suppress(OSError):  # the drive is gone; the error that ended us goes before
                    file.truncate(0)  # on Windows it also holds what was caught in the end


def _put_aside(record: Path, last: Path) -> Path | None:
    """Move what the record holds to `last`; not the file, which another window may write to."""
    text = record.read_text(encoding="utf-8", errors="replace") if record.is_file() else ""
    if not text:
        return None
    last.write_text(text, encoding="utf-8")
    record.write_text("", encoding="utf-8")
    _log.error("the last session ended with a crash:\n%s", text)
    return last
