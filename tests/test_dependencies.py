"""Other people's packages: locked, named with their licences, and listed in a bill of materials."""

import ast
import json
import re
import runpy
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "packaging" / "requirements.lock"


@pytest.fixture(scope="module")
def tool() -> dict[str, Any]:
    """What packaging/bom.py defines; the folder is no package, as one of PyPI has its name."""
    before = list(sys.path)
    try:
        return runpy.run_path(str(ROOT / "packaging" / "bom.py"))
    finally:
        sys.path[:] = before


def dependencies() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return [Requirement(text) for text in project["dependencies"]]


def test_the_light_installation_leaves_out_pytorch_alone() -> None:
    text = (ROOT / "packaging" / "light" / "pyproject.toml").read_text("utf-8")
    light = {str(Requirement(each)) for each in tomllib.loads(text)["project"]["dependencies"]}
    whole = {str(each) for each in dependencies()}
    assert {Requirement(each).name for each in whole - light} == {"torch", "torchvision"}
    assert not light - whole


def noticed() -> dict[str, str]:
    """Return the packages that NOTICE names, and their licences."""
    _, _, listed = (ROOT / "assets" / "NOTICE").read_text("utf-8").partition("\nOther people's")
    return dict(re.findall(r"(?m)^    (\S+) +(\S.*)$", listed))


def locked() -> dict[str, list[Version]]:
    """Return what the lock allows of every package; each has a digest."""
    found: dict[str, list[Version]] = {}
    for entry in re.split(r"\n(?=\S)", LOCK.read_text("utf-8")):
        if match := re.match(r"([A-Za-z0-9._-]+)==([^\s;\\]+)", entry):
            assert "--hash=sha256:" in entry, match[0]
            found.setdefault(match[1].lower(), []).append(Version(match[2]))
    return found


def letters(text: str) -> str:
    return re.sub("[^a-z]", "", text.lower())


def test_notice_names_every_package_with_its_licence(tool: dict[str, Any]) -> None:
    names = noticed()
    for package in tool["packages"]():
        name, says = tool["normal"](package.name), tool["licence"](package)
        told = next((kind for pattern, kind in names.items() if fnmatch(name, pattern)), None)
        assert told is not None, f"assets/NOTICE does not name {name} ({says})"
        family = re.split(r"[-, ;']", told)[0]  # "BSD", "Apache", "MPL"
        fits = letters(family) in letters(says) or not says or "Mozilla" in says
        assert fits, f"assets/NOTICE calls {name} {told}, and the package says {says}"


def test_notice_names_what_other_systems_need() -> None:
    names = noticed()
    for name in locked():
        assert any(fnmatch(name, pattern) for pattern in names), f"assets/NOTICE lacks {name}"


def test_the_bill_of_materials_names_all_that_runs(tool: dict[str, Any], tmp_path: Path) -> None:
    tool["write_bom"](tmp_path / "bom.json")
    bill = json.loads((tmp_path / "bom.json").read_text("utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    parts = {part["name"]: part for part in bill["components"]}
    assert {tool["normal"](wanted.name) for wanted in dependencies()} <= set(parts)
    assert "numpy" in parts  # what many need is there once
    assert len(parts) == len(bill["components"])
    for path in (ROOT / "assets").rglob("*.safetensors"):
        (digest,) = parts[path.relative_to(ROOT).as_posix()]["hashes"]
        assert re.fullmatch("[0-9a-f]{64}", digest["content"])
    for part in parts.values():
        assert part["licenses"][0]["license"]["name"]


def test_the_lock_fits_the_dependencies() -> None:
    found = locked()
    for wanted in dependencies():
        versions = found.get(wanted.name.lower().replace("_", "-"), [])
        assert versions, f"{wanted.name} is not locked: run python packaging/lock.py"
        assert all(wanted.specifier.contains(v, prereleases=True) for v in versions), wanted


def test_majors_that_break_are_held_off() -> None:
    """A next major version of these has broken programs like this one before."""
    bounded = {"numpy", "opencv-python", "torch", "torchvision", "PySide6-Essentials", "ncnn"}
    found = {w.name for w in dependencies() if any(s.operator == "<" for s in w.specifier)}
    assert bounded <= found


def test_the_standalone_folder_leaves_out_nothing_that_is_imported() -> None:
    spec = (ROOT / "packaging" / "lrcn-desktop.spec").read_text("utf-8")
    listed = re.search(r"UNUSED_MODULES = \[(.*?)\]", spec, re.DOTALL)
    assert listed is not None
    unused = set(re.findall('"([^"]+)"', listed[1]))
    imported: set[str] = set()
    for path in (*(ROOT / "lrcn_desktop").rglob("*.py"), *(ROOT / "training").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module is not None:
                imported |= {node.module, *(f"{node.module}.{a.name}" for a in node.names)}
    assert "psutil" in imported
    assert not {n for n in unused if any(f"{i}.".startswith(f"{n}.") for i in imported)}
