"""What is kept stays its owner's, nothing is sent anywhere, and all of it can be deleted."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import atomic_write, make_private
from lrcn_desktop.kept import delete_kept, kept_bytes, kept_folders
from lrcn_desktop.video.recording import new_file

ROOT = Path(__file__).parents[1]
WriteVideo = Callable[..., Path]
posix = pytest.mark.skipif(sys.platform == "win32", reason="rights of POSIX")

# Python's own sockets; FFmpeg's and Qt's are opened for addresses alone.
NO_SOCKETS = """
import os, sys

def watch(event, arguments):
    if event.startswith("socket.") and event != "socket.gethostname":
        if event == "socket.__new__" and arguments[1] not in (2, 10):  # AF_INET, AF_INET6
            return
        print(event, arguments, file=sys.stderr)
        os._exit(77)

sys.addaudithook(watch)
from lrcn_desktop.cli import main
sys.exit(main(sys.argv[1:]))
"""


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@posix
def test_what_is_recorded_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = new_file(tmp_path / "Videos" / "LRCN Desktop", datetime(2026, 1, 1), "Camera")
    assert (mode(path), mode(path.parent), mode(path.parents[1])) == (0o600, 0o700, 0o700)


@posix
def test_a_folder_that_is_shared_stays_so(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o755)
    make_private(shared / "mine")
    assert (mode(shared), mode(shared / "mine")) == (0o755, 0o700)
    make_private(shared)
    assert mode(shared) == 0o755


@posix
def test_a_file_that_is_replaced_keeps_who_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.touch(0o600)
    with atomic_write(path, "w") as file:
        file.write("after")
    assert mode(path) == 0o600


def test_all_that_is_kept_can_be_deleted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".cache"))
    for name in (".data", ".config", ".cache", ".state"):
        folder = tmp_path / name / "lrcn-desktop" / "inner"
        make_private(folder)
        (folder / "file").write_bytes(bytes(1000))
        (tmp_path / name / "other").mkdir()
    assert kept_bytes() == 1000 * len(kept_folders())
    delete_kept()
    assert kept_folders() == []
    assert sorted(p.name for p in tmp_path.glob(".*/*")) == ["other"] * 4
    delete_kept()


def test_what_cannot_be_deleted_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from faults import drive

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".cache"))
    with drive(tmp_path / "drive") as disk:
        monkeypatch.setenv("XDG_DATA_HOME", str(disk.path))
        make_private(disk.path / "lrcn-desktop" / "models")
        disk.make_read_only()
        with pytest.raises(UserError, match="delete it yourself"):
            delete_kept()


@pytest.mark.parametrize(
    "arguments",
    [
        ("analyze", "{video}", "--model", "{model}", "--device", "cpu", "--json", "{out}/a.json"),
        ("{video}", "--model", "{model}", "--device", "cpu", "--screenshot", "{out}/a.png"),
        ("models",),
    ],
    ids=lambda arguments: arguments[0],
)
def test_nothing_is_sent_unless_it_was_asked_for(
    arguments: tuple[str, ...], tmp_path: Path, write_video: WriteVideo, tiny_model: Path
) -> None:
    places = {"video": write_video(), "model": tiny_model, "out": tmp_path}
    command = [sys.executable, "-c", NO_SOCKETS, *(a.format(**places) for a in arguments)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_watch_notices_a_socket() -> None:
    asking = f"{NO_SOCKETS.partition('from lrcn')[0]}\nimport socket; socket.create_connection"
    command = [sys.executable, "-c", f"{asking}(('127.0.0.1', 9))"]
    assert subprocess.run(command, capture_output=True).returncode == 77
