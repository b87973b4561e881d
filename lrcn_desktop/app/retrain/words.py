"""Figures and names as the user reads them."""

from collections.abc import Collection
from pathlib import Path

from lrcn_desktop.app.widgets.words import tr
from lrcn_desktop.names import free_name

DEMO = "demo"


def lasting(seconds: float) -> str:
    """Return a time to go, no more exact than it is: "about 3 minutes"."""
    minutes = round(seconds / 60)
    if seconds < 50:
        return tr("less than a minute")
    if minutes < 2:
        return tr("about a minute")
    if minutes < 90:
        return tr("about {0} minutes").format(minutes)
    return tr("about {0} h {1} min").format(minutes // 60, minutes % 60)


def share(value: object) -> str:
    """Return a share (0..1) as "94.2 %", or a dash for what is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "–"
    return f"{100 * value:.1f} %"


def propose_name(data: str, taken: Collection[str]) -> str:
    """Return a free name for a model of the clips in `data`."""
    return free_name("my-demo" if data == DEMO else Path(data).name, taken)


def data_name(data: str) -> str:
    """Return what to call a data set's folder."""
    return tr("Demo scene") if data == DEMO else Path(data).name or data
