"""The stage that the training is in, how far it is, and how long it will take yet."""

from PySide6.QtWidgets import QLabel, QProgressBar, QWidget

from lrcn_desktop.app.retrain.state import TrainingState
from lrcn_desktop.app.retrain.words import lasting
from lrcn_desktop.app.widgets.building import in_column, in_row

_STEPS = 1000  # of the bar


class StageBar(QWidget):
    """A sentence, the time left and a bar."""

    def __init__(self) -> None:
        super().__init__()
        self._stage, self._left = QLabel(), QLabel()
        self._stage.setObjectName("title")
        self._left.setObjectName("muted")
        self._left.setAccessibleName(self.tr("Time left"))
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName(self.tr("Progress of the stage"))
        words = in_row((self._stage, 1), self._left)
        in_column(words, self._bar, spacing=8, margins=0, on=self)

    @property
    def text(self) -> str:
        """The sentence and the time left, as shown."""
        return f"{self._stage.text()} {self._left.text()}".strip()

    @property
    def share(self) -> float:
        """How much of the stage is done, 0..1."""
        return max(0, self._bar.value()) / _STEPS

    def show_state(self, state: TrainingState, *, working: bool) -> None:
        """Show how far a training is; `working` False: it has ended or waits."""
        self._stage.setText(self._sentence(state))
        share = done_share(state)
        if share is None and working:
            self._bar.setRange(0, 0)  # busy
        else:
            self._bar.setRange(0, _STEPS)
            self._bar.setValue(round(_STEPS * (share or 0.0)))
        left = seconds_left(state)
        known = working and left is not None
        self._left.setText(self.tr("{0} left").format(lasting(left)) if known and left else "")

    def _sentence(self, state: TrainingState) -> str:
        if state.stage is None:
            return self.tr("Starting ...")
        words = {
            "scan": self.tr("Scanning the clips"),
            "features": self.tr("Computing features"),
            "fit": self.tr("Fitting"),
            "test": self.tr("Testing"),
        }
        stage = words.get(state.stage.stage, state.stage.text)
        epoch, progress = state.epoch, state.progress
        if state.stage.stage == "fit" and epoch is not None:
            return self.tr("{0}: {1}, epoch {2} of {3}").format(
                stage, epoch.fit, epoch.epoch, epoch.epochs
            )
        if progress is not None and progress.total:
            return self.tr("{0}: {1:.0f} of {2:.0f}").format(stage, progress.done, progress.total)
        return stage


def done_share(state: TrainingState) -> float | None:
    """Return how much of the present stage is done, 0..1, or None while nobody knows."""
    if state.progress is not None and state.progress.total:
        return min(1.0, state.progress.done / state.progress.total)
    return None


def seconds_left(state: TrainingState) -> float | None:
    """Return how long the present stage will take yet, or None while nobody knows."""
    fitting = state.stage is not None and state.stage.stage == "fit"
    if state.progress is not None and state.progress.seconds_left is not None:
        return state.progress.seconds_left
    return state.epoch.seconds_left if fitting and state.epoch is not None else None
