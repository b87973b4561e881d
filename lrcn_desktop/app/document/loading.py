"""What takes long: opening a source, and loading a model; each on the thread that calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrcn_desktop.video.capture import Capture
from lrcn_desktop.video.open import open_source
from lrcn_desktop.video.reconnecting import ReconnectingSource
from lrcn_desktop.video.source import Source

if TYPE_CHECKING:  # slow: not at the window's start
    from lrcn_desktop.recognition.automatic import Choice
    from lrcn_desktop.recognition.engines.open import Device
    from lrcn_desktop.recognition.recognizer import Recognizer


def open_for_playing(address: str, busy: Capture | None, device: Device) -> tuple[Source, Choice]:
    """Open a source, after closing the same camera where it is open, and say what model suits."""
    from lrcn_desktop.recognition.automatic import automatic_model

    if busy is not None:
        busy.stop()
    source = open_source(address)
    automatic = automatic_model(address, device)
    return ReconnectingSource(source) if source.live else source, automatic


def load_recognizer(name: str, device: Device) -> Recognizer:
    """Load a model, and all that its use needs, on the thread that calls.

    Raises:
        UserError: It cannot be used.
    """
    import lrcn_desktop.recognition.live  # noqa: F401  (here, so that the window need not wait)
    from lrcn_desktop.recognition import load

    return load.load_recognizer(name, device)
