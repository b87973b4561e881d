"""What goes wrong on a person's machine, made to order: for every test that must survive it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lrcn_desktop import clock


class Drive:
    """A folder on a file system of its own, as a USB stick is."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def make_read_only(self) -> None:
        """Let nothing be written from now on."""
        _mount("-o", "remount,ro", str(self.path))

    def fill(self) -> None:
        """Leave no free byte."""
        with (self.path / ".filling").open("wb", buffering=0) as file:
            try:
                while file.write(bytes(65_536)):
                    pass
            except OSError:
                pass

    def empty(self) -> None:
        """Take back what `fill` did."""
        (self.path / ".filling").unlink()


@contextmanager
def drive(path: Path, megabytes: int = 64) -> Iterator[Drive]:
    """Mount a small file system at the new folder `path`, or skip the test where that is refused.

    Not by permissions: who runs tests may be root, whom they do not stop; and a read-only file
    system refuses other calls than a folder without rights does.
    """
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root can mount a file system for this test")
    path.mkdir()
    if not _mount("-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(path)):
        pytest.skip("this container allows no mounts")
    try:
        yield Drive(path)
    finally:
        subprocess.run(["umount", "--lazy", str(path)], check=True)


def _mount(*arguments: str) -> bool:
    return subprocess.run(["mount", *arguments], capture_output=True).returncode == 0


class Clocks:
    """The computer's clocks, which sleep moves on and which people and networks set."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        now, wall = clock.now, time.time
        self._slept = self._set = 0.0
        monkeypatch.setattr(clock, "now", lambda: now() + self._slept)
        monkeypatch.setattr(time, "time", lambda: max(0.0, wall() + self._slept + self._set))

    def sleep(self, seconds: float) -> None:
        """Let the computer have slept: `time.monotonic` has not noticed."""
        self._slept += seconds

    def set(self, seconds: float) -> None:
        """Put the time of day forward by so much, or back."""
        self._set += seconds
