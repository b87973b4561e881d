"""Whether PyTorch is worth asking for a graphics card, told by what the system shows of one."""

import platform
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from lrcn_desktop.recognition.engines import gpu
from lrcn_desktop.recognition.engines.gpu import may_have_gpu


@pytest.fixture(autouse=True)
def a_build_for_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpu, "version", lambda _: "2.14.1")


@pytest.mark.parametrize(("names", "there"), [(("nothing*", "null"), True), (("nothing*",), False)])
@pytest.mark.skipif(sys.platform != "linux", reason="looks into Linux's /dev")
def test_a_device_file_tells(
    monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...], there: bool
) -> None:
    monkeypatch.setattr(gpu, "LINUX_DEVICES", names)
    assert may_have_gpu() is there


@pytest.mark.parametrize("there", [True, False])
def test_a_drivers_library_tells_on_windows(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, there: bool
) -> None:
    (tmp_path / "System32").mkdir()
    if there:
        (tmp_path / "System32" / "nvcuda.dll").touch()
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("SYSTEMROOT", str(tmp_path))
    assert may_have_gpu() is there


@pytest.mark.parametrize(("machine", "there"), [("arm64", True), ("x86_64", False)])
def test_apples_own_processors_have_one(
    monkeypatch: pytest.MonkeyPatch, machine: str, there: bool
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(platform, "machine", lambda: machine)
    assert may_have_gpu() is there


def test_a_pytorch_for_processors_has_no_use_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpu, "LINUX_DEVICES", ("null",))
    monkeypatch.setattr(gpu, "version", lambda _: "2.14.1+cpu")
    assert not may_have_gpu()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into Linux's /dev")
def test_a_program_without_package_data_looks_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(_: str) -> str:
        raise PackageNotFoundError

    monkeypatch.setattr(gpu, "version", unknown)
    monkeypatch.setattr(gpu, "LINUX_DEVICES", ("null",))
    assert may_have_gpu()
