"""`lrcn-desktop dataset prepare`: all of an archive or nothing, and nothing beside its folder."""

import io
import os
import shutil
import stat
import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from lrcn_desktop.cli import main
from lrcn_desktop.errors import UserError
from training.data import prepare as preparing
from training.data.prepare import prepare
from training.data.unpackers import PROGRAMS, ProgramArchive, parse_unrar

FILES = {f"UCF-101/{c}/v_{c}_g01_c0{n}.avi": bytes([n]) * 5000 for c in "AB" for n in (1, 2)}


def write_zip(path: Path, files: dict[str, bytes] = FILES) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return path


def write_tar(path: Path, *more: tarfile.TarInfo, mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as file:  # type: ignore[call-overload]
        for name, content in FILES.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            file.addfile(info, io.BytesIO(content))
        for info in more:
            file.addfile(info, io.BytesIO(b"x" * info.size))
    return path


def holds(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("write", [write_zip, write_tar])
def test_an_archive_of_any_suffix_is_unpacked(
    tmp_path: Path, write: Callable[[Path], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    archive = write(tmp_path / "UCF101.rar")
    assert main(["dataset", "prepare", str(archive), str(tmp_path / "data")]) == 0
    assert holds(tmp_path / "data") == FILES
    assert "4 files" in capsys.readouterr().out
    assert {path.name for path in tmp_path.iterdir()} == {"UCF101.rar", "data"}


def test_an_empty_folder_is_filled_and_another_one_is_not_touched(tmp_path: Path) -> None:
    archive = write_zip(tmp_path / "a.zip")
    (tmp_path / "data").mkdir()
    prepare(archive, tmp_path / "data")
    assert holds(tmp_path / "data") == FILES
    with pytest.raises(UserError, match="not an empty folder"):
        prepare(archive, tmp_path / "data")
    with pytest.raises(UserError, match="does not exist"):
        prepare(archive, tmp_path / "no" / "data")
    with pytest.raises(UserError, match="There is no file"):
        prepare(tmp_path / "none.rar", tmp_path / "new")


def special(name: str, kind: bytes, target: str = "", size: int = 0) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size = kind, target, size
    return info


@pytest.mark.parametrize(
    "hostile",
    [
        special("../evil.txt", tarfile.REGTYPE, size=4),
        special("UCF-101/../../evil.txt", tarfile.REGTYPE, size=4),
        special("/tmp/evil.txt", tarfile.REGTYPE, size=4),
        special("C:\\evil.txt", tarfile.REGTYPE, size=4),
        special("UCF-101\\..\\..\\evil.txt", tarfile.REGTYPE, size=4),
        special("UCF-101/link", tarfile.SYMTYPE, "../.."),
        special("UCF-101/link", tarfile.SYMTYPE, "/etc"),
        special("UCF-101/hard", tarfile.LNKTYPE, "../evil.txt"),
        special("UCF-101/pipe", tarfile.FIFOTYPE),
        special("UCF-101/device", tarfile.CHRTYPE),
    ],
)
def test_nothing_escapes(tmp_path: Path, hostile: tarfile.TarInfo) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    archive = write_tar(inner / "a.tar", hostile)
    with pytest.raises(UserError, match=r"a\.tar (would write outside|holds a link or a device)"):
        prepare(archive, inner / "data")
    assert [path.name for path in inner.iterdir()] == ["a.tar"]
    assert [path.name for path in tmp_path.iterdir()] == ["inner"]


def test_a_zip_with_a_link_or_a_way_out(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as file:
        link = zipfile.ZipInfo("UCF-101/link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(link, "/etc")
    with pytest.raises(UserError, match="holds a link"):
        prepare(archive, tmp_path / "data")
    with pytest.raises(UserError, match="write outside"):
        prepare(write_zip(archive, {"a/../../evil": b"x"}), tmp_path / "data")


def damage_zip(path: Path) -> None:
    content = bytearray(write_zip(path).read_bytes())
    content[60] ^= 0xFF  # within the first file's data
    path.write_bytes(content)


def cut_zip(path: Path) -> None:
    content = write_zip(path).read_bytes()
    path.write_bytes(content[: len(content) // 2])


def cut_tar(path: Path) -> None:
    content = write_tar(path, mode="w").read_bytes()
    path.write_bytes(content[:12_000])


def encrypt_zip(path: Path) -> None:
    content = bytearray(write_zip(path).read_bytes())
    content[6] |= 1
    content[content.rindex(b"PK\1\2") + 8] |= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (damage_zip, "damaged"),
        (cut_zip, "damaged"),
        (cut_tar, "damaged"),
        (encrypt_zip, "encrypted, unpack it with its password"),
        (lambda path: path.write_bytes(b""), "is empty"),
    ],
)
def test_a_bad_archive_leaves_nothing_behind(
    tmp_path: Path, spoil: Callable[[Path], None], what: str
) -> None:
    spoil(tmp_path / "a.rar")
    with pytest.raises(UserError, match=what):
        prepare(tmp_path / "a.rar", tmp_path / "data")
    assert [path.name for path in tmp_path.iterdir()] == ["a.rar"]


def test_a_full_disk_is_told_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = write_zip(tmp_path / "a.zip")
    usage = shutil.disk_usage(tmp_path)
    full = type(usage)(usage.total, usage.used, 10_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    with pytest.raises(UserError, match="GB free"):
        prepare(archive, tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    archive = write_zip(tmp_path / "a.zip")

    def interrupt(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(archive, tmp_path / "data", interrupt)
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_without_a_program_it_says_which_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.rar").write_bytes(b"Rar!\x1a\x07\x01\x00")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match=r"unar, unrar, 7zz, 7z, bsdtar.*install one"):
        prepare(tmp_path / "a.rar", tmp_path / "data")


def test_unrars_listing() -> None:
    text = (
        "\nUNRAR 6.21 freeware\n\nArchive: a.rar\nDetails: RAR 5\n\n"
        "        Name: UCF-101/a: b.avi\n        Type: File\n        Size: 500\n"
        " Packed size: 500\n       Flags: \n\n        Name: UCF-101\n        Type: Directory\n\n"
        "        Name: l\n        Type: Unix symbolic link\n      Target: /etc\n        Size: 4\n\n"
    )
    entries = [(entry.name, entry.kind, entry.size) for entry in parse_unrar(text)]
    assert entries == [
        ("UCF-101/a: b.avi", "file", 500),
        ("UCF-101", "folder", 0),
        ("l", "other", 4),
    ]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
class TestPrograms:
    """Each program that is installed, on archives that all of them read."""

    @pytest.fixture(autouse=True)
    def alone(self, program: object, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let this program do what Python could do itself."""
        if program.name == "unrar" or not program.there:  # type: ignore[attr-defined]
            pytest.skip("not installed here, or reads nothing that can be written here")
        monkeypatch.setattr(preparing, "python_archive", lambda path: None)
        monkeypatch.setattr(preparing, "PROGRAMS", [program])

    def test_it_unpacks(self, tmp_path: Path) -> None:
        seen: list[tuple[int, int]] = []
        archive = write_zip(tmp_path / "-a.rar", {**FILES, "UCF-101/ü/é.avi": b"e"})
        assert prepare(archive, tmp_path / "data", lambda *done: seen.append(done)) == 5
        assert holds(tmp_path / "data") == {**FILES, "UCF-101/ü/é.avi": b"e"}
        assert (seen[0], seen[-1]) == ((0, 5), (5, 5))

    @pytest.mark.parametrize(
        "hostile",
        [
            special("../evil.txt", tarfile.REGTYPE, size=4),
            special("/tmp/evil.txt", tarfile.REGTYPE, size=4),
            special("UCF-101/link", tarfile.SYMTYPE, "/etc"),
            special("UCF-101/pipe", tarfile.FIFOTYPE),
        ],
    )
    def test_nothing_escapes(self, tmp_path: Path, hostile: tarfile.TarInfo) -> None:
        inner = tmp_path / "inner"
        inner.mkdir()
        archive = write_tar(inner / "a.tar", hostile, mode="w")
        with pytest.raises(UserError, match=r"would write outside|holds a link or a device"):
            prepare(archive, inner / "data")
        assert [path.name for path in inner.iterdir()] == ["a.tar"]
        assert [path.name for path in tmp_path.iterdir()] == ["inner"]

    def test_a_damaged_archive(self, tmp_path: Path) -> None:
        cut_zip(tmp_path / "a.zip")
        with pytest.raises(UserError, match="damaged"):
            prepare(tmp_path / "a.zip", tmp_path / "data")
        assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_an_encrypted_archive_is_told_by_each_program(tmp_path: Path) -> None:
    if not shutil.which("7z"):
        pytest.skip("7z, which encrypts, is not installed here")
    (tmp_path / "v_A_g01_c01.avi").write_bytes(os.urandom(1000))
    for hidden in ("off", "on"):
        archive = tmp_path / f"{hidden}.7z"
        command = ["7z", "a", "-psecret", f"-mhe={hidden}", archive, "v_A_g01_c01.avi"]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
        for program in PROGRAMS:
            if program.there and program.name != "unrar":
                with pytest.raises(UserError, match="is encrypted"):
                    _prepare_by(program, archive, tmp_path / "data")


def _prepare_by(program: object, archive: Path, dest: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(preparing, "PROGRAMS", [program])
        assert isinstance(preparing.archives_for(archive)[0], ProgramArchive)
        prepare(archive, dest)
