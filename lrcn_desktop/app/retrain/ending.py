"""Why a training is not going on, the last lines of its log, and what can be done."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QWidget

from lrcn_desktop.app.retrain.process import Status, Training
from lrcn_desktop.app.widgets.building import (
    STRETCH,
    as_card,
    in_column,
    in_row,
    new_button,
    new_label,
)
from lrcn_desktop.app.widgets.text_box import TextBox


class Ending(QWidget):
    """Shown where a training was stopped, failed or died."""

    continued = Signal()
    discarded = Signal()
    left = Signal()  # back to the clips; the run is kept

    def __init__(self) -> None:
        super().__init__()
        as_card(self)
        self._title = new_label(style="title", wraps=True, selectable=True)
        self._text = new_label(wraps=True, selectable=True)
        self._log = TextBox(self.tr("The last lines of the log"), most_lines=10)
        self._log.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._log.setLineWrapMode(TextBox.LineWrapMode.NoWrap)
        self.go_on = new_button(self.tr("&Continue the training"), self.continued, "primary")
        self._discard = new_button(self.tr("&Discard..."), self.discarded)
        self._back = new_button(self.tr("&Back to the clips"), self.left)
        buttons = in_row(STRETCH, self._discard, self._back, self.go_on)
        parts = (self._title, self._text, self._log, buttons)
        in_column(*parts, spacing=8, margins=(16, 12, 16, 12), on=self)
        self.hide()

    @property
    def text(self) -> str:
        """All that is said."""
        parts = [self._title.text(), self._text.text()]
        if not self._log.isHidden():
            parts.append(self._log.toPlainText())
        return "\n".join(parts)

    def show_training(self, training: Training) -> None:
        """Say how `training` ended; hidden while it has not, and where all went well."""
        resumable = training.resumable
        kept = self.tr("The work so far is saved: you can continue now or later.")
        lost = self.tr("Fitting had not begun, so there is nothing to continue.")
        outcome = kept if resumable else lost
        match training.status:
            case Status.STOPPED:
                self._say(self.tr("The training has stopped."), outcome)
            case Status.FAILED:
                self._say(training.state.error, kept if resumable else "")
            case Status.DIED:
                title = self.tr("The training failed: {0}.").format(training.cause)
                self._say(title, outcome, training.log)
            case _:
                self.hide()
                return
        self.go_on.setVisible(resumable)
        self._discard.setVisible(resumable)
        self.show()
        (self.go_on if resumable else self._back).setFocus()

    def _say(self, title: str, text: str, log: Sequence[str] = ()) -> None:
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self._log.show_lines(log)
        end = self._log.verticalScrollBar()
        end.setValue(end.maximum())
