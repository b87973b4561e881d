"""The menu bar: every action with its key."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from lrcn_desktop.app.worker import Worker
from lrcn_desktop.video.camera import list_cameras

Entry = tuple[str, str]  # what the user reads, what is opened
Needs = Literal["nothing", "source", "seekable", "file", "live"]  # what an action needs to be open


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
        self._looking, self._ticked = False, ""
        self._show([])
        self.aboutToShow.connect(self.refresh)

    def refresh(self) -> None:
        """Look the entries up and show them when they are there."""
        if not self._looking:
            self._looking = True
            self._show([(self._words[0], "")])
            self._worker.run(self._look_up, self._found, self._failed, f"list {self.title()}")

    @property
    def listed(self) -> list[QAction]:
        """The entries that were looked up."""
        return list(self._listed)

    def tick(self, value: str) -> None:
        """Put a tick before the entry of that value, now and whenever the menu opens."""
        self._ticked = value
        for action in self._listed:
            if action.data():
                action.setCheckable(action.data() == value)
                action.setChecked(action.data() == value)

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
            action.setData(value)
            action.triggered.connect(lambda _=False, value=value: self.chosen.emit(value))
            self.insertAction(self._foot, action)
            self._listed.append(action)
        self.tick(self._ticked)


class Menus(QObject):
    """Builds the menu bar of a window and says what was wanted.

    Attributes:
        bar: The menu bar.
        file, playback, record, view, models, help: The menus, for `add`.
        quit: The last entry of the File menu: what others add goes before it.
        cameras: The list of cameras in the File menu.
        opened: The separator in the File menu that further ways to open something go before.
        pace: The separator in the Playback menu that what moves goes before.
    """

    open_video = Signal()
    open_folder = Signal()
    open_stream = Signal()
    open_address = Signal(str)
    play = Signal()
    every_frame = Signal(bool)
    reset = Signal()
    model = Signal(str)
    open_model = Signal()
    retrain = Signal()
    retrain_with = Signal(str)  # a folder of clips
    keys = Signal()
    about = Signal()
    dismiss = Signal()
    close = Signal()

    def __init__(self, bar: QMenuBar, worker: Worker) -> None:
        super().__init__(bar)
        self.bar, self._worker = bar, worker
        self._needing: dict[QAction, Needs] = {}
        self._refused: set[QAction] = set()
        self._open: set[Needs] = {"nothing"}
        self.file = bar.addMenu(self.tr("&File"))
        self.playback = bar.addMenu(self.tr("&Playback"))
        self.record = bar.addMenu(self.tr("&Record"))
        self.view = bar.addMenu(self.tr("&View"))
        self._fill_file(self.file)
        self._fill_playback(self.playback)
        self._fill_model()
        self.help = bar.addMenu(self.tr("&Help"))
        self._fill_help(self.help)
        self.set_source(playable=False, seekable=False, live=False)

    def set_source(self, *, playable: bool, seekable: bool, live: bool) -> None:
        """Enable what the open source can do."""
        offered: dict[Needs, bool] = {
            "nothing": True,
            "source": playable,
            "seekable": seekable,
            "file": playable and not live,
            "live": live,
        }
        self._open = {needs for needs, there in offered.items() if there}
        for action in self._needing:
            self._enable(action)

    def allow(self, action: QAction, allowed: bool) -> None:
        """Enable an entry where what it needs is open too."""
        (self._refused.discard if allowed else self._refused.add)(action)
        self._enable(action)

    def set_every_frame(self, every_frame: bool) -> None:
        """Tick the chosen pace."""
        self._every.setChecked(every_frame)
        self._keep_up.setChecked(not every_frame)

    def set_training(self, words: str) -> None:
        """Say how the training is that is under way; "" where there is none."""
        text = self.tr("&Retrain...")
        self._retrain.setText(f"{text} ({words.replace('&', '&&')})" if words else text)

    def add(
        self,
        menu: QMenu,
        text: str,
        wanted: Callable[[], Any],
        key: QKeySequence | Qt.Key | str | None = None,
        *,
        needs: Needs = "nothing",
        before: QAction | None = None,
    ) -> QAction:
        """Add an entry to a menu and return it.

        Args:
            menu: One of this object's menus, or a sub-menu.
            text: What the user reads, with "&" before the letter that chooses it.
            wanted: Called when it is chosen.
            key: Its key.
            needs: What must be open for it to be enabled.
            before: The entry that it goes before; None: at the end.
        """
        action = QAction(text, menu)
        if key is not None:
            action.setShortcut(key)
        action.triggered.connect(lambda _=False: wanted())
        self._needing[action] = needs
        self._enable(action)
        menu.insertAction(before, action) if before else menu.addAction(action)
        return action

    def _enable(self, action: QAction) -> None:
        action.setEnabled(self._needing[action] in self._open and action not in self._refused)

    def _fill_file(self, menu: QMenu) -> None:
        open_key = QKeySequence(QKeySequence.StandardKey.Open)
        self.add(menu, self.tr("&Open video..."), self.open_video.emit, open_key)
        self.add(menu, self.tr("Open image &folder..."), self.open_folder.emit)
        self.add(menu, self.tr("Open &stream address..."), self.open_stream.emit)
        words = (self.tr("Looking for cameras..."), self.tr("No camera found"))
        self.cameras = ListMenu(self.tr("Ca&meras"), _cameras, self._worker, words, menu)
        menu.addMenu(self.cameras)
        self.add(menu, self.tr("&Demo"), lambda: self.open_address.emit("demo"), "Ctrl+D")
        self.opened = menu.addSeparator()
        self.quit = self.add(menu, self.tr("&Quit"), self.close.emit, "Ctrl+Q")

    def _fill_playback(self, menu: QMenu) -> None:
        self.add(menu, self.tr("&Play or pause"), self.play.emit, "Space", needs="source")
        self.pace = menu.addSeparator()
        self._pace = QActionGroup(self)
        text, wanted = self.tr("&Keep up with the pace"), partial(self.every_frame.emit, False)
        self._keep_up = self.add(menu, text, wanted, needs="file")
        text, wanted = self.tr("Recognize &every frame"), partial(self.every_frame.emit, True)
        self._every = self.add(menu, text, wanted, needs="file")
        for action in (self._keep_up, self._every):
            action.setCheckable(True)
            self._pace.addAction(action)
        self._keep_up.setChecked(True)
        menu.addSeparator()
        self.add(menu, self.tr("&Reset"), self.reset.emit, "R", needs="source")

    def _fill_model(self) -> None:
        bar = self.bar
        words = (self.tr("Reading the models..."), self.tr("No model found"))
        self.models = ListMenu(self.tr("&Model"), _models, self._worker, words, bar)
        self.models.chosen.connect(self.model)
        self.add(self.models, self.tr("&Open model file..."), self.open_model.emit)
        self.models.addSeparator()
        text = self.tr("&Retrain...")
        self._retrain = self.add(self.models, text, self.retrain.emit, "Ctrl+T")
        bar.addMenu(self.models)

    def _fill_help(self, menu: QMenu) -> None:
        self.add(menu, self.tr("&Keys"), self.keys.emit, "F1")
        about = self.add(menu, self.tr("&About LRCN Desktop"), self.about.emit)
        about.setMenuRole(QAction.MenuRole.AboutRole)


def _cameras() -> list[Entry]:
    return [(camera.name, str(camera.index)) for camera in list_cameras()]


def _models() -> list[Entry]:
    from lrcn_desktop.model.library import list_models  # not at the start
    from lrcn_desktop.model.model_info import ModelInfo

    return [
        (f"{path.stem}  ({len(info.classes)} classes)", path.stem)
        if isinstance(info, ModelInfo)
        else (f"{path.stem}  (damaged)", "")
        for path, info in list_models()
    ]
