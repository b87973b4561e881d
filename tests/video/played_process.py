"""A decoder's process that only plays: says what it is given, and keeps what it was told."""

import json
import threading
from collections.abc import Iterable
from typing import Any

import numpy as np

from lrcn_desktop.video.decoding.decoder import MediaDecoder
from lrcn_desktop.video.decoding.process import DecoderDiedError
from lrcn_desktop.video.decoding.ring import slots

Said = list[Any] | Exception


class Slots:
    """A ring whose slots are filled with their numbers."""

    def slot(self, number: int, size: tuple[int, int]) -> np.ndarray:
        if not 0 <= number < slots(size):
            raise ValueError("no such slot")
        return np.full((size[1], size[0], 3), number, np.uint8)


class PlayedProcess:
    """Says, at each call of `receive`, the next of `said`; keeps what it was told."""

    pid = 4711

    def __init__(self, said: Iterable[list[Said]]) -> None:
        self.said = list(said)
        self.sent: list[tuple[object, ...]] = []
        self.waits: list[tuple[float, bool]] = []
        self.ring = Slots()
        self.alive, self.ends, self.hung_up = True, 0, threading.Event()

    def send(self, *fields: object) -> None:
        self.sent.append(fields)

    def receive(self, seconds: float, *, lenient: bool = True) -> list[list[Any]]:
        self.waits.append((seconds, lenient))
        if not self.said:
            self.hung_up.wait(10)
            raise DecoderDiedError("it was hung up on", False)
        messages = self.said.pop(0)
        if isinstance(messages[0], Exception):
            raise messages[0]
        return [json.loads(json.dumps(message)) for message in messages]

    def hang_up(self) -> None:
        self.hung_up.set()

    def end(self) -> None:
        self.ends += 1
        self.alive = False


class Played:
    """Opens videos whose process says what it is given; keeps the processes that come back."""

    def __init__(self) -> None:
        self.released: list[PlayedProcess] = []
        self.process = PlayedProcess([])

    def __call__(
        self, *said: list[Said], timeouts: tuple[float, float] | None = None
    ) -> MediaDecoder:
        self.process = PlayedProcess(said)
        return MediaDecoder("clip.mp4", timeouts)
