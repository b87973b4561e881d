"""The first page: which clips, which activities, which network, which name."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from lrcn_desktop.app.retrain.drop_zone import DropZone
from lrcn_desktop.app.retrain.found import FoundView
from lrcn_desktop.app.retrain.other_row import OtherRow
from lrcn_desktop.app.retrain.plan import Plan
from lrcn_desktop.app.retrain.request import Request
from lrcn_desktop.app.retrain.runs import Unfinished
from lrcn_desktop.app.retrain.scan import Scan
from lrcn_desktop.app.retrain.scan_view import ScanView
from lrcn_desktop.app.retrain.settings import recent_folders, remember_folder
from lrcn_desktop.app.retrain.unfinished_card import UnfinishedCard
from lrcn_desktop.app.retrain.words import DEMO, data_name, propose_name
from lrcn_desktop.app.widgets.banner import ErrorBanner
from lrcn_desktop.app.widgets.building import in_column, in_row, new_button, new_label
from lrcn_desktop.app.widgets.confirm import ask
from lrcn_desktop.app.widgets.file_dialogs import ask_folder
from lrcn_desktop.app.worker import Worker
from lrcn_desktop.names import is_name
from lrcn_desktop.training_events import Activity, DataFound
from lrcn_desktop.video.demo import ACTIVITIES

_MOST_OFFERS = 2
_SUFFIX = ".safetensors"


class ClipsPage(QWidget):
    """Looks through a folder and makes a Request of what the user chooses."""

    wanted = Signal(object)  # a Request
    continued = Signal(object)  # an Unfinished
    discarded = Signal(object)

    def __init__(self, worker: Worker, current_model: Callable[[], str]) -> None:
        """Compare each new model with what `current_model` names."""
        super().__init__()
        self._worker, self._current_model = worker, current_model
        self._data = ""
        self._models: Path | None = None
        self.taken: frozenset[str] = frozenset()
        self.scan = Scan(self)
        self.errors = ErrorBanner()
        self._offers = QVBoxLayout()
        self.folder = self._new_folder_field()
        self._folder_row = self._new_folder_row()
        self.drop, self.looking, self.found, self.plan = DropZone(), ScanView(), FoundView(), Plan()
        self.other = OtherRow()
        self._body = QStackedWidget()
        for view in (self.drop, self.looking, self.found):
            self._body.addWidget(view)
        self._reason = new_label(style="muted")
        self.start = new_button(self.tr("&Start training"), self._start, "primary")
        self.start.setMinimumHeight(38)
        self._lay_out()
        self._connect()
        self.show_view(self.drop)

    def refresh(self) -> None:
        """Look up, off the window's thread, which names are taken."""
        self._worker.run(_known_models, self._names_known, self.errors.show_error, "list models")

    def offer(self, runs: list[Unfinished]) -> None:
        """Offer to continue trainings, the newest few."""
        while (item := self._offers.takeAt(0)) is not None:
            card = item.widget()
            if card is not None:
                card.hide()
                card.deleteLater()
        for run in runs[:_MOST_OFFERS]:
            card = UnfinishedCard(run)
            card.continued.connect(self.continued)
            card.discarded.connect(self.discarded)
            self._offers.addWidget(card)

    def look_through(self, data: str) -> None:
        """Look through a folder of clips, or "demo"."""
        data = data.strip()
        if not data:
            return
        self.errors.hide()
        if data != self._data:
            self.other.clear()
        self._data = data
        self.folder.setEditText(data)
        if data == DEMO:
            self.scan.cancel()
            self._show_found(self._demo())
            return
        self.looking.begin(data_name(data))
        self.show_view(self.looking)
        self.scan.start(data)

    def offer_folder(self, folder: str) -> None:
        """Put a folder first among those that can be chosen."""
        text = self.folder.currentText()
        remember_folder(folder)
        self.folder.clear()
        self.folder.addItems(recent_folders())
        self.folder.setEditText(text)

    def choose_folder(self) -> None:
        """Ask for a folder."""
        ask_folder(self, self.look_through, self.tr("Choose a folder of clips"))

    def show_view(self, view: QWidget) -> None:
        """Show the place to drop on, the look that is under way, or what was found."""
        self._body.setCurrentWidget(view)
        known = bool(self._data) or self.folder.count() > 0
        self._folder_row.setVisible(view is not self.drop or known)
        for part in (self.plan, self.start, self._reason):
            part.setVisible(view is self.found)
        self.other.setVisible(view is self.found and self._data != DEMO)

    def _new_folder_field(self) -> QComboBox:
        field = QComboBox()
        field.setEditable(True)
        field.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        field.setAccessibleName(self.tr("Folder of clips"))
        field.setMinimumWidth(200)
        field.addItems(recent_folders())
        field.setCurrentIndex(-1)
        line = field.lineEdit()
        assert line is not None
        line.setPlaceholderText(self.tr("A folder of clips, or demo"))
        line.returnPressed.connect(lambda: self.look_through(field.currentText()))
        field.activated.connect(lambda index: self.look_through(field.itemText(index)))
        return field

    def _new_folder_row(self) -> QWidget:
        row = QWidget()
        choose = new_button(self.tr("Choose &folder..."), self.choose_folder)
        demo = new_button(self.tr("&Demo"), lambda: self.look_through(DEMO))
        label = QLabel(self.tr("&Clips"))
        label.setBuddy(self.folder)
        in_row(label, (self.folder, 1), choose, demo, spacing=8, margins=0, on=row)
        return row

    def _lay_out(self) -> None:
        head = (self._offers, self._folder_row, self.errors)
        foot = in_row((self._reason, 1), self.start)
        below = (self.other, self.plan, foot)
        in_column(*head, (self._body, 1), *below, spacing=12, margins=0, on=self)

    def _connect(self) -> None:
        self.scan.progressed.connect(self.looking.show_progress)
        self.scan.found.connect(self._show_found)
        self.scan.failed.connect(self._show_failure)
        self.looking.cancelled.connect(self._give_up)
        self.drop.choose.connect(self.choose_folder)
        self.drop.demo.connect(partial(self.look_through, DEMO))
        self.found.chosen_changed.connect(self._check)
        self.plan.changed.connect(self._check)

    def _give_up(self) -> None:
        self.scan.cancel()
        self.show_view(self.drop)

    def _demo(self) -> DataFound:
        text = self.tr(
            "The demo scene is drawn, each clip with people, places and a light of its own, so "
            "nobody needs to film anything. It is here to see how training goes."
        )
        return DataFound(data_name(DEMO), dict.fromkeys(ACTIVITIES, Activity(0, 0)), notes=(text,))

    def _show_found(self, found: DataFound) -> None:
        if self._data != DEMO:
            self.offer_folder(self._data)
            self.folder.setEditText(self._data)
        self.found.show_found(found, choosable=self._data != DEMO)
        self.other.show_found(found.other.clips, found.other.sources)
        self.plan.set_name(propose_name(self._data, self.taken))
        self.show_view(self.found)
        self.found.tree.setFocus()
        self._check()

    def _show_failure(self, sentence: str) -> None:
        self.show_view(self.drop)
        self.errors.show_error(sentence)

    def _names_known(self, known: tuple[Path, frozenset[str]]) -> None:
        self._models, self.taken = known
        self._check()

    def _check(self) -> None:
        """Say what is missing before the training can start, and enable it when nothing is."""
        name, missing = self.plan.name, ""
        if len(self.found.chosen) < 2:
            missing = self.tr("Choose at least two activities.")
        elif not is_name(name):
            missing = self.tr("Give the model a name that is valid for a file.")
        self._reason.setText(missing)
        self.start.setEnabled(not missing and self._models is not None)
        taken = name in self.taken
        self.plan.show_hint(self.tr("A model of this name exists.") if taken else "")

    def _start(self) -> None:
        path = self._path()
        if not path.exists():
            self._want()
            return
        text = self.tr("A model {0} already exists. Replace it with the new one?")
        ask(
            self,
            self.tr("Replace the model?"),
            text.format(path.stem),
            self.tr("Replace when it is done"),
            self.tr("Keep it"),
            self._want,
        )

    def _path(self) -> Path:
        assert self._models is not None
        return self._models / f"{self.plan.name}{_SUFFIX}"

    def _want(self) -> None:
        chosen = None if self.found.all_chosen else self.found.chosen
        current = self._current_model()
        self.wanted.emit(
            Request(self._data, chosen, self.plan.preset, self._path(), current, self.other.paths)
        )


def _known_models() -> tuple[Path, frozenset[str]]:
    from lrcn_desktop.model.library import model_paths, own_models_dir

    return own_models_dir(), frozenset(model_paths())
