"""Teaching in the real window, with the demo as its camera."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu
from pytestqt.qtbot import QtBot
from shared_names import PATIENCE
from teaching import make_project

from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.app.teach.keys import NumberKeys
from lrcn_desktop.app.teach.panel import TeachPanel
from lrcn_desktop.model.library import import_model, own_models_dir
from lrcn_desktop.model.model_file import read_info
from lrcn_desktop.recognition.teaching.project import OTHER, Clip, Project

Play = Callable[[MainWindow, str | Path], None]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path / "mine", ("waving", "walking"), clips=2)


def teach(window: MainWindow, qtbot: QtBot, folder: Path) -> None:
    """Open a project, and wait for its model."""
    window.teach.lesson.open(folder)
    qtbot.waitUntil(lambda: window.teach.lesson.taught is not None, timeout=PATIENCE)


def test_a_held_key_records_an_example_that_is_in_the_model_at_once(
    window: MainWindow, play: Play, qtbot: QtBot, project: Project
) -> None:
    play(window, "demo")
    teach(window, qtbot, project.folder)
    part, lesson = window.teach, window.teach.lesson
    before = lesson.taught
    QTest.keyPress(part.panel, Qt.Key.Key_2)
    qtbot.waitUntil(
        lambda: (
            lesson.collecting.recording is not None and lesson.collecting.recording.seconds > 0.7
        ),
        timeout=PATIENCE,
    )
    assert "Stop" in part.panel.cards["walking"].record.text()
    QTest.keyRelease(part.panel, Qt.Key.Key_2)
    qtbot.waitUntil(lambda: lesson.taught is not before, timeout=PATIENCE)
    assert lesson.taught is not None
    assert lesson.before is before
    assert len(lesson.taught.material.clips) == 5
    qtbot.waitUntil(lambda: "of this timeline: " in part.panel.change, timeout=PATIENCE)
    assert len(part.panel.cards["walking"].thumbnails) == 3
    assert window.session.recognizer is not None
    assert window.session.recognizer.classes == ("waving", "walking")
    assert (own_models_dir() / "mine.safetensors").is_file()
    assert window.session.chosen == str(own_models_dir() / "mine.safetensors")  # for other sources

    # The model's threshold is the slider's, at once and in its file; no other model is made.
    threshold, made = window.session.recognizer.info.threshold, lesson.before
    part.panel.slider.setValue(part.panel.slider.maximum())
    assert window.session.recognizer.info.threshold > threshold
    file = own_models_dir() / "mine.safetensors"
    qtbot.waitUntil(lambda: read_info(file).threshold > threshold, timeout=PATIENCE)
    assert lesson.before is made
    assert Project.open(project.folder).shift > 0

    (clip, *_) = project.clips("walking")
    lesson.examples.delete(clip)
    assert len(part.panel.cards["walking"].thumbnails) == 2
    assert part.panel.undo.isVisibleTo(part.panel)
    lesson.examples.undo()
    assert clip.path.is_file()
    qtbot.waitUntil(lambda: not lesson.busy, timeout=PATIENCE)
    window.worker.finish(10)


def choose(qtbot: QtBot, text: str) -> None:
    """Choose from the menu that has popped up."""
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu), timeout=PATIENCE)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    action = next(a for a in menu.actions() if text in a.text().replace("&", ""))
    menu.close()
    action.trigger()


def accept(window: MainWindow, *files: Path) -> None:
    """Answer the file dialog that has been opened."""
    (dialog,) = window.findChildren(QFileDialog)
    assert dialog.isVisible()
    for name in ("fileSelected", "filesSelected"):
        chosen = [str(file) for file in files]
        getattr(dialog, name).emit(chosen if name == "filesSelected" else chosen[0])
    dialog.reject()


def test_without_a_source_a_model_is_exported_and_videos_are_imported(
    window: MainWindow, qtbot: QtBot, project: Project, tmp_path: Path
) -> None:
    teach(window, qtbot, project.folder)
    part = window.teach
    part.press("waving")
    assert "open a camera, a video or the demo first" in window.errors.text

    part.panel.project.click()
    choose(qtbot, "Export the model")
    given = tmp_path / "given.safetensors"
    accept(window, given)
    qtbot.waitUntil(given.exists, timeout=PATIENCE)
    outlines = read_info(given).training["outlines"]
    assert isinstance(outlines, dict)
    assert list(outlines) == ["waving", "walking"]
    assert import_model(given, "given") in own_models_dir().iterdir()

    card = part.panel.cards["walking"]
    card.more_wanted.emit(card)
    choose(qtbot, "Import videos")
    with qtbot.waitSignal(part.lesson.examples.changed, timeout=PATIENCE):
        accept(window, project.clips("waving")[0].path)
    assert len(card.thumbnails) == 3
    qtbot.waitUntil(lambda: not part.lesson.busy, timeout=PATIENCE)
    assert part.lesson.taught is not None
    assert "is an example of both" in part.lesson.taught.material.notes[0]

    part.stop()
    assert not part.open


def test_cards_follow_the_project(qtbot: QtBot) -> None:
    panel = TeachPanel()
    qtbot.addWidget(panel)
    fresh = panel.show_project("mine", ["a", "b"])
    assert [card.activity for card in fresh] == ["a", "b", OTHER]
    (thumbnail,) = panel.cards["a"].show_clips([Clip(Path("1.mkv"), "a")])
    assert panel.cards["a"].show_clips([thumbnail.clip, Clip(Path("2.mkv"), "a")])
    assert [card.activity for card in panel.show_project("mine", ["b", "c"])] == ["c"]
    assert list(panel.cards) == ["b", OTHER, "c"]


def test_number_keys_count_once_and_not_while_a_name_is_written(qtbot: QtBot) -> None:
    panel = TeachPanel()
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitExposed(panel)
    keys, said = NumberKeys(panel), []
    keys.pressed.connect(lambda number: said.append(("down", number)))
    keys.released.connect(lambda number: said.append(("up", number)))
    keys.last_wanted.connect(lambda number: said.append(("last", number)))
    keys.switch(True)
    QTest.keyPress(panel, Qt.Key.Key_3)
    QTest.keyPress(panel, Qt.Key.Key_4)  # while the other is held
    QTest.keyRelease(panel, Qt.Key.Key_4)
    QTest.keyRelease(panel, Qt.Key.Key_3)
    QTest.keyClick(panel.name, Qt.Key.Key_5)
    QTest.keyClick(panel, Qt.Key.Key_6, Qt.KeyboardModifier.ControlModifier)
    keys.switch(False)
    QTest.keyClick(panel, Qt.Key.Key_7)
    assert said == [("down", 3), ("up", 3), ("last", 6)]
    assert panel.name.text() == "5"
