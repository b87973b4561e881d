"""What the trainer's process says, one JSON object a line, as data; garbage is let go."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Matrix = tuple[tuple[int, ...], ...]  # counts of clips or of steps; rows are the truth
_LONGEST = 2000  # characters of a text that is kept


@dataclass(frozen=True, slots=True)
class RunBegun:
    """A run begins, or goes on after a stop."""

    folder: str
    model: str
    preset: str
    resumed: bool


@dataclass(frozen=True, slots=True)
class Activity:
    """What the clips of one activity are.

    Attributes:
        clips: How many; 0: as many as are wanted (they are drawn).
        groups: From how many groups.
        seconds: How long together; None: they were not looked at.
        enough: Whether there are groups enough to learn from and to test on.
        chosen: Whether it is learnt where nothing else is said.
    """

    clips: int
    groups: int
    seconds: float | None = None
    enough: bool = True
    chosen: bool = True


@dataclass(frozen=True, slots=True)
class DataFound:
    """What a data set holds.

    Attributes:
        quarantined: Files that are left out, each with the reason.
        notes: Plain sentences for the person.
        sides: Clips to learn from and clips for the test where that is given, by UCF-101's lists.
        other: How many clips show none of the activities, and from how many sources.
    """

    name: str
    activities: Mapping[str, Activity]
    quarantined: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    sides: tuple[int, int] | None = None
    other: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class StageBegun:
    """A stage begins: "scan", "features", "fit" or "test"."""

    stage: str
    text: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stage is; `seconds_left` None: not known."""

    stage: str
    done: float
    total: float
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class Epoch:
    """An epoch of one fit is over; a figure that is missing, or not finite, is None."""

    fit: str
    epoch: int
    epochs: int
    loss: float | None
    accuracy: float | None
    validation_loss: float | None
    validation_accuracy: float | None
    best: bool
    seconds_left: float | None
    confusion: Matrix | None


@dataclass(frozen=True, slots=True)
class Paused:
    """The training waits."""


@dataclass(frozen=True, slots=True)
class Continued:
    """The training goes on."""


@dataclass(frozen=True, slots=True)
class Note:
    """A plain sentence for the person."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """The model is there; the figures are as `lrcn-desktop evaluate --json` writes them."""

    model: str
    report: str
    evaluation: Mapping[str, Any]
    current: Mapping[str, Any] | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """The training has stopped and can be continued."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The training cannot go on; one sentence says why."""

    message: str


Event = (
    RunBegun
    | DataFound
    | StageBegun
    | Progress
    | Epoch
    | Paused
    | Continued
    | Note
    | Done
    | Stopped
    | Failed
)


def parse(line: bytes) -> Event | None:
    """Return what a line says, or None where it says nothing that is known."""
    try:
        said = json.loads(line)
        return _READERS[said["event"]](said)
    except Exception:
        return None  # a library's own print, a line cut by a kill, a newer trainer's event


def to_matrix(value: object) -> Matrix | None:
    """Return JSON as a square matrix of counts, or None where it is not one."""
    if not isinstance(value, list) or not value:
        return None
    square = all(isinstance(row, list) and len(row) == len(value) for row in value)
    if not square or any(type(count) is not int or count < 0 for row in value for count in row):
        return None
    return tuple(tuple(row) for row in value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value[:_LONGEST]


def _count(value: object) -> int:
    if type(value) is not int or value < 0:
        raise TypeError
    return value


def _amount(value: object) -> float:
    amount = _figure(value)
    if amount is None or amount < 0:
        raise ValueError
    return amount


def _figure(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    return float(value) if math.isfinite(value) else None


def _activity(said: dict[str, Any]) -> Activity:
    return Activity(
        clips=_count(said["clips"]),
        groups=_count(said["groups"]),
        seconds=_figure(said.get("seconds")),
        enough=said.get("enough") is not False,
        chosen=said.get("chosen") is not False,
    )


def _data(said: dict[str, Any]) -> DataFound:
    split = said.get("split")  # a training says it as a sentence, which its model keeps
    given = split if isinstance(split, dict) else None
    other = said.get("other") or {"clips": 0, "sources": 0}
    return DataFound(
        name=_text(said["name"]),
        activities={_text(name): _activity(found) for name, found in said["classes"].items()},
        quarantined=tuple((_text(f["file"]), _text(f["reason"])) for f in said["quarantined"]),
        notes=tuple(_text(note) for note in said["notes"]),
        sides=None if given is None else (_count(given["train"]), _count(given["test"])),
        other=(_count(other["clips"]), _count(other["sources"])),
    )


def _epoch(said: dict[str, Any]) -> Epoch:
    return Epoch(
        fit=_text(said["fit"]),
        epoch=_count(said["epoch"]),
        epochs=_count(said["epochs"]),
        loss=_figure(said["loss"]),
        accuracy=_figure(said["accuracy"]),
        validation_loss=_figure(said.get("validation_loss")),
        validation_accuracy=_figure(said.get("validation_accuracy")),
        best=said.get("best") is True,
        seconds_left=_figure(said.get("seconds_left")),
        confusion=to_matrix(said.get("confusion")),
    )


def _done(said: dict[str, Any]) -> Done:
    evaluation, current = said["evaluation"], said.get("current")
    return Done(
        model=_text(said["model"]),
        report=_text(said.get("report") or ""),
        evaluation=evaluation if isinstance(evaluation, dict) else {},
        current=current if isinstance(current, dict) else None,
        verdict=_text(said["verdict"]),
    )


_READERS: dict[str, Callable[[dict[str, Any]], Event]] = {
    "run": lambda said: RunBegun(
        _text(said["dir"]), _text(said["model"]), _text(said["preset"]), said.get("resumed") is True
    ),
    "data": _data,
    "stage": lambda said: StageBegun(_text(said["stage"]), _text(said.get("text") or "")),
    "progress": lambda said: Progress(
        _text(said.get("stage") or ""),
        _amount(said["done"]),
        _amount(said["total"]),
        _figure(said.get("seconds_left")),
    ),
    "epoch": _epoch,
    "paused": lambda _: Paused(),
    "continued": lambda _: Continued(),
    "note": lambda said: Note(_text(said["text"])),
    "done": _done,
    "stopped": lambda _: Stopped(),
    "error": lambda said: Failed(_text(said["message"])),
}
