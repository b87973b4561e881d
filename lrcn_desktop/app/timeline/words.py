"""What the timeline says in words."""

from PySide6.QtCore import QCoreApplication

from lrcn_desktop.app.colours import readable
from lrcn_desktop.app.timeline.ruler import precise
from lrcn_desktop.recognition.segments import Segment


def describe(segment: Segment) -> str:
    """Return a segment's label, times and confidence, in three lines."""
    start, end = precise(segment.start), precise(segment.end)
    words = QCoreApplication.translate(
        "TimelineView", "{0} to {1} ({2:.1f} s)\nConfidence {3:.0f} %"
    )
    times = words.format(start, end, segment.end - segment.start, 100 * segment.confidence)
    return f"{readable(segment.label)}\n{times}"
