"""The training's window: clips, training, result."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from lrcn_desktop.app.retrain import runs
from lrcn_desktop.app.retrain.clips_page import ClipsPage
from lrcn_desktop.app.retrain.process import Status, Training
from lrcn_desktop.app.retrain.request import Request
from lrcn_desktop.app.retrain.result_page import ResultPage
from lrcn_desktop.app.retrain.runs import Unfinished
from lrcn_desktop.app.retrain.steps import Steps
from lrcn_desktop.app.retrain.training_page import TrainingPage
from lrcn_desktop.app.widgets.building import in_column
from lrcn_desktop.app.widgets.confirm import ask
from lrcn_desktop.app.widgets.window import Window, bring_forward
from lrcn_desktop.app.worker import Worker

if TYPE_CHECKING:
    from lrcn_desktop.app.document.session import Session


class RetrainWindow(Window):
    """Shows the page that the training calls for; closing it changes nothing."""

    def __init__(
        self, training: Training, session: Session, worker: Worker, parent: QWidget
    ) -> None:
        super().__init__(parent, self.tr("Retrain"), QSize(980, 760), QSize(720, 560))
        self._training, self._session, self._worker = training, session, worker
        self._using = ""  # the path of the model that "Use this model" asked for
        self.setAcceptDrops(True)
        self._steps = Steps((self.tr("Your clips"), self.tr("Training"), self.tr("Result")))
        self.clips = ClipsPage(worker, lambda: session.model)
        self.training_page = TrainingPage(training)
        self.result = ResultPage()
        self.pages = QStackedWidget()
        for page in (self.clips, self.training_page, self.result):
            self.pages.addWidget(page)
        in_column(self._steps, (self.pages, 1), spacing=12, margins=(20, 12, 20, 16), on=self)
        self._connect()
        self._show_page()

    def bring_up(self) -> None:
        """Show the window, on the page that the training calls for."""
        self.clips.refresh()
        self._find_unfinished()
        bring_forward(self)

    def choose(self, folder: str) -> None:
        """Show the window with a folder of clips chosen; while a training runs, it is offered."""
        if self._training.status is Status.DONE:
            self._leave()
        self.bring_up()
        if self.pages.currentWidget() is self.clips:
            self.clips.look_through(folder)
        else:
            self.clips.offer_folder(folder)

    def finish(self, seconds: float) -> None:
        """Stop what the window itself has begun, in bounded time."""
        self.clips.scan.close(seconds)
        self.close()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Note that a training's end is seen."""
        super().showEvent(event)
        self._training.see()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Welcome one folder, while clips are being chosen."""
        if self._folder_of(event) and self.pages.currentWidget() is self.clips:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Look through what was dropped."""
        event.acceptProposedAction()
        self.clips.look_through(self._folder_of(event))

    def _connect(self) -> None:
        self.clips.wanted.connect(self._start)
        self.clips.continued.connect(self._training.resume)
        self.clips.discarded.connect(lambda run: self._ask_to_discard(run.name, run.folder))
        self.training_page.discarded.connect(self._discard_this)
        self.training_page.left.connect(self._leave)
        self.result.used.connect(self._use)
        self.result.again.connect(self._leave)
        self._training.changed.connect(self._show_page)
        self._session.model_changed.connect(self._model_changed)
        self._session.failed.connect(self._model_failed)

    def _folder_of(self, event: QDropEvent) -> str:
        urls = event.mimeData().urls()
        folder = urls[0].toLocalFile() if len(urls) == 1 else ""
        return folder if folder and Path(folder).is_dir() else ""

    def _show_page(self) -> None:
        training = self._training
        if training.status is Status.IDLE:
            page: QWidget = self.clips
        elif training.status is Status.DONE:
            page = self.result
            assert training.state.done is not None
            if self.pages.currentWidget() is not page:
                self.result.show_result(training.state.done, Path(self._session.model).stem)
        else:
            page = self.training_page
        self.pages.setCurrentWidget(page)
        self._steps.set_present(self.pages.indexOf(page))
        if self.isVisible():
            training.see()

    def _start(self, request: Request) -> None:
        try:
            self._training.start(request)
        except OSError as error:
            text = self.tr("The training cannot store its work in {0}: {1}.")
            self.clips.errors.show_error(text.format(runs.runs_dir(), error.strerror or error))

    def _leave(self) -> None:
        self._training.forget()
        self.clips.refresh()
        self._find_unfinished()

    def _find_unfinished(self) -> None:
        if not self._training.alive:
            self._worker.run(
                runs.find_unfinished, self._offer, self.clips.errors.show_error, "find runs"
            )

    def _offer(self, found: list[Unfinished]) -> None:
        present = self._training.folder
        self.clips.offer([run for run in found if run.folder != present])

    def _discard_this(self) -> None:
        assert self._training.folder is not None
        self._ask_to_discard(self._training.name, self._training.folder)

    def _ask_to_discard(self, name: str, folder: Path) -> None:
        ask(
            self,
            self.tr("Discard the training?"),
            self.tr("All progress of {0} is deleted. Your clips stay.").format(name),
            self.tr("Discard"),
            self.tr("Keep it"),
            partial(self._discard, folder),
        )

    def _discard(self, folder: Path) -> None:
        self._worker.run(
            partial(runs.discard, folder),
            lambda _: self._leave(),
            self.clips.errors.show_error,
            "discard run",
        )

    def _use(self, model: str) -> None:
        self._using = model
        self._session.choose_model(model)

    def _model_changed(self) -> None:
        if self._using and not self._session.loading:
            in_use = self._session.model == self._using
            self.result.show_use(in_use=in_use)
            self._using = ""

    def _model_failed(self, sentence: str) -> None:
        if self._using:
            self.result.errors.show_error(sentence)
