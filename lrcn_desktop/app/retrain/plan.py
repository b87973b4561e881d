"""Which network is trained, and what the model will be called."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QWidget

from lrcn_desktop.app.widgets.building import new_label
from lrcn_desktop.model.presets import PRESETS

_RECOMMENDED = "default"


class Plan(QWidget):
    """A choice of presets and a field for the name."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._preset = QComboBox()
        self._preset.setModel(self._presets())
        self._preset.setCurrentIndex(0)
        self._summary = new_label(style="muted")
        self._preset.currentIndexChanged.connect(self._show_summary)
        self._name = QLineEdit(maxLength=80)
        self._name.textChanged.connect(self.changed)
        self._hint = new_label(style="muted")
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(12)
        layout.setVerticalSpacing(8)
        layout.setColumnStretch(2, 1)
        for row, (text, field, remark) in enumerate(
            (
                (self.tr("Net&work"), self._preset, self._summary),
                (self.tr("Na&me of the model"), self._name, self._hint),
            )
        ):
            label = QLabel(text)
            label.setBuddy(field)
            field.setAccessibleName(text.replace("&", ""))
            field.setMinimumWidth(230)
            layout.addWidget(label, row, 0)
            layout.addWidget(field, row, 1)
            layout.addWidget(remark, row, 2)
        self._show_summary()

    @property
    def preset(self) -> str:
        """The chosen preset's name."""
        return str(self._preset.currentData())

    @property
    def name(self) -> str:
        """The name as typed."""
        return self._name.text().strip()

    def set_name(self, name: str) -> None:
        """Propose a name."""
        self._name.setText(name)

    def show_hint(self, text: str) -> None:
        """Say something about the name."""
        self._hint.setText(text)

    def _presets(self) -> QStandardItemModel:
        model = QStandardItemModel(self)
        model.appendRow(_choice(_RECOMMENDED))
        model.appendRow(_heading(self.tr("Published approaches")))
        for name in PRESETS:
            if name != _RECOMMENDED:
                model.appendRow(_choice(name))
        return model

    def _show_summary(self) -> None:
        self._summary.setText(PRESETS[self.preset].summary)
        self.changed.emit()


def _heading(text: str) -> QStandardItem:
    item = QStandardItem(text)
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    return item


def _choice(name: str) -> QStandardItem:
    own = QCoreApplication.translate("Plan", "{0}, recommended").format(name)
    item = QStandardItem(own if name == _RECOMMENDED else name)
    item.setData(name, Qt.ItemDataRole.UserRole)
    item.setToolTip(PRESETS[name].summary)
    return item
