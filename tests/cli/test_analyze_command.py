"""`lrcn-desktop analyze`: what it writes, and one sentence for every bad input."""

import csv
import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from camera_server import CameraServer

from lrcn_desktop.cli import main
from lrcn_desktop.model.model_file import read_model, write_model
from lrcn_desktop.recognition.export.formats import FORMATS
from lrcn_desktop.video.open import open_source

ROOT = Path(__file__).parents[2]
WriteVideo = Callable[..., Path]


def test_json_and_csv_hold_every_step(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, tiny_model: Path, write_video: WriteVideo
) -> None:
    clip = write_video(frames=51)
    out = tmp_path / "out"
    out.mkdir()
    options = ["--json", str(out / "r.json"), "--csv", str(out / "r.csv"), "--device", "cpu"]
    assert main(["analyze", str(clip), "--model", str(tiny_model), *options]) == 0
    result = json.loads((out / "r.json").read_text("utf-8"))
    assert result.keys() == {
        "source", "model", "classes", "step_rate", "steps", "segments", "summary", "timing",
    }  # fmt: skip
    assert (result["source"], result["model"], result["step_rate"]) == ("clip.avi", "tiny", 5.0)
    classes = ["sitting down", "standing up", "waving"]
    assert result["classes"] == classes
    assert [step["time"] for step in result["steps"]] == pytest.approx([k / 5 for k in range(11)])
    for step in result["steps"]:
        assert step["label"] in classes
        assert step["known"] == max(step["probabilities"])
        assert step.keys() == {"time", "label", "known", "probabilities"}
        assert sum(step["probabilities"]) == pytest.approx(1, abs=1e-5)
    for segment in result["segments"]:
        assert segment.keys() == {"start", "end", "label", "confidence", "origin"}
    assert result["summary"].keys() == {"label", "confidence"}
    assert result["summary"]["label"] in classes
    with (out / "r.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["time", "label", "confidence", *classes]
    assert len(rows) == 12
    assert sorted(p.name for p in out.iterdir()) == ["r.csv", "r.json"]
    shown = capsys.readouterr()
    assert f"Over all: {result['summary']['label']}" in shown.out
    assert "11 steps of 2.0 s of video" in shown.out
    assert shown.err == ""


@pytest.fixture
def any_rate_model(tiny_model: Path, tmp_path: Path) -> Path:
    """Return the path of the tiny model, as one that runs at 5 to 30 steps per second."""
    model = read_model(tiny_model)
    path = tmp_path / "any.safetensors"
    write_model(path, replace(model, info=replace(model.info, name="any", rates=(5.0, 30.0))))
    return path


@pytest.mark.parametrize(
    ("options", "rate", "steps"),
    [
        ([], 5.0, 6),
        (["--rate", "10"], 10.0, 11),
        (["--rate", "every-frame"], 25.0, 26),
        (["--rate", "auto"], None, None),
    ],
)
def test_the_rate_is_the_models_own_unless_another_is_chosen(
    tmp_path: Path,
    any_rate_model: Path,
    write_video: WriteVideo,
    options: list[str],
    rate: float | None,
    steps: int | None,
) -> None:
    path = tmp_path / "r.json"
    command = ["analyze", str(write_video(frames=26)), "--model", str(any_rate_model)]
    assert main([*command, "--device", "cpu", "--json", str(path), *options]) == 0
    result = json.loads(path.read_text("utf-8"))
    assert result["step_rate"] in ([5.0, 10.0, 15.0, 25.0] if rate is None else [rate])
    assert len(result["steps"]) in ([6, 11, 16, 26] if steps is None else [steps])


@pytest.mark.parametrize(
    ("own", "rate", "sentence"),
    [
        (True, "31", "was trained for 5 to 30 steps per second, not for 31"),
        (False, "25", "was trained at 5 steps per second only"),
        (False, "every-frame", "was trained at 5 steps per second only"),
    ],
)
def test_a_rate_that_a_model_was_not_trained_for_is_one_sentence(
    capfd: pytest.CaptureFixture[str],
    any_rate_model: Path,
    tiny_model: Path,
    own: bool,
    rate: str,
    sentence: str,
) -> None:
    model = any_rate_model if own else tiny_model
    assert main(["analyze", "demo", "--model", str(model), "--rate", rate]) == 2
    assert sentence in one_sentence(capfd.readouterr().err)


@pytest.mark.parametrize("rate", ["0", "fast", "nan"])
def test_what_is_no_rate_is_told(capfd: pytest.CaptureFixture[str], rate: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["analyze", "demo", "--rate", rate])
    assert "is not a number of steps per second" in capfd.readouterr().err


def test_the_demo_is_analyzed_with_its_truth(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, tiny_model: Path
) -> None:
    path = tmp_path / "r.json"
    options = ["--seconds", "3", "--json", str(path), "--model", str(tiny_model)]
    assert main(["analyze", "demo:5", *options]) == 0
    result = json.loads(path.read_text("utf-8"))
    assert len(result["steps"]) == 15
    assert result["truth"][-1]["end"] == pytest.approx(3.0)
    assert "The truth is known here" in capsys.readouterr().out


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Give a port on loopback that takes connections and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.fixture
def bad_source(
    request: pytest.FixtureRequest, tmp_path: Path, write_video: WriteVideo, silent_port: int
) -> str:
    """Give the address of a source that cannot be read."""
    kind: str = request.param
    path = tmp_path / "bad.avi"
    if kind == "no video":
        path.write_bytes(os.urandom(50_000))
    elif kind == "a text":
        path.write_text("This is a letter, not a video.\n" * 500)
    elif kind == "empty":
        path.touch()
    elif kind == "half":
        data = write_video(frames=60).read_bytes()
        path.write_bytes(data[: len(data) // 2])
    elif kind == "no images":
        path.mkdir()
        (path / "notes.txt").write_text("nothing to see")
    elif kind == "a bad image":
        path.mkdir()
        (path / "1.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    else:
        return {
            "nothing": str(tmp_path / "gone.avi"),
            "too long": "x" * 300,
            "nobody's home": "~nobody-of-that-name/clip.avi",
            "no camera": "97",
            "silent http": f"http://127.0.0.1:{silent_port}/live",
            "silent rtsp": f"rtsp://127.0.0.1:{silent_port}/live",
            "refused": "http://127.0.0.1:1/live",
            "unknown host": "http://no.such.invalid/live",
            "unknown scheme": "gopher://host/clip.avi",
        }[kind]
    return str(path)


BAD = [
    *("no video", "a text", "empty", "half", "no images", "a bad image", "nothing", "too long"),
    *("nobody's home", "no camera", "silent http", "silent rtsp", "refused", "unknown host"),
    "unknown scheme",
]


def one_sentence(err: str) -> str:
    """Check that `err` is one line in the project's manner and return it."""
    assert err.startswith("lrcn-desktop: ")
    assert err.endswith(".\n")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err.removeprefix("lrcn-desktop: ").strip()


@pytest.mark.parametrize("bad_source", BAD, indirect=True)
def test_a_bad_source_is_one_sentence_and_leaves_nothing(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, tiny_model: Path, bad_source: str
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    options = ["--json", str(out / "r.json"), "--csv", str(out / "r.csv")]
    began = time.monotonic()
    assert main(["analyze", bad_source, "--model", str(tiny_model), *options]) == 2
    if "bad.avi" not in bad_source:  # the good half of a file takes its time to recognize
        assert time.monotonic() - began < 10
    shown = capfd.readouterr()
    assert shown.out == ""
    sentence = one_sentence(shown.err)
    assert sentence[0].isupper() or sentence.startswith(("bad.avi", "http:", "rtsp:", "/", "'"))
    assert list(out.iterdir()) == []


def wrong_model(kind: str, good: Path, path: Path) -> Path:
    data = good.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    if kind == "truncated":
        path.write_bytes(data[:-100])
    elif kind == "empty":
        path.touch()
    elif kind == "a video":
        path.write_bytes(b"RIFF" + os.urandom(5000))
    elif kind == "not a number":
        path.write_bytes(data[: 8 + length] + b"\xff" * (len(data) - 8 - length))
    elif kind == "shapes":
        path.write_bytes(data.replace(b'\\"fc\\":[16]', b'\\"fc\\":[17]').replace(
            b'\\"fc\\": [16]', b'\\"fc\\": [17]'))  # fmt: skip
        assert path.read_bytes() != data
    elif kind == "pickle":
        import torch

        torch.save({"head": [1, 2, 3]}, path)
    elif kind == "folder":
        path.mkdir()
    return path


KINDS = ["truncated", "empty", "a video", "not a number", "shapes", "pickle", "folder", "missing"]


@pytest.mark.parametrize("kind", [*KINDS, "too long"])
def test_a_bad_model_is_one_sentence_and_leaves_nothing(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, tiny_model: Path, kind: str
) -> None:
    name = "x" * 300 if kind == "too long" else "bad.safetensors"
    path = tmp_path / name
    if kind != "too long":
        wrong_model(kind, tiny_model, path)
    out = tmp_path / "r.json"
    assert main(["analyze", "demo", "--model", str(path), "--json", str(out)]) == 2
    assert name in one_sentence(capfd.readouterr().err)
    assert not out.exists()


def test_every_format_at_once(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, tiny_model: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    names = {f"--{each.name}": f"r{each.ending}" for each in FORMATS}
    options = [word for option, name in names.items() for word in (option, str(out / name))]
    command = ["analyze", "demo:5", "--seconds", "2", "--model", str(tiny_model), *options]
    assert main(command) == 0
    assert {path.name for path in out.iterdir()} == set(names.values())
    assert (out / "r.vtt").read_text().startswith("WEBVTT")
    assert (out / "r.eaf").read_bytes().startswith(b"<?xml")
    assert (out / "r.csv").read_text().startswith("start,end,duration,label,confidence,origin\n")
    with open_source(out / "r.annotated.mp4") as source:
        assert len(list(source)) == 60
    assert "Annotated video: H.264, without sound" in capsys.readouterr().out


def test_a_recording_is_not_written_over_and_a_camera_not_annotated(
    capfd: pytest.CaptureFixture[str], write_video: WriteVideo
) -> None:
    clip = write_video("clip.mp4", frames=5)
    before = clip.read_bytes()
    for option in ("--annotate", "--json"):
        assert main(["analyze", str(clip), option, str(clip)]) == 2
        assert "it is the recording itself" in one_sentence(capfd.readouterr().err)
    assert clip.read_bytes() == before
    out = clip.with_name("out.mp4")
    with CameraServer().running() as server:
        assert main(["analyze", server.url("/live"), "--annotate", str(out)]) == 2
    assert "cannot be watched a second time" in one_sentence(capfd.readouterr().err)
    assert not out.exists()


@pytest.mark.parametrize("option", [f"--{each.name}" for each in FORMATS])
def test_an_unwritable_output_is_told_before_any_work(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, option: str
) -> None:
    for path in (tmp_path, tmp_path / "no" / "r.mp4", tmp_path / ("x" * 300)):
        assert main(["analyze", "no such source", option, str(path)]) == 2
        assert "Cannot write" in one_sentence(capfd.readouterr().err)
    assert list(tmp_path.iterdir()) == []


WITHOUT_QT = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"PySide6", "shiboken6", "pyqtgraph"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
from lrcn_desktop.cli import main
from lrcn_desktop.recognition.export.formats import FORMATS
from lrcn_desktop.video.open import open_source
sys.exit(main())
"""


def test_it_runs_where_qt_is_not_installed_and_is_quiet(tmp_path: Path, tiny_model: Path) -> None:
    arguments = ["analyze", "demo", "--seconds", "1", "--model", str(tiny_model)]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", WITHOUT_QT, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Over all:" in done.stdout


def test_a_process_leaves_with_2_and_one_line_within_ten_seconds(silent_port: int) -> None:
    address = f"http://127.0.0.1:{silent_port}/live"
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "lrcn_desktop", "analyze", address],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert time.monotonic() - began < 10
    assert (done.returncode, done.stdout) == (2, "")
    assert address in one_sentence(done.stderr)


def test_ctrl_c_ends_an_endless_source_with_a_result(tmp_path: Path, tiny_model: Path) -> None:
    """On a terminal, where the progress bar tells that the work has begun."""
    termios = pytest.importorskip("termios")
    path = tmp_path / "r.json"
    command = ["-m", "lrcn_desktop", "analyze", "demo", "--json", str(path)]
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (25, 100))
    shown = b""
    with (
        os.fdopen(ours, "rb", buffering=0) as terminal,
        subprocess.Popen(
            [sys.executable, *command, "--model", str(tiny_model)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=theirs,
            text=True,
        ) as process,
    ):
        os.close(theirs)
        try:
            while not re.search(rb"demo: (?!0\.0 )\d+\.\d s", shown):
                shown += terminal.read(1000)
            process.send_signal(signal.SIGINT)
            out, _ = process.communicate(timeout=60)
        finally:
            process.kill()
    assert b"has no end of its own" in shown
    assert process.returncode == 0
    assert "Over all:" in out
    assert json.loads(path.read_text("utf-8"))["steps"]
