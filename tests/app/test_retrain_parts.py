"""The parts of Model > Retrain... that need no process: what is said, kept, drawn and named."""

import json
import math
import warnings
from pathlib import Path
from statistics import fmean

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from lrcn_desktop.app.retrain import runs, settings
from lrcn_desktop.app.retrain.comparison import Comparison, Figure
from lrcn_desktop.app.retrain.confusion import ConfusionMatrix
from lrcn_desktop.app.retrain.curves import Curves
from lrcn_desktop.app.retrain.figures import confusion, figure, interval, numbers
from lrcn_desktop.app.retrain.other_row import OtherRow
from lrcn_desktop.app.retrain.request import Request
from lrcn_desktop.app.retrain.state import MOST_FITS, MOST_NOTES, MOST_POINTS, TrainingState
from lrcn_desktop.app.retrain.words import lasting, propose_name, share
from lrcn_desktop.app.widgets.theme import DARK, LIGHT, apply_theme
from lrcn_desktop.errors import UserError
from lrcn_desktop.names import is_name
from lrcn_desktop.training_events import (
    DataFound,
    Done,
    Epoch,
    Negatives,
    Note,
    Progress,
    Sides,
    Stopped,
    TrainingEvent,
    parse,
)

EPOCH = {
    "event": "epoch", "fit": "all clips, LSTM", "epoch": 3, "epochs": 40,
    "loss": 0.5, "accuracy": 0.9, "validation_loss": None, "validation_accuracy": 0.8,
    "best": True, "seconds_left": 12.5, "confusion": [[3, 1], [0, 4]],
}  # fmt: skip


def said(**figures: object) -> TrainingEvent | None:
    return parse(json.dumps({"time": 1.0, **figures}).encode())


def epoch(number: int, fit: str = "LSTM", **others: object) -> Epoch:
    event = said(**{**EPOCH, "epoch": number, "fit": fit, **others})
    assert isinstance(event, Epoch)
    return event


def test_events_are_read() -> None:
    assert epoch(3).confusion == ((3, 1), (0, 4))
    assert epoch(3).validation_loss is None
    assert epoch(3, loss=math.nan).loss is None
    assert said(event="progress", stage="fit", done=3, total=9, seconds_left=None) == Progress(
        "fit", 3, 9, None
    )
    assert said(event="stopped", resume="there") == Stopped("there")
    found = said(
        event="data",
        name="kitchen",
        classes={"cutting": {"clips": 9, "groups": 2, "seconds": None, "enough": False}},
        quarantined=[{"file": "a.avi", "reason": "empty"}],
        notes=["n"],
        split={"train": 7, "test": 2},
        trainable=True,
    )
    assert isinstance(found, DataFound)
    assert not found.activities["cutting"].enough
    assert found.activities["cutting"].chosen
    assert found.split == Sides(7, 2)
    assert found.other == Negatives(), "as an earlier trainer says nothing of it"
    with_other = said(
        event="data",
        name="kitchen",
        classes={},
        quarantined=[],
        notes=[],
        other={"clips": 9, "sources": 2, "seconds": 3.5},
    )
    assert isinstance(with_other, DataFound)
    assert with_other.other == Negatives(9, 2, 3.5)


def test_garbage_is_let_go() -> None:
    for line in (
        b"", b"loading ...", b"{}", b"[]", b"3", b'"event"', b"\xff\xfe", b"[" * 100_000,
        b'{"event": "news"}', b'{"event": []}', b'{"event": "note"}',
        b'{"event": "note", "text": 3}', b'{"event": "progress", "done": -1, "total": 3}',
        b'{"event": "data", "name": "x"}',
        b'{"event": "data", "name": "x", "classes": [], "notes": [], "quarantined": []}',
    ):  # fmt: skip
        assert parse(line) is None, line


@hypothesis.settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_line_breaks_the_reader(line: bytes) -> None:
    parse(line)


@hypothesis.settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*EPOCH, "classes", "notes", "done", "total", "text"]),
        st.one_of(st.none(), st.integers(), st.floats(), st.text(), st.lists(st.integers())),
    ),
    st.sampled_from(["run", "data", "stage", "progress", "epoch", "note", "done", "error"]),
)
def test_no_figures_break_the_reader(figures: dict[str, object], event: str) -> None:
    said(**{**EPOCH, **figures, "event": event})


