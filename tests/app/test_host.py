"""Parts of the window without a window, and in any order."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenuBar, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from shared_names import PATIENCE

import lrcn_desktop.app.main_window
from lrcn_desktop.app.document.document import Document
from lrcn_desktop.app.host import Host
from lrcn_desktop.app.menus import Menus
from lrcn_desktop.app.part import Part
from lrcn_desktop.app.places import Places
from lrcn_desktop.app.settings import Settings
from lrcn_desktop.app.ticker import Ticker
from lrcn_desktop.app.worker import Worker

# A new part is tried by being there.
PARTS = sorted(Part.__subclasses__(), key=lambda kind: kind.__name__)
APP = Path(lrcn_desktop.app.__file__).parent


@pytest.fixture
def host(models: tuple[str, str], tmp_path: Path, qtbot: QtBot) -> Iterator[Host]:
    """Return a host in a plain widget, with nothing open and no part."""
    window = QWidget()
    qtbot.addWidget(window)
    ticker, worker, places, bar = Ticker(), Worker(), Places(), QMenuBar()
    column = QVBoxLayout(window)
    column.addWidget(bar)
    column.addWidget(places)
    document = Document(ticker, worker, "cpu", models[0])
    document.failed.connect(places.errors.show_error)
    shown = document.session.picture_shown  # which only `LivePart` would say
    document.source_changed.connect(shown, Qt.ConnectionType.QueuedConnection)
    settings = Settings(tmp_path / "settings.ini")
    yield Host(window, document, settings, worker, ticker, Menus(bar, worker), places)
    ticker.stop()
    assert document.close(60.0)
    assert worker.finish(60.0)


@pytest.mark.parametrize("kind", PARTS)
def test_a_part_needs_neither_a_window_nor_another_part(
    kind: type[Part], host: Host, qtbot: QtBot
) -> None:
    part = kind(host)
    with qtbot.waitSignal(host.document.source_changed, timeout=PATIENCE):
        host.document.open("demo")
    qtbot.waitUntil(lambda: host.document.live is not None, timeout=PATIENCE)
    host.ticker.tick()
    assert not host.places.errors.text
    assert part.may_close(lambda: None)
    part.close()


@pytest.mark.parametrize("backwards", [False, True])
def test_parts_are_made_in_any_order(backwards: bool, host: Host, qtbot: QtBot) -> None:
    parts = [kind(host) for kind in (reversed(PARTS) if backwards else PARTS)]
    with qtbot.waitSignal(host.document.source_changed, timeout=PATIENCE):
        host.document.open("demo")
    qtbot.waitUntil(lambda: len(host.document.covered) > 0, timeout=PATIENCE)
    places, menus = host.places, host.menus
    assert not places.transport.isHidden()
    assert not places.timeline.isHidden()
    assert places.stage.picture.frame is not None
    offered = {a.text(): a.isEnabled() for a in menus.playback.actions() if a.text()}
    assert offered["&Play or pause"]
    assert not offered["&Analyze whole video"]  # it has no end
    assert not places.errors.text
    for part in parts:
        assert part.may_close(lambda: None)
        part.close()


def test_every_part_of_the_window_is_tried_here(open_window: object) -> None:
    window = open_window()  # type: ignore[operator]
    assert {type(part) for part in window.parts} == set(PARTS)


def modules_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    found = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module}
    return found | {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}


def test_nothing_but_the_start_knows_the_window() -> None:
    """Not even for its types: a part is given what it may use."""
    knowing = {
        path.relative_to(APP).as_posix()
        for path in APP.rglob("*.py")
        if "lrcn_desktop.app.main_window" in modules_of(path)
    }
    assert knowing == {"run.py"}


def test_no_part_knows_another() -> None:
    homes = {kind.__module__ for kind in PARTS}
    for kind in PARTS:
        path = APP.parent.parent / f"{kind.__module__.replace('.', '/')}.py"
        assert not modules_of(path) & (homes - {kind.__module__}), kind
