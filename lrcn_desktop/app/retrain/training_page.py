"""The second page: how the training goes."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QStackedWidget,
    QWidget,
)

from lrcn_desktop.app.retrain.confusion import ConfusionMatrix
from lrcn_desktop.app.retrain.curves import Curves
from lrcn_desktop.app.retrain.ending import Ending
from lrcn_desktop.app.retrain.process import Status, Training
from lrcn_desktop.app.retrain.stage_bar import StageBar
from lrcn_desktop.app.widgets.building import enlarge, in_column, in_row, new_button, new_label
from lrcn_desktop.app.widgets.confirm import ask
from lrcn_desktop.app.widgets.text_box import TextBox
from lrcn_desktop.training_events import Epoch


class TrainingPage(QWidget):
    """Shows the training that runs or ran last, and holds, stops and continues it."""

    discarded = Signal()
    left = Signal()  # back to the clips

    def __init__(self, training: Training) -> None:
        super().__init__()
        self._training = training
        self._drawn: Epoch | None = None  # the epoch up to which the curves are drawn
        self._title, self._about = enlarge(new_label()), new_label(style="muted")
        self.stage, self.curves, self.confusion = StageBar(), Curves(), ConfusionMatrix()
        self.ending = Ending()
        self._matrix_title = new_label(self.tr("Validation"), "title")
        self._body = self._new_body()
        self._notes = TextBox(self.tr("Notes"), most_lines=3)
        self.pause = new_button(self.tr("&Pause"), self._pause_or_go_on)
        self.cancel = new_button(self.tr("&Stop..."), self._ask_to_stop)
        self._foot = self._new_foot()
        head = in_column(self._title, self._about, spacing=2)
        views = (head, self.stage, (self._body, 1), self._notes, self.ending, self._foot)
        in_column(*views, spacing=12, margins=0, on=self)
        self.ending.continued.connect(training.resume_this)
        self.ending.discarded.connect(self.discarded)
        self.ending.left.connect(self.left)
        training.changed.connect(self.refresh)
        training.progressed.connect(self._refresh_if_seen)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Catch up with what has happened meanwhile."""
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Show the training as it is now."""
        training, state = self._training, self._training.state
        running = training.status is Status.RUNNING
        self._title.setText(self._headline())
        self._about.setText(self._describe())
        self.stage.show_state(state, working=training.alive and not state.paused)
        self._body.setCurrentIndex(1 if state.fits else 0)
        if state.epoch is not self._drawn or not state.fits:
            self._drawn = state.epoch
            self.curves.show_fits(state.fits)
        classes = tuple(state.data.activities) if state.data is not None else ()
        self.confusion.show_matrix(classes, state.confusion)
        self._notes.show_lines(state.notes if training.alive else [])
        self._foot.setVisible(training.alive)
        self.pause.setEnabled(running)
        self.pause.setText(self.tr("&Continue") if state.paused else self.tr("&Pause"))
        self.cancel.setEnabled(running)
        self.ending.show_training(training)

    def _refresh_if_seen(self) -> None:
        if self.isVisible():
            self.refresh()

    def _new_body(self) -> QStackedWidget:
        waiting = new_label(
            self.tr(
                "The curves begin with the first epoch. Before that, the features of every clip "
                "are computed once and stored for the next training."
            ),
            "muted",
            wraps=True,
        )
        waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        waiting.setMargin(80)
        matrix = in_column(self._matrix_title, (self.confusion, 1), spacing=6)
        figures = QWidget()
        in_row((self.curves, 5), (matrix, 4), spacing=24, margins=0, on=figures)
        body = QStackedWidget()
        body.setObjectName("card")
        body.setContentsMargins(16, 12, 16, 12)
        body.addWidget(waiting)
        body.addWidget(figures)
        return body

    def _new_foot(self) -> QWidget:
        foot = QWidget()
        hint = new_label(self.tr("You can close this window: the training continues."), "muted")
        in_row((hint, 1), self.cancel, self.pause, margins=0, on=foot)
        return foot

    def _headline(self) -> str:
        training = self._training
        if training.status is Status.STOPPING:
            return self.tr("Stopping {0} ...").format(training.name)
        if training.alive and training.state.paused:
            return self.tr("{0} is paused").format(training.name)
        if training.alive:
            return self.tr("Training {0}").format(training.name)
        return self.tr("Training of {0}").format(training.name)

    def _describe(self) -> str:
        run, data = self._training.state.run, self._training.state.data
        parts = []
        if data is not None:
            clips = sum(activity.clips for activity in data.activities.values())
            parts.append(
                self.tr("{0} activities, {1} clips of {2}").format(
                    len(data.activities), clips, data.name
                )
            )
        if run is not None:
            parts.append(self.tr("network: {0}").format(run.preset))
        return "  ·  ".join(parts)

    def _pause_or_go_on(self) -> None:
        self.pause.setEnabled(False)  # until the trainer answers
        if self._training.state.paused:
            self._training.go_on()
        else:
            self._training.pause()

    def _ask_to_stop(self) -> None:
        ask(
            self,
            self.tr("Stop the training?"),
            self.tr("The work so far is saved, so that you can continue later."),
            self.tr("Stop"),
            self.tr("Continue training"),
            self._training.stop,
        )
