"""What the bars consist of: what they show, and the texts and rows as they are drawn."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFont

from lrcn_desktop.recognition.display_state import Shown
from lrcn_desktop.recognition.prediction import Prediction


@dataclass(frozen=True, slots=True)
class Colors:
    """Of the texts and of what is behind the bars."""

    text: QColor
    muted: QColor
    track: QColor
    tick: QColor


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it is drawn.

    Attributes:
        text: Cut where there is no room.
        whole: What it is cut from.
        room: Where it is, in units.
        font: Its font.
        strong: Whether it is not muted.
        right: Whether it is at the right.
        opacity: 0..1.
    """

    text: str
    whole: str
    room: QRectF
    font: QFont
    strong: bool = False
    right: bool = False
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class View:
    """What the bars show at one moment.

    Attributes:
        classes: The model's, in the order of the probabilities.
        threshold: Of the model, 0..1.
        scored: Whether the threshold is one of `prediction.known`, apart from the probabilities.
        prediction: The newest, or that of the history.
        shown: What is going on.
        detail: A line under the headline.
        with_score: Whether `prediction.known` has a bar, where the threshold is one of it.
    """

    classes: tuple[str, ...]
    threshold: float
    scored: bool
    prediction: Prediction
    shown: Shown
    detail: str
    with_score: bool = True


@dataclass(frozen=True, slots=True)
class BarRow:
    """A bar.

    Attributes:
        name: What is written over it.
        value: 0..1.
        top: In units.
        color: None: no class's.
        leads: Whether it is what is going on.
        tick: The threshold, None: it has none.
        faint: Whether nothing known is seen.
        opacity: 0..1.
    """

    name: str
    value: float
    top: float
    color: QColor | None
    leads: bool = False
    tick: float | None = None
    faint: bool = False
    opacity: float = 1.0
