"""UCF-101 from the menu: what is said, what is fetched, and from whom."""

import io
import sys
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from shared_names import PATIENCE

from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.app.retrain import child

FROM_LOOPBACK = """
import sys
from training.data import get_ucf101 as getting
getting.NEEDED = 100_000
begin = sys.argv.pop(1)
getting.ARCHIVES = tuple(
    getting.Published(f"{begin}/{name}", folder)
    for name, folder in (("lists.zip", "ucfTrainTestlist"), ("UCF101.rar", "UCF-101"))
)
from lrcn_desktop.cli import main
sys.exit(main(sys.argv[1:]))
"""


class Handler(BaseHTTPRequestHandler):
    asked: list[str]
    files: dict[str, bytes]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        content = self.files.get(self.path)
        if content is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Handler]]:
    class Fresh(Handler):
        asked: list[str] = []  # noqa: RUF012
        files: dict[str, bytes] = {}  # noqa: RUF012

    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with ThreadingHTTPServer(("127.0.0.1", 0), Fresh) as server:
        url = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setattr(child, "COMMAND", [sys.executable, "-c", FROM_LOOPBACK, url])
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield Fresh
        server.shutdown()
        thread.join()


def archive(*names: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for name in names:
            file.writestr(name, bytes(3000))
    return data.getvalue()


def test_nothing_is_fetched_before_a_yes(
    window: MainWindow, server: type[Handler], qtbot: QtBot
) -> None:
    window.get_ucf101.open()
    box = window.get_ucf101.box
    assert box is not None
    for fact in ("6.5 GB", "licence", "www.crcv.ucf.edu", "14 GB"):
        assert fact in box.text()
    next(b for b in box.findChildren(QPushButton) if b.text() == "Cancel").click()
    qtbot.wait(100)
    assert server.asked == []


def test_it_is_downloaded_and_retrain_opens_with_it(
    window: MainWindow, server: type[Handler], tmp_path: Path, qtbot: QtBot
) -> None:
    server.files["/lists.zip"] = archive("ucfTrainTestlist/trainlist01.txt")
    server.files["/UCF101.rar"] = archive("UCF-101/Punch/v_Punch_g01_c01.avi")
    window.get_ucf101.start(str(tmp_path))
    assert window.get_ucf101.banner.isVisible()
    qtbot.waitUntil(lambda: window.retraining.window is not None, timeout=PATIENCE)
    assert (tmp_path / "UCF-101" / "Punch" / "v_Punch_g01_c01.avi").is_file()
    assert not window.get_ucf101.banner.isVisible()


def test_a_server_without_it_is_one_sentence(
    window: MainWindow, server: type[Handler], tmp_path: Path, qtbot: QtBot
) -> None:
    window.get_ucf101.start(str(tmp_path))
    qtbot.waitUntil(lambda: window.errors.isVisible(), timeout=PATIENCE)
    assert "404" in window.errors.text
    assert window.errors.text.startswith("http://127.0.0.1")


def test_closing_stops_it_in_bounded_time(
    window: MainWindow, server: type[Handler], tmp_path: Path
) -> None:
    window.get_ucf101.start(str(tmp_path))
    assert window.close()
