"""The dialog that tells of a fault of the program itself."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QLabel, QWidget

from lrcn_desktop.app.widgets.building import STRETCH, in_column, in_row, new_button, new_label

_WIDTH = 560


class FaultDialog(QDialog):
    """Says what happened and where the log is; the window behind it goes on meanwhile.

    Attributes:
        others: How many further faults came while it was open.
    """

    def __init__(
        self,
        summary: str,
        details: str,
        log: Path | None,
        show_log: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        """Tell of one fault.

        Args:
            summary: Its kind and what it says.
            details: What helps to mend it, for the clipboard.
            log: The file that holds the details; None: there is none.
            show_log: Called to open that.
            parent: The window that it belongs to.
        """
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Something went wrong"))
        self._details, self.others = details, 0
        title = new_label(self.tr("Something went wrong in the program itself"), "title")
        what = _text(summary)
        what.setObjectName("code")
        where = _text(
            self.tr("The program continues. The details are in {0}").format(log)
            if log is not None
            else self.tr("The program continues. No log could be written: copy the details.")
        )
        where.setObjectName("muted")
        self._more = _text("")
        self._more.setObjectName("muted")
        self._more.hide()
        self._copied = new_button(self.tr("Copy"), self.copy, tip=self.tr("Copy the details"))
        shown = new_button(self.tr("Show log"), lambda: show_log())
        shown.setVisible(log is not None)
        go_on = new_button(self.tr("Continue"), self.accept, "primary")
        go_on.setDefault(True)
        buttons = in_row(shown, self._copied, STRETCH, go_on)
        texts = (title, what, where, self._more)
        self._layout = in_column(*texts, 4, buttons, spacing=12, margins=(22, 18, 22, 16), on=self)
        go_on.setFocus()
        self._fit()

    def count_another(self) -> None:
        """Say that one more fault happened meanwhile."""
        self.others += 1
        self._more.setText(
            self.tr("One further error since.")
            if self.others == 1
            else self.tr("{0} further errors since.").format(self.others)
        )
        if self._more.isHidden():
            self._more.show()
            self._fit()

    def copy(self) -> None:
        """Put the details on the clipboard."""
        QGuiApplication.clipboard().setText(self._details)
        self._copied.setText(self.tr("Copied"))

    def _fit(self) -> None:
        """Take the height that the wrapped texts need: Qt asks for it at its own width only."""
        self._layout.activate()
        self.setFixedSize(_WIDTH, self._layout.totalHeightForWidth(_WIDTH))


def _text(text: str) -> QLabel:
    label = new_label(text, wraps=True)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return label
