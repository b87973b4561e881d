"""What is said beside the demo: truth and prediction, the memory's switch, what to do next."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QLabel,
    QSizePolicy,
    QWidget,
)

from lrcn_desktop.app.widgets.building import (
    STRETCH,
    as_card,
    in_column,
    in_row,
    new_button,
    new_label,
)
from lrcn_desktop.app.widgets.class_colors import readable
from lrcn_desktop.recognition.score import Score


class DemoCard(QWidget):
    """A card that explains the demo.

    Attributes:
        memory: The switch.
        camera, teach: What to do next.
    """

    memory_switched = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        as_card(self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._truth, self._said, self._score = QLabel(), QLabel(), QLabel()
        self._truth.setAccessibleName(self.tr("Truth"))
        self._said.setAccessibleName(self.tr("What it says"))
        self._score.setAccessibleName(self.tr("Score"))
        rows = QGridLayout()
        rows.setHorizontalSpacing(10)
        rows.setVerticalSpacing(2)
        rows.setColumnStretch(1, 1)
        for row, (name, value) in enumerate(
            ((self.tr("Truth:"), self._truth), (self.tr("It says:"), self._said))
        ):
            title = new_label(name, "muted")
            for each in (title, value):
                each.setToolTip(self.tr("This scene is drawn, so what really happens is known."))
            value.setObjectName("title")
            rows.addWidget(title, row, 0)
            rows.addWidget(value, row, 1)
        self.memory = QCheckBox(self.tr("With memory"))
        self.memory.setChecked(True)
        self.memory.toggled.connect(self.memory_switched)
        self.memory.toggled.connect(lambda _: self._explain())
        self._caption = new_label(style="muted", wraps=True)
        self.camera = new_button(self.tr("Now your camera"), style="small")
        self.teach = new_button(self.tr("Teach it something"), style="small")
        for button in (self.camera, self.teach):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        buttons = in_row(self.camera, self.teach, STRETCH, spacing=8)
        middle = in_row((self._score, 1), self.memory)
        in_column(rows, middle, self._caption, buttons, spacing=5, margins=(14, 8, 14, 8), on=self)
        self._explain()

    @property
    def words(self) -> str:
        """What the card says, in one line."""
        return f"{self._truth.text()} / {self._said.text()} / {self._score.text()}"

    def show_said(self, said: str) -> None:
        """Show what is recognized, in the headline's words; "": nothing yet."""
        self._put(self._said, said or self.tr("nothing yet"))

    def show_truth(self, truth: str, found: Score) -> None:
        """Show what really goes on, and the count."""
        self._put(self._truth, readable(truth))
        if found.of:
            text = self.tr("Right in {0} of {1}").format(found.right, found.of)
        else:
            text = self.tr("Counting from the next one")
        self._put(self._score, text)

    def _explain(self) -> None:
        if self.memory.isChecked():
            text = self.tr(
                "Sitting down and standing up are the same frames, reversed: switch off the memory "
                "and watch."
            )
        else:
            text = self.tr(
                "Each frame alone: sitting down and standing up look the same, as do picking up "
                "and putting down."
            )
        self._caption.setText(text)

    @staticmethod
    def _put(label: QLabel, text: str) -> None:
        if text != label.text():
            label.setText(text)
