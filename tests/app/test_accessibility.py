"""Everyone can use it: names for screen readers, the keyboard, contrast, larger fonts."""

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QLabel,
    QLayout,
    QListView,
    QListWidget,
    QScrollBar,
    QSplitterHandle,
    QStackedLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shared_names import PATIENCE

from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.app.retrain.result_page import ResultPage
from lrcn_desktop.app.widgets.theme import DARK, LIGHT, Theme, apply_theme
from lrcn_desktop.training_events import Done
from tools.screenshots.windows import windows

READABLE = 4.5  # WCAG 2 AA, for text of ordinary size
LARGER = 1.25
LIST = QListView.ViewMode.ListMode

TEXTS = (
    ("text", "window"), ("text", "panel"), ("text", "raised"), ("muted", "window"),
    ("muted", "panel"), ("muted", "raised"), ("on_accent", "accent"), ("on_accent", "accent_hover"),
    ("amber", "amber_back"), ("amber", "window"), ("danger", "danger_back"), ("danger", "panel"),
    ("accent", "panel"), ("accent", "window"),
)  # fmt: skip


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_texts_stand_out_from_what_is_behind_them(theme: Theme) -> None:
    faint = [
        (text, back, round(ratio, 2))
        for text, back in TEXTS
        if (ratio := contrast(getattr(theme, text), getattr(theme, back))) < READABLE
    ]
    assert not faint


def contrast(first: str, second: str) -> float:
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def luminance(color: str) -> float:
    c = QColor(color)
    rgb = np.array([c.redF(), c.greenF(), c.blueF()])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ np.array([0.2126, 0.7152, 0.0722]))


@pytest.fixture(params=[1.0, LARGER], ids=["font", "larger font"])
def shown(
    request: pytest.FixtureRequest,
    qapp: QApplication,
    open_window: object,
    qtbot: QtBot,
    write_video: object,
    models: tuple[str, str],
) -> Iterator[MainWindow]:
    """Return a window that shows a video, in the system's font and in a larger one."""
    before = qapp.font()
    font = QFont(before)
    font.setPointSizeF(before.pointSizeF() * request.param)
    qapp.setFont(font)
    apply_theme(qapp, LIGHT)
    window: MainWindow = open_window()  # type: ignore[operator]
    path: Path = write_video("clip.avi", frames=50)  # type: ignore[operator]
    with qtbot.waitSignal(window.session.source_changed, timeout=PATIENCE):
        window.open(str(path))
    qtbot.waitUntil(lambda: window.session.live is not None, timeout=PATIENCE)
    yield window
    qapp.setFont(before)


def test_every_window_can_be_read_aloud_and_is_not_cut(shown: MainWindow, qtbot: QtBot) -> None:
    faults: list[str] = []
    seen: list[str] = []
    for name, window in itertools.chain([("main", shown)], windows(shown, settle=0.2)):
        QApplication.sendPostedEvents()  # a figure that changed meanwhile asks for its room
        seen.append(name)
        faults += [f"{name}: {fault}" for fault in faults_of(window)]
    assert len(seen) > 6, seen
    assert turns_of_tab(shown) <= 2
    assert not faults, "\n".join(sorted(set(faults)))


SIZES = [(683, 352), (1366, 728), (1600, 1000), (2560, 1400), (1080, 1880)]  # the first: at scale 2


def test_nothing_is_cut_at_any_window_size(shown: MainWindow, qtbot: QtBot) -> None:
    faults: list[str] = []
    bars = (shown.places.now.bars, shown.stage.overlay)
    qtbot.waitUntil(lambda: any(each.shows_bars for each in bars), timeout=PATIENCE)
    for size in SIZES:
        shown.resize(*size)
        qtbot.waitUntil(lambda size=size: shown.size().toTuple() == size)  # type: ignore[misc]
        side = shown.places.workbench.side
        for number in range(side.count()):
            side.setCurrentIndex(number)
            QApplication.processEvents()
            QApplication.sendPostedEvents()  # a figure that changed meanwhile asks for its room
            faults += [f"{size}: {fault}" for fault in faults_of(shown)]
        side.setCurrentIndex(0)
        shown.live.show_recognition()
        for each in bars:
            cut = [t.whole for t in each.texts() if t.text != t.whole and each.isVisible()]
            faults += [f"{size}: {text} is cut in the bars" for text in cut]
    assert not faults, "\n".join(sorted(set(faults)))


def test_a_results_words_run_through_nothing(qapp: QApplication, qtbot: QtBot) -> None:
    apply_theme(qapp, LIGHT)
    page = ResultPage()
    qtbot.addWidget(page)
    page.resize(940, 640)
    shares = {"clip_mean": 0.6, "clip_last": 0.6, "frame": 0.5}
    evaluation = {
        "classes": [f"activity {number}" for number in range(8)],
        "confusion": np.eye(8, dtype=int).tolist(),
        "clips": 52,
        "accuracy": shares,
        "baseline": shares,
        "intervals": {"accuracy": {key: [0.4, 0.8] for key in shares}},
        "ece": 0.088,
        "accuracy_by_seconds": {"seconds": [0.5, 1, 2], "mean": [0.3, 0.5, 0.6]},
        "streams": {"text": "On streams of clips: 49.8 % of steps are right, and so on. " * 2},
    }
    verdict = "63.5 % of 52 clips are right (95 % interval: 50 to 77), and so on. " * 4
    done = Done(model="clips", evaluation=evaluation, current=evaluation, verdict=verdict)
    page.show_result(done, "demo")
    page.show()
    qtbot.waitExposed(page)
    assert list(overlaps_of(page)) == []
    remark = next(label for label in page.findChildren(QLabel) if "streams" in label.text())
    assert remark.height() >= remark.heightForWidth(remark.width())


