"""The second page: how the training goes."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from lrcn_desktop.app.retrain.confusion import ConfusionMatrix
from lrcn_desktop.app.retrain.curves import Curves
from lrcn_desktop.app.retrain.ending import Ending
from lrcn_desktop.app.retrain.process import Status, Training
from lrcn_desktop.app.retrain.stage_bar import StageBar
from lrcn_desktop.app.widgets.confirm import ask
from lrcn_desktop.app.widgets.text_box import TextBox
from lrcn_desktop.training_events import Epoch


class TrainingPage(QWidget):
    """Shows the training that runs or ran last, and holds, stops and continues it."""

    discarded = Signal()
    left = Signal()  # back to the clips

    def __init__(self, training: Training, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._training = training
        self._drawn: Epoch | None = None  # the epoch up to which the curves are drawn
        self._title, self._about = QLabel(), QLabel()
        font = self._title.font()
        font.setPointSizeF(font.pointSizeF() * 1.35)
        font.setBold(True)
        self._title.setFont(font)
        self._about.setObjectName("muted")
        for label in (self._title, self._about):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.stage, self.curves, self.confusion = StageBar(), Curves(), ConfusionMatrix()
        self.ending = Ending()
        self._matrix_title = QLabel(self.tr("Validation"))
        self._matrix_title.setObjectName("title")
        self._body = self._new_body()
        self._notes = TextBox(self.tr("Notes"), most_lines=3)
        self.pause = QPushButton(self.tr("&Pause"))
        self.cancel = QPushButton(self.tr("&Stop..."))
        self._foot = self._new_foot()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        head = QVBoxLayout()
        head.setSpacing(2)
        head.addWidget(self._title)
        head.addWidget(self._about)
        layout.addLayout(head)
        layout.addWidget(self.stage)
        layout.addWidget(self._body, 1)
        layout.addWidget(self._notes)
        layout.addWidget(self.ending)
        layout.addWidget(self._foot)
        self.pause.clicked.connect(self._pause_or_go_on)
        self.cancel.clicked.connect(self._ask_to_stop)
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
        waiting = QLabel(
            self.tr(
                "The curves begin with the first epoch. Before that, the features of every clip "
                "are computed once and stored for the next training."
            )
        )
        waiting.setObjectName("muted")
        waiting.setWordWrap(True)
        waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        waiting.setMargin(80)
        matrix = QVBoxLayout()
        matrix.setSpacing(6)
        matrix.addWidget(self._matrix_title)
        matrix.addWidget(self.confusion, 1)
        figures = QWidget()
        layout = QHBoxLayout(figures)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(24)
        layout.addWidget(self.curves, 5)
        layout.addLayout(matrix, 4)
        body = QStackedWidget()
        body.setObjectName("card")
        body.setContentsMargins(16, 12, 16, 12)
        body.addWidget(waiting)
        body.addWidget(figures)
        return body

    def _new_foot(self) -> QWidget:
        foot = QWidget()
        hint = QLabel(self.tr("You can close this window: the training continues."))
        hint.setObjectName("muted")
        layout = QHBoxLayout(foot)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(hint, 1)
        layout.addWidget(self.cancel)
        layout.addWidget(self.pause)
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
