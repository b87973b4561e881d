"""Why recognition takes as many steps as it does, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrcn_desktop.app.widgets.words import tr

if TYPE_CHECKING:
    from lrcn_desktop.recognition.rates import Pace


def pace_words(pace: Pace) -> str:
    """Return how often a step is taken, and why."""
    if pace.rate is None or pace.every_frame:
        rate = tr("Every frame is a step")
    else:
        rate = tr("{0:.4g} steps per second").format(pace.rate)
    if pace.asked == "model":
        why = tr("the model's own rate")
    elif pace.asked != "auto":
        why = tr("chosen in the preferences")
    elif pace.slowed:
        why = tr("automatic, lowered as this computer did not hold more")
    elif pace.limit is None or pace.rate is None or pace.rate >= pace.limit:
        why = tr("automatic")
    else:
        why = tr("automatic, the highest of up to {0:.4g} that this computer holds")
        why = why.format(pace.limit)
    return f"{rate}: {why}"
