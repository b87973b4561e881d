"""The preferences' page about recordings: where they go, and what is kept in memory."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QFileDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QWidget,
)

from lrcn_desktop.app.preferences.page import Page
from lrcn_desktop.app.recording.recording_settings import (
    FOLDER,
    KEEP,
    LEAST_MEGABYTES,
    LEAST_SECONDS,
    MEGABYTES,
    MOST_MEGABYTES,
    MOST_SECONDS,
    SAVE_ON,
    SECONDS,
    recording_folder,
    save_on,
)
from lrcn_desktop.app.settings import Setting, Settings
from lrcn_desktop.app.widgets.building import in_row, new_button, new_label
from lrcn_desktop.app.widgets.class_colors import readable

_READ_EVERY = 500  # milliseconds between readings of what the buffer holds
_WIDTH = 220  # pixels: of the wide controls
_ROWS = 5  # activities that are seen without scrolling

Held = tuple[float, float]  # seconds, megabytes


class RecordingPage(Page):
    """Folder, rolling buffer, and what saves it.

    Args:
        settings: Changed at once.
        classes: The model's activities; () without a model.
        held: Returns what the buffer holds, None without one.
    """

    def __init__(
        self, settings: Settings, classes: Sequence[str], held: Callable[[], Held | None]
    ) -> None:
        super().__init__(settings, "")
        self.title = self.tr("Recording")
        self._held = held
        self._add_folder()
        self.add_check(self.tr("&Keep the last seconds in memory"), KEEP)
        self.seconds = self.add_number(
            *(self.tr("&Seconds"), SECONDS, LEAST_SECONDS, MOST_SECONDS),
            suffix=self.tr(" s"),
        )
        self.megabytes = self.add_number(
            *(self.tr("&Memory"), MEGABYTES, LEAST_MEGABYTES, MOST_MEGABYTES),
            suffix=self.tr(" MB"),
            hint=self.tr("The limit that is reached first applies."),
        )
        self.reading = new_label(style="muted")
        self.add_row(self.tr("Now"), self.reading)
        self._add_activities(classes)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._read)
        self._read()

    def showEvent(self, event: object) -> None:  # noqa: N802
        """Read the buffer while somebody looks."""
        self._read()
        self._timer.start(_READ_EVERY)

    def hideEvent(self, event: object) -> None:  # noqa: N802
        """Read it no more."""
        self._timer.stop()

    def show_setting(self, setting: Setting[Any]) -> None:
        """Let a setting's control show its value."""
        super().show_setting(setting)
        if setting == FOLDER:
            self._show_folder()

    def _add_folder(self) -> None:
        self._folder = QLineEdit(readOnly=True)
        self._folder.setMinimumWidth(_WIDTH)
        self._folder.setAccessibleName(self.tr("Folder"))
        choose = new_button(
            self.tr("C&hoose..."), self._choose_folder, name=self.tr("Choose the folder")
        )
        row = QWidget()
        in_row((self._folder, 1), choose, margins=0, on=row)
        self.add_row(self.tr("Folder"), row)
        self.bound.append(FOLDER)
        self._show_folder()

    def _show_folder(self) -> None:
        self._folder.setText(str(recording_folder(self.settings)))
        self._folder.setToolTip(self._folder.text())
        self._folder.setCursorPosition(0)

    def _choose_folder(self) -> None:
        start = recording_folder(self.settings)
        while not start.is_dir() and start != start.parent:
            start = start.parent
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Recordings go to"), str(start))
        if chosen:
            self.settings.set(FOLDER, str(Path(chosen)))

    def _add_activities(self, classes: Sequence[str]) -> None:
        chosen = save_on(self.settings)
        self.activities = QListWidget()
        self.activities.setAccessibleName(self.tr("Save automatically when detected"))
        self.activities.setMinimumWidth(_WIDTH)
        self.bound.append(SAVE_ON)
        for label in (*chosen, *(one for one in classes if one not in chosen)):
            item = QListWidgetItem(readable(label))
            item.setData(Qt.ItemDataRole.UserRole, label)
            item.setCheckState(
                Qt.CheckState.Checked if label in chosen else Qt.CheckState.Unchecked
            )
            self.activities.addItem(item)
        rows = min(_ROWS, max(1, self.activities.count()))
        self.activities.setFixedHeight(rows * (self.fontMetrics().height() + 10) + 8)
        self.activities.itemChanged.connect(self._choose_activities)
        known = bool(self.activities.count())
        self.activities.setVisible(known)
        self.add_row(
            self.tr("Save when &detected"),
            self.activities
            if known
            else QLabel(self.tr("Open a source first: no model is loaded")),
            self.tr("The last seconds are saved soon after the activity has ended."),
        )

    def _choose_activities(self) -> None:
        items = (self.activities.item(row) for row in range(self.activities.count()))
        chosen = [
            item.data(Qt.ItemDataRole.UserRole)
            for item in items
            if item.checkState() is Qt.CheckState.Checked
        ]
        self.settings.set(SAVE_ON, chosen)

    def _read(self) -> None:
        held = self._held()
        if held is None:
            self.reading.setText(self.tr("Nothing is held at the moment"))
        else:
            self.reading.setText(self.tr("Holds {0:.0f} s in {1:.0f} MB").format(*held))
