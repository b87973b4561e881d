"""A word in the menu bar's corner while a training runs, or when its outcome is unseen."""

from PySide6.QtWidgets import QMenuBar, QToolButton

from lrcn_desktop.app.retrain.process import Status, Training
from lrcn_desktop.app.retrain.stage_bar import done_share
from lrcn_desktop.app.widgets.words import tr


class Indicator(QToolButton):
    """Says how the training is; a click opens its window."""

    def __init__(self, training: Training) -> None:
        super().__init__()
        self._training = training
        self.setObjectName("indicator")
        self.setToolTip(self.tr("Open the training's window"))
        training.changed.connect(self.refresh)
        training.progressed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show how the training is; nothing where there is none."""
        text = summary(self._training)
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(text)
        self.setVisible(bool(text))
        bar = self.parentWidget()
        if isinstance(bar, QMenuBar) and self.width() < self.sizeHint().width():
            bar.setCornerWidget(self)  # a menu bar asks only then how wide it would be


def summary(training: Training) -> str:
    """Return a few words about a training, "" where there is none, or its end has been seen."""
    name, state = training.name, training.state
    if training.status is Status.IDLE or training.seen:
        return ""
    if training.status is Status.DONE:
        return tr("{0} is trained").format(name)
    if training.status is Status.STOPPING:
        return tr("Stopping {0}").format(name)
    if training.status is not Status.RUNNING:
        return tr("{0} is not finished").format(name)
    if state.paused:
        return tr("{0} is paused").format(name)
    share = done_share(state)
    stage = state.stage.stage if state.stage is not None else ""
    words = {"features": tr("features"), "fit": tr("fitting"), "test": tr("testing")}
    percent = "" if share is None else f"{100 * share:.0f} %"
    parts = (tr("Training {0}:").format(name), words.get(stage, tr("starting")), percent)
    return " ".join(filter(None, parts))
