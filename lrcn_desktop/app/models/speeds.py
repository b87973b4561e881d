"""How fast each model is on this computer: measured while the models' window is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from lrcn_desktop.app.models.entry import NO_SPEED, Entry
from lrcn_desktop.app.worker import Worker

if TYPE_CHECKING:
    from pathlib import Path

    from lrcn_desktop.model.presets import BackboneConfig
    from lrcn_desktop.recognition.engines.open import Device
    from lrcn_desktop.recognition.speed import Speed

    Key = tuple[BackboneConfig, Device]  # the network that looks takes nearly all of the time


class Speeds(QObject):
    """Measures one network after another, each once, and keeps what was measured."""

    measured = Signal()

    def __init__(self, worker: Worker, parent: QObject) -> None:
        super().__init__(parent)
        self._worker = worker
        self._known: dict[Key, Speed] = {}
        self._busy = False

    def known(self, entries: Sequence[Entry], device: Device) -> list[Entry]:
        """Return the models with their speeds, as far as these are known."""
        return [
            replace(e, speed=self._known.get((e.info.backbone, device))) if e.info else e
            for e in entries
        ]

    def measure(self, entries: Sequence[Entry], device: Device) -> None:
        """Measure the next network whose speed is not known; call again after `measured`."""
        missing = [e for e in entries if e.info and (e.info.backbone, device) not in self._known]
        if self._busy or not missing:
            return
        info = missing[0].info
        assert info is not None
        key = (info.backbone, device)
        self._busy = True
        self._worker.run(
            partial(_measure, missing[0].path, device),
            partial(self._over, key),
            lambda _: self._over(key, NO_SPEED),  # choosing the model will say why
            "measure speed",
        )

    def _over(self, key: Key, speed: Speed) -> None:
        self._busy = False
        self._known[key] = speed
        self.measured.emit()


def _measure(path: Path, device: Device) -> Speed:
    from lrcn_desktop.recognition.speed import measure_speed

    return measure_speed(str(path), device)
