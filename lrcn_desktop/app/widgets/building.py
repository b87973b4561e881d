"""Rows and columns, labels, buttons and tables as all of the window has them, in one call each."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeVar

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

# What a row or a column consists of: a widget or a layout, alone or with its stretch and at most
# its alignment; or a number: that many pixels left free.
Item = QWidget | QLayout | tuple[Any, ...] | int
Margins = int | tuple[int, int, int, int]  # on all sides, or left, top, right and bottom
Slot = Callable[..., object] | SignalInstance
Box = TypeVar("Box", bound=QBoxLayout)
W = TypeVar("W", bound=QWidget)

STRETCH: Final = (None, 0)  # the room that nothing with a stretch of its own takes


def in_row(
    *items: Item, spacing: int = -1, margins: Margins | None = None, on: QWidget | None = None
) -> QHBoxLayout:
    """Return `items` side by side.

    Args:
        items: From left to right.
        spacing: Pixels between them; -1: as the style has it.
        margins: Pixels around them; None: as the style has it.
        on: The widget whose layout this is to be.
    """
    return _filled(QHBoxLayout(), items, spacing, margins, on)


def in_column(
    *items: Item, spacing: int = -1, margins: Margins | None = None, on: QWidget | None = None
) -> QVBoxLayout:
    """Return `items` one below the other, the rest as `in_row` has it."""
    return _filled(QVBoxLayout(), items, spacing, margins, on)


def new_label(
    text: str = "",
    style: str = "",
    *,
    name: str = "",
    wraps: bool = False,
    selectable: bool = False,
) -> QLabel:
    """Return a label of plain text.

    Args:
        text: What it says.
        style: How it looks: a name that the style sheet knows.
        name: What a screen reader calls it; "": what it says.
        wraps: Whether the text may take several lines.
        selectable: Whether the mouse can select it.
    """
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setObjectName(style)
    label.setAccessibleName(name)
    label.setWordWrap(wraps)
    if selectable:
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def new_button(
    text: str, clicked: Slot | None = None, style: str = "", *, name: str = "", tip: str = ""
) -> QPushButton:
    """Return a button.

    Args:
        text: What it says.
        clicked: What a click calls or emits.
        style: How it looks: a name that the style sheet knows.
        name: What a screen reader calls it; "": what it says.
        tip: What is shown under the pointer.
    """
    button = QPushButton(text)
    button.setObjectName(style)
    button.setAccessibleName(name)
    button.setToolTip(tip)
    if clicked is not None:
        button.clicked.connect(clicked)
    return button


def enlarge(label: QLabel, scale: float = 1.35) -> QLabel:
    """Make a label a heading, bold and `scale` times as large, and return it."""
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * scale)
    font.setBold(True)
    label.setFont(font)
    return label


def as_card(widget: W, style: str = "card") -> W:
    """Give a widget the frame and the background of a card, and return it.

    Args:
        widget: The widget.
        style: A name that the style sheet knows.
    """
    widget.setObjectName(style)
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return widget


def scrolling(inside: QWidget) -> QScrollArea:
    """Return a widget in an area without a frame that scrolls where there is too little room."""
    area = QScrollArea()
    area.setObjectName("page")
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)
    return area


def new_table(titles: Sequence[str], name: str, wide: int = 0) -> QTreeWidget:
    """Return an empty table, each column as wide as what is in it.

    Args:
        titles: Of the columns.
        name: What a screen reader calls it.
        wide: The number of the column that takes the rest of the width.
    """
    table = QTreeWidget()
    table.setAccessibleName(name)
    table.setHeaderLabels(titles)
    table.setRootIsDecorated(False)
    table.setUniformRowHeights(True)
    header = table.header()
    header.setStretchLastSection(False)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)
    return table


def align_right(item: QTreeWidgetItem, columns: Iterable[int]) -> None:
    """Write figures, or their title, at the right of their columns."""
    for column in columns:
        item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


def _filled(
    box: Box, items: Sequence[Item], spacing: int, margins: Margins | None, on: QWidget | None
) -> Box:
    if spacing >= 0:
        box.setSpacing(spacing)
    if margins is not None:
        box.setContentsMargins(*(margins if isinstance(margins, tuple) else 4 * (margins,)))
    for item in items:
        part, *how = item if isinstance(item, tuple) else (item,)
        if isinstance(part, QWidget):
            box.addWidget(part, *how)
        elif isinstance(part, QLayout):
            box.addLayout(part, *how)
        elif part is None:
            box.addStretch(*how)
        else:
            box.addSpacing(part)
    if on is not None:
        on.setLayout(box)
    return box
