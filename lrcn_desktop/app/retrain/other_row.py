"""Something else: clips in which none of the activities happens, if the user has some."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

_MOST_NAMES = 3


class OtherRow(QWidget):
    """Takes a folder of such clips, or the clips themselves, by a drop or a dialog.

    Attributes:
        paths: What was given, folders and files, in that order.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.paths: tuple[str, ...] = ()
        self._clips, self._sources = 0, 0
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAcceptDrops(True)
        title = QLabel(self.tr("Something else"))
        title.setObjectName("title")
        self._text = QLabel()
        self._text.setObjectName("muted")
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self.choose, self.remove = QPushButton(self.tr("Choose...")), QPushButton(self.tr("Remove"))
        self.choose.setAccessibleName(self.tr("Choose a folder of clips of something else"))
        self.remove.setAccessibleName(self.tr("Remove the clips of something else"))
        self.choose.clicked.connect(self._ask)
        self.remove.clicked.connect(self.clear)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(title)
        words.addWidget(self._text)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 10, 12, 10)
        layout.addLayout(words, 1)
        layout.addWidget(self.remove)
        layout.addWidget(self.choose)
        self._show()

    def add(self, paths: list[str]) -> None:
        """Take more folders or files."""
        both = dict.fromkeys((*self.paths, *paths))
        self.paths = tuple(sorted(both, key=lambda path: not Path(path).is_dir()))
        self._show()

    def clear(self) -> None:
        """Take none."""
        self.paths = ()
        self._show()

    def show_found(self, clips: int, sources: int) -> None:
        """Show how many such clips lie beside the activities, in the folder _other."""
        self._clips, self._sources = clips, sources
        self._show()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Accept folders and files of this computer."""
        if _paths(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Take what was dropped."""
        event.acceptProposedAction()
        self.add(_paths(event))

    def _ask(self) -> None:
        dialog = QFileDialog(self, self.tr("Choose a folder of clips of something else"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda folder: self.add([folder]))
        dialog.open()

    def _show(self) -> None:
        parts = []
        if self._clips:
            text = self.tr("Clips in the folder _other: {0}, sources: {1}")
            parts.append(text.format(self._clips, self._sources))
        names = [Path(path).name or path for path in self.paths]
        if len(names) > _MOST_NAMES:
            more = self.tr("{0} more").format(len(names) - _MOST_NAMES)
            names = [*names[:_MOST_NAMES], more]
        if names:
            parts.append(", ".join(names))
        self._text.setText(
            "  ·  ".join(parts)
            or self.tr(
                "Optional: drop a few clips here in which none of these happens. The model then "
                "learns to say Unknown."
            )
        )
        self.remove.setVisible(bool(self.paths))


def _paths(event: QDropEvent) -> list[str]:
    paths = [url.toLocalFile() for url in event.mimeData().urls()]
    return paths if all(path and Path(path).exists() for path in paths) else []
