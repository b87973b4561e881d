"""What the program is made of: other people's packages, and the weights and models that ship.

`python packaging/bom.py FILE` writes it as a bill of materials (CycloneDX 1.6, JSON) of the
packages that are installed here; packaging/build.py puts one into the standalone folder.
"""

import hashlib
import json
import re
import sys
import tomllib
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # this checkout, whatever is installed

from lrcn_desktop import __version__  # noqa: E402
from lrcn_desktop.files import atomic_write  # noqa: E402


def main() -> int:
    """Write the bill to the file that is named."""
    write_bom(Path(sys.argv[1]))
    return 0


def write_bom(path: Path) -> None:
    """Write the bill of materials."""
    with atomic_write(path, "w") as file:
        json.dump(bom(), file, indent=1)
        file.write("\n")


def bom() -> dict[str, Any]:
    """Return the bill of materials as CycloneDX has it; the same for the same materials."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "lrcn-desktop",
                "name": "lrcn-desktop",
                "version": __version__,
                "licenses": [{"license": {"id": "MIT"}}],
            }
        },
        "components": [*map(_package, packages()), *map(_asset, assets())],
    }


def packages() -> list[metadata.Distribution]:
    """Return the installed packages that the program needs to run, and those that they need."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    found: dict[str, metadata.Distribution | None] = {}
    wanted: list[str] = list(project["dependencies"])
    while wanted:
        name = normal(Requirement(wanted.pop()).name)
        if name in found:
            continue
        try:
            found[name] = metadata.distribution(name)
        except metadata.PackageNotFoundError:  # for other systems, and the markers know it not
            found[name] = None
            continue
        wanted += _needed(found[name].requires or ())
    return [found[name] for name in sorted(found) if found[name] is not None]


def assets() -> list[Path]:
    """Return the weights and models that ship."""
    return sorted((ROOT / "assets").rglob("*.safetensors"))


def licence(package: metadata.Distribution) -> str:
    """Return what a package says of its licence, on one line; "" where it says nothing."""
    about = package.metadata
    kinds = [c for c in about.get_all("Classifier") or () if c.startswith("License ::")]
    said = about.get("License-Expression") or about.get("License") or ""
    first = next((line.strip() for line in said.splitlines() if line.strip()), "")
    return first[:200] or " or ".join(kind.rpartition("::")[2].strip() for kind in kinds)


def normal(name: str) -> str:
    """Return a package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _needed(requirements: Iterable[str]) -> list[str]:
    parsed = {text: Requirement(text).marker for text in requirements}
    return [t for t, marker in parsed.items() if marker is None or marker.evaluate({"extra": ""})]


def _package(package: metadata.Distribution) -> dict[str, Any]:
    name, version = normal(package.name), package.version
    return {
        "type": "library",
        "bom-ref": f"pkg:pypi/{name}@{version}",
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{name}@{version}",
        "licenses": [{"license": {"name": licence(package) or "unknown"}}],
    }


def _asset(path: Path) -> dict[str, Any]:
    name = path.relative_to(ROOT).as_posix()
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return {
        "type": "machine-learning-model",
        "bom-ref": name,
        "name": name,
        "hashes": [{"alg": "SHA-256", "content": digest}],
        "licenses": [{"license": {"name": "see assets/NOTICE"}}],
    }


if __name__ == "__main__":
    sys.exit(main())
