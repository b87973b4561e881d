"""The name that a new model gets where the user gives none."""

from collections.abc import Collection
from pathlib import Path

from lrcn_desktop.app.retrain.words import DEMO
from lrcn_desktop.names import free_name


def propose_name(data: str, taken: Collection[str]) -> str:
    """Return a free name for a model of the clips in `data`."""
    return free_name("my-demo" if data == DEMO else Path(data).name, taken)
