"""UCF-101 whole, as features drawn at random with the structure of its classes and groups.

`pytest -m slow -s tests/training/test_whole_ucf101.py`; LRCN_CLIPS takes fewer than 13,320 clips.
"""

import csv
import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import psutil
import pytest
from children import child

from lrcn_desktop.model.backbones.registry import FROZEN
from lrcn_desktop.model.model import load_model

CLIPS = int(os.environ.get("LRCN_CLIPS", "13320"))
CLASSES, GROUPS, RATE = 101, 25, 5.0
SECONDS = 7.21  # of a clip on average
MOST_MEMORY, MOST_MINUTES = 2e9, 30.0


def draw(folder: Path, clips: int) -> int:
    """Fill a feature folder as `default` keeps its features; return how many steps it holds.

    A class is a point, a group a step away from it, a clip another, a step of time a fourth; all
    lie in 200 directions of the pooled features.
    """
    rng = np.random.default_rng(0)
    width, rank = 6 * FROZEN["vgg16"].channels, 200
    basis = rng.normal(size=(rank, width)).astype(np.float32) / np.sqrt(rank)
    points = rng.normal(size=(CLASSES, rank))
    away = 0.7 * rng.normal(size=(CLASSES, GROUPS, rank))
    folder.mkdir()
    steps = 0
    with (folder / "index.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("clip", "label", "group", "split", "rate", "file"))
        for number in range(clips):
            label, group = number % CLASSES, 7 * (number // CLASSES) % GROUPS
            length = max(3, round(rng.gamma(8, SECONDS * RATE / 8)))
            walk = rng.normal(size=(length, rank)).cumsum(0)
            walk *= 0.15 / np.sqrt(np.arange(1, length + 1))[:, None]
            at = points[label] + away[label, group] + 0.5 * rng.normal(size=rank) + walk
            array = at.astype(np.float32) @ basis
            array += 0.5 * rng.standard_normal(array.shape, np.float32)
            array -= array.mean(1, keepdims=True)
            array /= array.std(1, keepdims=True)
            np.save(folder / f"{number}.npy", array.astype(np.float16))
            name = f"v_Class{label:03}_g{group + 1:02}_c{number:05}"
            side = "test" if group < 7 else "train"
            rows.writerow((name, f"Class{label:03}", name[:-7], side, f"{RATE:g}", f"{number}.npy"))
            steps += length
    about = {"backbone": "vgg16", "digest": FROZEN["vgg16"].digest, "size": 224, "rate": RATE}
    (folder / "features.json").write_text(json.dumps(about | {"pool": "statistics"}))
    return steps


def train(data: Path, out: Path, *more: str) -> dict[str, float]:
    """Train `default` in a process of its own; return what it took.

    Returns:
        "data_s" until the clips are dealt to sides, "epoch_cpu_s" (its processor's seconds for its
        second and third epoch, whose streams have one rate whatever the clips), "fit_s",
        "fit_cpu_s" (of its helpers too), "peak_bytes" of the largest process, "peak_bytes_in_all",
        "helpers".
    """
    command = [sys.executable, "-m", "lrcn_desktop", "train", "--features", str(data)]
    command += ["--out", str(out), "--progress", "json", *more]
    environment = os.environ | {"OMP_NUM_THREADS": "2"}
    events: list[dict[str, object]] = []
    used: list[float] = []  # processor seconds at each event
    alone: list[float] = []  # without its helpers
    peak, in_all, helpers, began = 0, 0, 0, time.time()
    with child(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        watched = psutil.Process(process.pid)
        for line in process.stdout:
            events.append(json.loads(line))
            used.append(used[-1] if used else 0.0)
            alone.append(alone[-1] if alone else 0.0)
            with suppress(psutil.Error):  # one has just ended
                beside = watched.children(recursive=True)
                helpers = max(helpers, len(beside))
                times = [sum(one.cpu_times()[:2]) for one in beside]
                alone[-1] = sum(watched.cpu_times()[:2])
                used[-1] = sum(watched.cpu_times()[:4]) + sum(times)  # with those that ended
                # What is mapped of the features can be dropped.
                held = [one.memory_full_info().uss for one in (watched, *beside)]
                peak, in_all = max(peak, *held), max(in_all, sum(held))
    assert process.returncode == 0
    at = {kind: [e["time"] for e in events if e["event"] == kind] for kind in ("data", "epoch")}
    first = next(event["fit"] for event in events if event["event"] == "epoch")
    kinds = [event["event"] for event in events]
    last = len(kinds) - 1 - kinds[::-1].index("epoch")
    epochs = [seconds for seconds, e in zip(alone, events, strict=True) if e.get("fit") == first]
    return {
        "data_s": at["data"][0] - began,
        "epoch_cpu_s": epochs[2] - epochs[0],
        "fit_s": at["epoch"][-1] - at["data"][0],
        "fit_cpu_s": used[last] - used[kinds.index("data")],
        "peak_bytes": peak,
        "peak_bytes_in_all": in_all,
        "helpers": helpers,
    }


@pytest.mark.slow
@pytest.mark.timeout(3 * 3600)
def test_default_is_fitted_to_all_of_it(tmp_path: Path) -> None:
    quarter, whole = tmp_path / "quarter", tmp_path / "whole"
    assert draw(quarter, CLIPS // 4)
    steps = draw(whole, CLIPS)
    small = train(quarter, tmp_path / "quarter.safetensors", "--epochs", "3")
    large = train(whole, tmp_path / "whole.safetensors")
    print(f"\n{CLIPS} clips, {steps} steps: {large}\na quarter: {small}")
    assert large["epoch_cpu_s"] < 5 * small["epoch_cpu_s"]
    assert large["data_s"] < 5 * small["data_s"]
    assert large["peak_bytes"] < MOST_MEMORY
    assert large["fit_s"] < 60 * MOST_MINUTES
    info = load_model(tmp_path / "whole.safetensors").info
    assert len(info.classes) == CLASSES
    assert info.test["accuracy of clips by the mean"] > 0.5
    report = (tmp_path / "whole.run" / "report.html").read_text("utf-8")
    assert all(name in report for name in info.classes)
