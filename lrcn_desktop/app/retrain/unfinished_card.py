"""The offer to continue a training that was not finished."""

from PySide6.QtCore import QDateTime, QLocale, Signal
from PySide6.QtWidgets import QWidget

from lrcn_desktop.app.retrain.runs import Unfinished
from lrcn_desktop.app.widgets.building import as_card, in_column, in_row, new_button, new_label


class UnfinishedCard(QWidget):
    """Says which training it is and how far it came."""

    continued = Signal(object)  # the Unfinished
    discarded = Signal(object)

    def __init__(self, run: Unfinished) -> None:
        super().__init__()
        as_card(self)
        epoch = run.state.epoch
        text = (
            self.tr("Continue the training of {0} from epoch {1}?").format(run.name, epoch.epoch)
            if epoch is not None
            else self.tr("Continue the training of {0}?").format(run.name)
        )
        title = new_label(text, "title")
        when = QLocale().toString(
            QDateTime.fromSecsSinceEpoch(round(run.when)), QLocale.FormatType.ShortFormat
        )
        parts = [self.tr("It stopped on {0}").format(when)]
        if epoch is not None:
            parts.append(
                self.tr("{0}, epoch {1} of {2}").format(epoch.fit, epoch.epoch, epoch.epochs)
            )
        elif run.state.stage is not None:
            parts.append(run.state.stage.text)
        detail = new_label("  ·  ".join(filter(None, parts)), "muted")
        go_on = new_button(self.tr("Continue"), lambda: self.continued.emit(run), name=text)
        name = self.tr("Discard the training of {0}").format(run.name)
        discard = new_button(self.tr("Discard..."), lambda: self.discarded.emit(run), name=name)
        words = in_column(title, detail, spacing=2)
        in_row((words, 1), discard, go_on, margins=(16, 10, 12, 10), on=self)
