"""The questions that the window asks; none of them blocks it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QInputDialog, QLineEdit, QMessageBox, QWidget

from lrcn_desktop import __version__
from lrcn_desktop.app.widgets.words import tr
from lrcn_desktop.video.suffixes import VIDEO_SUFFIXES

Answer = Callable[[str], object]


def ask_video(parent: QWidget, answer: Answer) -> None:
    """Ask for a video file."""
    kinds = " ".join(f"*{suffix} *{suffix.upper()}" for suffix in sorted(VIDEO_SUFFIXES))
    filters = [tr("Videos ({0})").format(kinds), tr("All files (*)")]
    _ask_file(parent, tr("Open video"), filters, answer)


def ask_model(parent: QWidget, answer: Answer) -> None:
    """Ask for a model file."""
    _ask_file(parent, tr("Open model file"), [tr("Models (*.safetensors)")], answer)


def ask_new_file(
    parent: QWidget, title: str, name: str, filters: list[str], answer: Answer
) -> None:
    """Ask where to save a file, `name` to begin with; an existing one is asked about."""
    dialog = QFileDialog(parent, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(filters)
    dialog.selectFile(name)
    suffix = name.rpartition(".")[2]
    dialog.setDefaultSuffix(suffix)
    _open(dialog, answer)


def ask_folder(parent: QWidget, answer: Answer, title: str = "", start: str = "") -> None:
    """Ask for a folder: of images, unless `title` says what else; `start`: where to look first."""
    dialog = QFileDialog(parent, title or tr("Open image folder"), start)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    _open(dialog, answer)


def ask_stream(parent: QWidget, answer: Answer, address: str = "rtsp://") -> None:
    """Ask for the address of a network stream; `address` is there to begin with."""
    dialog = QInputDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(tr("Open stream"))
    dialog.setLabelText(tr("Address of the stream (rtsp://, http:// or https://)"))
    dialog.setTextEchoMode(QLineEdit.EchoMode.Normal)
    dialog.setTextValue(address)
    dialog.resize(460, dialog.sizeHint().height())
    dialog.textValueSelected.connect(lambda text: answer(text.strip()) if text.strip() else None)
    dialog.open()


def show_about(parent: QWidget) -> None:
    """Show what this program is."""
    text = tr(
        "<h3>LRCN Desktop {0}</h3><p>Live activity recognition on your own desktop: a "
        "convolutional network sees each frame, and an LSTM remembers the frames before.</p>"
        "<p>Nothing that it sees leaves this computer.</p>"
    )
    _show(parent, tr("About LRCN Desktop"), text.format(__version__))


def _ask_file(parent: QWidget, title: str, filters: list[str], answer: Answer) -> None:
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters(filters)
    _open(dialog, answer)


def _open(dialog: QFileDialog, answer: Answer) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(answer)
    dialog.open()


def _show(parent: QWidget, title: str, text: str) -> None:
    box = QMessageBox(QMessageBox.Icon.NoIcon, title, text, parent=parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
