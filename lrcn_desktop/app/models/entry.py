"""What the models' window shows of one model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lrcn_desktop.app.models.reports import find_reports
from lrcn_desktop.errors import UserError
from lrcn_desktop.recognition.speed import Speed

if TYPE_CHECKING:
    from lrcn_desktop.model.model_info import ModelInfo

NO_SPEED = Speed(0.0, "")
"""Of a model that does not run here."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A model of the library.

    Attributes:
        path: Its file.
        size: Bytes of the file.
        own: Whether it is one of the user's own, which may be renamed and deleted.
        info: What it says of itself; None where it is damaged.
        fault: What is wrong with it, in one sentence; "" where nothing is.
        report: The page that its training wrote, where it is still there.
        speed: What was measured of it on this computer; None: not yet.
    """

    path: Path
    size: int
    own: bool
    info: ModelInfo | None
    fault: str
    report: Path | None
    speed: Speed | None = None

    @property
    def name(self) -> str:
        """What it is called everywhere: its file's name."""
        return self.path.stem


def read_library() -> list[Entry]:
    """Return every model of the library by name; slow enough for a worker."""
    from lrcn_desktop.model.library import is_own, list_models

    reports = find_reports()
    entries = []
    for path, found in list_models():
        info, fault = (None, str(found)) if isinstance(found, UserError) else (found, "")
        entries.append(Entry(path, _size(path), is_own(path), info, fault, reports.get(path)))
    return sorted(entries, key=lambda entry: entry.name.casefold())


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # it vanished meanwhile
