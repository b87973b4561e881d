"""The activities to choose from, each with its color and its key."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from lrcn_desktop.app.widgets.class_colors import color_of, readable
from lrcn_desktop.app.widgets.paint import smooth_painter

KEYS = 9  # activities that a digit chooses
_SIZE = 32  # pixels of a swatch, at twice the density


def fill_labels(menu: QMenu, labels: Sequence[str], chosen: Callable[[str], object]) -> None:
    """Add an entry for each of `labels`, in their order."""
    for number, label in enumerate(labels):
        text = readable(label).replace("&", "&&")
        if number < KEYS:
            text = f"&{number + 1}  {text}"
        action = menu.addAction(swatch(label, labels), text)
        action.triggered.connect(lambda _=False, label=label: chosen(label))


def ask_label(
    parent: QWidget, title: str, labels: Sequence[str], answer: Callable[[str], object]
) -> QInputDialog:
    """Ask for an activity, one of `labels` or a new one."""
    dialog = QInputDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    translate = QCoreApplication.translate
    dialog.setLabelText(translate("ask_label", "Activity: one of the list, or a new one"))
    dialog.setComboBoxEditable(True)
    dialog.setComboBoxItems(list(labels))
    dialog.resize(380, dialog.sizeHint().height())
    dialog.textValueSelected.connect(lambda text: answer(text.strip()))
    dialog.open()
    return dialog


def swatch(label: str, labels: Sequence[str]) -> QIcon:
    """Return a small disc in the color of one of `labels`."""
    pixmap = QPixmap(_SIZE, _SIZE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = smooth_painter(pixmap)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color_of(label, labels))
    painter.drawEllipse(4, 4, _SIZE - 8, _SIZE - 8)
    painter.end()
    return QIcon(pixmap)
