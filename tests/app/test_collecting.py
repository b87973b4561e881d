"""Collecting examples from what plays, without a window: nothing recorded is lost."""

import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot
from shared_names import PATIENCE

from lrcn_desktop.app.document.document import Document
from lrcn_desktop.app.teach import collecting
from lrcn_desktop.app.teach.collecting import Collecting
from lrcn_desktop.app.worker import Worker
from lrcn_desktop.errors import UserError
from lrcn_desktop.recognition.engines.engine import Engine
from lrcn_desktop.recognition.teaching.features import Features
from lrcn_desktop.recognition.teaching.project import Project
from lrcn_desktop.video.frame import Frame

RATE = 10.0


class Camera(threading.Thread):
    """Gives twelve frames, and then no more."""

    def __init__(self, document: "FakeDocument") -> None:
        super().__init__()
        self.source = SimpleNamespace(rate=RATE, name="camera", file=None)
        self.rate, self.ended, self.loss = RATE, False, None
        self._document = document

    def run(self) -> None:
        """Give them."""
        for number in range(12):
            image = np.full((48, 64, 3), 10 * number, np.uint8)
            for listen in self._document.session.frame_listeners:
                listen(SimpleNamespace(frame=Frame(image, number / RATE, number)))


class FakeDocument(QObject):
    """Has a camera, as far as collecting looks at it."""

    source_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.session = SimpleNamespace(frame_listeners=())
        self.capture = Camera(self)


def no_engine() -> Engine:
    raise UserError("No engine works on this machine.")


@pytest.fixture
def lost(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Collecting]:
    """A camera that is lost while it is recorded from."""
    monkeypatch.setattr(collecting, "LOST", 0.1)
    document, worker = FakeDocument(), Worker()
    found = Collecting(cast("Document", document), worker, document)
    project = Project.open(tmp_path / "mine")
    project.add_activity("waving")
    found.show(project, Features(no_engine))
    found.record("waving")
    document.capture.start()
    document.capture.join()
    yield found
    found.show(None, None)
    worker.finish(20)


def test_a_camera_that_is_lost_while_it_records_is_said_and_the_clip_is_kept(
    qtbot: QtBot, lost: Collecting, tmp_path: Path
) -> None:
    said: list[str] = []
    lost.failed.connect(said.append)
    with qtbot.waitSignal(lost.added, timeout=PATIENCE):
        qtbot.waitUntil(lambda: lost.look() or lost.recording is None, timeout=PATIENCE)
    (clip,) = Project.open(tmp_path / "mine").clips("waving")
    assert clip.place.startswith("camera, ")
    assert list(lost.pictures) == [clip.path]
    assert said == ["No frame came while waving was recorded: the 1.2 s until then are kept."]


def test_a_clip_counts_though_the_project_cannot_be_written(
    qtbot: QtBot, lost: Collecting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(project: Project) -> None:
        raise UserError("Cannot write teach.json: No space left on device.")

    monkeypatch.setattr(Project, "save", full)
    said: list[str] = []
    lost.failed.connect(said.append)
    with qtbot.waitSignal(lost.added, timeout=PATIENCE):
        lost.stop()
    assert len(list((tmp_path / "mine" / "waving").glob("*.mkv"))) == 1
    assert said[0].startswith("Cannot write teach.json: No space left on device. What was recorded")
