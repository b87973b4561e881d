"""Every bar of a GPU in one run, from nothing but this checkout: `python -m tools.gpu_check`.

It runs `bench`'s steps, the demo recognized on the processor and on the card, the tests of the CUDA
code, and a training on features that are there already; then, where Qt and FFmpeg's libraries are
installed too, the window on 1080p with a step on every frame, and all of `bench`. It writes what it
found as JSON after each part, a line for each bar, and goes on where one part fails.

With `--clips DIR` both devices recognize every video of a folder, too, at the models' own rate.

The first four need PyTorch, torchvision, NumPy, OpenCV, Pillow, safetensors, psutil, msgspec,
platformdirs, filelock, tqdm, PyAV for the training and, for the tests, pytest with pytest-timeout
and hypothesis: where nothing else can be installed, `--parts steps labels cuda_tests training` is
what a GPU has to answer.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice, takewhile
from pathlib import Path
from typing import Any

from lrcn_desktop.recognition.bench.clips import write_clip
from lrcn_desktop.recognition.engines.open import Device
from lrcn_desktop.resources import own_command
from lrcn_desktop.video.frame import Frame

ROOT = Path(__file__).resolve().parents[1]
MODEL = "ucf101-7"
MODELS = (MODEL, "ucf101-7-light")
DEVICE: Device = "cuda"
TESTS = ("cuda_graph", "engines", "gpu", "rates")
PATIENCE = 240.0  # seconds for one command: a machine is lent for minutes
SECONDS = 20.0  # of the window, and of each scene that both devices recognize
CLIP_SECONDS = 2.0  # of each video of a folder
FULL_HD = (1920, 1080)
Bar = tuple[str, float, Callable[[float], bool]]


def run(*arguments: str | Path) -> str:
    """Run a command of the program's without a screen; return what it printed."""
    command = [*own_command(), *map(str, arguments)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        command, capture_output=True, text=True, env=environment, timeout=PATIENCE, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed: {done.stderr[-2000:]}")
    return done.stdout


def steps(_: Path) -> dict[str, Any]:
    """Measure one step, its features alone and in batches, and the usual scripts beside them."""
    from lrcn_desktop.model.library import find_model
    from lrcn_desktop.model.model import load_model
    from lrcn_desktop.recognition.bench.bench import measure_steps
    from lrcn_desktop.recognition.engines.open import open_engine

    model = load_model(find_model(MODEL))
    return measure_steps(model, open_engine(model, DEVICE))


def labels(_: Path) -> dict[str, Any]:
    """Recognize the same scenes on both devices; count the steps with another label."""
    from lrcn_desktop.video.demo import DemoSource

    def scenes() -> Iterator[Iterator[Frame]]:
        for seed in range(3):
            with DemoSource(seed, size=(320, 240)) as source:
                yield islice(source, 0, round(SECONDS * source.rate), 6)  # 5 steps a second

    return _compared(MODEL, scenes())


def clips(data: Path, _: Path) -> dict[str, Any]:
    """Recognize the first seconds of every video of a folder on both devices."""
    from lrcn_desktop.video.file import FileSource
    from lrcn_desktop.video.suffixes import VIDEO_SUFFIXES

    def videos() -> Iterator[Iterator[Frame]]:
        for path in sorted(data.rglob("*")):
            if path.suffix.lower() in VIDEO_SUFFIXES:
                with FileSource(path) as source:
                    yield takewhile(lambda frame: frame.time < CLIP_SECONDS, source)

    return {model: _compared(model, videos()) for model in MODELS}


def _compared(model: str, videos: Iterator[Iterator[Frame]]) -> dict[str, Any]:
    from lrcn_desktop.recognition.load import load_recognizer

    cpu, gpu = (load_recognizer(model, device) for device in ("cpu", DEVICE))
    found: dict[str, Any] = {"videos": 0, "steps": 0, "other_label": 0, "furthest_probability": 0.0}
    for video in videos:
        cpu.reset()
        gpu.reset()
        found["videos"] += 1
        for frame in video:
            if cpu.is_due(frame.time):
                expected, ours = cpu.step(frame), gpu.step(frame)
                found["steps"] += 1
                found["other_label"] += ours.label != expected.label
                apart = float(abs(ours.probabilities - expected.probabilities).max())
                found["furthest_probability"] = max(found["furthest_probability"], apart)
    return found


def cuda_tests(_: Path) -> dict[str, Any]:
    """Run the tests that a GPU is needed for."""
    command = [sys.executable, "-m", "pytest", "-q", "-k", "cuda or gpu or graph"]
    command += ["-p", "no:cacheprovider", *(f"tests/recognition/test_{name}.py" for name in TESTS)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    return {"status": done.returncode, "end": (done.stdout + done.stderr)[-3000:]}


def training(folder: Path) -> dict[str, Any]:
    """Train `default` on drawn features of 591 clips of seven activities, as a cache keeps them."""
    import numpy as np

    from lrcn_desktop.model.backbones.registry import FROZEN

    data, rng = folder / "features", np.random.default_rng(0)
    data.mkdir()
    points = rng.normal(size=(7, 6 * FROZEN["vgg16"].channels))
    lines = ["clip,label,group,split,rate,file"]
    for number in range(591):
        label, group = number % 7, number // 7 % 25 + 1
        array = points[label] + 2.0 * rng.standard_normal((36, points.shape[1]), np.float32)
        np.save(data / f"{number}.npy", array.astype(np.float16))
        lines.append(f"c{number},activity {label},g{label}-{group},,5,{number}.npy")
    (data / "index.csv").write_text("\n".join(lines))
    about = {"backbone": "vgg16", "digest": FROZEN["vgg16"].digest, "size": 224, "rate": 5.0}
    (data / "features.json").write_text(json.dumps(about | {"pool": "statistics"}))
    began = time.perf_counter()
    found: dict[str, Any] = {"clips": 591, "fits": {}}
    try:
        out = folder / "model.safetensors"
        run("train", "--features", data, "--preset", "default", "--out", out)
        found["cached_s"] = time.perf_counter() - began
    except subprocess.TimeoutExpired as error:  # how far it came is reported too
        found["failed"] = str(error)
    lines = (folder / "model.run" / "progress.jsonl").read_text().splitlines()
    events = [json.loads(line) for line in lines]
    for event in events:
        if event["event"] == "epoch":  # fits that overlap were done beside each other
            seconds = event["time"] - events[0]["time"]
            one = found["fits"].setdefault(event["fit"], {"first_s": seconds})
            one |= {"last_s": seconds, "epochs": event["epoch"]}
    return found


def window(folder: Path) -> dict[str, Any]:
    """Play 1080p at 60 fps in the window, with as many steps as the model takes."""
    clip = write_clip(folder / "window.mp4", SECONDS + 12, size=FULL_HD, rate=60.0)
    arguments = [clip, "--model", MODEL, "--device", DEVICE, "--seconds", SECONDS]
    told = run(*map(str, arguments), "--screenshot", folder / "window.png")
    found: dict[str, Any] = json.loads(told.splitlines()[-1])
    return found


def bench(folder: Path) -> dict[str, Any]:
    """Measure all that a user can: analysis, start, window and training too."""
    path = folder / "bench.json"
    run("bench", "--model", MODEL, "--device", DEVICE, "--json", path)
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def bars(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Return each bar with what was measured, or with nothing where that part failed."""
    wanted: list[Bar] = [
        ("steps.step_ms.p50", 0.5, lambda value: value <= 0.5),
        ("steps.step_ms.p99", 0.8, lambda value: value <= 0.8),
        ("steps.ratios.peer_vs_step", 8, lambda value: value >= 8),
        ("steps.ratios.window_vs_step", 60, lambda value: value >= 60),
        ("steps.batch_features_per_s.cuda", 4000, lambda value: value >= 4000),
        ("labels.other_label", 0, lambda value: value == 0),
        *((f"clips.{model}.other_label", 0, lambda value: value == 0) for model in MODELS),
        ("training.cached_s", 20, lambda value: value <= 20),
        ("window.steps", 30, lambda value: value >= 29.5),
        ("window.repaints", 60, lambda value: value >= 58),
        ("cuda_tests.status", 0, lambda value: value == 0),
    ]
    lines = []
    for name, bar, holds in wanted:
        if name.startswith("clips.") and "clips" not in found:
            continue
        value: Any = found
        for key in name.split("."):
            value = value.get(key) if isinstance(value, dict) else None
        met = value is not None and holds(value)
        lines.append({"bar": name, "wanted": bar, "measured": value, "met": met})
    return lines


def main() -> int:
    """Measure all parts and write the JSON after each, so that a limit of time loses little."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", type=Path, default=Path("gpu_check.json"))
    parts: dict[str, Callable[[Path], dict[str, Any]]] = {
        part.__name__: part for part in (steps, labels, cuda_tests, training, window, bench)
    }
    parser.add_argument("--parts", nargs="+", choices=parts, default=list(parts))
    parser.add_argument("--clips", type=Path, help="folder of videos to recognize on both devices")
    arguments = parser.parse_args()
    if arguments.clips:
        parts["clips"] = partial(clips, arguments.clips)
        arguments.parts.append("clips")
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="lrcn-gpu-") as name:
        for part in arguments.parts:
            began = time.perf_counter()
            try:
                found[part] = parts[part](Path(name))
            except Exception as error:  # the other parts are measured all the same
                found[part] = {"failed": str(error)}
            found.setdefault("seconds", {})[part] = time.perf_counter() - began
            found["bars"] = bars(found)
            arguments.json.write_text(json.dumps(found, indent=1))
            print(part, json.dumps(found[part])[:300], flush=True)
    for line in found["bars"]:
        print("met " if line["met"] else "OPEN", line["bar"], line["measured"], flush=True)
    return 0 if all(line["met"] for line in found["bars"]) else 1


if __name__ == "__main__":
    sys.exit(main())
