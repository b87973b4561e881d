"""Ways to open something: recent files, cameras with a preview, what is dropped."""

import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from camera_server import CameraServer
from PySide6.QtCore import QCoreApplication, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QInputDialog
from pytestqt.qtbot import QtBot
from shared_names import PATIENCE

from lrcn_desktop.app.document import session
from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.app.opening import cameras_dialog
from lrcn_desktop.app.opening.cameras_dialog import MIRROR, CamerasDialog
from lrcn_desktop.app.opening.opening_part import OpeningPart
from lrcn_desktop.app.opening.recent import ADDRESSES, Recent, lacks_password, without_password
from lrcn_desktop.app.settings import Settings
from lrcn_desktop.recognition.engines.open import Device
from lrcn_desktop.recognition.recognizer import Recognizer
from lrcn_desktop.video import camera
from lrcn_desktop.video.camera import CameraInfo
from lrcn_desktop.video.source import Source
from lrcn_desktop.video.stream import StreamSource

WriteVideo = Callable[..., Path]


@pytest.fixture
def camera_server() -> Iterator[CameraServer]:
    with CameraServer().running() as server:
        yield server


def opening(window: MainWindow) -> OpeningPart:
    return next(part for part in window.parts if isinstance(part, OpeningPart))


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("rtsp://host/stream", "rtsp://host/stream"),
        ("rtsp://ann:s3cret@host:554/a?b=1", "rtsp://ann@host:554/a?b=1"),
        ("http://ann:p@ss@host/v.mjpg", "http://ann@host/v.mjpg"),
        ("http://host/v?user=ann&pwd=s3cret&size=2", "http://host/v?user=ann&pwd=&size=2"),
        ("https://host/v?access_token=s3cret", "https://host/v?access_token="),
        (
            "rtsp://host/user=ann&password=s3cret&channel=1",
            "rtsp://host/user=ann&password=&channel=1",
        ),
        ("http://[broken/?key=s3cret", "http://[broken/?key="),
    ],
)
def test_no_password_is_kept(address: str, kept: str) -> None:
    assert without_password(address) == kept
    assert lacks_password(kept) == (kept != address)


def test_the_newest_ten_are_kept_once_each_and_survive_a_restart(tmp_path: Path) -> None:
    recent = Recent(Settings(tmp_path / "settings.ini"))
    files = [tmp_path / f"{number}.avi" for number in range(12)]
    for file in files:
        file.touch()
        recent.add(str(file))
    recent.add(str(files[5]))
    recent.add("demo")
    recent.add("0@640x480")
    recent.add(str(tmp_path / "missing.avi"))
    again = Recent(Settings(tmp_path / "settings.ini")).addresses
    assert again[:2] == [str(files[5]), str(files[11])]
    assert len(again) == len(set(again)) == 10
    recent.clear()
    assert recent.addresses == []


def test_what_was_opened_is_offered_by_the_menu_and_by_the_welcome(
    window: MainWindow, qtbot: QtBot, write_video: WriteVideo, tmp_path: Path
) -> None:
    gone = write_video("gone.avi")
    window.settings.set(ADDRESSES, [str(gone)])
    gone.unlink()
    path = write_video("clip & co.avi", frames=50)
    with qtbot.waitSignal(window.session.source_changed, timeout=PATIENCE):
        window.open(str(path))
    menu = opening(window).menu
    menu.refresh()
    qtbot.waitUntil(lambda: menu.actions()[0].text().startswith("clip && co.avi"), timeout=PATIENCE)
    assert [action.isEnabled() for action in menu.actions()[:2]] == [True, False]
    recent = window.stage.welcome.recent
    qtbot.waitUntil(lambda: len(window.stage.welcome.recent) == 1, timeout=PATIENCE)
    recent = window.stage.welcome.recent
    with qtbot.waitSignal(window.session.source_changed, timeout=PATIENCE):
        recent[0].click()
    menu.actions()[-1].trigger()
    assert window.settings.get(ADDRESSES) == []
    qtbot.waitUntil(lambda: not window.stage.welcome.recent, timeout=PATIENCE)


def test_a_stream_whose_password_was_not_kept_is_asked_for_it(
    window: MainWindow, qtbot: QtBot
) -> None:
    opening(window).reopen("rtsp://ann@host/stream")
    dialog = window.findChild(QInputDialog)
    assert isinstance(dialog, QInputDialog)
    assert dialog.textValue() == "rtsp://ann@host/stream"
    dialog.reject()
    assert not window.progress.isVisible()


