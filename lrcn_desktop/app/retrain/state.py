"""What is known of a training, gathered from its events; it stays small however long that runs."""

import math
from collections import deque
from dataclasses import dataclass, field

from lrcn_desktop.training_events import (
    Continued,
    DataFound,
    Done,
    Epoch,
    Failed,
    Matrix,
    Note,
    Paused,
    Progress,
    RunBegun,
    StageBegun,
    Stopped,
    TrainingEvent,
)

MOST_POINTS = 2000  # of a curve: more than there are pixels
MOST_FITS = 40
MOST_NOTES = 50


@dataclass(slots=True)
class Curve:
    """One fit's figures by epoch; NaN where one is missing."""

    epochs: list[int] = field(default_factory=list)
    loss: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    validation_accuracy: list[float] = field(default_factory=list)
    best: int | None = None  # the epoch whose weights are kept so far

    def add(self, epoch: Epoch) -> None:
        """Add an epoch; one that is done again after a resume takes its old place."""
        while self.epochs and self.epochs[-1] >= epoch.epoch:
            for column in self._columns():
                column.pop()
        self.epochs.append(epoch.epoch)
        for column, value in (
            (self.loss, epoch.loss),
            (self.accuracy, epoch.accuracy),
            (self.validation_loss, epoch.validation_loss),
            (self.validation_accuracy, epoch.validation_accuracy),
        ):
            column.append(math.nan if value is None else value)
        if epoch.best:
            self.best = epoch.epoch
        if len(self.epochs) > MOST_POINTS:
            for column in self._columns():
                del column[1:-1:2]

    def _columns(self) -> tuple[list[int] | list[float], ...]:
        return (
            self.epochs,
            self.loss,
            self.accuracy,
            self.validation_loss,
            self.validation_accuracy,
        )


class TrainingState:
    """The sum of a training's events.

    Attributes:
        revision: Grows with every event.
        fits: The curves by the fit's name, the newest last.
        confusion: Of the validation clips, as it is now.
    """

    def __init__(self) -> None:
        self.revision = 0
        self.run: RunBegun | None = None
        self.data: DataFound | None = None
        self.stage: StageBegun | None = None
        self.progress: Progress | None = None
        self.epoch: Epoch | None = None
        self.confusion: Matrix | None = None
        self.fits: dict[str, Curve] = {}
        self.notes: deque[str] = deque(maxlen=MOST_NOTES)
        self.paused = False
        self.stopped = False
        self.error = ""
        self.done: Done | None = None

    def take(self, event: TrainingEvent) -> None:
        """Add an event."""
        self.revision += 1
        match event:
            case RunBegun():
                self.run = event
                self.stage = self.progress = self.done = None
                self.paused, self.stopped, self.error = False, False, ""
            case DataFound():
                self.data = event
            case StageBegun():
                self.stage, self.progress = event, None
            case Progress():
                self.progress = event
            case Epoch():
                self._take_epoch(event)
            case Paused() | Continued():
                self.paused = isinstance(event, Paused)
            case Note(text):
                if text not in self.notes:  # a resumed run says it again
                    self.notes.append(text)
            case Done():
                self.done = event
            case Stopped():
                self.stopped = True
            case Failed(message):
                self.error = message

    def _take_epoch(self, epoch: Epoch) -> None:
        self.epoch = epoch
        curve = self.fits.pop(epoch.fit, None) or Curve()
        curve.add(epoch)
        self.fits[epoch.fit] = curve
        if len(self.fits) > MOST_FITS:
            del self.fits[next(iter(self.fits))]
        if epoch.confusion is not None:
            self.confusion = epoch.confusion
