"""Events as lines of CSV files, on disk as soon as they are written."""

import csv
import io
import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from lrcn_desktop.app.worker import Worker
from lrcn_desktop.errors import UserError
from lrcn_desktop.recognition.export.text import cell

COLUMNS = ("time", "source", "label", "start", "end", "confidence", "number")
MOST_WAITING = 1000  # lines of a file; of more the oldest are dropped and counted

Row = tuple[str, str, str, float, float, float, int]


class EventLog(QObject):
    """Appends rows off the window's thread; what cannot be written waits for the next attempt.

    Attributes:
        dropped: Rows that were dropped because too many waited.
    """

    failed = Signal(str)  # one sentence when a file begins to fail, not for every row

    def __init__(self, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.dropped = 0
        self._worker = worker
        self._waiting: dict[str, list[Row]] = {}
        self._writing: set[str] = set()
        self._failing: set[str] = set()

    def add(self, path: str, row: Row) -> None:
        """Append `row` to a file, soon."""
        self._wait(path, [*self._waiting.get(path, ()), row])
        self._write(path)

    def _wait(self, path: str, rows: list[Row]) -> None:
        """Let rows wait for their file, the newest."""
        too_many = max(0, len(rows) - MOST_WAITING)
        self._waiting[path] = rows[too_many:]
        if too_many and not self.dropped:
            text = self.tr("Over {0} events wait to be written to {1}: the oldest are skipped.")
            self.failed.emit(text.format(MOST_WAITING, path))
        self.dropped += too_many

    def _write(self, path: str) -> None:
        rows = self._waiting.get(path)
        if rows and path not in self._writing:
            self._writing.add(path)
            self._waiting[path] = []
            self._worker.run(
                partial(append_rows, Path(path), rows),
                partial(self._written, path),
                partial(self._not_written, path, rows),
                "write events",
            )

    def _written(self, path: str, _: object) -> None:
        self._writing.discard(path)
        self._failing.discard(path)
        self._write(path)

    def _not_written(self, path: str, rows: list[Row], sentence: str) -> None:
        self._writing.discard(path)
        self._wait(path, [*rows, *self._waiting.get(path, ())])
        if path not in self._failing:
            self._failing.add(path)
            self.failed.emit(sentence)


def append_rows(path: Path, rows: Sequence[Row]) -> None:
    """Append rows to a list of events, all or none; a new or empty file gets a head first.

    Raises:
        UserError: The file cannot be written, or is none of ours.
    """
    try:
        with path.open("a+b", buffering=0) as file:
            size = os.fstat(file.fileno()).st_size
            text = _text(rows)
            if size == 0:
                text = ",".join(COLUMNS) + "\r\n" + text
            else:
                _check(path, file)
                file.seek(-1, os.SEEK_END)
                text = ("" if file.read(1) == b"\n" else "\r\n") + text
            try:
                _write_all(file, text.encode())
                os.fsync(file.fileno())
            except OSError:
                file.truncate(size)  # no half line stays behind
                raise
    except OSError as error:
        raise UserError(
            f"The events cannot be written to {path}: {error.strerror or error}. "
            "They are kept until they can, or the program ends."
        ) from error


def check_log(path: Path) -> None:
    """Check that events can be appended to a file; one that is not there is not made.

    Raises:
        UserError: It is none of ours, or cannot be written.
    """
    try:
        if path.exists():
            with path.open("a+b", buffering=0) as file:
                if os.fstat(file.fileno()).st_size:
                    _check(path, file)
        elif not os.access(path.parent, os.W_OK):
            reason = "be written to" if path.parent.is_dir() else "be found"
            raise UserError(f"The folder of {path} cannot {reason}: choose another.")
    except OSError as error:
        raise UserError(
            f"The events cannot be written to {path}: {error.strerror or error}."
        ) from error


def _check(path: Path, file: io.FileIO) -> None:
    file.seek(0)
    head = file.read(200).removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0].rstrip(b"\r")
    if head.decode("utf-8", "replace").replace('"', "") != ",".join(COLUMNS):
        raise UserError(f"{path} holds something else than events: choose another file.")


def _text(rows: Sequence[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    for time, source, label, start, end, confidence, number in rows:
        seconds = (f"{start:.3f}", f"{end:.3f}", f"{confidence:.4f}")
        writer.writerow((time, cell(source), cell(label), *seconds, number))
    return text.getvalue()


def _write_all(file: io.FileIO, data: bytes) -> None:
    while data:
        data = data[file.write(data) or 0 :]