class Camera(StreamSource):
    """A stream in the place of a camera."""

    closed = False

    def close(self) -> None:
        super().close()
        self.closed = True


@pytest.fixture
def two_cameras(
    camera_server: CameraServer, monkeypatch: pytest.MonkeyPatch
) -> list[tuple[int, tuple[int, int] | None, Camera]]:
    """Put two streams in the place of cameras, and return what was opened."""
    opened: list[tuple[int, tuple[int, int] | None, Camera]] = []

    def open_camera(index: int, size: tuple[int, int] | None = None) -> Source:
        assert all(source.closed for other, _, source in opened if other == index)
        source = Camera(camera_server.url("/live"))
        opened.append((index, size, source))
        return source

    found = [CameraInfo(0, "Front"), CameraInfo(2, "Door")]
    monkeypatch.setattr(camera, "CameraSource", open_camera)
    monkeypatch.setattr(cameras_dialog, "list_cameras", lambda: found)
    return opened


def test_a_camera_is_previewed_let_go_of_and_opened_as_it_was_chosen(
    window: MainWindow,
    qtbot: QtBot,
    two_cameras: list[tuple[int, tuple[int, int] | None, Camera]],
) -> None:
    window.stage.welcome.camera_wanted.emit()
    dialog = cameras(window)
    shows(dialog, qtbot)
    assert [dialog.names.item(row).text() for row in range(2)] == ["Front", "Door"]
    QTest.keyClick(dialog.names, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: len(two_cameras) == 2, timeout=PATIENCE)
    assert two_cameras[0][2].closed  # one camera at a time
    dialog.resolution.setCurrentIndex(dialog.resolution.findData("1280x720"))
    dialog.resolution.activated.emit(dialog.resolution.currentIndex())
    dialog.mirror.click()
    qtbot.waitUntil(lambda: len(two_cameras) == 3, timeout=PATIENCE)
    with qtbot.waitSignal(window.session.source_changed, timeout=PATIENCE):
        QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert window.session.address == "2@1280x720"
    assert [entry[:2] for entry in two_cameras] == [
        (0, None),
        (2, None),
        (2, (1280, 720)),
        (2, (1280, 720)),
    ]
    assert window.settings.get(MIRROR)
    opening(window).choose_camera()  # what plays is shown, not opened once more
    dialog = cameras(window)
    shows(dialog, qtbot)
    assert dialog.names.currentItem().text() == "Door"
    assert dialog.resolution.currentData() == "1280x720"
    assert len(two_cameras) == 4
    dialog.reject()
    window.menus.cameras.chosen.emit("2")  # from the quick list: the same camera, opened again
    qtbot.waitUntil(lambda: len(two_cameras) == 5, timeout=PATIENCE)


def test_closing_the_window_lets_go_of_the_camera_on_show(
    window: MainWindow,
    qtbot: QtBot,
    two_cameras: list[tuple[int, tuple[int, int] | None, Camera]],
) -> None:
    opening(window).choose_camera()
    dialog = cameras(window)
    qtbot.waitUntil(lambda: bool(two_cameras), timeout=PATIENCE)
    window.close()
    assert not dialog.isVisible()
    assert two_cameras[0][2].closed


def test_without_a_camera_the_dialog_says_so(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cameras_dialog, "list_cameras", list)
    opening(window).choose_camera()
    dialog = cameras(window)
    qtbot.waitUntil(lambda: "No camera was found" in dialog.preview.words.text())
    assert not dialog.open_button.isEnabled()
    dialog.reject()


def cameras(window: MainWindow) -> CamerasDialog:
    dialog = opening(window).cameras
    assert dialog is not None
    return dialog


def shows(dialog: QDialog, qtbot: QtBot) -> None:
    assert isinstance(dialog, CamerasDialog)
    qtbot.waitUntil(lambda: dialog.preview.picture.frame is not None, timeout=PATIENCE)


