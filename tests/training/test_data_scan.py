"""Scanning: what is wrong with a file is reported and remembered, whatever its decoder does."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import pytest

from lrcn_desktop.video.decoding.decoder import MediaDecoder
from lrcn_desktop.video.frame import Frame
from lrcn_desktop.video.opencv import cv2
from training.data import scan as scanning
from training.data.clip import FileClip, content_digest
from training.data.decode_check import ClipCheck, check_clip
from training.data.quarantine import Quarantined, write_quarantine
from training.data.scan import scan
from training.data.scan_cache import ScanCache, stamp_of
from training.features.cache import FeatureCache
from training.features.extract import PixelEngine
from training.features.kind import FeatureKind

WriteVideo = Callable[..., Path]


def nothing(done: int, total: int) -> None:
    pass


def clip(path: Path) -> FileClip:
    return FileClip(path.name, path.name, "a", path)


@pytest.fixture
def video(write_video: WriteVideo) -> Path:
    return write_video("good.avi", frames=10, rate=5.0, size=(64, 48))


@pytest.fixture
def record(tmp_path: Path) -> ScanCache:
    return ScanCache(tmp_path / "records", tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_clip_that_crashes_its_decoder_costs_itself_alone(
    video: Path, record: ScanCache, write_video: WriteVideo, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = write_video("bad.avi", frames=11, rate=5.0, size=(64, 48))
    crash(monkeypatch, bad)
    good, crashed = scan([clip(video), clip(bad)], record, nothing)
    assert (good.frames, good.reason) == (10, "")
    assert crashed.reason == "crashes its decoder (SIGSEGV)"
    assert record.get(bad, stamp_of(bad)) == crashed


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_clip_that_crashes_while_its_features_are_made_costs_itself_alone(
    video: Path, write_video: WriteVideo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = write_video("bad.avi", frames=11, rate=5.0, size=(64, 48))
    crash(monkeypatch, bad)
    cache = FeatureCache(tmp_path / "cache", FeatureKind("pixels", "", 8, 5.0, 192))
    crashed, good = cache.fill([clip(bad), clip(video)], PixelEngine(8))
    assert str(crashed[1]).startswith("bad.avi crashes its decoder (SIGSEGV)")
    assert good[1] is None
    assert cache.load(clip(video)).shape == (10, 192)
    assert cache.missing([clip(bad), clip(video)])[0].name == "bad.avi"


def crash(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Let the process that decodes a file die at every read."""
    begin, read = MediaDecoder.__init__, MediaDecoder.read
    bad: set[int] = set()

    def note(self: MediaDecoder, name: str, *rest: object) -> None:
        (bad.add if name == str(path) else bad.discard)(id(self))
        begin(self, name, *rest)  # type: ignore[arg-type]

    def misbehave(self: MediaDecoder) -> Frame | None:
        if id(self) in bad:
            os.kill(self.pid, signal.SIGSEGV)
        return read(self)

    monkeypatch.setattr(MediaDecoder, "__init__", note)
    monkeypatch.setattr(MediaDecoder, "read", misbehave)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_process_that_was_killed_says_nothing_of_the_clip(
    video: Path, record: ScanCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = MediaDecoder.read

    def killed(self: MediaDecoder) -> Frame | None:
        os.kill(self.pid, signal.SIGKILL)
        return read(self)

    with monkeypatch.context() as patch:
        patch.setattr(MediaDecoder, "read", killed)
        (seen,) = scan([clip(video)], record, nothing)
    assert "killed" in seen.reason
    assert not seen.lasting
    assert not scan([clip(video)], record, nothing)[0].reason


def spoil(folder: Path, good: Path) -> dict[str, str]:
    """Put one file of each kind of damage into `folder`; return a word of each one's reason."""
    whole = good.read_bytes()
    (folder / "zero.avi").write_bytes(b"")
    (folder / "text.mp4").write_text("no video\n" * 50)
    (folder / "header.avi").write_bytes(whole[:300])
    (folder / "cut.avi").write_bytes(whole[: len(whole) // 2])
    (folder / "noise.mkv").write_bytes(np.random.default_rng(0).bytes(5000))
    (folder / "gone.avi").symlink_to("nowhere")
    os.mkfifo(folder / "pipe.avi")
    images = folder / "images"
    images.mkdir()
    ok, data = cv2.imencode(".png", np.zeros((8, 8, 3), np.uint8))
    assert ok
    (images / "1.png").write_bytes(data.tobytes())
    (images / "2.png").write_bytes(b"no image")
    return {
        "zero.avi": "empty",
        "text.mp4": "cannot be read as a video",
        "header.avi": "",
        "cut.avi": "cut off",
        "noise.mkv": "cannot be read as a video",
        "gone.avi": "link",
        "pipe.avi": "pipe",
        "images": "2.png",
    }


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and links are made otherwise there")
def test_every_kind_of_bad_file_has_its_reason(
    tmp_path: Path, video: Path, record: ScanCache
) -> None:
    shutil.move(video, tmp_path / "good1.avi")
    words = spoil(tmp_path, tmp_path / "good1.avi")
    clips = [clip(tmp_path / name) for name in ["good1.avi", *words]]
    good, *bad = scan(clips, record, nothing)
    assert (good.frames, good.seconds, good.reason) == (10, pytest.approx(2.0), "")
    assert good.digest == content_digest(tmp_path / "good1.avi")
    for (name, word), seen in zip(words.items(), bad, strict=True):
        assert seen.reason, name
        assert word in seen.reason
        assert str(tmp_path) not in seen.reason
        assert not seen.reason.endswith(".")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may read anything")
def test_a_file_without_permission(video: Path) -> None:
    video.chmod(0)
    assert "permission" in check_clip(video, 60.0, threading.Event()).reason


def test_nothing_is_decoded_twice(
    video: Path, record: ScanCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = tmp_path / "bad.avi"
    bad.write_bytes(b"no video")
    clips = [clip(video), clip(bad)]
    first = scan(clips, record, nothing)

    def refuse(*_: object) -> None:
        raise AssertionError("decoded again")

    seen: list[tuple[int, int]] = []
    with monkeypatch.context() as patch:
        patch.setattr(scanning, "check_clip", refuse)
        again = ScanCache(record.path.parent, tmp_path)
        assert scan(clips, again, lambda *done: seen.append(done)) == first
    assert seen == [(2, 2)]
    shutil.copy(video, bad)  # another file under the old name
    assert not scan(clips, ScanCache(record.path.parent, tmp_path), nothing)[1].reason


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"format": 1, "clips": {}}',
        b'{"format": "", "clips": []}',
        None,
    ],
)
def test_a_damaged_record_is_built_again(
    video: Path, record: ScanCache, tmp_path: Path, content: bytes | None
) -> None:
    record.put(video, stamp_of(video), ClipCheck("0" * 64, 10, 2.0))
    record.save()
    if content is None:  # one entry spoilt
        whole = json.loads(record.path.read_text())
        whole["clips"][video.name]["frames"] = "many"
        content = json.dumps(whole).encode()
    record.path.write_bytes(content)
    damaged = ScanCache(record.path.parent, tmp_path)
    assert damaged.get(video, stamp_of(video)) is None
    damaged.put(video, stamp_of(video), ClipCheck("1" * 64, 10, 2.0))
    damaged.save()
    assert ScanCache(record.path.parent, tmp_path).get(video, stamp_of(video)) is not None


def test_two_records_of_one_folder_keep_each_others_looks(
    video: Path, record: ScanCache, tmp_path: Path
) -> None:
    other = ScanCache(record.path.parent, tmp_path)
    record.put(video, "1", ClipCheck("0" * 64, 10, 2.0))
    record.save()
    other.put(tmp_path / "b.avi", "2", ClipCheck("1" * 64, 10, 2.0))
    other.save()
    both = ScanCache(record.path.parent, tmp_path)
    assert both.get(video, "1") is not None
    assert both.get(tmp_path / "b.avi", "2") is not None


def test_a_decoder_that_takes_too_long_is_stopped(
    write_video: WriteVideo, record: ScanCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "PATIENCE_PER_BYTE", 0.0)
    long = write_video("long.avi", frames=100, size=(320, 240))
    (seen,) = scan([clip(long)], record, nothing, patience=0.0, workers=1)
    assert "hangs" in seen.reason


SCAN = """
import sys
from pathlib import Path
from lrcn_desktop.errors import exit_status
from training.data.clip import FileClip
from training.data.scan_cache import ScanCache
from training.data.scan import scan
from training.features.cache import FeatureCache
from training.features.extract import PixelEngine
from training.features.kind import FeatureKind

def main():
    folder = Path(sys.argv[1])
    clips = [FileClip(p.name, p.name, "a", p) for p in sorted(folder.glob("*.avi"))]
    record = ScanCache(folder / "records", folder)
    scan(clips, record, lambda *done: print(*done, flush=True), workers=2)
    return 0

if __name__ == "__main__":
    sys.exit(exit_status("scan", main))
"""


def started(folder: Path, write_video: WriteVideo) -> "subprocess.Popen[str]":
    """Start a scan of two short clips and long ones, and wait until two are done."""
    script = folder / "scan.py"
    script.write_text(SCAN)
    for number in range(2):
        write_video(f"0 {number}.avi", frames=2 + number)
    long = write_video("1 0.avi", frames=700, size=(320, 240))
    for number in range(1, 12):
        shutil.copy(long, folder / f"1 {number}.avi")
        with (folder / f"1 {number}.avi").open("ab") as file:
            file.write(bytes([number]))
    process = subprocess.Popen(
        [sys.executable, str(script), str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    while not process.stdout.readline().startswith("2 "):
        assert process.poll() is None
    return process


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent otherwise there")
def test_ctrl_c_ends_the_scan_at_once_and_keeps_what_was_seen(
    tmp_path: Path, write_video: WriteVideo
) -> None:
    process = started(tmp_path, write_video)
    began = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the workers too
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert time.monotonic() - began < 5
    assert said == "scan: interrupted.\n"
    record = ScanCache(tmp_path / "records", tmp_path)
    clips = list(tmp_path.glob("*.avi"))
    kept = [clip for clip in clips if record.get(clip, stamp_of(clip)) is not None]
    assert 2 <= len(kept) < len(clips)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_the_workers_die_with_their_parent(tmp_path: Path, write_video: WriteVideo) -> None:
    process = started(tmp_path, write_video)
    workers = psutil.Process(process.pid).children(recursive=True)
    assert len(workers) == 2
    process.kill()
    process.communicate()
    _, alive = psutil.wait_procs(workers, timeout=10)
    assert not [worker for worker in alive if worker.status() != psutil.STATUS_ZOMBIE]


def test_image_folders_change_with_their_images(tmp_path: Path) -> None:
    folder = tmp_path / "clip"
    folder.mkdir()
    (folder / "1.png").write_bytes(b"one")
    before, digest = stamp_of(folder), content_digest(folder)
    (folder / "notes.txt").write_text("no image")
    assert (stamp_of(folder), content_digest(folder)) == (before, digest)
    (folder / "2.png").write_bytes(b"two")
    assert stamp_of(folder) != before
    assert content_digest(folder) != digest


def test_the_quarantine_is_a_table(tmp_path: Path) -> None:
    path = tmp_path / "quarantine.csv"
    write_quarantine(
        path, [Quarantined(Path('a, "b".avi'), "empty"), Quarantined(Path("ü\udcff"), "x")]
    )
    assert path.read_text("utf-8") == 'file,reason\n"a, ""b"".avi",empty\nü\\udcff,x\n'
