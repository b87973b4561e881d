"""Every segment as a row of a CSV table."""

import csv
from collections.abc import Iterable
from pathlib import Path

from lrcn_desktop.files import atomic_write
from lrcn_desktop.recognition.export.text import cell
from lrcn_desktop.recognition.segments import Segment


def write_segments(path: Path | str, segments: Iterable[Segment]) -> None:
    """Write a row for each segment: start, end, duration (seconds), label, confidence, origin.

    The confidence of what a person has set is empty: nobody measured it.

    Raises:
        UserError: `path` cannot be written.
    """
    with atomic_write(path, "w") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["start", "end", "duration", "label", "confidence", "origin"])
        for s in segments:
            times = (f"{seconds:.3f}" for seconds in (s.start, s.end, s.end - s.start))
            confidence = "" if s.confidence is None else f"{s.confidence:.4f}"
            writer.writerow([*times, cell(s.label), confidence, s.origin])
