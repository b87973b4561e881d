"""What made a first minute confusing, and stays away: wording, colors, places; by what is shown."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QLabel
from pytestqt.qtbot import QtBot
from shared_names import PATIENCE

import lrcn_desktop.app
from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.app.opening.opening_part import OpeningPart
from lrcn_desktop.app.timeline.view import TimelineView
from lrcn_desktop.app.widgets.banner import Banner
from lrcn_desktop.app.widgets.illustration import Illustration
from lrcn_desktop.app.widgets.theme import current_theme
from lrcn_desktop.cli import main
from lrcn_desktop.recognition.display_state import Shown
from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.recognition.segments import Segment

SHARES = np.array([0.9, 0.1], np.float32)


def test_what_stands_under_the_headline_never_contradicts_the_bars(window: MainWindow) -> None:
    known, unknown = (Prediction(5.0, SHARES, label, known=0.9) for label in ("sit", None))
    words = [
        window.live.detail_of(shown, time, prediction)
        for shown, time, prediction in (
            (Shown(), 5.0, unknown),
            (Shown(), 5.0, known),  # its bar is over the tick already
            (Shown("sit", sure=False, since=4.8), 5.0, unknown),
            (Shown("sit", sure=True, since=4.8), 5.0, known),
            (Shown("sit", sure=True, since=2.0), 5.0, known),
            (Shown("sit", sure=True, since=2.0), 6.3, known),  # a slow computer
        )
    ]
    assert words == [
        "Below threshold",
        "Too brief so far",
        "Below threshold",
        "Just now",
        "For 3 s",
        "For 3 s · 1.3 s late",
    ]


def test_news_is_not_in_the_color_of_a_warning(window: MainWindow) -> None:
    window.export.clip.done.show_saved([Path("a.mp4")], 3.0)
    window.events.show_note("Waving was seen.")
    news = [b for b in window.findChildren(Banner) if b.isVisibleTo(window)]
    assert {b.objectName() for b in news} == {"progress"}
    assert len(news) == 2
    assert "Saved a.mp4  (3.0 s)" in {b.text for b in news}


def test_what_a_menu_adds_is_written_in_it(
    window: MainWindow, qtbot: QtBot, write_video: Callable[..., Path]
) -> None:
    with qtbot.waitSignal(window.session.source_changed, timeout=PATIENCE):
        window.open(str(write_video("clip.avi", frames=20)))
    first = window.review.editing.adding_menu(0.5).actions()[0]
    assert first.text() == "Add a segment here"
    assert not first.isSeparator()  # the text of a separator is not drawn by this style


def test_a_stream_that_failed_is_there_to_be_mended(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = next(part for part in window.parts if isinstance(part, OpeningPart))
    monkeypatch.setattr(window.document, "open", lambda _: None)
    part.open_stream("rtsp://camera/typo")
    window.stage.welcome.stream_wanted.emit()
    dialog = window.findChild(QInputDialog)
    assert dialog is not None
    assert dialog.textValue() == "rtsp://camera/typo"
    dialog.close()


def test_the_welcome_leads_to_teaching(window: MainWindow, qtbot: QtBot) -> None:
    for _ in range(2):  # a second click does not end it
        window.stage.welcome.teach.click()
        qtbot.waitUntil(lambda: window.teach.open, timeout=PATIENCE)
        assert window.places.workbench.side.isVisible()


def test_a_stream_is_measured_against_nothing(
    window: MainWindow,
    qtbot: QtBot,
    write_video: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with qtbot.waitSignal(window.session.source_changed, timeout=PATIENCE):
        window.open(str(write_video("clip.avi", frames=20)))
    figures = window.live.figures()
    assert figures is not None
    assert figures.declared == window.document.capture.source.rate  # type: ignore[union-attr]
    monkeypatch.setattr(window.session, "address", "rtsp://camera/stream")  # says 25, sends 10
    source = next(
        label for label in window.findChildren(QLabel) if label.accessibleName() == "Source rate"
    )
    qtbot.waitUntil(lambda: "fps" in source.text() and " of " not in source.text())


def test_what_the_user_has_set_is_the_headline(
    window: MainWindow, qtbot: QtBot, write_video: Callable[..., Path]
) -> None:
    with qtbot.waitSignal(window.session.source_changed, timeout=PATIENCE):
        window.open(str(write_video("clip.avi", frames=20)))
    bars = window.places.now.bars
    qtbot.waitUntil(lambda: bars.shows_bars, timeout=PATIENCE)
    QTest.keyClick(window, Qt.Key.Key_Home)
    assert window.document.review is not None
    window.document.review.add(0.0, 0.8, "dancing")
    qtbot.waitUntil(lambda: (bars.headline, bars.detail) == ("Dancing", "Set by you"))


def test_rows_stay_where_they_are_while_the_timeline_is_zoomed(qtbot: QtBot) -> None:
    view = TimelineView()
    qtbot.addWidget(view)
    view.resize(1000, 200)
    view.show_source(100.0)
    names = ("sit", "stand", "wave", "box")
    view.show_classes(names)
    view.show_segments([Segment(20.0 * n, 20.0 * n + 9, name, 0.9) for n, name in enumerate(names)])
    before = [row.label for row in view.rows]
    for around in (10.0, 50.0, 90.0):
        view.show_all()
        view.change_span(lambda around=around: view.span.zoom(8.0, around))  # type: ignore[misc]
        assert [row.label for row in view.rows] == before


def test_the_statistics_are_those_of_analyze(
    window: MainWindow,
    models: tuple[str, str],
    qtbot: QtBot,
    write_video: Callable[..., Path],
    tmp_path: Path,
) -> None:
    clip, beside, tab = write_video("clip.avi", frames=25), tmp_path / "a.csv", tmp_path / "b.csv"
    with qtbot.waitSignal(window.session.source_changed, timeout=PATIENCE):
        window.open(str(clip))
    qtbot.waitUntil(lambda: window.document.can_analyze, timeout=PATIENCE)
    window.document.analyze()
    history = window.document.history
    assert history is not None
    qtbot.waitUntil(lambda: history.complete, timeout=PATIENCE)
    command = ["analyze", str(clip), "--model", models[0], "--device", "cpu"]
    main([*command, "--statistics", str(beside)])
    qtbot.waitUntil(lambda: window.document.segments == tuple(history.segments()))  # looked again
    window.statistics.save(str(tab))
    qtbot.waitUntil(tab.exists, timeout=PATIENCE)
    assert tab.read_text() == beside.read_text()
    assert tab.read_text().count("\n") > 3


def test_what_is_only_drawn_looks_like_no_button(qapp: QApplication) -> None:
    """The drawing's "Video", "Camera" and "Stream" cannot be clicked, and have no accent."""
    drawing = Illustration()
    drawing.resize(drawing.sizeHint())
    drawn = drawing.grab().toImage()
    left = range(drawn.width() // 5)
    colors = {drawn.pixelColor(x, y).name() for x in left for y in range(drawn.height())}
    assert QColor(current_theme().muted).name() in colors
    assert QColor(current_theme().accent).name() not in colors


def test_the_window_names_no_backbone_by_itself() -> None:
    """A model on another one said "VGG-16 looks at every clip"."""
    for path in Path(lrcn_desktop.app.__file__).parent.rglob("*.py"):
        assert not re.search(r"VGG|EfficientNet", path.read_text("utf-8")), path
