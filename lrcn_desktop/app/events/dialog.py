"""The dialog of events: which activities, and what is to happen when they are seen."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QWidget,
)

from lrcn_desktop.app.events.log import check_log
from lrcn_desktop.app.events.program import check_program
from lrcn_desktop.app.events.rule import Rule, rule_for, same_activity
from lrcn_desktop.app.events.rule_form import RuleForm
from lrcn_desktop.app.widgets.building import as_card, in_column, in_row, new_label, scrolling
from lrcn_desktop.app.widgets.class_colors import color_of, readable
from lrcn_desktop.app.widgets.paint import fill_rounded, smooth_painter
from lrcn_desktop.errors import UserError

_LIST_WIDTH = 250  # pixels
_DOT = 10  # pixels


class EventsDialog(QDialog):
    """Lists the activities at the left, and at the right what happens for the chosen one."""

    chosen = Signal(object)  # the rules, a list; those that do nothing are left out
    sound_wanted = Signal()

    def __init__(
        self,
        rules: Sequence[Rule],
        classes: Sequence[str],
        *,
        notes_in_window: bool,
        parent: QWidget,
    ) -> None:
        """Offer the model's classes and what there are rules for."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Events"))
        self.resize(840, 620)
        self._classes = tuple(classes)
        self.activities = QListWidget()
        self.activities.setAccessibleName(self.tr("Activities"))
        self.activities.setFixedWidth(_LIST_WIDTH)
        self.activities.setIconSize(QSize(_DOT, _DOT))
        self.other = QLineEdit(placeholderText=self.tr("Another activity"))
        self.other.setAccessibleName(self.tr("Another activity"))
        self.add = QPushButton(self.tr("A&dd"))
        self.add.setAutoDefault(False)
        self.form = RuleForm(notes_in_window=notes_in_window)
        self._name = new_label(style="title")
        self._error = new_label(style="slow", wraps=True)
        self._error.hide()
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        self._buttons.button(QDialogButtonBox.StandardButton.Save).setObjectName("primary")
        self._lay_out()
        self._connect()
        self._list(rules)

    @property
    def error(self) -> str:
        """The sentence on show, or ""."""
        return "" if self._error.isHidden() else self._error.text()

    @property
    def rules(self) -> list[Rule]:
        """The rules as they stand, those that do something."""
        items = (self.activities.item(row) for row in range(self.activities.count()))
        rules: list[Rule] = [item.data(Qt.ItemDataRole.UserRole) for item in items]
        return [rule for rule in rules if rule.does_something]

    def choose_activity(self, label: str) -> bool:
        """Show the form of an activity; whether it is listed."""
        for row in range(self.activities.count()):
            rule: Rule = self.activities.item(row).data(Qt.ItemDataRole.UserRole)
            if same_activity(rule.label, label):
                self.activities.setCurrentRow(row)
                return True
        return False

    def accept(self) -> None:
        """Hand the rules over, unless something in them cannot work."""
        sentence = self.form.missing
        for rule in self.rules if not sentence else ():
            try:
                if rule.log:
                    check_log(Path(rule.log))
                if rule.program:
                    check_program(rule.program[0])
            except UserError as error:
                sentence = f"{readable(rule.label)}: {error}"
                self.choose_activity(rule.label)
                break
        if sentence:
            self._error.setText(sentence)
            self._error.show()
            return
        self.chosen.emit(self.rules)
        super().accept()

    def _lay_out(self) -> None:
        adding = in_row((self.other, 1), self.add, spacing=8)
        left = in_column((self.activities, 1), adding, spacing=10)
        page = QWidget()
        in_column(self._name, (self.form, 1), spacing=12, margins=(18, 14, 18, 14), on=page)
        card = as_card(QWidget())
        in_column(scrolling(page), margins=1, on=card)
        columns = in_row(left, (card, 1), spacing=14)
        words = new_label(self.tr("Choose what happens each time an activity is seen."), "muted")
        in_column(words, (columns, 1), self._error, self._buttons, spacing=14, margins=16, on=self)

    def _connect(self) -> None:
        self.activities.currentItemChanged.connect(self._show)
        self.form.changed.connect(self._take)
        self.form.sound_wanted.connect(self.sound_wanted)
        self.add.clicked.connect(self._add_other)
        self.other.textChanged.connect(lambda text: self.add.setDefault(bool(text.strip())))
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)

    def _list(self, rules: Sequence[Rule]) -> None:
        for label in self._classes:
            self._add(rule_for(label, rules) or Rule(label))
        for rule in rules:
            if rule_for(rule.label, [Rule(label) for label in self._classes]) is None:
                self._add(rule)
        first = self.rules[0].label if self.rules else ""
        self.form.setEnabled(self.activities.count() > 0)
        if not (first and self.choose_activity(first)):
            self.activities.setCurrentRow(0)
        (self.activities if self.activities.count() else self.other).setFocus()

    def _add(self, rule: Rule) -> QListWidgetItem:
        item = QListWidgetItem(self.activities)
        self._put(item, rule)
        return item

    def _add_other(self) -> None:
        label = self.other.text().strip()
        if label and not self.choose_activity(label):
            self.activities.setCurrentItem(self._add(Rule(label)))
        self.form.setEnabled(self.activities.count() > 0)
        self.other.clear()

    def _put(self, item: QListWidgetItem, rule: Rule) -> None:
        item.setData(Qt.ItemDataRole.UserRole, rule)
        words = self._summary(rule)
        item.setText(f"{readable(rule.label)}\n{words}" if words else readable(rule.label))
        same = (i for i, label in enumerate(self._classes) if same_activity(label, rule.label))
        index = next(same, None)
        color = None if index is None else color_of(self._classes[index], self._classes)
        item.setIcon(_dot(color))
        if index is None and self._classes:
            item.setToolTip(self.tr("The model that is loaded does not know this activity."))

    def _summary(self, rule: Rule) -> str:
        words = (
            (rule.count, self.tr("count")),
            (rule.notify, self.tr("notification")),
            (rule.sound, self.tr("sound")),
            (rule.log, self.tr("CSV")),
            (rule.program, self.tr("program")),
        )
        return ", ".join(word for on, word in words if on)

    def _show(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            rule: Rule = item.data(Qt.ItemDataRole.UserRole)
            self._name.setText(readable(rule.label))
            self.form.show_rule(rule)

    def _take(self) -> None:
        item = self.activities.currentItem()
        if item is not None:
            self._error.hide()
            self._put(item, self.form.rule)


def _dot(color: QColor | None) -> QIcon:
    """Return a small square in a class's color, or an empty one."""
    drawn = QPixmap(2 * _DOT, 2 * _DOT)
    drawn.fill(Qt.GlobalColor.transparent)
    if color is not None:
        painter = smooth_painter(drawn)
        fill_rounded(painter, drawn.rect(), 5, color)
        painter.end()
    icon = QIcon(drawn)
    icon.addPixmap(drawn, QIcon.Mode.Selected)  # else Qt tints it
    return icon
