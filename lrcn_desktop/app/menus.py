"""The menu bar: every action with its key."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from lrcn_desktop.app.worker import Worker
from lrcn_desktop.video.camera import list_cameras

Entry = tuple[str, str]  # what a person reads, what is opened


class ListMenu(QMenu):
    """A menu whose entries are looked up, off the window's thread, each time it opens."""

    chosen = Signal(str)

    def __init__(
        self,
        title: str,
        look_up: Callable[[], Sequence[Entry]],
        worker: Worker,
        words: tuple[str, str],
        parent: QWidget,
    ) -> None:
        """Show `words` while looking and when nothing was found."""
        super().__init__(title, parent)
        self._look_up, self._worker, self._words = look_up, worker, words
        self._listed: list[QAction] = []
        self._foot = self.addSeparator()
        self._looking = False
        self._show([])
        self.aboutToShow.connect(self.refresh)

    def refresh(self) -> None:
        """Look the entries up and show them when they are there."""
        if not self._looking:
            self._looking = True
            self._show([(self._words[0], "")])
            self._worker.run(self._look_up, self._found, self._failed, f"list {self.title()}")

    def _found(self, entries: Sequence[Entry]) -> None:
        self._looking = False
        self._show(entries or [(self._words[1], "")])

    def _failed(self, sentence: str) -> None:
        self._found([(sentence, "")])

    def _show(self, entries: Sequence[Entry]) -> None:
        for action in self._listed:
            self.removeAction(action)
            action.deleteLater()
        self._listed = []
        for text, value in entries:
            action = QAction(text.replace("&", "&&"), self)
            action.setEnabled(bool(value))
            action.triggered.connect(lambda _=False, value=value: self.chosen.emit(value))
            self.insertAction(self._foot, action)
            self._listed.append(action)


class Menus(QObject):
    """Builds the menu bar of a window and says what was wanted."""

    open_video = Signal()
    open_folder = Signal()
    open_stream = Signal()
    open_address = Signal(str)
    play = Signal()
    step = Signal()
    seek_by = Signal(float)  # seconds
    every_frame = Signal(bool)
    reset = Signal()
    model = Signal(str)
    open_model = Signal()
    retrain = Signal()
    keys = Signal()
    about = Signal()
    dismiss = Signal()

    def __init__(self, window: QMainWindow, worker: Worker) -> None:
        super().__init__(window)
        self._window, self._worker = window, worker
        self._playing: list[QAction] = []  # need a source
        self._seeking: list[QAction] = []  # need one that seeks
        bar = window.menuBar()
        self._fill_file(bar.addMenu(self.tr("&File")))
        self._fill_playback(bar.addMenu(self.tr("&Playback")))
        self._fill_model()
        self._fill_help(bar.addMenu(self.tr("&Help")))
        self.set_source(playable=False, seekable=False, live=False)

    def set_source(self, *, playable: bool, seekable: bool, live: bool) -> None:
        """Enable what the open source can do."""
        for action in self._playing:
            action.setEnabled(playable)
        for action in self._seeking:
            action.setEnabled(seekable)
        self._pace.setEnabled(playable and not live)

    def set_every_frame(self, every_frame: bool) -> None:
        """Tick the chosen pace."""
        self._every.setChecked(every_frame)
        self._keep_up.setChecked(not every_frame)

    def set_training(self, words: str) -> None:
        """Say how the training is that is under way; "" where there is none."""
        text = self.tr("&Retrain...")
        self._retrain.setText(f"{text} ({words.replace('&', '&&')})" if words else text)

    def _fill_file(self, menu: QMenu) -> None:
        open_key = QKeySequence(QKeySequence.StandardKey.Open)
        self._add(menu, self.tr("&Open video..."), self.open_video.emit, open_key)
        self._add(menu, self.tr("Open image &folder..."), self.open_folder.emit)
        self._add(menu, self.tr("Open &stream address..."), self.open_stream.emit)
        words = (self.tr("Looking for cameras..."), self.tr("No camera found"))
        self.cameras = ListMenu(self.tr("&Camera"), _cameras, self._worker, words, menu)
        self.cameras.chosen.connect(self.open_address)
        menu.addMenu(self.cameras)
        self._add(menu, self.tr("&Demo"), lambda: self.open_address.emit("demo"), "Ctrl+D")
        menu.addSeparator()
        self._add(menu, self.tr("&Quit"), self._window.close, "Ctrl+Q")

    def _fill_playback(self, menu: QMenu) -> None:
        self._playing.append(self._add(menu, self.tr("&Play or pause"), self.play.emit, "Space"))
        self._playing.append(self._add(menu, self.tr("&Next frame"), self.step.emit, "."))
        for text, key, seconds in (
            (self.tr("&Back 5 seconds"), Qt.Key.Key_Left, -5.0),
            (self.tr("&On 5 seconds"), Qt.Key.Key_Right, 5.0),
        ):
            seek = self._add(menu, text, partial(self.seek_by.emit, seconds), key)
            self._seeking.append(seek)
        menu.addSeparator()
        self._pace = QActionGroup(self)
        self._keep_up = self._add(
            menu, self.tr("&Keep up with the pace"), lambda: self.every_frame.emit(False)
        )
        self._every = self._add(
            menu, self.tr("Recognize &every frame"), lambda: self.every_frame.emit(True)
        )
        for action in (self._keep_up, self._every):
            action.setCheckable(True)
            self._pace.addAction(action)
        self._keep_up.setChecked(True)
        menu.addSeparator()
        self._playing.append(self._add(menu, self.tr("&Reset"), self.reset.emit, "R"))

    def _fill_model(self) -> None:
        bar = self._window.menuBar()
        words = (self.tr("Reading the models..."), self.tr("No model found"))
        self.models = ListMenu(self.tr("&Model"), _models, self._worker, words, bar)
        self.models.chosen.connect(self.model)
        self._add(self.models, self.tr("&Open model file..."), self.open_model.emit)
        self.models.addSeparator()
        text = self.tr("&Retrain...")
        self._retrain = self._add(self.models, text, self.retrain.emit, "Ctrl+T")
        bar.addMenu(self.models)

    def _fill_help(self, menu: QMenu) -> None:
        self._add(menu, self.tr("&Keys"), self.keys.emit, "F1")
        self._add(menu, self.tr("&About LRCN Desktop"), self.about.emit)
        dismiss = QAction(self._window)
        dismiss.setShortcut("Esc")
        dismiss.triggered.connect(self.dismiss)
        self._window.addAction(dismiss)

    def _add(
        self,
        menu: QMenu,
        text: str,
        wanted: Callable[[], Any],
        key: QKeySequence | Qt.Key | str | None = None,
    ) -> QAction:
        action = QAction(text, menu)
        if key is not None:
            action.setShortcut(key)
        action.triggered.connect(lambda _=False: wanted())
        menu.addAction(action)
        return action


def _cameras() -> list[Entry]:
    return [(camera.name, str(camera.index)) for camera in list_cameras()]


def _models() -> list[Entry]:
    from lrcn_desktop.model.library import list_models  # imports PyTorch: not at the start
    from lrcn_desktop.model.model_info import ModelInfo

    return [
        (f"{path.stem}  ({len(info.classes)} classes)", path.stem)
        if isinstance(info, ModelInfo)
        else (f"{path.stem}  (damaged)", "")
        for path, info in list_models()
    ]
