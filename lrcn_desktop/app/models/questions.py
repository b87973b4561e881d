"""The questions of the models' window; none of them blocks it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QMessageBox, QWidget

from lrcn_desktop.app.widgets.words import tr

Answer = Callable[[], object]


def ask_name(parent: QWidget, name: str, answer: Callable[[str], object]) -> None:
    """Ask for a model's new name."""
    dialog = QInputDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(tr("Rename the model"))
    dialog.setLabelText(tr("New name of {0}").format(name))
    dialog.setTextValue(name)
    dialog.resize(420, dialog.sizeHint().height())
    dialog.textValueSelected.connect(lambda text: answer(text.strip()))
    dialog.open()


def ask_clash(
    parent: QWidget,
    name: str,
    free: str,
    keep: Answer,
    replace: Answer | None,
) -> None:
    """Ask what to do with a model whose name is taken; `replace`: None where it may not be."""
    box = QMessageBox(
        QMessageBox.Icon.Question,
        tr("Import the model"),
        tr("A model called {0} already exists.").format(name),
        parent=parent,
    )
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    both = box.addButton(tr("Keep both (as {0})").format(free), QMessageBox.ButtonRole.AcceptRole)
    both.clicked.connect(lambda: keep())
    if replace is not None:
        instead = box.addButton(tr("Replace it"), QMessageBox.ButtonRole.DestructiveRole)
        instead.clicked.connect(lambda: replace())
    refuse = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(both)
    box.setEscapeButton(refuse)
    box.open()
