"""An analysis in any of the formats that are text, by the format's name."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import check_writable
from lrcn_desktop.recognition.export.boris import write_boris
from lrcn_desktop.recognition.export.elan import write_eaf
from lrcn_desktop.recognition.export.media import Media
from lrcn_desktop.recognition.export.segment_table import write_segments
from lrcn_desktop.recognition.export.step_table import write_csv
from lrcn_desktop.recognition.export.steps_json import write_json
from lrcn_desktop.recognition.export.subtitles import write_srt, write_vtt

if TYPE_CHECKING:
    from lrcn_desktop.recognition.analyze import Analysis

FORMATS: dict[str, Callable[[Path, "Analysis", Media], None]] = {
    "json": lambda path, result, _: write_json(path, result),
    "csv": lambda path, result, _: write_csv(path, result),
    "segments": lambda path, result, _: write_segments(path, result.segments),
    "vtt": lambda path, result, _: write_vtt(path, result.segments),
    "srt": lambda path, result, _: write_srt(path, result.segments),
    "boris": lambda path, result, media: write_boris(path, result.segments, media),
    "eaf": lambda path, result, media: write_eaf(path, result.segments, result.classes, media),
}


def check_output(path: Path, source: Path | None) -> None:
    """Check that a file can be written now, and that it is not the recording itself.

    Args:
        path: The file to write.
        source: What was recognized, where it is a file.

    Raises:
        UserError: `path` cannot be written, or is `source`.
    """
    check_writable(path)
    if source is not None and path.exists() and path.samefile(source):
        raise UserError(f"Cannot write {path}: it is the recording itself, name another file.")
