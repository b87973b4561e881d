"""Builds the program as a folder that needs no Python: `python packaging/build.py`.

PyInstaller rather than pyside6-deploy: that compiles all of PyTorch with Nuitka, for hours.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before Qt is imported: icons need no screen

from bom import write_bom
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

HERE = Path(__file__).resolve().parent
ICON = HERE.parent / "assets" / "icons" / "lrcn-desktop.svg"
ICON_SIZES = (16, 24, 32, 48, 64, 128, 256, 512)


def main() -> int:
    """Build, and say where and how large it is."""
    parser = argparse.ArgumentParser(description="Build LRCN Desktop as a folder.")
    parser.add_argument("--out", type=Path, default=Path("dist"), help="where (default: dist)")
    options = parser.parse_args()
    out: Path = options.out.resolve()
    command = [sys.executable, "-m", "PyInstaller", str(HERE / "lrcn-desktop.spec")]
    command += ["--noconfirm", "--log-level=WARN", f"--distpath={out}", "--workpath=build"]
    if subprocess.run(command, check=False).returncode:
        return 1
    folder = out / "lrcn-desktop"
    share = folder / "share"
    write_bom(folder / "bom.cdx.json")
    write_icons(share / "icons" / "hicolor")
    (share / "applications").mkdir(parents=True)
    shutil.copy(HERE / "lrcn-desktop.desktop", share / "applications")
    print(f"{folder}: {size_of(folder) / 1e9:.2f} GB; start {folder / 'lrcn-desktop'}")
    return 0


def write_icons(theme: Path) -> None:
    """Write the icon into the folder of an icon theme, as SVG and as PNG of every size."""
    app = QGuiApplication.instance() or QGuiApplication([])
    drawing = QSvgRenderer(str(ICON))
    assert drawing.isValid(), app
    for size in ICON_SIZES:
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        drawing.render(painter)
        painter.end()
        target = theme / f"{size}x{size}" / "apps" / "lrcn-desktop.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        if not image.save(str(target)):
            raise OSError(f"{target} could not be written")
    target = theme / "scalable" / "apps" / ICON.name
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(ICON, target)


def size_of(folder: Path) -> int:
    """Return the bytes of all files in a folder; links count nothing."""
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file() and not p.is_symlink())


if __name__ == "__main__":
    sys.exit(main())
