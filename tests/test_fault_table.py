"""The table of abilities times faults: whatever goes wrong, what was kept stays kept.

Training and teaching meet full disks and kills in tests/training (test_disk_full, test_kill),
cameras and streams their own faults in tests/video (test_reconnecting, test_stream_source).
"""

import multiprocessing
import os
import random
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from abilities import ABILITIES, Ability, repeat
from faults import Clocks, Drive, drive

from lrcn_desktop.errors import UserError

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="kills and forks of POSIX")
# Forked from one that has imported everything, as each would take most of a second to.
KILLED = multiprocessing.get_context("spawn" if sys.platform == "win32" else "forkserver")
KILLED.set_forkserver_preload(["abilities"])
EACH = pytest.mark.parametrize("ability", ABILITIES, ids=lambda ability: ability.name)


def meet(ability: Ability, folder: Path) -> None:
    """Do it where it may be impossible: it is done, or one sentence says that it is not."""
    before, sentence = ability.count(folder), ""
    try:
        ability.act(folder)
    except UserError as error:
        sentence = str(error)
    if sentence:
        assert sentence.endswith(".")
        assert "\n" not in sentence
        assert not ability.falls_back, sentence
        assert ability.count(folder) >= before
    else:
        assert ability.count(folder) > before or ability.quiet or not ability.adds
    assert not list(folder.glob(".*.part*"))


def do(ability: Ability, folder: Path) -> None:
    """Do it where nothing is in its way."""
    before = ability.count(folder)
    ability.act(folder)
    assert ability.count(folder) == (before + 1 if ability.adds else 1)


@EACH
def test_a_full_disk(ability: Ability, tmp_path: Path) -> None:
    with drive(tmp_path / "drive", megabytes=8) as disk:
        do(ability, disk.path)
        disk.fill()
        meet(ability, disk.path)
        disk.empty()
        do(ability, disk.path)


@EACH
def test_a_read_only_drive(ability: Ability, tmp_path: Path) -> None:
    with drive(tmp_path / "drive") as disk:
        do(ability, disk.path)
        disk.make_read_only()
        meet(ability, disk.path)


@EACH
def test_a_clock_that_jumps(
    ability: Ability, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clocks = Clocks(monkeypatch)
    do(ability, tmp_path)
    for seconds in (-86_400.0, 2 * 86_400.0, -1.8e9):
        clocks.set(seconds)
        do(ability, tmp_path)


@EACH
def test_an_hour_of_sleep(
    ability: Ability, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clocks = Clocks(monkeypatch)
    do(ability, tmp_path)
    clocks.sleep(3600.0)
    do(ability, tmp_path)


@EACH
@POSIX
def test_a_process_that_dies_anywhere(ability: Ability, tmp_path: Path) -> None:
    kill(ability, tmp_path, times=2)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@EACH
@POSIX
def test_processes_that_die_anywhere_by_the_dozen(ability: Ability, tmp_path: Path) -> None:
    kill(ability, tmp_path, times=50)


def kill(ability: Ability, folder: Path, times: int) -> None:
    """Kill who does it over and over, at any moment: what was whole stays whole."""
    rng = random.Random(os.environ.get("LRCN_SEED", "") + ability.name)
    for _ in range(times):
        before = ability.count(folder)
        begun = KILLED.Event()
        process = KILLED.Process(target=repeat, args=(ability.name, folder, begun))
        process.start()
        try:
            assert begun.wait(60.0)
            time.sleep(rng.uniform(0.0, 0.3))
            assert process.exitcode is None
        finally:
            process.kill()
            process.join()
        assert ability.count(folder) >= before
    do(ability, folder)


@EACH
def test_a_drive_that_is_pulled_out(ability: Ability, tmp_path: Path) -> None:
    """The folder is there, and another file system than a moment ago is in it: nothing."""
    folder = tmp_path / "drive"
    with suppress(UserError), drive(folder) as disk:
        do(ability, disk.path)
        pulled(disk)
        ability.act(folder)
    assert not list(folder.glob(".*.part*"))


def pulled(disk: Drive) -> None:
    subprocess.run(["umount", "--lazy", str(disk.path)], check=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "none", str(disk.path)], check=True)
