"""A disk that runs full stops a training with one sentence; what is done is kept."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from tiny_training import asked, check_files  # type: ignore[import-not-found]

from lrcn_desktop.cli import main

if sys.platform == "win32":
    pytest.skip("Windows has no small file systems to mount", allow_module_level=True)

import resource

Resize = Callable[[int], None]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[tuple[Path, Resize]]:
    """Return a real file system of its own, and the function that gives it so many KiB."""
    path = tmp_path / "disk"
    path.mkdir()

    def mount(options: str) -> None:
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")

    mount("size=64k")
    yield path, lambda size: mount(f"remount,size={size}k")
    subprocess.run(["umount", "--lazy", str(path)], check=True)


def stopped(folder: Path, capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """Run `train` until the disk is full and return its sentence."""
    capsys.readouterr()
    assert main(["train", *map(str, arguments), "--progress", "json"]) == 2
    (sentence,) = capsys.readouterr().err.splitlines()
    assert sentence.startswith("lrcn-desktop: Cannot ")
    assert not list(folder.rglob("*.part"))
    check_files(folder)
    return sentence


def test_a_disk_that_is_full_again_and_again(
    features: Path,
    undisturbed: Path,
    disk: tuple[Path, Resize],
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder, resize = disk
    run = folder / "model.run"
    arguments: list[object] = [*asked(features, folder)]
    files = set()
    for size in (64, 200, 900, 2500, 10_000):
        resize(size)
        sentence = stopped(folder, capsys, *arguments)
        assert "No space left on device" in sentence
        files.add(sentence.split()[3].split(".")[-1].rstrip(":"))
        if (run / "run.json").exists():
            assert sentence.endswith(f"continue with `lrcn-desktop train --resume {run}`.")
            arguments = ["--resume", run]
    assert len(files) > 1
    resize(100_000)
    assert main(["train", "--resume", str(run)]) == 0
    for name in ("model.safetensors", "model.run/report.html"):
        assert (folder / name).read_bytes() == (undisturbed / name).read_bytes()


def test_a_full_disk_at_the_very_end(
    features: Path,
    undisturbed: Path,
    disk: tuple[Path, Resize],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """The run has all the room that it needs, the model's own folder none."""
    folder, resize = disk
    run = tmp_path / "run"
    sentence = stopped(folder, capsys, *asked(features, folder), "--run", run)
    assert f"Cannot write {folder}/model.safetensors: No space left on device;" in sentence
    assert not list(folder.iterdir())
    resize(100_000)
    assert main(["train", "--resume", str(run)]) == 0
    expected = (undisturbed / "model.safetensors").read_bytes()
    assert (folder / "model.safetensors").read_bytes() == expected


@pytest.mark.slow
def test_a_full_disk_while_features_are_computed(
    disk: tuple[Path, Resize],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    write_video,  # type: ignore[no-untyped-def]  # noqa: ANN001
) -> None:
    cache, resize = disk
    data = tmp_path / "data"
    for label, grey in (("bright", 200), ("dark", 20)):
        (data / label).mkdir(parents=True)
        for number in range(2):
            picture = np.full((48, 64, 3), grey + 10 * number, np.uint8)
            clip = write_video(
                frames=2, rate=5.0, size=(64, 48), draw=lambda _, __, picture=picture: picture
            )
            shutil.move(clip, data / label / f"v_{label}_g0{number + 1}_c01.avi")
    resize(64)  # three clips and a half
    arguments = [data, "--out", tmp_path / "model.safetensors", "--cache", cache, "--epochs", "1"]
    sentence = stopped(cache, capsys, *arguments)
    assert ".npy: No space left on device; fix it and continue with" in sentence
    kept = {path: path.stat().st_mtime_ns for path in cache.rglob("*.npy")}
    assert len(kept) == 3
    resize(100_000)
    assert main(["train", "--resume", str(tmp_path / "model.run")]) == 0
    assert len(list(cache.rglob("*.npy"))) == 4
    assert {path: path.stat().st_mtime_ns for path in kept} == kept


@pytest.fixture
def short_files() -> Iterator[None]:
    """Let no file become longer than 300 kB: what a full disk is where nothing may be mounted."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("short_files")
def test_files_that_may_not_grow(
    features: Path, undisturbed: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    sentence = stopped(tmp_path, capsys, *asked(features, tmp_path))
    assert (
        "/fits/fold-1-of-2-lstm.safetensors: File too large; fix it and continue with" in sentence
    )
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    assert main(["train", "--resume", str(tmp_path / "model.run")]) == 0
    expected = (undisturbed / "model.safetensors").read_bytes()
    assert (tmp_path / "model.safetensors").read_bytes() == expected
