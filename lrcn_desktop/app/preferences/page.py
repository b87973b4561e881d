"""A page of the preferences: rows of a label and a control, each bound to a setting."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QLabel,
    QWidget,
)

from lrcn_desktop.app.settings import Setting, Settings
from lrcn_desktop.app.widgets.building import new_label

T = TypeVar("T", str, float, int, bool)


class Page(QWidget):
    """Changes the settings at once, and shows what else changes them.

    Attributes:
        title: What the dialog calls it.
        bound: The settings on this page, for "Restore defaults".
    """

    def __init__(self, settings: Settings, title: str) -> None:
        super().__init__()
        self.settings, self.title = settings, title
        self.bound: list[Setting[Any]] = []
        self._show: dict[str, Callable[[], object]] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(4, 4, 12, 4)
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnMinimumWidth(0, 9 * self.fontMetrics().height())
        self._grid.setColumnStretch(1, 1)
        self._row = 0
        settings.changed.connect(self.show_setting)

    def add_row(self, label: str, control: QWidget, hint: str = "") -> None:
        """Add a control with its label at the left, and a muted line of explanation below."""
        row = self._row
        if label:
            name = QLabel(label)
            name.setBuddy(control)
            self._grid.addWidget(name, row, 0)
            if not control.accessibleName():
                control.setAccessibleName(label.replace("&", ""))
        self._grid.addWidget(control, row, 1, Qt.AlignmentFlag.AlignLeft)
        if hint:
            words = new_label(hint, "muted", wraps=True)
            self._grid.addWidget(words, row + 1, 1)
            control.setAccessibleDescription(hint)
        self._grid.setRowMinimumHeight(row + 2, 12)
        self._row = row + 3
        self._grid.setRowStretch(row, 0)  # it was the last one's rest
        self._grid.setRowStretch(self._row, 1)  # what follows the last row takes the rest

    def add_choice(
        self, label: str, setting: Setting[T], options: Sequence[tuple[str, T]], hint: str = ""
    ) -> QComboBox:
        """Add a choice between values, each with what the user reads."""
        box = QComboBox()
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for text, value in options:
            box.addItem(text, value)

        def show() -> None:
            box.setCurrentIndex(max(0, box.findData(self.settings.get(setting))))

        self._bind(setting, show)
        box.activated.connect(lambda _: self.settings.set(setting, box.currentData()))
        self.add_row(label, box, hint)
        return box

    def add_check(self, text: str, setting: Setting[bool], hint: str = "") -> QCheckBox:
        """Add something that is on or off."""
        box = QCheckBox(text)
        self._bind(setting, lambda: box.setChecked(self.settings.get(setting)))
        box.clicked.connect(lambda checked: self.settings.set(setting, checked))
        self.add_row("", box, hint)
        return box

    def add_number(
        self,
        label: str,
        setting: Setting[float],
        lowest: float,
        highest: float,
        suffix: str = "",
        hint: str = "",
    ) -> QDoubleSpinBox:
        """Add a whole number between two bounds, kept as a float."""
        box = QDoubleSpinBox()
        box.setDecimals(0)
        box.setRange(lowest, highest)
        box.setSuffix(suffix)
        box.setKeyboardTracking(False)
        box.lineEdit().setTextMargins(7, 0, 7, 0)  # a style sheet's padding does not reach it
        self._bind(setting, lambda: box.setValue(self.settings.get(setting)))
        box.valueChanged.connect(lambda value: self.settings.set(setting, value))
        self.add_row(label, box, hint)
        return box

    def show_setting(self, setting: Setting[Any]) -> None:
        """Let a setting's control show its value."""
        if setting.key in self._show:
            self._show[setting.key]()

    def _bind(self, setting: Setting[Any], show: Callable[[], object]) -> None:
        self.bound.append(setting)
        self._show[setting.key] = show
        show()
