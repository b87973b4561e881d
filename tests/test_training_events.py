"""The trainer's events and the window's reader: what is written is what is read."""

import io
import json
import math
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from lrcn_desktop.training_events import (
    LONGEST,
    Activity,
    Continued,
    DataFound,
    Done,
    Epoch,
    Failed,
    LeftOut,
    Negatives,
    Note,
    Paused,
    Progress,
    Reproduced,
    RunBegun,
    Sides,
    StageBegun,
    Stopped,
    TrainingEvent,
    parse,
)
from training.progress import JsonLines

EVENTS: list[TrainingEvent] = [
    RunBegun("there", "mine.safetensors", "default", resumed=True),
    DataFound(
        "clips",
        {"jump": Activity(3, 2, 9.5, chosen=False), "_other": Activity(1, 1)},
        (LeftOut("a.avi", "empty"),),
        ("A note.",),
        Sides(2, 1),
        Negatives(4, 2, 1.5),
        trainable=False,
    ),
    DataFound("clips", {}, split="5 folds"),
    StageBegun("fit", "fitting", 80, "epoch"),
    Progress("fit", 3, 80, 12.5),
    Epoch("fold 1 of 5, LSTM", 3, 40, 0.5, 0.9, None, 0.8, True, 3.0, ((3, 1), (0, 4)), 1),
    Paused(),
    Continued(),
    Note("Few clips."),
    Done("mine.safetensors", "report.html", {"clips": 3}, {"clips": 2}, "better"),
    Reproduced({"rows": []}, "reproduce.html"),
    Stopped("there"),
    Failed("The disk is full."),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_what_the_trainer_writes_the_window_reads(event: TrainingEvent, tmp_path: Path) -> None:
    reporter, printed = JsonLines(), io.StringIO()
    reporter.also_to(tmp_path / "progress.jsonl")
    with redirect_stdout(printed):
        reporter.event(event)
    reporter.close()
    assert parse(printed.getvalue().encode()) == event
    assert (tmp_path / "progress.jsonl").read_text() == printed.getvalue()
    assert list(json.loads(printed.getvalue()))[:2] == ["event", "time"]


def test_every_kind_of_event_is_tried() -> None:
    assert {type(event) for event in EVENTS} == set(TrainingEvent.__args__)


def test_a_figure_that_is_not_finite_is_unknown_on_both_sides() -> None:
    written = Epoch("LSTM", 1, 9, math.nan, math.inf)
    assert (written.loss, written.accuracy) == (None, None)
    line = json.dumps({"event": "epoch", "fit": "x", "epoch": 1, "epochs": 2, "loss": math.nan,
                       "accuracy": 1})  # fmt: skip
    assert parse(line.encode()) == Epoch("x", 1, 2, None, 1.0)


def test_texts_stay_bounded() -> None:
    long = "x" * (LONGEST + 1)
    assert Note(long).text == long[:-1]
    found = DataFound(long, {}, (LeftOut(long, long),), ("short", long))
    assert (found.name, found.notes) == (long[:-1], ("short", long[:-1]))
    assert found.quarantined[0].reason == long[:-1]
