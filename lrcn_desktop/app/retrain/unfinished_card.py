"""The offer to continue a training that was not finished."""

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from lrcn_desktop.app.retrain.runs import Unfinished


class UnfinishedCard(QWidget):
    """Says which training it is and how far it came."""

    continued = Signal(object)  # the Unfinished
    discarded = Signal(object)

    def __init__(self, run: Unfinished, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        epoch = run.state.epoch
        text = (
            self.tr("Continue the training of {0} from epoch {1}?").format(run.name, epoch.epoch)
            if epoch is not None
            else self.tr("Continue the training of {0}?").format(run.name)
        )
        title = QLabel(text)
        title.setObjectName("title")
        title.setTextFormat(Qt.TextFormat.PlainText)
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
        detail = QLabel("  ·  ".join(filter(None, parts)))
        detail.setObjectName("muted")
        detail.setTextFormat(Qt.TextFormat.PlainText)
        go_on, discard = QPushButton(self.tr("Continue")), QPushButton(self.tr("Discard..."))
        go_on.setAccessibleName(text)
        discard.setAccessibleName(self.tr("Discard the training of {0}").format(run.name))
        go_on.clicked.connect(lambda: self.continued.emit(run))
        discard.clicked.connect(lambda: self.discarded.emit(run))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(title)
        words.addWidget(detail)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 10, 12, 10)
        layout.addLayout(words, 1)
        layout.addWidget(discard)
        layout.addWidget(go_on)
