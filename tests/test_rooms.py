"""The plan of the house: who may import whom, and what runs without a screen."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("lrcn_desktop", "training")
SHARED = (
    "arrays",
    "clock",
    "errors",
    "files",
    "guard",
    "heaps",
    "kept",
    "light",
    "names",
    "paths",
    "resources",
    "signals",
    "training_events",
)
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


@cache
def tree_of(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text("utf-8"))


@cache
def imports_of(module: str) -> frozenset[str]:
    return frozenset(imported(tree_of(module)))


def is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def imported_for_types(module: str) -> set[str]:
    """Return what a module imports for its types alone."""
    body = tree_of(module).body
    for_types = {n for node in body if is_for_types(node) for n in imported(node)}
    if not for_types:
        return set()
    return for_types - {n for node in body if not is_for_types(node) for n in imported(node)}


def imported_at_once(module: str) -> set[str]:
    """Return what a module imports when it is imported itself."""
    at_once: set[str] = set()
    for node in tree_of(module).body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef) and not is_for_types(node):
            at_once |= set(imported(node))
    return at_once


def room_of(module: str) -> str | None:
    return next((room for room in ROOMS if f"{module}.".startswith(f"{room}.")), None)


def own(names: Iterable[str]) -> set[str]:
    return {name for name in names if name.partition(".")[0] in PACKAGES}


def test_a_room_imports_only_what_it_may() -> None:
    wrong = []
    for module in MODULES:
        if room := room_of(module):
            allowed = ROOMS[room] | {room}
            names = own(imports_of(module)) - HALL
            wrong += [f"{module}: {name}" for name in names if room_of(name) not in allowed]
    assert not wrong


@pytest.mark.parametrize("module", sorted(HALL))
def test_what_all_rooms_share_imports_no_room(module: str) -> None:
    assert own(imported_at_once(module)) <= HALL


def test_no_imports_run_in_circles() -> None:
    """But those for types alone, inside one folder, or of the package's front door."""
    graph = {}
    for module, path in MODULES.items():
        near = {
            name
            for name in own(imported_for_types(module))
            if module == "lrcn_desktop" or MODULES[name].parent == path.parent
        }
        graph[module] = own(imports_of(module)) - near - {module}
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


def test_a_file_can_be_read_at_one_sitting() -> None:
    lines = {name: path.read_text("utf-8").count("\n") for name, path in MODULES.items()}
    assert not {name: count for name, count in lines.items() if count > 350}


def test_every_module_has_its_place() -> None:
    assert {name for name in MODULES if room_of(name) is None} == HALL | DOOR


def test_the_command_imports_a_room_only_where_it_needs_it() -> None:
    at_once = imported_at_once("lrcn_desktop.cli")
    assert own(at_once) <= HALL
    assert not {name.partition(".")[0] for name in at_once} & {*QT, "torch", "numpy", "cv2", "tqdm"}


def test_qt_stays_in_the_window() -> None:
    outside = [name for name in MODULES if room_of(name) != "lrcn_desktop.app"]
    assert not [n for n in outside if {i.partition(".")[0] for i in imports_of(n)} & QT]


def test_opencv_is_imported_in_one_place() -> None:
    importers = {m for m in MODULES if any(n.partition(".")[0] == "cv2" for n in imports_of(m))}
    assert importers == {"lrcn_desktop.video.opencv"}


def seconds(*arguments: str) -> float:
    """Return the processor seconds of this Python's own that a command takes, at the least."""
    script = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=-3)"
    script += "; used = resource.getrusage(resource.RUSAGE_CHILDREN)"
    script += "; print(used.ru_utime + used.ru_stime)"
    command = [sys.executable, "-c", script, sys.executable, *arguments]
    taken = []
    for _ in range(3):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=60)
        taken.append(float(done.stdout))
    return min(taken)


@pytest.mark.skipif(sys.platform == "win32", reason="measured by the resource module")
@pytest.mark.parametrize(
    ("arguments", "bound"),
    [(("-c", "import lrcn_desktop"), 0.1), (("-m", "lrcn_desktop", "--help"), 0.15)],
    ids=["import", "help"],
)
def test_the_front_door_opens_at_once(arguments: tuple[str, ...], bound: float) -> None:
    """In processor time beyond Python's own start, which other programs do not lengthen as much."""
    assert seconds(*arguments) - seconds("-c", "pass") < 2 * bound


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


@pytest.mark.timeout(400)
def test_all_but_the_window_imports_without_qt_and_ncnn() -> None:
    modules = [m for m in MODULES if room_of(m) != "lrcn_desktop.app"]
    modules.remove("lrcn_desktop.recognition.engines.ncnn_engine")
    command = [sys.executable, "-W", "error", "-c", WITHOUT_A_SCREEN, *modules]
    # Minutes where coverage is measured on a busy machine.
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=380)
    assert (done.returncode, done.stderr) == (0, "")


WITHOUT_PYTORCH = """
import sys
from lrcn_desktop.cli import main
status = main(sys.argv[1:])
assert "torch" not in sys.modules, "PyTorch was loaded"
sys.exit(status)
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
    """PyTorch takes longer to load than all else: what does not need it must not, ever."""
    pytest.importorskip("ncnn", reason="where there is no ncnn, PyTorch stands in for it")
    command = [sys.executable, "-c", WITHOUT_PYTORCH, *(a.format(tmp_path) for a in arguments)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            **{f"XDG_{kind}_HOME": str(tmp_path) for kind in ("CACHE", "CONFIG", "STATE")},
        },
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert (done.returncode, done.stderr) == (0, "")
