"""Going to a time that the user types: "1:23.4", "83" or "1:02:03"."""

import math
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QWidget

from lrcn_desktop.app.widgets.transport import clock
from lrcn_desktop.app.widgets.words import tr

_PARTS = 3  # hours, minutes, seconds


def seconds_of(text: str) -> float | None:
    """Return the seconds of a time as it is typed, None where it is none."""
    parts = text.strip().replace(",", ".").split(":")
    if len(parts) > _PARTS:
        return None
    total = 0.0
    for place, part in enumerate(parts):
        whole = place < len(parts) - 1
        if not part or not part.replace(".", "", 0 if whole else 1).isdecimal():
            return None
        total = 60 * total + float(part)
    return total if math.isfinite(total) else None


def ask_time(
    parent: QWidget, position: float, seek: Callable[[float], object], fail: Callable[[str], object]
) -> None:
    """Ask for a time, of which the present `position` is there to begin with, and `seek` it."""

    def answer(text: str) -> None:
        seconds = seconds_of(text)
        if seconds is None:
            fail(tr("{0} is not a time: write minutes and seconds, as 1:23.4.").format(text))
        else:
            seek(seconds)

    dialog = QInputDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(tr("Go to time"))
    dialog.setLabelText(tr("Time (minutes:seconds)"))
    dialog.setTextValue(clock(position, exact=True))
    dialog.textValueSelected.connect(answer)
    dialog.open()
