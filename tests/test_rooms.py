"""The plan of the house: who may import whom, and what runs without a screen."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("lrcn_desktop", "training")
SHARED = ("clock", "errors", "files", "guard", "kept", "names", "resources", "signals")
HALL = {"lrcn_desktop", *(f"lrcn_desktop.{name}" for name in SHARED)}
ROOMS = {
    "lrcn_desktop.model": set[str](),
    "lrcn_desktop.video": set[str](),
    "lrcn_desktop.recognition": {"lrcn_desktop.model", "lrcn_desktop.video"},
    "lrcn_desktop.app": {"lrcn_desktop.recognition", "lrcn_desktop.model", "lrcn_desktop.video"},
    "training": {"lrcn_desktop.recognition", "lrcn_desktop.model", "lrcn_desktop.video"},
}
DOOR = {"lrcn_desktop.cli", "lrcn_desktop.__main__"}
QT = {"PySide6", "PyQt6", "PyQt5", "PySide2", "pyqtgraph", "shiboken6"}
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
}


def imported(tree: ast.AST) -> Iterator[str]:
    """Yield the full name of every module that the code imports, anywhere in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports give the whole name of what they import"
            assert node.module is not None
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                yield name if name in MODULES else node.module


def imports_of(module: str) -> set[str]:
    return set(imported(ast.parse(MODULES[module].read_text("utf-8"))))


def imported_at_once(module: str) -> set[str]:
    """Return what a module imports when it is imported itself."""
    at_once: set[str] = set()
    for node in ast.parse(MODULES[module].read_text("utf-8")).body:
        for_types = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        if not isinstance(node, ast.FunctionDef | ast.ClassDef) and not for_types:
            at_once |= set(imported(node))
    return at_once


def room_of(module: str) -> str | None:
    return next((room for room in ROOMS if f"{module}.".startswith(f"{room}.")), None)


def own(names: set[str]) -> set[str]:
    return {name for name in names if name.partition(".")[0] in PACKAGES}


@pytest.mark.parametrize("module", [name for name in MODULES if room_of(name)])
def test_a_room_imports_only_what_it_may(module: str) -> None:
    room = room_of(module)
    assert room is not None
    allowed = ROOMS[room] | {room}
    wrong = {n for n in own(imports_of(module)) if n not in HALL and room_of(n) not in allowed}
    assert not wrong


@pytest.mark.parametrize("module", sorted(HALL))
def test_what_all_rooms_share_imports_no_room(module: str) -> None:
    assert own(imported_at_once(module)) <= HALL


def test_every_module_has_its_place() -> None:
    assert {name for name in MODULES if room_of(name) is None} == HALL | DOOR


def test_the_command_imports_a_room_only_where_it_needs_it() -> None:
    at_once = imported_at_once("lrcn_desktop.cli")
    assert own(at_once) <= HALL
    assert not {name.partition(".")[0] for name in at_once} & {*QT, "torch", "numpy", "cv2", "tqdm"}


@pytest.mark.parametrize("module", [n for n in MODULES if room_of(n) != "lrcn_desktop.app"])
def test_qt_stays_in_the_window(module: str) -> None:
    assert not {name.partition(".")[0] for name in imports_of(module)} & QT


def test_opencv_is_imported_in_one_place() -> None:
    importers = {m for m in MODULES if any(n.partition(".")[0] == "cv2" for n in imports_of(m))}
    assert importers == {"lrcn_desktop.video.opencv"}


WITHOUT_A_SCREEN = """
import importlib, sys

BLOCKED = {"PySide6", "shiboken6", "pyqtgraph", "ncnn"}

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in BLOCKED:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
for module in sys.argv[1:]:
    importlib.import_module(module)
"""


def test_all_but_the_window_imports_without_qt_and_ncnn() -> None:
    modules = [m for m in MODULES if room_of(m) != "lrcn_desktop.app"]
    modules.remove("lrcn_desktop.recognition.engines.ncnn_engine")
    command = [sys.executable, "-W", "error", "-c", WITHOUT_A_SCREEN, *modules]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100)
    assert (done.returncode, done.stderr) == (0, "")


WITHOUT_PYTORCH = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"torch", "torchvision"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
from lrcn_desktop.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ("analyze", "demo", "--seconds", "0.5", "--device", "cpu"),
        ("demo", "--device", "cpu", "--screenshot", "{}/shot.png", "--seconds", "0.1"),
        ("models",),
        ("cameras",),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_processor_recognizes_without_pytorch(arguments: tuple[str, ...], tmp_path: Path) -> None:
    """PyTorch takes longer to load than all else: what does not need it must not."""
    pytest.importorskip("ncnn", reason="where there is no ncnn, PyTorch stands in for it")
    command = [sys.executable, "-c", WITHOUT_PYTORCH, *(a.format(tmp_path) for a in arguments)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "XDG_CACHE_HOME": str(tmp_path),  # as at the first start
        },
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert (done.returncode, done.stderr) == (0, "")
