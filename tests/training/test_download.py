"""Getting UCF-101, from servers on loopback that break off, lie and are slow."""

import io
import json
import threading
import time
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from faults import drive

from lrcn_desktop.cli import main
from lrcn_desktop.errors import UserError
from training.data import download as downloading
from training.data import get_ucf101 as getting
from training.data.download import download
from training.data.get_ucf101 import Published, get_ucf101

WHOLE = bytes(range(256)) * 4000  # a megabyte
PIECE = 200_000


class Server(ThreadingHTTPServer):
    """Serves one file.

    Attributes:
        content: The file.
        ranges: Whether it knows them.
        breaks: Whether every connection ends after 200 kB.
        fails: How many requests get a 503 first.
        claims: Bytes that it says to send more than it does.
        says: All that it answers, to the byte, where that is anything.
        pause: Seconds between pieces.
        asked: The Range headers that it got.
    """

    def __init__(self, content: bytes) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.content = content
        self.files: dict[str, bytes] = {}
        self.ranges, self.breaks = True, False
        self.fails = self.claims = 0
        self.says = b""
        self.pause = 0.0
        self.tag, self.shifts = '"1"', 0
        self.asked: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/clips.rar"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        server, content = self.server, self.server.files.get(self.path, self.server.content)
        wanted = self.headers.get("Range")
        server.asked.append(wanted)
        if server.says:
            self.wfile.write(server.says)
            return
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd")
            self.end_headers()
            return
        if self.path == "/none":
            self.send_error(404)
            return
        if server.fails:
            server.fails -= 1
            self.send_error(503)
            return
        begin = 0
        if server.ranges and wanted and self.headers.get("If-Range") == server.tag:
            begin = int(wanted.removeprefix("bytes=").rstrip("-"))
            if begin > len(content):
                self.send_error(416)
                return
            self.send_response(206)
            end = len(content)
            self.send_header("Content-Range", f"bytes {begin + server.shifts}-{end - 1}/{end}")
        else:
            self.send_response(200)
        self.send_header("ETag", server.tag)
        self.send_header("Content-Length", str(len(content) - begin + server.claims))
        self.end_headers()
        sent = content[begin : begin + PIECE] if server.breaks else content[begin:]
        for place in range(0, len(sent), 50_000):
            try:
                self.wfile.write(sent[place : place + 50_000])
            except OSError:
                return
            time.sleep(server.pause)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(downloading, "PAUSE", 0.01)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with Server(WHOLE) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_file_is_there_whole_or_not_at_all(server: Server, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    path = tmp_path / "clips.rar"

    def progress(done: int, total: int) -> None:
        told.append((done, total))
        assert not path.exists()

    assert download(server.url, path, progress)
    assert path.read_bytes() == WHOLE
    assert told[-1] == (len(WHOLE), len(WHOLE))
    assert told == sorted(told)
    assert [p for p in tmp_path.iterdir() if p.is_file()] == [path]
    assert download(server.url, path)
    assert len(server.asked) == 1


def test_a_connection_that_breaks_off_goes_on_where_it_was(server: Server, tmp_path: Path) -> None:
    server.breaks = True
    assert download(server.url, tmp_path / "clips.rar")
    assert (tmp_path / "clips.rar").read_bytes() == WHOLE
    assert server.asked == [None, *(f"bytes={n}-" for n in range(PIECE, len(WHOLE), PIECE))]


def test_without_ranges_a_broken_one_ends_in_a_sentence(server: Server, tmp_path: Path) -> None:
    server.breaks, server.ranges = True, False
    with pytest.raises(UserError, match="cannot be downloaded to its end") as caught:
        download(server.url, tmp_path / "clips.rar")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "clips.rar").exists()
    server.breaks = False
    assert download(server.url, tmp_path / "clips.rar")
    assert (tmp_path / "clips.rar").read_bytes() == WHOLE


def test_cancelled_it_goes_on_later(server: Server, tmp_path: Path) -> None:
    path, done = tmp_path / "clips.rar", [0]
    server.pause = 0.01

    def progress(now: int, total: int) -> None:
        done[0] = now

    assert not download(server.url, path, progress, lambda: done[0] > 300_000)
    assert not path.exists()
    before = done[0]
    assert download(server.url, path, progress)
    assert server.asked[-1] == f"bytes={before}-"
    assert path.read_bytes() == WHOLE


