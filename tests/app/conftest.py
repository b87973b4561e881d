"""A real window without a screen, small untrained models, and a check for what it leaves."""

import gc
import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before Qt is imported anywhere

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shared_names import FIRST, PATIENCE, SECOND
from shiboken6 import isValid
from timeline_views import view

from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.model.backbones.vgg16 import VGG16
from lrcn_desktop.model.model import build_model, save_model
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.model.presets import PRESETS

__all__ = ["view"]  # and what is below

OpenWindow = Callable[..., MainWindow]


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Return the paths of two small untrained models, of the classes FIRST and SECOND."""
    folder = tmp_path_factory.mktemp("models")
    torch.manual_seed(0)
    preset = PRESETS["cnn-lstm"]
    head = replace(preset.head, fc=(16,), hidden=(8,))
    for name, classes, rate in (("first", FIRST, None), ("second", SECOND, 10.0)):
        info = ModelInfo(
            name=name,
            classes=classes,
            preset="cnn-lstm",
            backbone=replace(preset.backbone, size=96),
            head=head,
            step_rate=rate,
        )
        save_model(folder / f"{name}.safetensors", build_model(info))
    return str(folder / "first.safetensors"), str(folder / "second.safetensors")


@pytest.fixture
def open_window(qapp: QApplication, qtbot: QtBot, models: tuple[str, str]) -> Iterator[OpenWindow]:
    """Return a function that shows a window with a model (the first by default)."""
    windows: list[MainWindow] = []

    def make(model: str = models[0]) -> MainWindow:
        window = MainWindow("cpu", model)
        windows.append(window)
        window.resize(1366, 768)  # the screen of these tests has 800x800
        window.show()
        qtbot.waitExposed(window)
        return window

    yield make
    for window in windows:
        window.close()
        window.deleteLater()


@pytest.fixture
def window(open_window: OpenWindow) -> MainWindow:
    """Return a window that shows nothing yet."""
    return open_window()


@pytest.fixture(autouse=True)
def nothing_left(qapp: QApplication) -> Iterator[None]:
    """Fail a test that leaves a window, or a timer that runs."""
    yield
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    windows = [type(widget).__name__ for widget in qapp.topLevelWidgets() if widget.isVisible()]
    timers = [
        o for o in gc.get_objects() if issubclass(type(o), QTimer) and isValid(o) and o.isActive()
    ]
    assert not windows, f"the test left windows: {windows}"
    assert not timers, f"the test left timers running: {timers}"


@pytest.fixture
def play(qtbot: QtBot) -> Callable[[MainWindow, str | Path], None]:
    """Return a function that opens a source and waits for its first prediction."""

    def opened(window: MainWindow, address: str | Path) -> None:
        with qtbot.waitSignal(window.session.source_changed, timeout=PATIENCE):
            window.open(str(address))
        qtbot.waitUntil(lambda: newest(window) is not None, timeout=PATIENCE)

    return opened


def newest(window: MainWindow) -> float | None:
    """Return the time of the newest prediction."""
    live = window.session.live
    prediction = live.latest if live is not None else None
    return None if prediction is None else prediction.time


@pytest.fixture
def vgg16_model(tmp_path: Path) -> str:
    """Return the path of an untrained model on VGG-16, as heavy as a real one."""
    preset = PRESETS["default"]
    info = ModelInfo(
        name="heavy",
        classes=FIRST,
        preset="default",
        backbone=preset.backbone,
        head=preset.head,
        step_rate=30.0,
        backbone_digest=VGG16.weights().digest,
    )
    save_model(tmp_path / "heavy.safetensors", build_model(info))
    return str(tmp_path / "heavy.safetensors")
