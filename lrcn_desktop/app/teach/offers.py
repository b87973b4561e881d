"""The menus of a project, of a card and of an example."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtWidgets import QFileDialog, QMenu, QToolButton

from lrcn_desktop.app.host import Host
from lrcn_desktop.app.teach.card import Card
from lrcn_desktop.app.teach.lesson import Lesson
from lrcn_desktop.app.teach.thumbnail import Thumbnail, read_frames
from lrcn_desktop.app.teach.trim_dialog import TrimDialog
from lrcn_desktop.app.teach.work import export_model
from lrcn_desktop.app.widgets.file_dialogs import ask_folder
from lrcn_desktop.recognition.teaching.project import OTHER, Clip
from lrcn_desktop.video.suffixes import VIDEO_SUFFIXES


class Offers(QObject):
    """Offers what can be done with a lesson, and asks what it has to know."""

    def __init__(self, host: Host, lesson: Lesson, parent: QObject) -> None:
        super().__init__(parent)
        self._host, self._lesson = host, lesson

    def for_project(self, button: QToolButton) -> None:
        """Offer what can be done with the project, under its button."""
        menu, window = QMenu(self._host.window), self._host.window
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(
            self.tr("&Open or make a project..."),
            lambda: ask_folder(window, self._open, self.tr("Folder of the project")),
        )
        menu.addAction(
            self.tr("Add &segments of this video that you set"), self._lesson.import_segments
        )
        export = menu.addAction(self.tr("&Export the model..."), self._export)
        export.setEnabled(self._lesson.file is not None)
        menu.addAction(self.tr("Show the &folder"), self._show_folder)
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def _open(self, folder: str) -> None:
        self._lesson.close()
        self._lesson.open(Path(folder))

    def _export(self) -> None:
        """Ask where a copy of the model goes, to give it away."""
        model, project = self._lesson.file, self._lesson.project
        if model is None or project is None:
            return
        dialog = QFileDialog(self._host.window, self.tr("Export the model"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("safetensors")
        dialog.selectFile(model.name)
        dialog.fileSelected.connect(
            lambda name: self._host.worker.run(
                partial(export_model, model, project, Path(name)),
                _done,
                self._host.show_error,
                "export",
            )
        )
        dialog.open()

    def _show_folder(self) -> None:
        if self._lesson.project is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._lesson.project.folder)))

    def for_card(self, card: Card) -> None:
        """Offer what can be done with an activity."""
        menu = QMenu(card)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        add_last = partial(self._lesson.collecting.add_last_seconds, card.activity)
        menu.addAction(self.tr("Add the &last seconds"), add_last)
        menu.addAction(self.tr("&Import videos..."), partial(self._import, card.activity))
        if card.activity != OTHER:
            menu.addSeparator()
            menu.addAction(
                self.tr("&Delete this activity"),
                partial(self._lesson.examples.remove_activity, card.activity),
            )
        menu.popup(card.mapToGlobal(QPoint(card.width() - 40, 36)))

    def for_clip(self, thumbnail: Thumbnail, place: QPoint) -> None:
        """Offer what can be done with an example."""
        project, clip = self._lesson.project, thumbnail.clip
        if project is None:
            return
        menu = QMenu(thumbnail)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("&Delete"), partial(self._lesson.examples.delete, clip))
        menu.addAction(self.tr("&Trim..."), partial(self._trim, clip))
        move = menu.addMenu(self.tr("&Move to"))
        for activity in (*project.activities, OTHER):
            if activity != clip.activity:
                name = self.tr("Something else") if activity == OTHER else activity
                move.addAction(
                    name.replace("&", "&&"), partial(self._lesson.examples.move, clip, activity)
                )
        menu.popup(place)

    def _trim(self, clip: Clip) -> None:
        def ask(found: tuple[list[QImage], float]) -> None:
            dialog = TrimDialog(*found, self._host.window)
            dialog.trimmed.connect(partial(self._lesson.examples.trim, clip))
            dialog.open()

        self._host.worker.run(
            partial(_frames_and_seconds, clip.path), ask, self._host.show_error, "trim"
        )

    def _import(self, activity: str) -> None:
        dialog = QFileDialog(self._host.window, self.tr("Import examples"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        kinds = " ".join(f"*{suffix}" for suffix in sorted(VIDEO_SUFFIXES))
        dialog.setNameFilters([self.tr("Videos ({0})").format(kinds), self.tr("All files (*)")])
        dialog.filesSelected.connect(
            lambda names: self._lesson.examples.import_files(
                activity, [Path(name) for name in names]
            )
        )
        dialog.open()


def _frames_and_seconds(path: Path) -> tuple[list[QImage], float]:
    from lrcn_desktop.video.file import FileSource

    with FileSource(path) as source:
        seconds = source.duration
        if seconds is None:
            seconds = max((frame.time for frame in source), default=0.0) + 1 / source.rate
    return read_frames(path), seconds


def _done(_: object) -> None:
    """The file is where the user put it."""
