"""What the timeline says in words."""

from lrcn_desktop.app.timeline.ruler import precise
from lrcn_desktop.app.widgets.class_colors import readable
from lrcn_desktop.app.widgets.words import tr
from lrcn_desktop.recognition.segments import Segment


def describe(segment: Segment, *, checked: bool = False) -> str:
    """Return a segment's label, times and confidence, in three lines.

    Of one that the user has set there is no confidence to tell.
    """
    start, end = precise(segment.start), precise(segment.end)
    times = tr("{0} to {1} ({2:.1f} s)").format(start, end, segment.end - segment.start)
    if segment.confidence is None:
        sure = tr("Set by you")
    else:
        sure = tr("Confidence {0:.0f} %").format(100 * segment.confidence)
        sure = tr("{0}, confirmed by you").format(sure) if checked else sure
    return f"{readable(segment.label)}\n{times}\n{sure}"
