"""Every bar of a GPU in one run, from nothing but this checkout: `python -m tools.gpu_check`.

It runs the tests of the CUDA code, `bench`, the same recording recognized on the processor and on
the card, a training on features that are there already, and the window on 1080p with a step on
every frame; it writes what it found as JSON, a line for each bar, and goes on where one part fails.
Some eight minutes on an H100, most of them the processor's own part.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from lrcn_desktop.recognition.bench.clips import write_clip
from lrcn_desktop.resources import own_command

ROOT = Path(__file__).resolve().parents[1]
MODEL = "ucf101-7"
PATIENCE = 900.0  # seconds for one part
SECONDS = 20.0  # of the window, and of each recording that both devices recognize
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


def cuda_tests(_: Path) -> dict[str, Any]:
    """Run the tests that a GPU is needed for."""
    command = [sys.executable, "-m", "pytest", "-q", "-m", "", "-k", "cuda or gpu or graph"]
    command += ["-p", "no:cacheprovider", "tests/recognition"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    return {"status": done.returncode, "end": done.stdout[-3000:]}


def bench(folder: Path) -> dict[str, Any]:
    """Measure features, steps, peers, analysis, start and window."""
    path = folder / "bench.json"
    run("bench", "--device", "cuda", "--json", path)
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def labels(folder: Path) -> dict[str, Any]:
    """Recognize the same recordings on both devices; count the steps with another label."""
    steps = other = 0
    furthest = 0.0
    for seed in range(3):
        clip = write_clip(folder / f"labels-{seed}.mp4", SECONDS, seed=seed)
        results = []
        for device in ("cpu", "cuda"):
            path = folder / f"labels-{seed}-{device}.json"
            run("analyze", clip, "--model", MODEL, "--device", device, "--json", path)
            results.append(json.loads(path.read_text())["steps"])
        for ours, theirs in zip(*results, strict=True):
            steps += 1
            other += ours["label"] != theirs["label"]
            furthest = max(furthest, *_distances(ours, theirs))
    return {"steps": steps, "other_label": other, "furthest_probability": furthest}


def _distances(ours: dict[str, Any], theirs: dict[str, Any]) -> Iterator[float]:
    pairs = zip(_flat(ours["probabilities"]), _flat(theirs["probabilities"]), strict=True)
    return (abs(a - b) for a, b in pairs)


def _flat(probabilities: Any) -> list[float]:  # noqa: ANN401
    return list(probabilities.values() if isinstance(probabilities, dict) else probabilities)


def training(folder: Path) -> dict[str, Any]:
    """Train `default` on 591 clips of two seconds twice; the second finds its features cached."""
    data, taken = folder / "training", []
    for number in range(591):
        activity = data / f"activity {number % 7 + 1}"
        name = f"v_A_g{number // 7 % 25 + 1:02}_c{number:03}.mp4"
        write_clip(activity / name, 2.0, size=(160, 120), seed=number)
    for turn in range(2):
        began = time.perf_counter()
        out = folder / f"model-{turn}.safetensors"
        run("train", data, "--preset", "default", "--out", out, "--cache", folder / "cache")
        taken.append(time.perf_counter() - began)
    return {"clips": 591, "from_nothing_s": taken[0], "cached_s": taken[1]}


def window(folder: Path) -> dict[str, Any]:
    """Play 1080p at 30 fps in the window, every frame a step."""
    clip = write_clip(folder / "window.mp4", SECONDS + 12, size=FULL_HD)
    arguments = [clip, "--model", MODEL, "--device", "cuda", "--seconds", SECONDS]
    told = run(*map(str, arguments), "--screenshot", folder / "window.png")
    found: dict[str, Any] = json.loads(told.splitlines()[-1])
    return found


def bars(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Return each bar with what was measured, or with nothing where that part failed."""
    wanted: list[Bar] = [
        ("bench.step_ms.p50", 0.5, lambda value: value <= 0.5),
        ("bench.step_ms.p99", 0.8, lambda value: value <= 0.8),
        ("bench.ratios.peer_vs_step", 8, lambda value: value >= 8),
        ("bench.ratios.window_vs_step", 60, lambda value: value >= 60),
        ("bench.batch_features_per_s.cuda", 4000, lambda value: value >= 4000),
        ("labels.other_label", 0, lambda value: value == 0),
        ("training.cached_s", 20, lambda value: value <= 20),
        ("window.steps", 30, lambda value: value >= 29.5),
        ("window.repaints", 60, lambda value: value >= 58),
        ("cuda_tests.status", 0, lambda value: value == 0),
    ]
    lines = []
    for name, bar, holds in wanted:
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
    parts = {part.__name__: part for part in (window, labels, cuda_tests, bench, training)}
    parser.add_argument("--parts", nargs="+", choices=parts, default=list(parts))
    arguments = parser.parse_args()
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
