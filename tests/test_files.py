"""Atomic writing: the old file or the new one, never half of either."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from faults import drive

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import atomic_path, atomic_write, check_writable


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_text("before")
    with atomic_write(path, "w") as file:
        file.write("nach\nher ü")
        assert path.read_text() == "before"
    assert path.read_bytes() == "nach\nher ü".encode()
    with atomic_write(path, "wb") as file:
        file.write(b"\x00\n")
    assert path.read_bytes() == b"\x00\n"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_failure_leaves_what_was_there(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "file.txt"
    path.write_text("before")

    def write_half() -> None:
        with atomic_write(path, "w") as file:
            file.write("half")
            raise error

    with pytest.raises(error):
        write_half()
    assert [p.read_text() for p in tmp_path.iterdir()] == ["before"]


def test_a_killed_process_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_text("before")
    code = (
        "import os, sys; from lrcn_desktop.files import atomic_write\n"
        "with atomic_write(sys.argv[1], 'w') as f: f.write('half'); f.flush(); os._exit(9)"
    )
    root = Path(__file__).parents[1]
    assert subprocess.run([sys.executable, "-c", code, str(path)], cwd=root).returncode == 9
    assert path.read_text() == "before"


@pytest.mark.skipif(sys.platform == "win32", reason="no file size limit to stand for a full disk")
def test_a_full_disk_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    import resource

    path, limits = tmp_path / "file.bin", resource.getrlimit(resource.RLIMIT_FSIZE)

    def write_too_much() -> None:
        with atomic_write(path, "wb") as file:
            file.write(bytes(1 << 22))

    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, limits[1]))
    try:
        with pytest.raises(UserError, match="Cannot write"):
            write_too_much()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list(tmp_path.iterdir()) == []


def test_checking_leaves_nothing_and_keeps_what_is_there(tmp_path: Path) -> None:
    check_writable(tmp_path / "new.txt")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "old.txt").write_text("before")
    check_writable(tmp_path / "old.txt")
    assert [p.read_text() for p in tmp_path.iterdir()] == ["before"]


def test_a_relative_path_needs_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with atomic_write("file.txt", "w") as file:
        file.write("x")
    assert (tmp_path / "file.txt").read_text() == "x"


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_is_followed_and_a_device_left_alone(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "file.txt")
    with atomic_write(tmp_path / "link", "w") as file:
        file.write("x")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file.txt").read_text() == "x"
    with pytest.raises(UserError, match="not an ordinary file"):
        check_writable(os.devnull)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(UserError, match="Cannot write"):
        check_writable(tmp_path / "loop")


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="nothing is read-only for root"
)
def test_what_is_read_only_is_told_before(tmp_path: Path) -> None:
    (tmp_path / "file.txt").touch(0o444)
    with pytest.raises(UserError, match="write-protected"):
        check_writable(tmp_path / "file.txt")
    tmp_path.chmod(0o555)
    with pytest.raises(UserError, match="Permission denied"):
        check_writable(tmp_path / "new.txt")
    tmp_path.chmod(0o755)


def test_a_path_for_another_library_takes_its_place_only_when_all_went_well(tmp_path: Path) -> None:
    target = tmp_path / "film.mp4"
    target.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError), atomic_path(target) as path:
        path.write_bytes(b"half" * (1 // 0))
    assert target.read_bytes() == b"old"
    with atomic_path(target) as path:
        assert (path.parent, path.suffix) == (tmp_path, ".mp4")
        path.write_bytes(b"new")
    assert target.read_bytes() == b"new"
    assert list(tmp_path.glob("*.mp4")) == [target]
    with pytest.raises(UserError, match="Cannot write"), atomic_path(target):
        pass


def test_a_read_only_drive_is_one_sentence_not_an_error_of_the_clean_up(tmp_path: Path) -> None:
    with drive(tmp_path / "drive") as stick:
        old, new = stick.path / "old.txt", stick.path / "new.txt"
        old.write_text("before")
        stick.make_read_only()
        with pytest.raises(UserError, match="Read-only file system"):
            check_writable(new)
        with pytest.raises(UserError, match="Read-only file system"), atomic_write(new, "w"):
            pass
        with pytest.raises(UserError, match="Read-only file system"), atomic_path(new) as temporary:
            temporary.touch()
        with pytest.raises(UserError, match="Cannot write"), atomic_write(old, "w"):
            pass
        assert old.read_text() == "before"


def test_an_error_of_the_clean_up_takes_no_other_ones_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unplugged(path: Path, missing_ok: bool = False) -> None:
        raise OSError(5, "Input/output error")

    def write(error: type[BaseException]) -> None:
        with atomic_write(tmp_path / "file.txt", "w"):
            raise error

    monkeypatch.setattr(Path, "unlink", unplugged)
    with pytest.raises(KeyboardInterrupt):
        write(KeyboardInterrupt)
    with pytest.raises(UserError, match="Cannot write"):
        write(OSError)