def test_what_is_no_confusion_matrix_is_not_drawn() -> None:
    for matrix in ([[1, 2]], [[1], [2]], [[1.5]], [[-1]], "x", [], [[True]]):
        assert epoch(1, confusion=matrix).confusion is None


def test_a_state_stays_small() -> None:
    state = TrainingState()
    for number in range(3 * MOST_POINTS):
        state.take(epoch(number))
    curve = state.fits["LSTM"]
    assert len(curve.epochs) <= MOST_POINTS
    assert curve.epochs[0] == 0
    assert curve.epochs[-1] == 3 * MOST_POINTS - 1
    assert len({len(c) for c in (curve.loss, curve.accuracy, curve.validation_loss)}) == 1
    for number in range(3 * MOST_FITS):
        state.take(epoch(1, fit=f"fold {number}"))
    for number in range(3 * MOST_NOTES):
        state.take(Note(f"note {number}"))
    assert len(state.fits) == MOST_FITS
    assert len(state.notes) == MOST_NOTES


def test_epochs_that_are_done_again_take_their_old_place() -> None:
    state = TrainingState()
    for number in (1, 2, 3, 2, 3, 4):
        state.take(epoch(number, loss=float(number)))
    assert state.fits["LSTM"].epochs == [1, 2, 3, 4]
    assert math.isnan(state.fits["LSTM"].validation_loss[0])


def test_a_request_is_a_command(tmp_path: Path) -> None:
    request = Request("-my clips", ("cutting", "-x"), "default", tmp_path / "a b", "ucf101-7")
    arguments = request.arguments(tmp_path / "run")
    assert arguments[0] == "train"
    assert arguments[-2:] == ["--", "-my clips"]
    assert "--activities=cutting,-x" in arguments
    everything = Request("clips", None, "default", tmp_path / "m", "ucf101-7")
    assert "--activities=all" in everything.arguments(tmp_path)
    demo = Request("demo", None, "default", tmp_path / "m", "ucf101-7")
    assert not any("--activities" in argument for argument in demo.arguments(tmp_path))
    assert not any("--other" in argument for argument in [*arguments, *demo.arguments(tmp_path)])
    other = Request("clips", None, "light", tmp_path / "m", "x", ("/street", "-a.mp4"))
    given = [a for a in other.arguments(tmp_path) if a.startswith("--other")]
    assert given == ["--other=/street", "--other=-a.mp4"]


def test_names_that_a_file_can_have() -> None:
    assert all(map(is_name, ("kitchen", "My clips 2", "Küche", "a.b")))


def test_names_that_a_file_cannot_have() -> None:
    wrong = ["", " a", "a ", ".a", "a.", "-a", "a/b", "a\\b", "a:b", "CON", "nul.x", "a\n"]
    assert not any(map(is_name, [*wrong, "a|b", 99 * "x"]))


def test_a_proposed_name_is_free() -> None:
    assert propose_name("/home/x/kitchen", set()) == "kitchen"
    assert propose_name("/home/x/kitchen", {"kitchen", "kitchen-2"}) == "kitchen-3"
    assert propose_name("/", set()) == "model"
    assert is_name(propose_name("demo", set()))


@hypothesis.settings(deadline=None)
@given(st.text())
def test_every_proposed_name_is_one(folder: str) -> None:
    assert is_name(propose_name(f"/clips/{folder}".replace("\0", ""), {"model"}))


def test_folders_are_remembered_newest_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "config_dir", lambda: tmp_path)
    assert settings.recent_folders() == []
    settings.remember_folder("/a, b")
    assert settings.recent_folders() == ["/a, b"]
    for number in range(12):
        settings.remember_folder(f"/{number}")
    settings.remember_folder("/9")
    assert settings.recent_folders()[:3] == ["/9", "/11", "/10"]
    assert len(settings.recent_folders()) == settings.MOST_FOLDERS


