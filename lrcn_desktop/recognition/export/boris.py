"""Segments as the table that BORIS gives with Observations > Export events > Aggregated events.

What reads BORIS's results (R and Python scripts, spreadsheets) reads it. BORIS itself imports no
such table, its own included.
"""

import csv
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from lrcn_desktop.files import atomic_write
from lrcn_desktop.recognition.export.text import Media, cell, one_line
from lrcn_desktop.recognition.segments import Segment

COLUMNS = (
    *("Observation id", "Observation date", "Description", "Observation type", "Source"),
    *("Time offset (s)", "Coding duration", "Media duration (s)", "FPS (frame/s)", "Subject"),
    *("Observation duration by subject by observation", "Behavior", "Behavioral category"),
    *("Behavior type", "Start (s)", "Stop (s)", "Duration (s)", "Media file name"),
    *("Image index start", "Image index stop", "Image file path start", "Image file path stop"),
    *("Comment start", "Comment stop"),
)
_NOTHING = "NA"  # BORIS's word for what there is not


def write_boris(path: Path | str, segments: Sequence[Segment], media: Media) -> None:
    """Write a row for each segment, with tabs where the name ends in .tsv, else with commas.

    Raises:
        UserError: `path` cannot be written.
    """
    dialect = "excel-tab" if Path(path).suffix.lower() == ".tsv" else "excel"
    about = _about(media)
    about["Observation duration by subject by observation"] = _figure(
        sum(s.end - s.start for s in segments)
    )
    with atomic_write(path, "w") as file:
        writer = csv.DictWriter(file, COLUMNS, restval=_NOTHING, dialect=dialect)
        writer.writeheader()
        for segment in sorted(segments, key=lambda s: (s.start, s.end)):
            row = about | _event(segment, media)
            writer.writerow({column: cell(value) for column, value in row.items()})


def _about(media: Media) -> dict[str, str]:
    """Return what every row says of the recording."""
    name, seconds = one_line(media.name), _figure(media.duration)
    about = {
        "Observation id": Path(name).stem,
        "Observation date": f"{datetime.now():%Y-%m-%d %H:%M:%S}",
        "Description": "LRCN Desktop",
        "Observation type": "Live observation",
        "Time offset (s)": "0",
        "Coding duration": seconds,
        "Subject": "No focal subject",
        "Behavioral category": "Not defined",
        "Behavior type": "STATE",
    }
    if media.path is None:
        return about
    file = one_line(str(media.path))
    return about | {
        "Observation type": "Media file",
        "Source": f"player #1:{file}",
        "Media duration (s)": seconds,
        "FPS (frame/s)": _figure(media.rate),
        "Media file name": file,
    }


def _event(segment: Segment, media: Media) -> dict[str, str]:
    """Return what a row says of its segment."""
    measured = segment.confidence is not None
    event = {
        "Behavior": one_line(segment.label),
        "Start (s)": _figure(segment.start),
        "Stop (s)": _figure(segment.end),
        "Duration (s)": _figure(segment.end - segment.start),
        "Comment start": f"confidence {segment.confidence:.2f}" if measured else "set by the user",
        "Comment stop": "",
    }
    if media.path is not None:
        event["Image index start"] = str(round(segment.start * media.rate))
        event["Image index stop"] = str(round(segment.end * media.rate))
    return event


def _figure(value: float) -> str:
    return f"{value:.3f}"
