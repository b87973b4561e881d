"""The models' window on real files: what it says, and import, rename, delete, undo, compare."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QInputDialog, QLabel, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from shared_names import PATIENCE

from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.app.models.entry import Entry
from lrcn_desktop.app.models.facts import facts, figures, summary
from lrcn_desktop.app.models.models_part import ModelsPart
from lrcn_desktop.app.models.window import ModelsWindow
from lrcn_desktop.app.retrain.comparison import Comparison
from lrcn_desktop.app.retrain.runs import runs_dir
from lrcn_desktop.model.claims import CLIPS, STREAM_STEPS
from lrcn_desktop.model.defaults import FAMILY
from lrcn_desktop.model.library import find_model, import_model, own_models_dir
from lrcn_desktop.model.model import load_model, save_model
from lrcn_desktop.model.model_file import read_info
from lrcn_desktop.recognition import speed
from lrcn_desktop.recognition.rates import held_rate
from lrcn_desktop.recognition.speed import Speed, measure_speed

OpenPage = Callable[[MainWindow], ModelsWindow]


@pytest.fixture(autouse=True)
def measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Say how fast each model is without measuring it, which takes every core for seconds."""
    monkeypatch.setattr(speed, "measure_speed", lambda *_: Speed(30.0, "CPU"))


@pytest.fixture
def open_page(qtbot: QtBot) -> OpenPage:
    """Return a function that opens the models' window and waits for its list."""

    def opened(window: MainWindow) -> ModelsWindow:
        page = part(window).open()
        qtbot.waitUntil(lambda: page.list.count() >= 2, timeout=PATIENCE)
        return page

    return opened


def part(window: MainWindow) -> ModelsPart:
    return next(part for part in window.parts if isinstance(part, ModelsPart))


def names(page: ModelsWindow) -> list[str]:
    return [entry.name for entry in page.entries]


def choose(page: ModelsWindow, name: str) -> None:
    page.list.setCurrentRow(names(page).index(name))


def press(dialog: QWidget, text: str) -> None:
    found = [b for b in dialog.findChildren(QPushButton) if b.text().replace("&", "") == text]
    found[0].click()


def answer(page: ModelsWindow, text: str) -> None:
    box = page.findChildren(QMessageBox)[-1]
    press(box, text)


def pick(page: ModelsWindow, file: Path) -> None:
    """Press Import and choose a file in the dialog that asks for one."""
    page.bring_in.click()
    (dialog,) = page.findChildren(QFileDialog)
    assert dialog.isVisible()
    assert "*.safetensors" in dialog.nameFilters()[0]
    dialog.selectFile(str(file))
    dialog.accept()


def words(page: ModelsWindow) -> str:
    return " ".join(label.text() for label in page.details.findChildren(QLabel))


def test_it_says_what_each_model_knows_and_how_good_it_is(
    window: MainWindow, open_page: OpenPage
) -> None:
    (own_models_dir()).mkdir(parents=True)
    (own_models_dir() / "broken.safetensors").write_bytes(b"no model")
    page = open_page(window)
    assert {"broken", "demo", "ucf101-7"} <= set(names(page))
    choose(page, "ucf101-7")
    text = words(page)
    info = read_info(find_model("ucf101-7"))
    assert f"{info.training['clips']} clips of {info.training['groups']} groups" in text
    assert "5 to 30 steps per second" in text
    right, alone = (info.test[key] for key in (CLIPS, f"{CLIPS}, without memory"))
    bars = page.details.findChild(Comparison)
    assert bars is not None
    assert f"ucf101-7 {100 * right:.1f} % (" in bars.accessibleDescription()
    assert f"without memory {100 * alone:.1f} % (" in bars.accessibleDescription()
    claim = page.details.claim.text()
    assert claim.startswith(f"Clip accuracy {100 * right:.1f} % (")
    assert claim.endswith("), on people it has never seen")
    assert page.details.delete.isHidden()
    choose(page, "broken")
    assert page.details.claim.isHidden()
    assert "broken.safetensors is no model file" in words(page)
    assert page.details.use.isHidden()
    assert not page.details.delete.isHidden()


