"""Runs first in the frozen program: what it starts finds the system's libraries, not the folder's.

PyInstaller's starter puts the folder first for this process, whose own libraries are found by it;
a player or an FFmpeg of the system would break with them. What is this program again, a worker or
a training, is asked to put the folder first for itself.
"""

import os

_before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
if _before is None:
    os.environ.pop("LD_LIBRARY_PATH", None)
else:
    os.environ["LD_LIBRARY_PATH"] = _before
os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
