"""What takes a process of its own: the program's start, and training."""

import json
import os
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from lrcn_desktop.errors import UserError
from lrcn_desktop.recognition.bench.clips import write_clip
from lrcn_desktop.recognition.engines.open import Device
from lrcn_desktop.recognition.speed import measure_speed
from lrcn_desktop.resources import own_command

STARTS = 3
CLIPS = (6, 24)  # three groups of each activity, at the least
CLIP_SECONDS = 1.0
EPOCHS = 4
LIVE_SECONDS = 5.0
LIVE_SIZE = (1280, 720)  # what most cameras give
_ACTIVITIES = 2
_PATIENCE = 600.0  # seconds


def start_up(source: str) -> dict[str, float]:
    """Start the program, without a screen, on a source and for its help, with a warm disk.

    Returns:
        Seconds from the command, medians of three starts after one that does not count: "help_s"
        until all is printed, "window_s" until the window is shown, "picture_s" until the first
        frame is, and "first_prediction_s".
    """
    starts = [start_seconds([source]) for _ in range(STARTS + 1)][1:]
    found = {name: median(start[name] for start in starts) for name in starts[0]}
    helps = []
    for _ in range(STARTS):
        began = time.perf_counter()
        _run(["--help"])
        helps.append(time.perf_counter() - began)
    return {"help_s": median(helps), **found}


def start_seconds(arguments: list[str]) -> dict[str, float]:
    """Start the window on a source, end it once it recognizes, and return what `start_up` does."""
    command = [*own_command(), *arguments, "--ready"]
    began = time.perf_counter()
    at = {}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=_offscreen()) as process:
        watch = threading.Timer(_PATIENCE, process.kill)
        watch.start()
        assert process.stdout is not None
        for line in process.stdout:
            at[line.strip()] = time.perf_counter() - began
            if line.strip() == "ready":
                process.terminate()
        watch.cancel()
    if "ready" not in at:
        raise UserError("The program's start could not be measured: no prediction was shown.")
    return {
        "window_s": at["window"],
        "picture_s": at["picture"],
        "first_prediction_s": at["ready"],
    }


def live(models: Sequence[str], device: Device, folder: Path) -> dict[str, dict[str, float]]:
    """Let the window, without a screen, play a video of 1280x720 at 30 fps with each model.

    Returns:
        By model, as the window's status bar has them after five seconds: "steps_per_s", done of
        "wanted_per_s", the rate that it chose of up to "limit_per_s"; "latency_ms" from a frame to
        its probabilities; "dropped" steps; the source's "frames_per_s"; "repaints_per_s"; the
        program's "peak_rss_mb"; and "at_best_per_s", the steps that it can take.
    """
    clip = write_clip(folder / "live.mp4", LIVE_SECONDS + 8, size=LIVE_SIZE)
    found: dict[str, dict[str, float]] = {}
    for model in models:
        arguments = [str(clip), "--model", model, "--device", device]
        arguments += ["--screenshot", str(folder / "live.png"), "--seconds", str(LIVE_SECONDS)]
        told = json.loads(_run(arguments).splitlines()[-1])
        found[model] = {
            "steps_per_s": told["steps"],
            "wanted_per_s": told["wanted"],
            "limit_per_s": told["limit"] or told["wanted"],
            "latency_ms": 1000 * told["latency"],
            "dropped": told["dropped"],
            "frames_per_s": told["measured"],
            "repaints_per_s": told["repaints"],
            "peak_rss_mb": told["peak_rss_mb"],
            "at_best_per_s": measure_speed(model, device).steps_per_second,
        }
    return found


def training_growth(folder: Path) -> dict[str, dict[str, float]]:
    """Train on 6 and on 24 clips of one second, from nothing, for four epochs each.

    Returns:
        For each number of clips: "seconds" from the first feature to the end of the fit,
        "first_epoch_s" with the features that it waits for, and "second_epoch_s".
    """
    found: dict[str, dict[str, float]] = {}
    for count in CLIPS:
        data = folder / f"clips-{count}"
        for number in range(count):
            activity = data / f"activity {number % _ACTIVITIES + 1}"
            write_clip(activity / f"{number}.mp4", CLIP_SECONDS, seed=1000 * count + number)
        found[str(count)] = _epochs(data, folder)
    return found


def _epochs(data: Path, folder: Path) -> dict[str, float]:
    own = folder / f"{data.name}-run"
    arguments = ["train", str(data), "--out", str(own / "model.safetensors"), "--run", str(own)]
    arguments += ["--cache", str(folder / "cache"), "--folds", "1", "--epochs", str(EPOCHS)]
    own.mkdir()
    lines = [json.loads(line) for line in _run([*arguments, "--progress", "json"]).splitlines()]
    begun = next(e["time"] for e in lines if e["event"] == "stage" and e["stage"] == "features")
    epochs = [e["time"] for e in lines if e["event"] == "epoch"]
    return {
        "seconds": epochs[-1] - begun,
        "first_epoch_s": epochs[0] - begun,
        "second_epoch_s": epochs[1] - epochs[0],
    }


def _run(arguments: list[str]) -> str:
    """Run this program without a screen and return its output."""
    command = [*own_command(), *arguments]
    done = subprocess.run(
        command, capture_output=True, text=True, env=_offscreen(), timeout=_PATIENCE, check=False
    )
    if done.returncode:
        reason = (done.stderr.strip() or "it said nothing").splitlines()[-1]
        raise UserError(f"The program could not be measured: {arguments[0]} failed: {reason}")
    return done.stdout


def _offscreen() -> dict[str, str]:
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
