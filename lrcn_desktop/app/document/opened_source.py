"""A source that is opened, and the model that suits it; slow enough for a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrcn_desktop.video.capture import Capture
from lrcn_desktop.video.open import open_source
from lrcn_desktop.video.reconnecting import ReconnectingSource
from lrcn_desktop.video.source import Source

if TYPE_CHECKING:
    from lrcn_desktop.recognition.automatic import Choice
    from lrcn_desktop.recognition.engines.open import Device


def open_with_model(address: str, busy: Capture | None, device: Device) -> tuple[Source, Choice]:
    """Open a source, after closing the same camera where it is open, and say what model suits."""
    from lrcn_desktop.recognition.automatic import automatic_model

    if busy is not None:
        busy.stop()
    source = open_source(address)
    automatic = automatic_model(address, device)
    return ReconnectingSource(source) if source.live else source, automatic
