"""One activity: its name, its live bar, its examples, and the button that records more."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from lrcn_desktop.app.teach.flow import FlowLayout
from lrcn_desktop.app.teach.thumbnail import Thumbnail
from lrcn_desktop.app.widgets.icons import icon
from lrcn_desktop.app.widgets.theme import Theme, current_theme, follow_theme
from lrcn_desktop.recognition.teaching.project import OTHER, Clip


class LiveBar(QWidget):
    """How likely the activity is now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(6)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._value, self._sure, self._color = 0.0, False, QColor()

    def show_value(self, value: float, color: QColor, *, sure: bool) -> None:
        """Show a probability 0..1; fainter where nothing known is seen."""
        if (value, sure) != (self._value, self._sure):
            self._value, self._sure, self._color = value, sure, color
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        room = QRectF(self.rect())
        painter.setBrush(QColor(current_theme().raised))
        painter.drawRoundedRect(room, 3, 3)
        if self._value > 0:
            color = QColor(self._color)
            color.setAlphaF(1.0 if self._sure else 0.4)
            painter.setBrush(color)
            room.setWidth(max(6.0, room.width() * self._value))
            painter.drawRoundedRect(room, 3, 3)
        painter.end()


class Card(QFrame):
    """One activity, or something else.

    Attributes:
        activity: Its name, or `OTHER`.
        record: The button that records.
        bar: How likely it is now.
        thumbnails: Its examples.
    """

    pressed = Signal(str)
    released = Signal(str)
    renamed = Signal(str, str)
    more_wanted = Signal(object)  # this card: the menu of what else can be done

    def __init__(self, activity: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.activity = activity
        self.setObjectName("card")
        self.thumbnails: list[Thumbnail] = []
        other = activity == OTHER
        self._name = QLineEdit(self.tr("Something else") if other else activity)
        self._name.setReadOnly(other)
        self._name.setFrame(False)
        self._name.setAccessibleName(self.tr("Name of the activity"))
        self._name.editingFinished.connect(self._rename)
        if other:
            self._name.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._name.setStyleSheet(
            "QLineEdit { border: none; background: transparent; padding: 0; font-weight: 600; }"
        )
        self._count = QLabel()
        self._count.setObjectName("muted")
        self.record = QPushButton(self.tr("Record ({0})").format(key) if key else self.tr("Record"))
        self.record.setObjectName("small")
        self.record.setAutoDefault(False)
        self.record.setToolTip(
            self.tr(
                "Hold it, or the key {0}, while it happens: about three seconds. "
                "A click records three seconds. Ctrl+{0} adds the last three seconds."
            ).format(key)
            if key
            else self.tr("Hold it while it happens: about three seconds.")
        )
        self.record.setAccessibleName(self.tr("Record {0}").format(self._name.text()))
        self.record.pressed.connect(lambda: self.pressed.emit(self.activity))
        self.record.released.connect(lambda: self.released.emit(self.activity))
        self._more = QToolButton()
        self._more.setObjectName("small")
        self._more.setText("\u22ef")
        self._more.setAccessibleName(self.tr("More for {0}").format(self._name.text()))
        self._more.clicked.connect(lambda: self.more_wanted.emit(self))
        self.bar = LiveBar()
        self.bar.setVisible(not other)
        self._hint = QLabel(
            self.tr("What else the camera sees, none of these: an empty room, a phone call.")
            if other
            else self.tr("No example yet")
        )
        self._hint.setObjectName("muted")
        self._hint.setWordWrap(True)
        self._examples = QWidget()
        FlowLayout(self._examples)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._name, 1)
        head.addWidget(self._count)
        head.addWidget(self.record)
        head.addWidget(self._more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 10, 10)
        layout.setSpacing(7)
        layout.addLayout(head)
        layout.addWidget(self.bar)
        layout.addWidget(self._hint)
        layout.addWidget(self._examples)
        follow_theme(self._apply_theme)

    def show_clips(self, clips: Sequence[Clip]) -> list[Thumbnail]:
        """Show the examples, and return the thumbnails that are new and have no picture yet."""
        wanted, layout = {clip.path: clip for clip in clips}, self._examples.layout()
        assert layout is not None
        for thumbnail in [t for t in self.thumbnails if t.clip.path not in wanted]:
            self.thumbnails.remove(thumbnail)
            layout.removeWidget(thumbnail)
            thumbnail.deleteLater()
        there, fresh = {thumbnail.clip.path for thumbnail in self.thumbnails}, []
        for clip in clips:
            if clip.path not in there:
                thumbnail = Thumbnail(clip)
                layout.addWidget(thumbnail)
                self.thumbnails.append(thumbnail)
                fresh.append(thumbnail)
        self._count.setText(str(len(clips)) if clips else "")
        self._hint.setVisible(not clips)
        self._examples.setVisible(bool(clips))
        self._examples.updateGeometry()
        return fresh

    def show_recording(self, words: str) -> None:
        """Say on the button that it records; "": it does not."""
        self.record.setObjectName("primary" if words else "small")
        if not hasattr(self, "_words"):
            self._words = self.record.text()
        self.record.setText(words or self._words)
        self.record.style().unpolish(self.record)
        self.record.style().polish(self.record)

    def _rename(self) -> None:
        new = self._name.text().strip()
        if new and new != self.activity and self.activity != OTHER:
            self.renamed.emit(self.activity, new)
        elif self.activity != OTHER:
            self._name.setText(self.activity)

    def _apply_theme(self, theme: Theme) -> None:
        self.record.setIcon(icon("record", theme.danger))