def test_unfinished_runs_are_found_with_their_curves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "data_dir", lambda: tmp_path)
    assert runs.find_unfinished() == []
    lines = [json.dumps({**EPOCH, "epoch": number}) for number in (1, 2, 3)]
    begun = json.dumps(
        {"event": "run", "dir": "d", "model": "/m/kitchen.safetensors", "preset": "p"}
    )
    for name in ("done", "half", "bare", "not a run"):
        folder = tmp_path / "runs" / name
        folder.mkdir(parents=True)
        if name != "not a run":
            (folder / "run.json").write_text("{}")
        if name in ("done", "half"):
            text = "\n".join([begun, *lines, lines[0][:40]])
            (folder / "progress.jsonl").write_text(text)
    (tmp_path / "runs" / "done" / "done.json").write_text("{}")
    found = {run.folder.name: run for run in runs.find_unfinished()}
    assert found.keys() == {"half", "bare"}
    assert found["half"].name == "kitchen"
    assert found["half"].state.fits["all clips, LSTM"].epochs == [1, 2, 3]
    runs.discard(found["half"].folder)
    runs.discard(found["half"].folder)
    assert {run.folder.name for run in runs.find_unfinished()} == {"bare"}
    with pytest.raises(UserError, match="left alone"):
        runs.discard(tmp_path)
    assert tmp_path.exists()


def test_a_new_run_has_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "data_dir", lambda: tmp_path)
    first = runs.new_run("kitchen")
    first.mkdir(parents=True)
    assert runs.new_run("kitchen") != first
    assert first.parent == runs.runs_dir()


def test_confusion_matrices_of_every_size_are_drawn(qapp: QApplication, qtbot: QtBot) -> None:
    widget = ConfusionMatrix()
    qtbot.addWidget(widget)
    widget.resize(400, 300)
    for size in (1, 2, 7, 40, 101):
        matrix = tuple(tuple(5 * (i == j) + (j == i + 1) for j in range(size)) for i in range(size))
        apply_theme(qapp, LIGHT if size % 2 else DARK)
        widget.show_matrix([f"class {i}" for i in range(size)], matrix)
        widget.grab()
        assert widget.accessibleDescription().startswith(f"{5 * size} of ")
    widget.show_matrix(["of another", "training"], None)
    widget.grab()
    assert widget.matrix == ()


def test_right_cells_are_blue_and_mistakes_red_in_the_column_of_what_was_said(
    qapp: QApplication, qtbot: QtBot
) -> None:
    apply_theme(qapp, LIGHT)
    widget = ConfusionMatrix()
    qtbot.addWidget(widget)
    widget.resize(400, 300)
    empty = widget.grab().toImage()

    def middles(matrix: tuple[tuple[int, ...], ...]) -> dict[str, tuple[float, float] | None]:
        """Return the mean place of the blue and of the red pixels."""
        widget.show_matrix(["first", "second"], matrix)
        image = widget.grab().toImage()
        found = {"blue": list[tuple[int, int]](), "red": list[tuple[int, int]]()}
        for x in range(0, image.width(), 2):
            for y in range(0, image.height(), 2):
                color = image.pixelColor(x, y)
                if color.blue() - color.red() > 60:
                    found["blue"].append((x, y))
                elif color.red() - color.blue() > 60:
                    found["red"].append((x, y))
        return {
            kind: (fmean(x for x, _ in places), fmean(y for _, y in places)) if places else None
            for kind, places in found.items()
        }

    right = middles(((4, 0), (0, 4)))
    assert right["red"] is None
    assert right["blue"] is not None
    for matrix, sign in ((((1, 4), (0, 5)), 1), (((5, 0), (4, 1)), -1)):
        (red_x, red_y) = middles(matrix)["red"] or (0.0, 0.0)
        assert (red_x - right["blue"][0]) * sign > 20
        assert (right["blue"][1] - red_y) * sign > 20
    widget.show_matrix([], None)
    assert widget.grab().toImage() == empty


def test_curves_are_drawn_and_cleared(qapp: QApplication, qtbot: QtBot) -> None:
    curves = Curves()
    qtbot.addWidget(curves)
    apply_theme(qapp, DARK)
    curves.resize(500, 300)
    state = TrainingState()
    curves.show_fits(state.fits)
    empty = curves.grab().toImage()
    for fold in range(9):
        for number in range(1, 6):
            state.take(epoch(number, fit=f"fold {fold}", loss=math.nan if number == 2 else 1.0))
    curves.show_fits(state.fits)
    drawn = curves.grab().toImage()
    assert drawn != empty
    state.take(epoch(6, fit="fold 8", loss=0.2))
    curves.show_fits(state.fits)
    assert curves.grab().toImage() != drawn
    curves.show_fits({})
    assert curves.grab().toImage() != drawn