def test_a_claim_stands_with_its_interval_and_how_it_was_judged(
    window: MainWindow, open_page: OpenPage, tiny_model: Path
) -> None:
    own_models_dir().mkdir(parents=True)
    figures = {
        "protocol": "4-fold cross-validation, folds of neighboring groups",
        "clips": 240,
        "groups": 44,
        "accuracy of clips by the mean": 0.879,
        "accuracy of clips by the mean, interval": [0.79, 0.952],
        "calibration error": 0.029,
        "calibrated on": "other folds",
    }
    model = load_model(tiny_model)
    path = own_models_dir() / "mine.safetensors"
    save_model(path, replace(model, info=replace(model.info, name="mine", test=figures)))
    page = open_page(window)
    choose(page, "mine")
    claim = "Clip accuracy 87.9 % (79 to 95), on people it has never seen"
    assert page.details.claim.text() == claim
    text = words(page)
    assert "240 clips of 44 groups: 4-fold cross-validation, folds of neighboring groups" in text
    assert "off by 2.9 points on average, on clips that did not set them" in text
    assert "Clip accuracy 87.9 %" in page.list.item(names(page).index("mine")).text()
    bars = page.details.findChild(Comparison)
    assert bars is not None
    assert "mine 87.9 % (79 to 95), without memory –" in bars.accessibleDescription()


def test_it_says_how_fast_each_model_is_here(
    window: MainWindow, open_page: OpenPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speed, "measure_speed", measure_speed)
    page = open_page(window)
    choose(page, "ucf101-7-light")
    measured = re.compile(r"up to (\d+) steps per second, measured on CPU")
    qtbot.waitUntil(lambda: measured.search(words(page)) is not None, timeout=PATIENCE)
    qtbot.waitUntil(lambda: all(e.speed is not None for e in page.entries), timeout=PATIENCE)
    speeds = {e.name: e.speed.steps_per_second for e in page.entries if e.speed is not None}
    assert speeds["ucf101-7-light"] > 2 * speeds["ucf101-7"] > 0
    row = page.list.item(names(page).index("ucf101-7-light")).text()
    held = held_rate(read_info(find_model("ucf101-7-light")), speeds["ucf101-7-light"])
    assert f"holds {held:g} of 30 steps/s here" in row


def test_it_says_what_a_model_of_any_rate_holds_here(tiny_model: Path) -> None:
    info = replace(read_info(tiny_model), rates=(5.0, 30.0))
    entry = Entry(tiny_model, 1, False, info, "", None, Speed(30.0, "CPU"))
    assert summary(entry).endswith("holds 15 of 30 steps/s here")
    assert dict(facts(entry))["Step rate"] == (
        "5 to 30 steps per second (5 unless another is chosen)"
    )
    every = replace(entry, info=replace(info, step_rate=None))
    assert "every frame unless another is chosen" in dict(facts(every))["Step rate"]
    one = replace(entry, info=replace(entry.info, rates=(5.0, 5.0)))
    assert dict(facts(one))["Step rate"] == "5 steps per second"


def test_it_says_what_becomes_of_the_unknown_and_how_good_it_is_on_streams() -> None:
    info = replace(
        read_info(find_model(FAMILY[0])),
        threshold=0.5,
        test={
            "known steps shown right": 0.82,
            "unknown steps shown": 0.13,
            STREAM_STEPS: 0.947,
            f"{STREAM_STEPS}, without memory": 0.918,
        },
    )
    entry = Entry(Path("m.safetensors"), 1, own=False, info=info, fault="", report=None)
    assert dict(facts(entry))["Unknown"] == (
        "below 50 % confidence: "
        "names 82 % of its activities' steps rightly, 13 % of others by mistake"
    )
    (figure,) = figures(info, None)
    assert figure.values == (0.947, 0.918)


def test_two_models_stand_side_by_side(window: MainWindow, open_page: OpenPage) -> None:
    page = open_page(window)
    choose(page, "ucf101-7")
    box = page.details.beside
    box.setCurrentIndex(box.findText("demo"))
    box.activated.emit(box.currentIndex())
    assert "60 clips of 60 groups" in words(page)
    assert "591 clips of 112 groups" in words(page)