def drag(window: MainWindow, mime: QMimeData, *, drop: bool) -> QDragEnterEvent:
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    no_key = Qt.KeyboardModifier.NoModifier
    with warnings.catch_warnings():  # Qt 6.12 would rather have a QPointF, which 6.7 does not take
        warnings.simplefilter("ignore", DeprecationWarning)
        enter = QDragEnterEvent(QPoint(9, 9), action, mime, button, no_key)
    QCoreApplication.sendEvent(window, enter)
    if drop:
        event = QDropEvent(QPointF(9, 9), action, mime, button, no_key)
        QCoreApplication.sendEvent(window, event)
    return enter


def files(*paths: Path | str) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def text(words: str) -> QMimeData:
    mime = QMimeData()
    mime.setText(words)
    return mime


def test_while_something_is_dragged_the_window_says_what_a_drop_does(
    window: MainWindow, models: tuple[str, str]
) -> None:
    hint = opening(window).drops.hint
    for mime, words in (
        (files("clip.avi"), "Drop to open"),
        (files(models[1]), "Drop to use this model"),
        (text("hello there"), "This cannot be opened"),
    ):
        assert drag(window, mime, drop=False).isAccepted()
        assert (hint.isVisible(), hint.text) == (True, words)
        QCoreApplication.sendEvent(window, QDragLeaveEvent())
        assert not hint.isVisible()


def test_dropped_files_and_models_are_used_and_what_is_left_over_is_told(
    window: MainWindow, qtbot: QtBot, write_video: WriteVideo, models: tuple[str, str]
) -> None:
    with qtbot.waitSignal(window.session.source_changed, timeout=PATIENCE):
        drag(window, files(write_video("dropped.avi", frames=50)), drop=True)
    assert window.windowTitle() == "dropped.avi - LRCN Desktop"
    assert not window.errors.isVisible()
    with qtbot.waitSignal(window.session.source_changed, timeout=PATIENCE):
        drag(window, files(write_video("one.avi"), models[1], "two.avi"), drop=True)
    assert window.session.model == models[1]
    assert window.windowTitle() == "one.avi - LRCN Desktop"
    assert window.errors.text.startswith("One item opens at a time; 1 of 3 were ignored")
    assert "one.avi, second.safetensors" in window.errors.text


def test_a_dropped_address_and_folder_open(
    window: MainWindow, qtbot: QtBot, camera_server: CameraServer, tmp_path: Path
) -> None:
    with qtbot.waitSignal(window.session.source_changed, timeout=PATIENCE):
        drag(window, text(camera_server.url("/live") + "\n"), drop=True)
    assert window.session.address.endswith("/live")
    with qtbot.waitSignal(window.session.failed, timeout=PATIENCE):
        drag(window, files(tmp_path), drop=True)
    assert "holds no images" in window.errors.text


def test_a_drop_of_something_else_gives_one_sentence(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    drag(window, text("hello there"), drop=True)
    assert window.errors.text.startswith("What was dropped cannot be opened")
    notes = tmp_path / "notes.txt"
    notes.write_text("nothing to see")
    with qtbot.waitSignal(window.session.failed, timeout=PATIENCE):
        drag(window, files(notes), drop=True)
    assert "notes.txt" in window.errors.text
    assert "\n" not in window.errors.text


def test_the_first_picture_is_on_the_screen_before_the_model_begins_to_load(
    window: MainWindow, qtbot: QtBot, write_video: WriteVideo, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[str] = []
    load = session.load_recognizer

    def loading(name: str, device: Device) -> Recognizer:
        happened.append("loading")
        return load(name, device)

    monkeypatch.setattr(session, "load_recognizer", loading)
    window.stage.picture.shown.connect(lambda: happened.append("picture"))
    path = write_video("large.avi", frames=50, size=(1920, 1080))
    began = time.monotonic()
    window.open(str(path))
    qtbot.waitUntil(lambda: bool(happened), timeout=PATIENCE)
    print(f"first picture after {time.monotonic() - began:.2f} s")
    assert window.session.loading
    assert "Loading model first" in window.stage.overlay.accessibleDescription()
    qtbot.waitUntil(lambda: window.session.recognizer is not None, timeout=PATIENCE)
    assert happened == ["picture", "loading"]


def test_a_model_does_not_wait_for_a_picture_that_nobody_sees(
    window: MainWindow, qtbot: QtBot, write_video: WriteVideo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "LONGEST_HOLD", 0.1)
    window.hide()
    window.open(str(write_video("clip.avi", frames=50)))
    qtbot.waitUntil(lambda: window.session.recognizer is not None, timeout=PATIENCE)
