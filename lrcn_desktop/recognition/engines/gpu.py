"""Whether this machine may have a graphics card that PyTorch can use, told without PyTorch."""

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from lrcn_desktop.light import has_pytorch

LINUX_DEVICES = ("nvidia[0-9]*", "kfd", "dxg")  # in /dev: NVIDIA's, AMD's, Windows' under its Linux
_WINDOWS = ("nvcuda.dll", "amdhip64*.dll")  # the drivers' libraries


def may_have_gpu() -> bool:
    """Say whether PyTorch is worth asking; False is certain.

    PyTorch takes longer to load than all else, and a machine without a card does without it.
    """
    if not has_pytorch():
        return False
    try:
        if version("torch").endswith("+cpu"):
            return False
    except PackageNotFoundError:  # in the folder that needs no Python, perhaps
        pass
    if sys.platform == "darwin":
        return platform.machine() == "arm64"
    if sys.platform == "win32":
        system, names = Path(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32"), _WINDOWS
    else:
        system, names = Path("/dev"), LINUX_DEVICES
    return any(any(system.glob(name)) for name in names)
