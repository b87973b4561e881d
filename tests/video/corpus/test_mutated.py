"""Files that were spoilt at random cost one sentence each: no crash, no hang, little memory."""

import time
from pathlib import Path

import numpy as np
import psutil
import pytest
from making import INTERLACED, X264, ffmpeg, pictures

from lrcn_desktop.errors import UserError
from lrcn_desktop.video.file import FileSource

MOST_SECONDS, MOST_BYTES = 10.0, 1e9
SOUND = ("-f", "lavfi", "-i", "sine=d=1")
BASES = {
    "a.mp4": (*pictures("96x64"), *SOUND, *X264),
    "b.avi": (*pictures("96x64"), "-c:v", "mpeg4", "-bf", "2"),
    "c.mkv": (*pictures("96x64"), *SOUND, "-c:v", "mpeg2video", *INTERLACED),
    "d.ts": (*pictures("96x64"), *X264),
    "e.mpg": (*pictures("96x64"), "-c:v", "mpeg1video"),
    "f.webm": (*pictures("96x64"), "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8"),
    "g.mov": (*pictures("96x64"), "-c:v", "mjpeg"),
    "h.flv": (*pictures("96x64"), "-c:v", "flv1"),
    "i.gif": (*pictures("96x64", 5),),
    "j.wmv": (*pictures("96x64"), "-c:v", "wmv2"),
}


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("bases")
    for name, words in BASES.items():
        ffmpeg(*words, str(folder / name))
    return {name: (folder / name).read_bytes() for name in BASES}


def mutated(data: bytes, seed: int) -> bytes:
    """Spoil a file in one of a few ways, in its head more often than elsewhere."""
    random = np.random.default_rng(seed)
    spoilt = bytearray(data)
    for _ in range(int(random.integers(1, 12))):
        reach = min(len(spoilt), 2048) if random.random() < 0.5 else len(spoilt)
        place = int(random.integers(0, reach))
        length = int(random.integers(1, 64))
        match int(random.integers(0, 5)):
            case 0:
                spoilt[place] ^= 1 << int(random.integers(0, 8))
            case 1:
                spoilt[place : place + length] = random.bytes(length)
            case 2:
                spoilt[place : place + length] = b"\xff" * length
            case 3:
                del spoilt[place : place + length]
            case _:
                spoilt[place:place] = spoilt[place : place + 16 * length]
    return bytes(spoilt[: int(random.integers(len(spoilt) // 2, len(spoilt) + 1))])


def check(path: Path) -> None:
    """Read a file to its end or to a sentence, in bounded time and memory."""
    began, most, frames = time.monotonic(), 0, 0
    try:
        with FileSource(path) as source:
            child = psutil.Process(source.pid)
            for _ in source:
                frames += 1
                if frames % 16 == 1:
                    most = max(most, child.memory_info().rss)
                if time.monotonic() - began > MOST_SECONDS:
                    break  # many pictures are no hang
    except UserError as error:
        sentence = str(error)
        assert sentence.startswith(path.name)
        assert sentence.endswith(".")
        assert "\n" not in sentence
    assert time.monotonic() - began < MOST_SECONDS + 2
    assert most < MOST_BYTES


def check_many(bases: dict[str, bytes], folder: Path, seeds: range) -> None:
    names = list(bases)
    for seed in seeds:
        name = names[seed % len(names)]
        path = folder / f"{seed}{name}"
        path.write_bytes(mutated(bases[name], seed))
        check(path)
        path.unlink()


def test_spoilt_files(bases: dict[str, bytes], tmp_path: Path) -> None:
    check_many(bases, tmp_path, range(30))


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("part", range(10))
def test_many_spoilt_files(bases: dict[str, bytes], tmp_path: Path, part: int) -> None:
    check_many(bases, tmp_path, range(30 + 50 * part, 80 + 50 * part))
