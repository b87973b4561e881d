"""What of a data set cannot be used, and why."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lrcn_desktop.files import atomic_write
from lrcn_desktop.recognition.export.text import cell


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A file or folder that is left out.

    Attributes:
        path: Which.
        reason: Why, one short clause.
    """

    path: Path
    reason: str

    @property
    def file(self) -> str:
        """The path as text that can be written in any encoding of Unicode."""
        return str(self.path).encode("utf-8", "backslashreplace").decode()


def write_quarantine(path: Path, found: Sequence[Quarantined]) -> None:
    """Write `found` as CSV: file,reason.

    Raises:
        UserError: The file cannot be written.
    """
    with atomic_write(path, "w") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("file", "reason"))
        rows.writerows((cell(item.file), cell(item.reason)) for item in found)