def test_a_model_is_imported_used_renamed_deleted_and_had_back(
    window: MainWindow, open_page: OpenPage, qtbot: QtBot, tiny_model: Path, tmp_path: Path
) -> None:
    page = open_page(window)
    bad = tmp_path / "bad.safetensors"
    bad.write_bytes(b"no model")
    pick(page, bad)
    qtbot.waitUntil(page.errors.isVisible, timeout=PATIENCE)
    assert "bad.safetensors" in page.errors.text

    qtbot.waitUntil(lambda: not page.findChildren(QFileDialog), timeout=PATIENCE)
    pick(page, tiny_model)
    qtbot.waitUntil(lambda: "tiny" in names(page), timeout=PATIENCE)
    assert page.details.title.text() == "tiny"
    page.details.use.click()
    qtbot.waitUntil(lambda: not page.details.use.isEnabled(), timeout=PATIENCE)

    page.details.rename.click()
    asked = page.findChildren(QInputDialog)[-1]
    asked.setTextValue("salon")
    asked.accept()
    qtbot.waitUntil(lambda: "salon" in names(page), timeout=PATIENCE)
    assert "tiny" not in names(page)
    assert window.session.model == "salon"
    assert read_info(own_models_dir() / "salon.safetensors").name == "salon"

    page.details.delete.click()
    answer(page, "Delete")
    qtbot.waitUntil(lambda: "salon" not in names(page), timeout=PATIENCE)
    assert window.session.model == FAMILY[0]
    page.undo.action.click()
    qtbot.waitUntil(lambda: "salon" in names(page), timeout=PATIENCE)
    assert page.undo.isHidden()

    page.details.delete.click()
    answer(page, "Delete")
    qtbot.waitUntil(lambda: "salon" not in names(page), timeout=PATIENCE)
    qtbot.waitUntil(lambda: not window.session.loading, timeout=PATIENCE)
    window.close()
    assert not list(own_models_dir().rglob("*.safetensors"))


@pytest.mark.parametrize(
    ("choice", "there"), [("Keep both (as tiny-2)", {"tiny", "tiny-2"}), ("Replace it", {"tiny"})]
)
def test_a_model_that_is_dropped_asks_where_its_name_is_taken(
    window: MainWindow,
    open_page: OpenPage,
    qtbot: QtBot,
    tiny_model: Path,
    choice: str,
    there: set[str],
) -> None:
    import_model(tiny_model, "tiny")
    before = (own_models_dir() / "tiny.safetensors").stat().st_ino
    page = open_page(window)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tiny_model))])
    copy, button, key = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier
    page.dropEvent(QDropEvent(QPointF(9, 9), copy, mime, button, key.NoModifier))
    qtbot.waitUntil(lambda: bool(page.findChildren(QMessageBox)), timeout=PATIENCE)
    answer(page, choice)

    def arrived() -> bool:
        found = {path.stem for path in own_models_dir().glob("*.safetensors")}
        path = own_models_dir() / "tiny.safetensors"
        new = "tiny-2" in there or (path.exists() and path.stat().st_ino != before)
        return found == there and new

    qtbot.waitUntil(arrived, timeout=PATIENCE)


def test_a_report_is_found_and_follows_its_model(
    window: MainWindow, open_page: OpenPage, qtbot: QtBot, tiny_model: Path
) -> None:
    run = runs_dir() / "kitchen-1"
    run.mkdir(parents=True)
    (run / "report.html").write_text("<p>Fine.</p>")
    model = import_model(tiny_model, "kitchen")
    (run / "done.json").write_text(json.dumps({"model": str(model)}))
    page = open_page(window)
    choose(page, "kitchen")
    assert not page.details.report.isHidden()
    page.details.rename.click()
    asked = page.findChildren(QInputDialog)[-1]
    asked.setTextValue("salon")
    asked.accept()
    qtbot.waitUntil(lambda: "salon" in names(page), timeout=PATIENCE)
    assert page.details.entry is not None
    assert page.details.entry.report == run / "report.html"
