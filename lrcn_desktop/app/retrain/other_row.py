"""Something else: clips in which none of the activities happens, if the user has some."""

from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from lrcn_desktop.app.widgets.building import as_card, in_column, in_row, new_button, new_label
from lrcn_desktop.app.widgets.file_dialogs import ask_folder

_MOST_NAMES = 3


class OtherRow(QWidget):
    """Takes a folder of such clips, or the clips themselves, by a drop or a dialog.

    Attributes:
        paths: What was given, folders and files, in that order.
    """

    def __init__(self) -> None:
        super().__init__()
        self.paths: tuple[str, ...] = ()
        self._clips, self._sources = 0, 0
        as_card(self)
        self.setAcceptDrops(True)
        title = new_label(self.tr("Something else"), "title")
        self._text = new_label(style="muted", wraps=True)
        name = self.tr("Choose a folder of clips of something else")
        self.choose = new_button(self.tr("Choose..."), self._ask, name=name)
        name = self.tr("Remove the clips of something else")
        self.remove = new_button(self.tr("Remove"), self.clear, name=name)
        words = in_column(title, self._text, spacing=2)
        in_row((words, 1), self.remove, self.choose, margins=(16, 10, 12, 10), on=self)
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
        title = self.tr("Choose a folder of clips of something else")
        ask_folder(self, lambda folder: self.add([folder]), title)

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
