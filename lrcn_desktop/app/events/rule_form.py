"""The actions for one activity, as controls."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QFileDialog,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from lrcn_desktop.app.events.program import PLACEHOLDERS
from lrcn_desktop.app.events.rule import LONGEST, Rule
from lrcn_desktop.app.widgets.building import new_button, new_label

_INDENT = 24  # pixels: what belongs to a box stands under its words
_LINES = 3  # of arguments on show


class RuleForm(QWidget):
    """Shows a rule and lets it be changed."""

    changed = Signal()
    sound_wanted = Signal()

    def __init__(self, *, notes_in_window: bool) -> None:
        """Say, with `notes_in_window`, that the desktop shows no notifications."""
        super().__init__()
        self._label = ""
        self.count = QCheckBox(self.tr("&Count it in the window"))
        self.notify = QCheckBox(self.tr("Show a &notification"))
        self.sound = QCheckBox(self.tr("Play a &sound"))
        self.try_sound = QPushButton(self.tr("&Try it"))
        self.log = QCheckBox(self.tr("&Add a line to a CSV file"))
        self.log_path = QLineEdit(placeholderText=self.tr("events.csv, created if missing"))
        self.log_path.setAccessibleName(self.tr("CSV file"))
        self.choose_log = new_button(self.tr("Choose..."), name=self.tr("Choose the CSV file"))
        self.program = QCheckBox(self.tr("&Run a program"))
        self.program_path = QLineEdit()
        self.program_path.setAccessibleName(self.tr("Program"))
        self.choose_program = new_button(self.tr("Choose..."), name=self.tr("Choose the program"))
        self.arguments = QPlainTextEdit()
        self.arguments.setTabChangesFocus(True)
        self.arguments.setPlaceholderText(self.tr("Its arguments, one per line"))
        self.arguments.setAccessibleName(self.tr("Arguments, one per line"))
        self.arguments.setFixedHeight(_LINES * self.fontMetrics().lineSpacing() + 22)
        self.least, self.pause = _seconds(), _seconds()
        self._notes_in_window = notes_in_window
        self._lay_out()
        self._connect()
        self._enable()

    @property
    def rule(self) -> Rule:
        """The rule as it stands."""
        program: tuple[str, ...] = ()
        if self.program.isChecked() and self.program_path.text().strip():
            lines = self.arguments.toPlainText().splitlines()
            program = (self.program_path.text().strip(), *(line for line in lines if line))
        return Rule(
            self._label,
            self.least.value(),
            self.pause.value(),
            count=self.count.isChecked(),
            notify=self.notify.isChecked(),
            sound=self.sound.isChecked(),
            log=self.log_path.text().strip() if self.log.isChecked() else "",
            program=program,
        )

    @property
    def missing(self) -> str:
        """One sentence that says what was ticked and not filled in, or ""."""
        if self.log.isChecked() and not self.log_path.text().strip():
            return self.tr("Choose the CSV file that the lines go to, or untick it.")
        if self.program.isChecked() and not self.program_path.text().strip():
            return self.tr("Choose the program to run, or untick it.")
        return ""

    def show_rule(self, rule: Rule) -> None:
        """Show another rule."""
        self.blockSignals(True)
        self._label = rule.label
        for box, on in (
            (self.count, rule.count),
            (self.notify, rule.notify),
            (self.sound, rule.sound),
            (self.log, bool(rule.log)),
            (self.program, bool(rule.program)),
        ):
            box.setChecked(on)
        self.log_path.setText(rule.log)
        self.program_path.setText(rule.program[0] if rule.program else "")
        self.arguments.setPlainText("\n".join(rule.program[1:]))
        self.least.setValue(rule.least)
        self.pause.setValue(rule.pause)
        self.blockSignals(False)
        self._enable()

    def _lay_out(self) -> None:
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setVerticalSpacing(8)
        layout.setColumnMinimumWidth(0, _INDENT - layout.horizontalSpacing())
        layout.setColumnStretch(1, 1)
        layout.addWidget(self.count, 0, 0, 1, 3)
        layout.addWidget(self.notify, 1, 0, 1, 3)
        if self._notes_in_window:
            hint = self.tr("This desktop shows no notifications: they appear in the window.")
            layout.addWidget(_hint(hint), 2, 1, 1, 2)
        layout.addWidget(self.sound, 3, 0, 1, 2)
        layout.addWidget(self.try_sound, 3, 2)
        layout.addWidget(self.log, 4, 0, 1, 3)
        layout.addWidget(self.log_path, 5, 1)
        layout.addWidget(self.choose_log, 5, 2)
        layout.addWidget(self.program, 6, 0, 1, 3)
        layout.addWidget(self.program_path, 7, 1)
        layout.addWidget(self.choose_program, 7, 2)
        layout.addWidget(self.arguments, 8, 1, 1, 2)
        names = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        hint = self.tr(
            "{0} are replaced by what was seen. The program runs when the activity begins; with "
            "{1}, when it has ended."
        )
        layout.addWidget(_hint(hint.format(names, "{end}")), 9, 1, 1, 2)
        layout.setRowMinimumHeight(10, 8)
        numbers = QGridLayout()
        numbers.setHorizontalSpacing(12)
        numbers.setVerticalSpacing(8)
        numbers.setColumnStretch(2, 1)
        for row, (text, box) in enumerate(
            (
                (self.tr("Minimum &duration"), self.least),
                (self.tr("Then not again &for"), self.pause),
            )
        ):
            words = QLabel(text)
            words.setBuddy(box)
            box.setAccessibleName(text.replace("&", ""))
            numbers.addWidget(words, row, 0)
            numbers.addWidget(box, row, 1)
        layout.addLayout(numbers, 11, 0, 1, 3)
        layout.setRowStretch(12, 1)

    def _connect(self) -> None:
        for box in (self.count, self.notify, self.sound, self.log, self.program):
            box.toggled.connect(self._change)
        for line in (self.log_path, self.program_path):
            line.textEdited.connect(self._change)
        self.arguments.textChanged.connect(self._change)
        for number in (self.least, self.pause):
            number.valueChanged.connect(self._change)
        self.try_sound.clicked.connect(self.sound_wanted)
        self.choose_log.clicked.connect(self._ask_log)
        self.choose_program.clicked.connect(self._ask_program)

    def _change(self) -> None:
        self._enable()
        self.changed.emit()

    def _enable(self) -> None:
        widgets: tuple[QWidget, ...] = (self.log_path, self.choose_log)
        for widget in widgets:
            widget.setEnabled(self.log.isChecked())
        widgets = (self.program_path, self.choose_program, self.arguments)
        for widget in widgets:
            widget.setEnabled(self.program.isChecked())

    def _ask_log(self) -> None:
        dialog = QFileDialog(self, self.tr("CSV file for events"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)  # lines are added to it
        dialog.setNameFilter(self.tr("Events (*.csv)"))
        dialog.setDefaultSuffix("csv")
        self._ask(dialog, self.log_path)

    def _ask_program(self) -> None:
        dialog = QFileDialog(self, self.tr("Program to run"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        self._ask(dialog, self.program_path)

    def _ask(self, dialog: QFileDialog, line: QLineEdit) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(line.setText)
        dialog.fileSelected.connect(self._change)
        dialog.open()


def _hint(text: str) -> QLabel:
    return new_label(text, "muted", wraps=True)


def _seconds() -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setDecimals(1)
    box.setRange(0.0, LONGEST)
    box.setSingleStep(0.5)
    box.setSuffix(" s")
    box.setKeyboardTracking(False)
    box.lineEdit().setTextMargins(8, 0, 8, 0)  # a style sheet does not reach inside
    box.setFixedWidth(90)
    return box