def test_another_file_by_now_is_taken_from_its_start(server: Server, tmp_path: Path) -> None:
    done = [0]

    def progress(now: int, total: int) -> None:
        done[0] = now

    assert not download(server.url, tmp_path / "a", progress, lambda: done[0] > 0)
    server.content, server.tag = WHOLE[::-1], '"2"'
    assert download(server.url, tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == WHOLE[::-1]


@pytest.mark.parametrize("lie", ["longer", "elsewhere"])
def test_a_server_that_lies_is_not_believed(server: Server, tmp_path: Path, lie: str) -> None:
    if lie == "longer":
        server.claims, server.ranges = 1000, False
    else:
        server.breaks, server.shifts = True, 5
    with pytest.raises(UserError, match="cannot be downloaded to its end"):
        download(server.url, tmp_path / "clips.rar")
    assert not (tmp_path / "clips.rar").exists()


@pytest.mark.parametrize(
    "says",
    [
        "200 OK\r\nContent-Length: " + 5000 * "9",
        "200 OK\r\nContent-Length: -5",
        "206 Partial Content\r\nContent-Range: bytes 0-1/" + 5000 * "9",
        "200 OK\r\nContent-Length: 0",
        "204 No Content",
        "302 Found\r\nLocation: http://[::1/clips.rar",
        "302 Found\r\nLocation: http://\xe4.example/",
        "200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5",
    ],
    ids=lambda says: says[:40].replace("\r\n", " "),
)
def test_whatever_a_server_says_is_answered_in_a_sentence(
    server: Server, tmp_path: Path, says: str
) -> None:
    server.says = f"HTTP/1.1 {says}\r\n\r\n".encode("latin-1")
    with pytest.raises(UserError, match="cannot be downloaded") as caught:
        download(server.url, tmp_path / "clips.rar")
    assert str(caught.value).isprintable()
    assert not (tmp_path / "clips.rar").exists()


def test_a_mark_that_is_damaged_begins_again(server: Server, tmp_path: Path) -> None:
    (tmp_path / "clips.rar.part").write_bytes(WHOLE[:1000])
    about = {"url": server.url, "validator": "1\r\nX: y"}
    (tmp_path / "clips.rar.part.json").write_text(json.dumps(about))
    assert download(server.url, tmp_path / "clips.rar")
    assert server.asked == [None]


def test_a_busy_server_is_asked_again_and_a_missing_file_is_not(
    server: Server, tmp_path: Path
) -> None:
    server.fails = 3
    assert download(server.url, tmp_path / "clips.rar")
    asked = len(server.asked)
    with pytest.raises(UserError, match="404"):
        download(server.url.replace("clips.rar", "none"), tmp_path / "other.rar")
    assert len(server.asked) == asked + 1
    with pytest.raises(UserError, match="cannot be downloaded"):
        download(server.url.replace("clips.rar", "away"), tmp_path / "other.rar")


def test_a_server_that_stalls_is_given_up(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloading, "PATIENCE", 0.2)
    server.pause = 1.0
    server.ranges = False
    began = time.monotonic()
    with pytest.raises(UserError, match="timed out"):
        download(server.url, tmp_path / "clips.rar")
    assert time.monotonic() - began < 60


def test_a_server_that_is_not_there_is_told(tmp_path: Path, server: Server) -> None:
    with pytest.raises(UserError, match=r"refused|10061"):
        download("http://127.0.0.1:9/clips.rar", tmp_path / "clips.rar")


def test_a_full_disk_is_told(server: Server, tmp_path: Path) -> None:
    with drive(tmp_path / "drive", megabytes=1) as disk:
        (disk.path / "other").write_bytes(bytes(500_000))
        with pytest.raises(UserError, match="make room"):
            download(server.url, disk.path / "clips.rar")


def archive(*names: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for name in names:
            file.writestr(name, bytes(3000))
    return data.getvalue()


@pytest.fixture
def published(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server that publishes a small UCF-101."""
    clips = archive("UCF-101/Punch/v_Punch_g01_c01.avi", "UCF-101/Punch/v_Punch_g08_c01.avi")
    lists = archive("ucfTrainTestlist/trainlist01.txt", "ucfTrainTestlist/testlist01.txt")
    server.files = {"/UCF101.rar": clips, "/lists.zip": lists}
    begin = server.url.rpartition("/")[0]
    archives = (
        Published(f"{begin}/lists.zip", "ucfTrainTestlist"),
        Published(f"{begin}/UCF101.rar", "UCF-101"),
    )
    monkeypatch.setattr(getting, "ARCHIVES", archives)
    monkeypatch.setattr(getting, "NEEDED", 100_000)
    return server


def test_ucf101_is_downloaded_checked_and_unpacked(
    published: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dest = tmp_path / "data"
    assert main(["dataset", "download", str(dest)]) == 0
    told = capsys.readouterr()
    assert "6.5 GB" in told.err
    assert "licence" in told.err
    assert str(dest / "UCF-101") in told.out
    found = sorted(p.relative_to(dest).as_posix() for p in dest.rglob("*") if p.is_file())
    assert [name for name in found if not name.startswith(".")] == [
        "UCF-101/Punch/v_Punch_g01_c01.avi",
        "UCF-101/Punch/v_Punch_g08_c01.avi",
        "ucfTrainTestlist/testlist01.txt",
        "ucfTrainTestlist/trainlist01.txt",
    ]
    asked = len(published.asked)
    assert main(["dataset", "download", str(dest)]) == 0
    assert len(published.asked) == asked


def test_a_damaged_archive_is_told_and_nothing_is_unpacked(
    published: Server, tmp_path: Path
) -> None:
    good = published.files["/UCF101.rar"]
    published.files["/UCF101.rar"] = good[: len(good) // 2]
    with pytest.raises(UserError, match="damaged"):
        get_ucf101(tmp_path)
    assert not (tmp_path / "UCF-101").exists()


def test_too_little_space_is_told_before_anything_is_fetched(
    published: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(getting, "NEEDED", 10**18)
    with pytest.raises(UserError, match="GB are needed"):
        get_ucf101(tmp_path)
    assert published.asked == []
