"""The log: what is reported nowhere else, in a file that never grows large."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path

from lrcn_desktop.files import make_private
from lrcn_desktop.paths import log_dir

MOST_BYTES = 1_000_000  # of each of the files
OLDER_FILES = 2
_FORMAT = "%(asctime)s %(levelname)s [%(threadName)s] %(name)s: %(message)s%(times)s"


def log_folder() -> Path:
    """Return where the log lies."""
    return log_dir()


@contextmanager
def log_file() -> Iterator[Path | None]:
    """Write warnings and errors to a file from now on; its path, or None where none can be."""
    root = logging.getLogger()
    path = log_folder() / "lrcn-desktop.log"
    try:
        make_private(path.parent)
        file = RotatingFileHandler(
            path, maxBytes=MOST_BYTES, backupCount=OLDER_FILES, encoding="utf-8"
        )
    except OSError as error:
        root.warning("there is no log file: %s", error)
        yield None
        return
    file.setFormatter(logging.Formatter(_FORMAT, defaults={"times": ""}))
    file.setLevel(logging.WARNING)
    file.addFilter(Repeats())
    before = root.level
    for handler in root.handlers:  # what goes to the terminal stays as it was
        handler.setLevel(max(handler.level, before))
    root.setLevel(min(before, logging.WARNING))
    root.addHandler(file)
    try:
        yield path
    finally:
        root.removeHandler(file)
        root.setLevel(before)
        file.close()


class Repeats(logging.Filter):
    """Keeps a fault that comes thirty times per second from pushing all else out of the log."""

    def __init__(self) -> None:
        super().__init__()
        self._counts: dict[str, int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Let the first three of a kind pass, then the 10th, 100th and so on, with their number."""
        if not record.exc_info:
            return True
        key = fault_key(record)
        if len(self._counts) > 1000:
            self._counts.clear()
        count = self._counts[key] = self._counts.get(key, 0) + 1
        if count > 3:
            record.times = f" (the {count}th time)"
        return count <= 3 or str(count).strip("0") == "1"


def fault_key(record: logging.LogRecord) -> str:
    """Return what two faults of one cause have in common: the kind, and the line that raised."""
    kind, _, trace = record.exc_info or (None, None, None)
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else ""
    return f"{kind} {place}"
