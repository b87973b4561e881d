"""Questions that are answered with a yes or a no; none of them blocks the window."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def ask(
    parent: QWidget, title: str, text: str, yes: str, no: str, answer: Callable[[], object]
) -> QMessageBox:
    """Ask `text` and call `answer` where the button `yes` is chosen; Esc and Enter mean `no`."""
    box = QMessageBox(QMessageBox.Icon.Question, title, text, parent=parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    agree = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    refuse = box.addButton(no, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(refuse)
    box.setEscapeButton(refuse)
    agree.clicked.connect(lambda: answer())
    box.open()
    return box


class LeaveQuestion:
    """Asks, one at a time, whether to close the program although something would be lost."""

    def __init__(self, parent: QWidget) -> None:
        self._parent = parent
        self._box: QMessageBox | None = None
        self._agreed = False

    def agreed(self, close: Callable[[], object], title: str, text: str, yes: str, no: str) -> bool:
        """Whether the user has agreed before; else ask, and call `close` once they agree."""
        if self._agreed or self._box is not None:
            return self._agreed

        def agree() -> None:
            self._agreed = True
            close()

        self._box = ask(self._parent, title, text, yes, no, agree)
        self._box.finished.connect(self._answered)
        return False

    def dismiss(self) -> None:
        """Take the question back: there is nothing left to lose."""
        if self._box is not None:
            self._box.reject()

    def _answered(self) -> None:
        self._box = None
