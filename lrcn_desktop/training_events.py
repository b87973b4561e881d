"""What a training says while it works, one JSON object per line: written and read by these types.

The trainer writes them to its standard output and into the run's file; the window reads both. The
guide lists them. A reader takes what an earlier trainer wrote, and skips what it does not know.
"""

import json
import math
from collections.abc import Callable
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from msgspec.structs import force_setattr

LONGEST = 2000  # characters of a text that is kept
Matrix = tuple[tuple[int, ...], ...]
"""Counts of clips or of steps; rows are the truth."""

Count = Annotated[int, Meta(ge=0)]
Amount = Annotated[float, Meta(ge=0, le=1e18)]


def _bounded(value: object) -> object:
    if isinstance(value, str) and len(value) > LONGEST:
        return value[:LONGEST]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, tuple) and any(isinstance(v, str) and len(v) > LONGEST for v in value):
        return tuple(v[:LONGEST] for v in value)
    return value


class _Bounded(msgspec.Struct, frozen=True):
    """Cuts long texts off; a figure that is not finite is None."""

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            value = getattr(self, name)
            bounded = _bounded(value)
            if bounded is not value:
                force_setattr(self, name, bounded)


class _Event(_Bounded, frozen=True, tag_field="event"):
    """One line."""


class RunBegun(_Event, frozen=True, tag="run"):
    """A run begins, or goes on after a stop."""

    folder: str = msgspec.field(name="dir")
    model: str
    preset: str
    resumed: bool = False


class Activity(_Bounded, frozen=True):
    """What the clips of one activity are.

    Attributes:
        clips: How many; 0: as many as are wanted (they are drawn).
        groups: From how many groups.
        seconds: How long together; None: they were not looked at.
        enough: Whether there are groups enough to train and to test on.
        chosen: Whether it is trained where nothing else is said.
    """

    clips: Count
    groups: Count
    seconds: float | None = None
    enough: bool = True
    chosen: bool = True


class Negatives(_Bounded, frozen=True):
    """The clips that show none of the activities, and from how many sources they come."""

    clips: Count = 0
    sources: Count = 0
    seconds: float | None = None


class LeftOut(_Bounded, frozen=True):
    """A file that cannot be used, and why."""

    file: str
    reason: str


class Sides(msgspec.Struct, frozen=True):
    """How many clips are given for training and for the test, as by UCF-101's lists."""

    train: Count
    test: Count


class DataFound(_Event, frozen=True, tag="data"):
    """What a data set holds.

    Attributes:
        notes: Plain sentences for the user.
        split: The sides where they are given; a training says in a sentence how it splits.
        trainable: Whether there is enough to train on.
    """

    name: str
    activities: dict[Annotated[str, Meta(max_length=LONGEST)], Activity] = msgspec.field(
        name="classes"
    )
    quarantined: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()
    split: str | Sides | None = None
    other: Negatives = Negatives()
    trainable: bool = True


class StageBegun(_Event, frozen=True, tag="stage"):
    """A stage begins ("scan", "features", "fit" or "test"), of `total` units."""

    stage: str
    text: str = ""
    total: float | None = None
    unit: str = ""


class Progress(_Event, frozen=True, tag="progress"):
    """How far a stage is; `seconds_left` None: not known."""

    stage: str
    done: Amount
    total: Amount
    seconds_left: float | None = None


class Epoch(_Event, frozen=True, tag="epoch"):
    """An epoch of one fit is over; a figure that is missing is None.

    Attributes:
        fit: Which one, such as "fold 1 of 5, LSTM".
        epoch: Its number, from 1.
        epochs: Of this fit, at the most.
        number: The round that the fit belongs to, from 1.
        best: Its weights are the ones to keep so far.
        confusion: Of the validation clips' steps.
    """

    fit: str
    epoch: Count
    epochs: Count
    loss: float | None
    accuracy: float | None
    validation_loss: float | None = None
    validation_accuracy: float | None = None
    best: bool = False
    seconds_left: float | None = None
    confusion: Matrix | None = None
    number: Count = 0


class Paused(_Event, frozen=True, tag="paused"):
    """The training waits."""


class Continued(_Event, frozen=True, tag="continued"):
    """The training goes on."""


class Note(_Event, frozen=True, tag="note"):
    """A plain sentence for the user."""

    text: str


class Done(_Event, frozen=True, tag="done"):
    """The model is there, or judged: figures as `lrcn-desktop evaluate --json` writes them."""

    model: str = ""
    report: str = ""
    evaluation: dict[str, Any] = {}
    current: dict[str, Any] | None = None
    verdict: str = ""


class Reproduced(_Event, frozen=True, tag="reproduced"):
    """The slides' table is there."""

    table: dict[str, Any]
    report: str


class Stopped(_Event, frozen=True, tag="stopped"):
    """The training has stopped and can be continued with the run in `resume`."""

    resume: str = ""


class Failed(_Event, frozen=True, tag="error"):
    """The training cannot go on; one sentence says why."""

    message: str


TrainingEvent = (
    RunBegun
    | DataFound
    | StageBegun
    | Progress
    | Epoch
    | Paused
    | Continued
    | Note
    | Done
    | Reproduced
    | Stopped
    | Failed
)


def to_line(event: TrainingEvent, time: float) -> str:
    """Return an event as a line of JSON, without its end; `time` in seconds since 1970."""
    figures = msgspec.to_builtins(event)
    return json.dumps({"event": figures.pop("event"), "time": round(time, 3), **figures})


def to_matrix(value: object) -> Matrix | None:
    """Return JSON as a square matrix of counts, or None where it is not one."""
    if not isinstance(value, list) or not value:
        return None
    square = all(isinstance(row, list) and len(row) == len(value) for row in value)
    if not square or any(type(count) is not int or count < 0 for row in value for count in row):
        return None
    return tuple(tuple(row) for row in value)


_MENDED: dict[str, Callable[[Any], object]] = {  # what an event is worth reading without
    "confusion": to_matrix,
    "report": lambda value: value or "",
    "evaluation": lambda value: value if isinstance(value, dict) else {},
    "current": lambda value: value if isinstance(value, dict) else None,
}


def parse(line: bytes) -> TrainingEvent | None:
    """Return what a line says, or None where it says nothing that is known."""
    try:
        said = json.loads(line)
        for key in said.keys() & _MENDED.keys():
            said[key] = _MENDED[key](said[key])
        event: TrainingEvent = msgspec.convert(said, TrainingEvent)
    except Exception:
        return None  # a library's own print, a line cut by a kill, a newer trainer's event
    return event
