"""Why recognition takes as many steps as it does, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from lrcn_desktop.recognition.rates import Pace


def pace_words(pace: Pace) -> str:
    """Return how often a step is taken, and why."""
    if pace.rate is None or pace.every_frame:
        rate = _tr("Every frame is a step")
    else:
        rate = _tr("{0:.4g} steps per second").format(pace.rate)
    if pace.asked == "model":
        why = _tr("the model's own rate")
    elif pace.asked != "auto":
        why = _tr("chosen in the preferences")
    elif pace.slowed:
        why = _tr("automatic, lowered as this computer did not hold more")
    elif pace.limit is None or pace.rate is None or pace.rate >= pace.limit:
        why = _tr("automatic")
    else:
        why = _tr("automatic, the highest of up to {0:.4g} that this computer holds")
        why = why.format(pace.limit)
    return f"{rate}: {why}"


def _tr(text: str) -> str:
    return QCoreApplication.translate("", text)  # as lupdate finds it
