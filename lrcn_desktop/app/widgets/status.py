"""The figures at the foot of the window, each with what it is measured against."""

import time
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from lrcn_desktop.app.widgets.banner import NoteBanner
from lrcn_desktop.app.widgets.building import in_row, new_label

_SLOW = 0.9  # of the wanted rate: below it, for a while, the machine does not hold it
PATIENCE = 3.0  # seconds before the window says so


@dataclass(frozen=True, slots=True)
class Figures:
    """What the status bar shows; rates in 1/s, times in seconds.

    Attributes:
        declared: The source's own rate, at the speed at which it plays; None where what it says
            cannot be relied on, as of a network stream.
        measured: The rate at which its frames came.
        steps: Recognition steps done, None without a model.
        wanted: Recognition steps that the model and the source ask for.
        latency: From a frame's arrival to its prediction.
        dropped: Steps missed since the start.
        repaints: Repaints of the picture.
        settled: False while the rates cannot be judged yet: paused, ended, just begun.
        limit: Recognition steps that the model and the source allow, where they were chosen
            automatically; None otherwise.
        slowed: Whether fewer are wanted now, as this machine did not hold more.
        why: Why so many steps are wanted, in words.
        playing: False while nothing moves, so that there is nothing to measure.
    """

    declared: float | None
    measured: float
    steps: float | None
    wanted: float
    latency: float
    dropped: int
    repaints: float
    settled: bool
    limit: float | None = None
    slowed: bool = False
    why: str = ""
    playing: bool = True


class ElidedLabel(QLabel):
    """A label at the right that gives way: what does not fit is cut with an ellipsis."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("muted")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint as much of the text as there is room for."""
        painter = QPainter(self)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), flags, text)
        painter.end()


class StatusBar(QWidget):
    """Source fps, recognition rate, latency, dropped steps, device and model.

    Attributes:
        notes: Says where the machine does not hold the rate; stands elsewhere, over the picture.
    """

    lighter_wanted = Signal(str)  # the model's name

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("figures")
        self._slow_since: float | None = None
        self._lighter = ("", "")  # a model that knows the same and needs less time; what is said
        self._closed = False  # the user has read it
        self.notes = NoteBanner()
        self.notes.closed.connect(self._close)
        self._source = _label(self.tr("Source rate"))
        self._rate = _label(self.tr("Recognition rate"))
        self._latency = _label(self.tr("Latency"))
        self._latency.setToolTip(self.tr("From a frame's arrival to its prediction"))
        self._dropped = _label(self.tr("Dropped"))
        self._dropped.setToolTip(
            self.tr("Steps of the model that passed without a frame of their own")
        )
        self._model = ElidedLabel()
        self._model.setAccessibleName(self.tr("Model and device"))
        figures = (self._source, self._rate, self._latency, self._dropped)
        in_row(*figures, (self._model, 1), spacing=16, margins=(2, 0, 2, 0), on=self)

    @property
    def notice(self) -> str:
        """The sentence on show when the machine cannot hold the rate, else empty."""
        return self.notes.text

    @property
    def model(self) -> str:
        """Which model is said to run on what."""
        return self._model.text()

    def set_model(self, name: str, device: str, why: str = "") -> None:
        """Show which model runs on what, and `why` that one; empty strings when none does."""
        text = f"{name}  ·  {device}" if device else name
        self._model.setText(text)
        self._model.setToolTip(f"{text}\n{why}" if why else text)
        self._closed = False

    def set_lighter(self, name: str, words: str) -> None:
        """Offer, where the machine is too slow, a model that needs less time; "": there is none.

        Args:
            name: The model's.
            words: How good it is.
        """
        self._lighter = (name, words)

    def show_figures(self, figures: Figures | None) -> None:
        """Show `figures`; None when nothing is open."""
        if figures is None:
            for label in (self._source, self._rate, self._latency, self._dropped):
                label.clear()
            self.notes.hide()
            return
        if not figures.playing:
            source = self.tr("Paused")
        elif figures.declared is None:
            source = self.tr("Source {0:.1f} fps").format(figures.measured)
        else:
            text = self.tr("Source {0:.1f} of {1:.4g} fps")
            source = text.format(figures.measured, figures.declared)
        self._source.setText(source)
        self._source.setToolTip(
            self.tr(
                "Measured and declared rate of the source; the picture is repainted "
                "{0:.0f} times a second"
            ).format(figures.repaints)
        )
        if figures.steps is None or not figures.playing:
            self._rate.setText("")
            self._latency.setText("")
            self._dropped.setText("")
        else:
            self._rate.setText(
                self.tr("Recognition {0:.1f} of {1:.4g} steps/s").format(
                    figures.steps, figures.wanted
                )
            )
            self._rate.setToolTip(figures.why)
            self._latency.setText(self.tr("Latency {0:.0f} ms").format(1000 * figures.latency))
            self._dropped.setText(self.tr("Dropped {0}").format(figures.dropped))
        self._judge(figures)

    def _judge(self, figures: Figures) -> None:
        now = time.monotonic()
        slow = figures.steps is not None and figures.steps < _SLOW * figures.wanted
        if not figures.settled or not slow:
            self._slow_since = None
        elif self._slow_since is None:
            self._slow_since = now
        late = self._slow_since is not None and now - self._slow_since > PATIENCE
        text = self._words(figures, late=late)
        name, _ = self._lighter
        if not text:
            self.notes.hide()
            self._closed = False
        elif figures.settled and not self._closed:
            use = self.tr("Use {0}").format(name) if name else ""
            self.notes.show_note(text, use, lambda: self.lighter_wanted.emit(name))
        wanted = "amber" if late else "muted"
        if self._rate.objectName() != wanted:
            self._rate.setObjectName(wanted)
            self._rate.style().polish(self._rate)

    def _words(self, figures: Figures, *, late: bool) -> str:
        """Return the notice: the machine does not hold the rate, or chose a low one; else ""."""
        name, words = self._lighter
        if late:
            text = self.tr(
                "This computer does {0:.1f} of the {1:.4g} steps per second that the model "
                "needs here, so fast motion may be missed."
            ).format(figures.steps, figures.wanted)
        elif (name or figures.slowed) and figures.wanted < (figures.limit or 0.0):
            text = self.tr("This model holds {0:.4g} of {1:.4g} steps per second here.").format(
                figures.wanted, figures.limit
            )
        else:
            return ""
        if name:
            text += self.tr(" {0} is faster and knows the same{1}.").format(name, words)
        return text

    def _close(self) -> None:
        self._closed = True


def _label(name: str) -> QLabel:
    return new_label(style="muted", name=name)
