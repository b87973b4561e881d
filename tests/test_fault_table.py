"""The table of abilities times faults: whatever goes wrong, what was kept stays kept.

Training and teaching meet full disks and kills in tests/training (test_disk_full, test_kill),
cameras and streams their own faults in tests/video (test_reconnecting, test_stream_source).
"""

import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from abilities import ABILITIES, Ability
from children import child
from faults import Drive, drive

from lrcn_desktop.errors import UserError

KILLS = 3
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
@pytest.mark.parametrize("seconds", [-86_400.0, 86_400.0, -1.8e9])
def test_a_clock_that_jumps(
    ability: Ability, tmp_path: Path, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    do(ability, tmp_path)
    now = time.time
    with monkeypatch.context() as patch:
        patch.setattr(time, "time", lambda: max(0.0, now() + seconds))
        do(ability, tmp_path)
    do(ability, tmp_path)


@EACH
@pytest.mark.skipif(sys.platform == "win32", reason="kills of POSIX")
def test_a_process_that_dies_anywhere(ability: Ability, tmp_path: Path) -> None:
    rng = random.Random(ability.name)
    do(ability, tmp_path)
    for _ in range(KILLS):
        before = ability.count(tmp_path)
        command = [sys.executable, str(Path(__file__).with_name("abilities.py")), ability.name]
        with child([*command, tmp_path], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"begun\n"
            time.sleep(rng.uniform(0.0, 0.5))
            process.send_signal(signal.SIGKILL)
        assert ability.count(tmp_path) >= before
    do(ability, tmp_path)


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
