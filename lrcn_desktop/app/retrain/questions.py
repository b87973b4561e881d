"""The questions of the training's window; none of them blocks it."""

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
