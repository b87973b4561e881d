"""A short, soft sound, played by what the system has for that."""

import io
import shutil
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from lrcn_desktop.app.worker import Worker
from lrcn_desktop.files import atomic_write, make_private
from lrcn_desktop.paths import cache_dir

PLAYERS = (("pw-play",), ("paplay",), ("aplay", "-q"), ("afplay",))  # Linux, and last macOS
_RATE = 44_100  # samples per second
_TONES = ((0.0, 660.0), (0.13, 880.0))  # seconds and hertz: an e and the a above it
_LENGTH = 0.6  # seconds
_PATIENCE = 5.0  # seconds for a player


class Sound(QObject):
    """Plays the sound, one at a time; where nothing can play it, the system's own beep."""

    def __init__(self, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._busy = False

    def play(self) -> None:
        """Play it, unless it is being played."""
        if not self._busy:
            self._busy = True
            self._worker.run(_play, self._played, lambda _: self._played(False), "play a sound")

    def _played(self, heard: bool) -> None:
        self._busy = False
        if not heard:
            QApplication.beep()


def chime() -> bytes:
    """Return the sound as a .wav file: 16 bits, one channel."""
    times = np.arange(round(_LENGTH * _RATE)) / _RATE
    samples = np.zeros_like(times)
    for begin, pitch in _TONES:
        age = np.maximum(times - begin, 0.0)
        swell = np.minimum(age / 0.01, 1.0) * np.exp(-age / 0.12)  # no click at either end
        samples += 0.3 * swell * np.sin(2 * np.pi * pitch * age)
    samples *= np.minimum((_LENGTH - times) / 0.05, 1.0)
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(_RATE)
        sound.writeframes((samples * 32767).astype("<i2").tobytes())
    return file.getvalue()


def sound_file() -> Path:
    """Return the sound's file, written at its first use.

    Raises:
        UserError: The cache folder cannot be written.
    """
    path = cache_dir() / "event.wav"
    if not path.exists():
        make_private(path.parent)
        with atomic_write(path, "wb") as file:
            file.write(chime())
    return path


def _play() -> bool:
    """Play the sound to its end; whether it could be heard."""
    path = sound_file()
    if sys.platform == "win32":
        import winsound

        winsound.PlaySound(str(path), winsound.SND_FILENAME)
        return True
    return any(_play_with(player, path) for player in PLAYERS if shutil.which(player[0]))


def _play_with(player: tuple[str, ...], path: Path) -> bool:
    nothing = subprocess.DEVNULL
    try:
        done = subprocess.run(
            [*player, str(path)],
            stdin=nothing,
            stdout=nothing,
            stderr=nothing,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
