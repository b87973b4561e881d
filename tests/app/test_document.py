"""What is open without a window: files one after the other, and models one after the other."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from shared_names import FIRST, PATIENCE, SECOND

from lrcn_desktop.app.document.document import Document
from lrcn_desktop.app.ticker import Ticker
from lrcn_desktop.app.worker import Worker
from lrcn_desktop.model.model_file import read_model, write_model

WriteVideo = Callable[..., Path]


@pytest.fixture
def document(models: tuple[str, str], qtbot: QtBot) -> Iterator[Document]:
    """Return a document in which nothing is open."""
    ticker, worker = Ticker(), Worker()
    document = Document(ticker, worker, "cpu", models[0])
    yield document
    ticker.stop()
    assert document.close(60.0)
    assert worker.finish(60.0)


def watch(document: Document, qtbot: QtBot, address: Path) -> None:
    """Open a file and wait until something of it was recognized."""
    with qtbot.waitSignal(document.source_changed, timeout=PATIENCE):
        document.open(str(address))
    qtbot.waitUntil(lambda: bool(document.covered), timeout=PATIENCE)
    assert document.capture is not None
    document.capture.pause()


def analyze(document: Document, qtbot: QtBot) -> None:
    """Analyze the file, and wait until all of it is known to the review too."""
    qtbot.waitUntil(lambda: document.can_analyze, timeout=PATIENCE)
    document.analyze()
    qtbot.waitUntil(
        lambda: document.history is not None and document.history.complete, timeout=PATIENCE
    )
    assert document.history is not None
    whole = document.history.covered()
    qtbot.waitUntil(lambda: list(document.covered) == whole, timeout=PATIENCE)


def test_every_file_can_be_analyzed_not_only_the_first_of_a_model(
    document: Document, qtbot: QtBot, write_video: WriteVideo
) -> None:
    offered: list[bool] = []
    document.analysis_changed.connect(lambda: offered.append(document.can_analyze))
    for name in ("one.avi", "two.avi"):
        watch(document, qtbot, write_video(name, frames=75))
        qtbot.waitUntil(lambda: offered[-1], timeout=PATIENCE)
        analyze(document, qtbot)
        (covered,) = document.covered
        assert covered == pytest.approx((0.0, 3.0), abs=0.05)
        qtbot.waitUntil(lambda: not offered[-1], timeout=PATIENCE)


def test_what_a_model_has_seen_stays_when_another_takes_its_place(
    document: Document, models: tuple[str, str], qtbot: QtBot, write_video: WriteVideo
) -> None:
    watch(document, qtbot, write_video("clip.avi", frames=75))
    analyze(document, qtbot)
    history = document.history
    assert history is not None
    assert not document.seen_by_others
    with qtbot.waitSignal(document.history_changed, timeout=PATIENCE):
        document.session.choose_model(models[1])
    assert document.history is history
    assert document.seen_by_others
    (covered,) = document.covered
    assert covered == pytest.approx((0.0, 3.0), abs=0.05)
    assert document.classes == (*SECOND, *FIRST)
    assert document.can_analyze
    document.seek(1.0)
    assert document.capture is not None
    document.capture.play()
    qtbot.waitUntil(lambda: len(history.seen_by()) > 1, timeout=PATIENCE)
    seen = {model for _, _, model in history.seen_by()}
    assert seen == {"first", "second"}
    analyze(document, qtbot)
    assert not document.seen_by_others
    qtbot.waitUntil(lambda: document.classes == SECOND, timeout=PATIENCE)


@pytest.fixture
def flexible_model(models: tuple[str, str], tmp_path: Path) -> str:
    """Return the path of a model whose step rate can be chosen."""
    model, path = read_model(Path(models[1])), tmp_path / "flexible.safetensors"
    write_model(path, replace(model, info=replace(model.info, name="flexible", rates=(5.0, 30.0))))
    return str(path)


def test_another_step_rate_is_followed_and_is_no_other_model(
    document: Document, flexible_model: str, qtbot: QtBot, write_video: WriteVideo
) -> None:
    document.session.choose_model(flexible_model)
    watch(document, qtbot, write_video("one.avi", frames=250))
    history = document.history
    assert history is not None
    document.session.set_rate(25.0)
    assert document.capture is not None
    document.capture.play()
    qtbot.waitUntil(lambda: history.step_rate == 25.0, timeout=PATIENCE)
    watch(document, qtbot, write_video("two.avi", frames=75))
    analyze(document, qtbot)
    history = document.history
    assert history is not None
    assert history.step_rate == 25.0
    with qtbot.waitSignal(document.model_changed, timeout=PATIENCE):
        document.session.choose_model(flexible_model)
    assert document.history is history
    assert history.complete
    assert not document.seen_by_others
