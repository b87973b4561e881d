"""The way through the program that the screenshots are taken on."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication

from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.app.models.models_part import ModelsPart
from lrcn_desktop.app.models.window import ModelsWindow
from lrcn_desktop.app.preferences.appearance_part import THEME
from lrcn_desktop.app.preferences.recognition_page import EVERY_FRAME
from lrcn_desktop.app.retrain.process import Status, Training
from lrcn_desktop.app.viewing.viewing_part import ViewingPart
from lrcn_desktop.app.widgets.theme import LIGHT, apply_theme
from tools.screenshots.album import Album
from tools.screenshots.clips import write_clips, write_video
from tools.screenshots.waiting import wait, wait_for
from tools.screenshots.windows import windows

_SECONDS = 40.0  # of the video
_WATCHED = 16.0  # seconds of it before its picture is taken
_SCENES, _SCENE = 4, 40.0  # how many, and seconds of each, the training learns from
_SIZES = ((1366, 768), (2560, 1440), (1080, 1920))  # pixels of other screens
_TRAINING = 1800.0  # seconds that it may take at the most


def take_all(app: QApplication, folder: Path, work: Path) -> list[str]:
    """Save a picture of every window, dialog and page to `folder`; return their names.

    Args:
        app: The application.
        folder: Where the pictures go.
        work: An empty folder for the videos that the pictures show.

    Raises:
        UserError: Something cannot be written.
        TimeoutError: The program did not get where it should.
    """
    album = Album(folder)
    video = work / "living-room.mp4"
    write_video(video, _SECONDS)
    apply_theme(app, LIGHT)
    window = MainWindow("cpu", "demo")
    window.settings.set(THEME, "light")
    window.settings.set(EVERY_FRAME, True)  # what is shown does not hang on the machine
    window.show()
    window.resize(*_SIZES[0])  # a usual laptop's: there the side has room
    try:
        _main_window(window, album, str(video))
        _models_page(window).close()  # once measured, speeds are there when it opens again
        for name, dialog in windows(window, settle=1.5):
            album.add(name, dialog)
        window.errors.hide()  # one of the entries had nothing to do
        _models(window, album)
        _training(window, album, work / "clips")
    finally:
        window.close()
    return album.names


def _main_window(window: MainWindow, album: Album, video: str) -> None:
    wait(0.5)
    _light_and_dark(window, album, "welcome")
    _watch(window, video)
    _light_and_dark(window, album, "video")
    _tabs(window, album)
    _watch(window, "demo")
    _light_and_dark(window, album, "demo")
    _sizes(window, album)
    window.open(str(Path(video).with_name("holiday.mp4")))
    wait_for(window.errors.isVisible, "the error is shown")
    album.add("message", window)
    window.errors.hide()
    _watch(window, video)


def _tabs(window: MainWindow, album: Album) -> None:
    """Show each tab of the side, with the whole video analyzed."""
    window.document.analyze()
    wait_for(lambda: not window.document.analyzing, "the video is analyzed")
    side = window.places.workbench.side
    for number in range(1, side.count()):
        side.setTabVisible(number, True)
        side.setCurrentIndex(number)
        wait(2.0)
        _light_and_dark(window, album, f"side-{side.tabText(number).lower()}")
    side.setCurrentIndex(0)


def _sizes(window: MainWindow, album: Album) -> None:
    """Show the window on other screens, and the picture alone."""
    before = window.size()
    for width, height in _SIZES:
        window.resize(width, height)
        wait(0.5)
        album.add(f"demo-{width}x{height}", window)
    window.resize(before)
    viewing = next(part for part in window.parts if isinstance(part, ViewingPart))
    viewing.toggle_picture_only()
    wait(0.5)
    album.add("presentation", window)
    viewing.toggle_picture_only()
    wait(0.3)


def _watch(window: MainWindow, address: str) -> None:
    """Play a source for a while, and pause it."""
    window.open(address)
    wait_for(lambda: window.session.address == address, "the source is open")
    wait_for(lambda: _recognized(window) >= _WATCHED, "some of it was recognized")
    window.document.toggle_play()
    wait(1.0)


def _recognized(window: MainWindow) -> float:
    live = window.session.live
    prediction = live.latest if live is not None else None
    return prediction.time if prediction is not None else 0.0


def _light_and_dark(window: MainWindow, album: Album, name: str) -> None:
    for theme in ("dark", "light"):
        window.settings.set(THEME, theme)
        wait(0.3)
        album.add(f"{name}-{theme}", window)


def _models_page(window: MainWindow) -> ModelsWindow:
    part = next(part for part in window.parts if isinstance(part, ModelsPart))
    page = part.open()
    wait_for(lambda: page.list.count() >= 2, "the models are listed")
    wait_for(lambda: all(e.speed for e in page.entries), "the models' speeds are measured")
    return page


def _models(window: MainWindow, album: Album) -> None:
    page = _models_page(window)
    names = [entry.name for entry in page.entries]
    page.list.setCurrentRow(names.index("ucf101-7"))
    beside = page.details.beside
    beside.setCurrentIndex(beside.count() - 1)
    beside.activated.emit(beside.currentIndex())
    wait(0.3)
    album.add("models-compared", page)
    page.close()


def _training(window: MainWindow, album: Album, clips: Path) -> None:
    """Train on clips of the demo, in earnest but briefly, and show each page of it."""
    write_clips(clips, _SCENES, _SCENE)
    window.retraining.open()
    page = window.retraining.window
    assert page is not None
    page.clips.look_through(str(clips))
    wait_for(lambda: page.clips.start.isEnabled(), "the clips were looked through")
    wait(0.5)
    album.add("retrain-clips", page)
    page.clips.start.click()
    training = window.retraining.training
    wait_for(lambda: _epochs(training) > 12 or not training.alive, "epochs were told", _TRAINING)
    wait(1.0)
    album.add("retrain-training", page)
    album.add("retrain-indicator", window)
    wait_for(lambda: not training.alive, "the training is done", _TRAINING)
    if training.status is not Status.DONE:
        raise TimeoutError(f"The training ended otherwise: {training.status}, {training.log}")
    wait(0.5)
    album.add("retrain-result", page)
    page.close()


def _epochs(training: Training) -> int:
    return sum(len(curve.epochs) for curve in training.state.fits.values())
