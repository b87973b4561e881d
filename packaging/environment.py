"""Runs first in the frozen program: what it starts finds the system's libraries, not the folder's.

PyInstaller's starter puts the folder first for this process, whose own libraries are loaded by
then; a player or an FFmpeg of the system would break with them.
"""

import os

_before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
if _before is None:
    os.environ.pop("LD_LIBRARY_PATH", None)
else:
    os.environ["LD_LIBRARY_PATH"] = _before
