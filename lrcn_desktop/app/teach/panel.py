"""What stands beside the picture while a model is taught: the cards, and what comes of them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from lrcn_desktop.app.teach.card import Card
from lrcn_desktop.recognition.teaching.project import OTHER

WIDTH = 300  # pixels at the least
_STEPS = 10  # of the slider, for a logit
_FURTHEST = 4  # logits
_SAID = 1  # sentence of advice: the cards need the room; the tool tip has them all


class TeachPanel(QWidget):
    """A column: the project, the cards of its activities, advice, and the threshold.

    Attributes:
        cards: By activity, `OTHER` among them.
        project, refine, undo, countdown, slider: What can be used.
    """

    activity_wanted = Signal(str)  # a name
    shift_changed = Signal(float)  # logits: above 0, more is unknown
    shift_chosen = Signal()  # the slider was released
    project_wanted = Signal(object)  # the button whose menu is to be shown
    close_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumWidth(WIDTH)
        self.setAccessibleName(self.tr("Teaching"))
        self.cards: dict[str, Card] = {}
        self.project = QToolButton()
        self.project.setText(self.tr("Begin to teach"))
        self.project.setObjectName("small")
        self.project.setToolTip(self.tr("The project: open another one, import examples"))
        self.project.clicked.connect(lambda: self.project_wanted.emit(self.project))
        close = QToolButton()
        close.setObjectName("small")
        close.setText("\u2715")
        close.setToolTip(self.tr("Stop teaching; the model stays"))
        close.setAccessibleName(self.tr("Stop teaching"))
        close.clicked.connect(self.close_wanted)
        self._hint = _muted(
            self.tr(
                "Do it in front of the camera and hold its number key, about three seconds each "
                "time, five times each."
            )
        )
        self._column = QVBoxLayout()
        self._column.setSpacing(8)
        self.name = QLineEdit()
        self.name.setPlaceholderText(self.tr("New activity, such as drinking"))
        self.name.setAccessibleName(self.tr("Name of a new activity"))
        self.name.returnPressed.connect(self._add)
        add = QPushButton(self.tr("Add"))
        add.setAutoDefault(False)
        add.clicked.connect(self._add)
        self._status = QLabel()
        self._status.setWordWrap(True)
        self._change = _muted("")
        self._change.hide()
        self._advice = _muted("")
        self.refine = QPushButton(self.tr("Refine"))
        self.refine.setAutoDefault(False)
        self.refine.setToolTip(
            self.tr(
                "Learn from varied examples and fit a memory, in the background: "
                "what does best is used"
            )
        )
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.hide()
        self.undo = QPushButton(self.tr("Undo delete"))
        self.undo.setAutoDefault(False)
        self.countdown = QCheckBox(self.tr("Count down first"))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(-_FURTHEST * _STEPS, _FURTHEST * _STEPS)
        self.slider.setAccessibleName(self.tr("How soon something counts as unknown"))
        self.slider.setToolTip(self.tr("Left: show more. Right: say Unknown sooner."))
        self.slider.valueChanged.connect(self._shift)
        self.slider.sliderReleased.connect(self.shift_chosen)
        self._lay(close, add)

    def show_project(self, name: str, activities: Sequence[str]) -> list[Card]:
        """Show a project, and return the cards that are new."""
        self.project.setText(f"{name} \u25be")
        wanted = [*activities, OTHER]
        for activity in [a for a in self.cards if a not in wanted]:
            card = self.cards.pop(activity)
            self._column.removeWidget(card)
            card.deleteLater()
        fresh = []
        for place, activity in enumerate(wanted):
            if activity not in self.cards:
                key = "0" if activity == OTHER else str(place + 1) if place < 9 else ""
                self.cards[activity] = Card(activity, key)
                fresh.append(self.cards[activity])
            self._column.removeWidget(self.cards[activity])
            self._column.insertWidget(place, self.cards[activity])
        return fresh

    def show_hint(self, *, wanted: bool) -> None:
        """Say how to record an example, or leave the room to the cards."""
        self._hint.setVisible(wanted)

    def show_shift(self, shift: float) -> None:
        """Show where the threshold stands, without saying that it moved."""
        before = self.slider.blockSignals(True)
        self.slider.setValue(round(shift * _STEPS))
        self.slider.blockSignals(before)

    def _shift(self, value: int) -> None:
        self.shift_changed.emit(value / _STEPS)
        if not self.slider.isSliderDown():  # by a key, the wheel or a click beside the handle
            self.shift_chosen.emit()

    def show_status(self, sentence: str, advice: Sequence[str]) -> None:
        """Say how good the model is, and what would make it better."""
        self._status.setText(sentence)
        self._advice.setText("\n".join(f"\u2022 {line}" for line in advice[:_SAID]))
        self._advice.setToolTip("\n".join(advice))
        self._advice.setVisible(bool(advice))

    def show_change(self, sentence: str) -> None:
        """Say what the new model does to the timeline; "": nothing is known of it."""
        self._change.setText(sentence)
        self._change.setVisible(bool(sentence))

    @property
    def change(self) -> str:
        """The sentence on the timeline."""
        return self._change.text()

    @property
    def status(self) -> str:
        """The sentence on the model."""
        return self._status.text()

    @property
    def advice(self) -> str:
        """What would make it better, a line each."""
        return self._advice.text()

    def show_refining(self, share: float | None) -> None:
        """Show how far refining is, 0..1; None: it is not under way."""
        self._bar.setVisible(share is not None)
        self._bar.setRange(0, 100)
        self._bar.setValue(round(100 * (share or 0.0)))
        self.refine.setText(self.tr("Refine") if share is None else self.tr("Stop refining"))

    def _add(self) -> None:
        name = self.name.text().strip()
        if name:
            self.name.clear()
            self.activity_wanted.emit(name)
            self.setFocus()  # so that the number keys record

    def _lay(self, close: QToolButton, add: QPushButton) -> None:
        head = QHBoxLayout()
        head.addWidget(self.project)
        head.addStretch()
        head.addWidget(close)
        line = QHBoxLayout()
        line.addWidget(self.name, 1)
        line.addWidget(add)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(8)
        column.addLayout(self._column)
        column.addLayout(line)
        column.addStretch()
        scroll = QScrollArea()
        scroll.setObjectName("page")
        scroll.setAccessibleName(self.tr("The activities and their examples"))
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        ends = QHBoxLayout()
        ends.addWidget(_muted(self.tr("Show more")))
        ends.addWidget(self.slider, 1)
        ends.addWidget(_muted(self.tr("Unknown sooner")))
        buttons = QHBoxLayout()
        buttons.addWidget(self.refine)
        buttons.addWidget(self.undo)
        buttons.addStretch()
        buttons.addWidget(self.countdown)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 6, 12, 10)
        layout.setSpacing(9)
        layout.addLayout(head)
        layout.addWidget(self._hint)
        layout.addWidget(scroll, 1)
        layout.addWidget(self._status)
        layout.addWidget(self._change)
        layout.addWidget(self._advice)
        layout.addLayout(ends)
        layout.addWidget(self._bar)
        layout.addLayout(buttons)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)


def _muted(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("muted")
    label.setWordWrap(len(text) > 30 or not text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
