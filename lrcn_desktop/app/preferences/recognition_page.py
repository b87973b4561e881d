"""The preferences' page about the recognition: where it runs, which model, how often."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtGui import QStandardItemModel
from shiboken6 import isValid

from lrcn_desktop.app.preferences.page import Page
from lrcn_desktop.app.settings import Setting, Settings
from lrcn_desktop.app.worker import Worker
from lrcn_desktop.recognition.rates import USUAL_RATES, StepRate, parse_rate

if TYPE_CHECKING:
    from lrcn_desktop.recognition.engines.open import Device

DEVICE = Setting("recognition/device", "auto")
MODEL = Setting("recognition/model", "")  # "": what suits each source
RATE = Setting("recognition/rate", "auto")  # what `parse_rate` reads
EVERY_FRAME = Setting("recognition/every_frame", False)


def chosen_device(settings: Settings) -> Device:
    """Return the device that the user chose."""
    gpu: Device = "mps" if sys.platform == "darwin" else "cuda"
    devices: dict[str, Device] = {"cpu": "cpu", "gpu": gpu}
    return devices.get(settings.get(DEVICE), "auto")


def chosen_model(settings: Settings) -> str | None:
    """Return the model that the user chose for every source; None: what suits each."""
    return settings.get(MODEL) or None


def chosen_rate(settings: Settings) -> StepRate:
    """Return how often the user wants steps to be taken."""
    try:
        return parse_rate(settings.get(RATE))
    except ValueError:
        return "auto"


class RecognitionPage(Page):
    """Device, model, step rate and pace."""

    def __init__(self, settings: Settings, worker: Worker) -> None:
        super().__init__(settings, "")
        self.title = self.tr("Recognition")
        devices = (
            (self.tr("Automatic"), "auto"),
            (self.tr("CPU"), "cpu"),
            (self.tr("GPU"), "gpu"),
        )
        hint = self.tr("Automatic takes the fastest that works here.")
        self._device = self.add_choice(self.tr("Runs &on"), DEVICE, devices, hint)
        chosen = chosen_model(settings)
        known = [(chosen, chosen)] if chosen is not None else []
        self._model = self.add_choice(
            self.tr("&Model"),
            MODEL,
            [(self.tr("What suits each source"), ""), *known],
            self.tr("At the start. The Model menu changes it for now."),
        )
        rates = (
            (self.tr("Automatic"), "auto"),
            *((f"{rate:g}", f"{rate:g}") for rate in USUAL_RATES),
            (self.tr("Every frame"), "every frame"),
        )
        self.add_choice(
            self.tr("&Steps per second"),
            RATE,
            rates,
            self.tr(
                "Automatic takes the highest rate that the model allows and this computer holds."
            ),
        )
        paces = (
            (self.tr("Keep up with the pace"), False),
            (self.tr("Recognize every frame"), True),
        )
        self.add_choice(
            self.tr("&In a file"),
            EVERY_FRAME,
            paces,
            self.tr(
                "Keeping up skips frames where needed; recognizing every frame may play slower."
            ),
        )
        worker.run(_look, self._found, self._failed, "look for models and a GPU")

    def _found(self, found: tuple[list[str], str]) -> None:
        if not isValid(self):
            return  # the dialog was closed meanwhile
        models, gpu = found
        for name in models:
            if self._model.findData(name) < 0:
                self._model.addItem(name, name)
        self.show_setting(MODEL)
        place = self._device.findData("gpu")
        self._device.setItemText(
            place, self.tr("GPU ({0})").format(gpu or self.tr("not available"))
        )
        item = self._device.model()
        if isinstance(item, QStandardItemModel):
            item.item(place).setEnabled(bool(gpu) or self._device.currentIndex() == place)

    def _failed(self, sentence: str) -> None:
        if isValid(self):
            self._model.setToolTip(sentence)


def _look() -> tuple[list[str], str]:
    """Return the sound models' names, and the GPU's or ""."""
    from lrcn_desktop.model.library import list_models
    from lrcn_desktop.model.model_info import ModelInfo
    from lrcn_desktop.recognition.engines.gpu import may_have_gpu

    models = [path.stem for path, info in list_models() if isinstance(info, ModelInfo)]
    if not may_have_gpu():
        return models, ""
    import torch  # slow

    if torch.cuda.is_available():
        return models, torch.cuda.get_device_name()
    return models, "Metal" if torch.backends.mps.is_available() else ""
