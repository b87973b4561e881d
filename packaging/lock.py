"""Locks every package of the documented install, with its digests: `python packaging/lock.py`.

One file serves Linux, Windows and macOS. It needs uv (`pip install uv`) and the network. Run it
when the dependencies in pyproject.toml change, or to take in newer versions (`--upgrade`); a test
fails while the file does not fit.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "packaging" / "requirements.lock"


def main() -> int:
    """Write the lock."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--universal"]
    command += ["--python-version", "3.11", "--generate-hashes", "--no-annotate", "--quiet"]
    command += [
        "-o",
        str(LOCK),
        "--custom-compile-command",
        "python packaging/lock.py",
        *sys.argv[1:],
    ]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
