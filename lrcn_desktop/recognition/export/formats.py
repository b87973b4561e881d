"""All formats that a result can be exported as: for the command and for the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import check_writable
from lrcn_desktop.recognition.export.boris import write_boris
from lrcn_desktop.recognition.export.csv_tables import write_csv, write_segments
from lrcn_desktop.recognition.export.elan import write_eaf
from lrcn_desktop.recognition.export.steps_json import write_json
from lrcn_desktop.recognition.export.subtitles import write_srt, write_vtt
from lrcn_desktop.recognition.export.text import Media
from lrcn_desktop.recognition.statistics import Statistics, statistics, write_statistics

if TYPE_CHECKING:
    from lrcn_desktop.recognition.analyze import Analysis


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A kind of file that a result can be written as.

    Attributes:
        name: The command's option, without the dashes.
        ending: What its files' names end in.
        holds: What the option writes, as the command's help says it.
        title: How the window offers it; marked for translation, as `readers` is.
        readers: Who reads it, in one plain line.
        write: Writes a file; None for the video, which needs the source again (see `video`).
        needs_steps: Whether it holds the probabilities of every step.
    """

    name: str
    ending: str
    holds: str
    title: str
    readers: str
    write: Callable[[Path, Analysis, Media], None] | None
    needs_steps: bool = False


def _tr(text: str) -> str:
    return text  # the window translates it; lupdate finds it here


def _statistics(result: Analysis) -> Statistics:
    seconds = result.timing.get("video_seconds", 0.0)
    return statistics(result.segments, result.covered or [(0.0, seconds)])


FORMATS = (
    ExportFormat(
        "segments",
        ".csv",
        "the segments as a table: start, end, activity, confidence",
        _tr("Table of activities (CSV)"),
        _tr("For spreadsheets: start, end, activity and confidence"),
        lambda path, result, _: write_segments(path, result.segments),
    ),
    ExportFormat(
        "statistics",
        ".statistics.csv",
        "statistics: time, counts and mean durations of each activity, and what follows what",
        _tr("Statistics (CSV)"),
        _tr("For reports: time and count of each activity, and what follows"),
        lambda path, result, _: write_statistics(path, _statistics(result)),
    ),
    ExportFormat(
        "csv",
        ".steps.csv",
        "one row per step",
        _tr("Every step (CSV)"),
        _tr("For statistics: the probability of each activity, step by step"),
        lambda path, result, _: write_csv(path, result),
        needs_steps=True,
    ),
    ExportFormat(
        "json",
        ".json",
        "every step and segment",
        _tr("Everything (JSON)"),
        _tr("For programs: steps, activities and the model"),
        lambda path, result, _: write_json(path, result),
        needs_steps=True,
    ),
    ExportFormat(
        "vtt",
        ".vtt",
        "the segments as subtitles (WebVTT)",
        _tr("WebVTT subtitles"),
        _tr("For web pages and players"),
        lambda path, result, _: write_vtt(path, result.segments),
    ),
    ExportFormat(
        "srt",
        ".srt",
        "the segments as subtitles (SubRip)",
        _tr("SRT subtitles"),
        _tr("For any player, with the file beside the video"),
        lambda path, result, _: write_srt(path, result.segments),
    ),
    ExportFormat(
        "boris",
        ".boris.tsv",
        "the segments as BORIS's table of aggregated events (.tsv or .csv)",
        _tr("BORIS events"),
        _tr("For what reads BORIS's table of aggregated events"),
        lambda path, result, media: write_boris(path, result.segments, media),
    ),
    ExportFormat(
        "eaf",
        ".eaf",
        "the segments for ELAN, one tier per activity",
        _tr("ELAN annotations"),
        _tr("For ELAN: a tier for each activity, with the video"),
        lambda path, result, media: write_eaf(path, result.segments, result.classes, media),
    ),
    ExportFormat(
        "annotate",
        ".annotated.mp4",
        "the video with what is seen drawn into it (.mp4 or .mkv)",
        _tr("Annotated video"),
        _tr("For everyone: the video with the label and the bars in it"),
        None,
    ),
)


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
