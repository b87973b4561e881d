"""Segments as subtitles, which any player shows: WebVTT and SRT."""

import html
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from lrcn_desktop.files import atomic_write
from lrcn_desktop.recognition.drawing.class_style import readable
from lrcn_desktop.recognition.export.text import one_line
from lrcn_desktop.recognition.segments import Segment

_TAG = re.compile("<([^>]*)>")  # players take it for markup, and leave it out


def write_vtt(path: Path | str, segments: Iterable[Segment]) -> None:
    """Write the segments as WebVTT, which browsers play.

    Raises:
        UserError: `path` cannot be written.
    """
    with atomic_write(path, "w") as file:
        file.write("WEBVTT\n")
        for start, end, label in _cues(segments, "."):
            file.write(f"\n{start} --> {end}\n{html.escape(label, quote=False)}\n")


def write_srt(path: Path | str, segments: Iterable[Segment]) -> None:
    """Write the segments as SubRip; it knows no escapes: an arrow or a tag in a label is redrawn.

    Raises:
        UserError: `path` cannot be written.
    """
    with atomic_write(path, "w") as file:
        for number, (start, end, label) in enumerate(_cues(segments, ","), 1):
            text = _TAG.sub(r"‹\1›", label.replace("-->", "→"))
            file.write(f"{number}\n{start} --> {end}\n{text}\n\n")


def _cues(segments: Iterable[Segment], point: str) -> Iterator[tuple[str, str, str]]:
    """Yield start, end and text of every segment, in order; none shorter than a millisecond."""
    for segment in sorted(segments, key=lambda s: (s.start, s.end)):
        start = round(1000 * segment.start)
        end = max(round(1000 * segment.end), start + 1)
        yield _clock(start, point), _clock(end, point), one_line(readable(segment.label)) or "-"


def _clock(time: int, point: str) -> str:
    """Return milliseconds as hh:mm:ss and the rest after `point`; hours may have more digits."""
    seconds, rest = divmod(time, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{rest:03}"