def test_an_evaluations_figures_are_read_where_they_are() -> None:
    evaluation = {"accuracy": {"frame": 0.5, "clip_mean": None}, "clips": 3, "ece": "x"}
    assert figure(evaluation, "accuracy", "frame") == 0.5
    assert figure(evaluation, "accuracy", "clip_mean") is None
    assert figure(evaluation, "clips", "frame") is None
    assert figure(None, "clips") is None
    assert numbers({"a": {"b": [1, 2.5]}}, "a", "b") == [1.0, 2.5]
    assert numbers({"a": [1, None]}, "a") == []
    assert interval({"intervals": {"frame": [0.5, 0.75]}}, "intervals", "frame") == (0.5, 0.75)
    for wrong in ([0.75, 0.5], [0.5], [0.5, 2], None, "ab"):
        assert interval({"a": wrong}, "a") is None
    assert confusion({"classes": ["a", "b"], "confusion": [[1, 0], [0, 1]]})[1] == ((1, 0), (0, 1))
    assert confusion({}) == ((), None)


def test_a_comparison_says_its_figures(qtbot: QtBot) -> None:
    widget = Comparison()
    qtbot.addWidget(widget)
    widget.show_figures(["new", "old"], [Figure("Clips right", (0.942, None))])
    widget.grab()
    assert widget.accessibleDescription() == "Clips right: new 94.2 %, old –"
    sure = Figure("Clips right", (0.942, 0.9), ((0.9, 0.975), None))
    widget.resize(400, 90)
    widget.show_figures(["new", "old"], [Figure(sure.title, sure.values)])
    plain = widget.grab().toImage()
    widget.show_figures(["new", "old"], [sure])
    assert widget.accessibleDescription() == "Clips right: new 94.2 % (90 to 98), old 90.0 %"
    assert widget.grab().toImage() != plain


def test_figures_read_as_words() -> None:
    assert share(0.942) == "94.2 %"
    assert lasting(20) == "less than a minute"
    assert lasting(70) == "about a minute"
    assert lasting(200) == "about 3 minutes"
    assert lasting(6000) == "about 1 h 40 min"


def test_done_without_all_figures_is_taken() -> None:
    event = said(event="done", model="m", report=None, evaluation=None, current=3, verdict="Good.")
    assert event == Done("m", "", {}, None, "Good.")


def test_clips_of_something_else_are_dropped(qtbot: QtBot, tmp_path: Path) -> None:
    row = OtherRow()
    qtbot.addWidget(row)
    row.show()
    texts = [label.text() for label in row.findChildren(QLabel)]
    assert texts[0] == "Something else"
    assert "Optional" in texts[1]
    assert not row.remove.isVisible()
    (tmp_path / "street").mkdir()
    (tmp_path / "1.mp4").write_bytes(b"x")
    drop(row, tmp_path / "1.mp4", tmp_path / "street")
    drop(row, tmp_path / "street")
    assert row.paths == (str(tmp_path / "street"), str(tmp_path / "1.mp4"))
    assert "street, 1.mp4" in row.findChildren(QLabel)[1].text()
    row.show_found(12, 3)
    assert "_other: 12" in row.findChildren(QLabel)[1].text()
    row.remove.click()
    assert row.paths == ()
    drop(row, tmp_path / "gone.mp4")
    assert row.paths == ()


def drop(row: OtherRow, *paths: Path) -> None:
    """Drop files and folders on `row`, if it accepts them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, button, keys = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    with warnings.catch_warnings():  # Qt 6.12 would rather have a QPointF, which 6.7 does not take
        warnings.simplefilter("ignore", DeprecationWarning)
        enter = QDragEnterEvent(QPoint(5, 5), copy, data, button, keys)
    enter.ignore()
    row.dragEnterEvent(enter)
    if enter.isAccepted():
        row.dropEvent(QDropEvent(QPointF(5, 5), copy, data, button, keys))