@pytest.mark.slow
def test_nothing_is_cut_at_twice_the_scale() -> None:
    """The same, by a process of its own: Qt reads the scale once."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "-k", "any_window_size"]
    environment = {**os.environ, "QT_SCALE_FACTOR": "2"}
    done = subprocess.run([*command, __file__], env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()[-3000:]


def faults_of(window: QWidget) -> Iterator[str]:
    yield from overlaps_of(window)
    visible = [part for part in window.findChildren(QWidget) if part.isVisibleTo(window)]
    for part in visible:
        if needs_name(part) and not name_of(part):
            yield f"{described(part)} has no name"
        if isinstance(part, QAbstractScrollArea) and part.horizontalScrollBar().isVisible():
            yield f"{described(part)} is wider than its room"
        if isinstance(part, QListWidget):
            metrics, room = part.fontMetrics(), part.viewport().width() - 16  # its items' padding
            for line in (t for n in range(part.count()) for t in part.item(n).text().split("\n")):
                if metrics.horizontalAdvance(line) > room and part.viewMode() == LIST:
                    yield f"{described(part)} cuts {line!r}"
    for label in visible:
        if isinstance(label, QLabel | QAbstractButton) and is_cut(label):
            yield f"{described(label)} is cut: {label.text()!r}"


def overlaps_of(window: QWidget) -> Iterator[str]:
    """Give what a layout has put over each other, for want of room."""
    visible = [part for part in window.findChildren(QWidget) if part.isVisibleTo(window)]
    placed = {item for layout in window.findChildren(QLayout) for item in widgets_of(layout)}
    for parent in {part.parentWidget() for part in visible}:
        children = [part for part in visible if part.parentWidget() is parent and part in placed]
        for one, other in itertools.combinations(children, 2):
            common = one.geometry().intersected(other.geometry())
            stacked = isinstance(parent.layout(), QStackedLayout)
            if min(common.width(), common.height()) > 1 and not stacked:
                yield f"{described(one)} and {type(other).__name__} overlap by {common.height()}"


def widgets_of(layout: QLayout) -> Iterator[QWidget]:
    for number in range(layout.count()):
        item = layout.itemAt(number)
        if item is not None and item.widget() is not None:
            yield item.widget()


def needs_name(part: QWidget) -> bool:
    inner = isinstance(part, QScrollBar | QSplitterHandle)
    plain = type(part) is QAbstractScrollArea
    return part.focusPolicy() != Qt.FocusPolicy.NoFocus and not inner and not plain and own(part)


def own(part: QWidget) -> bool:
    """Whether it is the program's own, and not a piece of one of Qt's controls."""
    parent = part.parentWidget()
    pieces = ("qt_", "ScrollLeftButton", "ScrollRightButton")
    inside = type(parent).__name__ in ("QComboBox", "QSpinBox", "QDoubleSpinBox", "QDateTimeEdit")
    return not part.objectName().startswith(pieces) and not inside and not isinstance(part, QLabel)


def name_of(part: QWidget) -> str:
    if part.accessibleName():
        return part.accessibleName()
    buddies = [b for b in part.window().findChildren(QLabel) if b.buddy() is part]
    if buddies:
        return buddies[0].text()
    return part.text() if isinstance(part, QAbstractButton) else ""


def described(part: QWidget) -> str:
    return f"{type(part).__name__} in {type(part.parentWidget()).__name__}"


def is_cut(part: QLabel | QAbstractButton) -> bool:
    """Whether there is less room than the text needs, at the size that the window opens with."""
    if not part.text() or part.width() <= 1 or type(part).__name__ == "ElidedLabel":
        return False
    if isinstance(part, QLabel) and part.wordWrap():
        return part.height() + 1 < part.heightForWidth(part.width())
    needed = part.minimumSizeHint() if isinstance(part, QLabel) else part.sizeHint()
    return part.width() + 1 < needed.width() or part.height() + 1 < needed.height()


def takes_tab(part: QWidget) -> bool:
    tab = bool(part.focusPolicy() & Qt.FocusPolicy.TabFocus)
    radio = getattr(part, "autoExclusive", lambda: False)()  # a group is one stop
    return tab and part.isEnabled() and own(part) and not radio


def turns_of_tab(shown: MainWindow) -> int:
    """Return how often Tab goes up in the main window: to the side's column, and at the end."""
    tops: list[int] = []
    part = shown.transport.nextInFocusChain()
    inside = shown.centralWidget()
    while part is not None and part is not shown.transport:
        if takes_tab(part) and part.isVisible() and inside.isAncestorOf(part):
            tops.append(part.mapTo(inside, QPoint(0, 0)).y() // 60)
        part = part.nextInFocusChain()
    return sum(b < a for a, b in itertools.pairwise(tops))
