"""The whole measurement, in one run."""

import tempfile
from collections import deque
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import torch

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.backbones.vgg16 import VGG16
from lrcn_desktop.model.library import find_model, list_models
from lrcn_desktop.model.model import Model, load_model
from lrcn_desktop.model.model_file import read_info
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.recognition.bench.clips import RATE, SIZE, write_clip
from lrcn_desktop.recognition.bench.commands import live, start_up, training_growth
from lrcn_desktop.recognition.bench.floor import floor
from lrcn_desktop.recognition.bench.growth import growth
from lrcn_desktop.recognition.bench.peer import WINDOW, Peer
from lrcn_desktop.recognition.bench.throughput import batch_rates, throughput
from lrcn_desktop.recognition.bench.turns import Job, percentiles, take_turns
from lrcn_desktop.recognition.engines.engine import CORES, Engine
from lrcn_desktop.recognition.engines.open import Device, build_engine, open_engine, open_graph_step
from lrcn_desktop.recognition.peak_memory import peak_rss
from lrcn_desktop.recognition.recognizer import Recognizer
from lrcn_desktop.video.demo import DemoSource
from lrcn_desktop.video.frame import Frame, Image

ROUNDS = {"cuda": 300, "cpu": 30, "mps": 100}
LEAST_ROUNDS = {"cuda": 300, "cpu": 8, "mps": 100}  # 99th percentiles need more than medians
WINDOW_ROUNDS = {"cuda": 50, "cpu": 2, "mps": 10}
WARM = {"cuda": 3, "cpu": 0, "mps": 1}  # calls before the one that counts
REST = {"cuda": 0.0, "cpu": 0.03, "mps": 0.0}  # seconds before each job
FILE_SECONDS = {"cuda": 60.0, "cpu": 10.0, "mps": 20.0}
# "ncnn" as the program runs it, and on half of the cores and on all where that is something else.
ENGINES = ("cuda", "mps", "ncnn", *(f"ncnn {n}" for n in (CORES // 2, CORES) if n), "cpu")
PARTS = 6  # that it consists of
_FRAMES = 64  # of the demo, that the jobs look at in turn

Say = Callable[[int, int, str], None]


def bench(model_name: str, device: Device, say: Say = lambda *_: None) -> dict[str, Any]:
    """Measure this machine; the guide describes the keys of what is returned.

    Args:
        model_name: A model on VGG-16, by name or path.
        device: Where the network runs; "auto": where the program would run it.
        say: Called with the number of the part that is being measured, of how many, and its name.

    Raises:
        UserError: The model is of another kind, or the device is not here.
    """
    model = load_model(find_model(model_name))
    if model.info.backbone.frozen is not VGG16:
        raise UserError(f"The model {model.info.name!r} is not on VGG-16: measure one that is.")
    engine = open_engine(model, device)
    kind = engine.card or "cpu"
    say(1, PARTS, "features, steps and the way of the usual scripts, in turns")
    found = measure_steps(model, engine)
    say(2, PARTS, "a hundred thousand steps of one stream")
    found["growth"] = growth(model)
    with tempfile.TemporaryDirectory(prefix="lrcn-bench-") as name:
        folder = Path(name)
        clip = write_clip(folder / "clip.mp4", FILE_SECONDS[kind])
        say(3, PARTS, "the analysis of a file")
        found["analyze"] = throughput(model, engine, clip)
        found["peak_rss_mb"] = peak_rss()
        if kind == "cuda":
            found["peak_gpu_mb"] = torch.cuda.max_memory_allocated() / 1e6
        say(4, PARTS, "the program's start")
        found["start_up"] = start_up(str(clip))
        say(5, PARTS, "the window, playing")
        found["live"] = live(_choices(model_name), device, folder)
        say(6, PARTS, "training on more and more clips")
        found["training"] = training_growth(folder)
    return found


def measure_steps(model: Model, engine: Engine) -> dict[str, Any]:
    """Measure what happens between a frame in memory and its probabilities, and the usual ways.

    Args:
        model: One on VGG-16.
        engine: Runs it in the program.

    Returns:
        The keys of `bench` that need neither a window nor a video.
    """
    kind = engine.card or "cpu"
    with DemoSource(0, size=SIZE) as source:
        images = [frame.image for frame in islice(source, 0, 6 * _FRAMES, 6)]
    engines = _engines(model, engine)
    jobs, slow = _jobs(model, engine, engines, kind, images), {"window": WINDOW_ROUNDS[kind]}
    # A card lowers its clock while it waits for what a processor computes: that has its own turns.
    names = [f"features {name}" for name, other in engines.items() if other.card != engine.card]
    apart = {name: jobs.pop(name) for name in names}
    seconds = take_turns(jobs, ROUNDS[kind], slow, REST[kind], LEAST_ROUNDS[kind], WARM[kind])
    seconds |= take_turns(apart, ROUNDS["cpu"], rest=REST["cpu"], least=LEAST_ROUNDS["cpu"])
    step, peer, window = (percentiles(seconds[name]) for name in ("step", "peer", "window"))
    features = {name: percentiles(seconds[f"features {name}"]) for name in engines}
    least = floor(kind, model.info.backbone.size)
    own = next(name for name, other in engines.items() if other is engine)
    eager = percentiles(seconds["features eager"])
    return {
        "device": engine.name,
        "cores": CORES,
        "model": model.info.name,
        "frame": f"{SIZE[0]}x{SIZE[1]}",
        "features_ms": {name: times["p50"] for name, times in features.items()},
        "eager_ms": eager["p50"],
        "batch_features_per_s": batch_rates(engines, images, REST[kind]),
        "step_ms": step,
        "peer_step_ms": peer,
        "peer_window_ms": {**window, "frames": WINDOW},
        "ratios": {
            "features_vs_eager": features[own]["p50"] / eager["p50"],
            "step_vs_features": step["p50"] / features[own]["p50"],
            "peer_vs_step": peer["p50"] / step["p50"],
            "window_vs_step": window["p50"] / step["p50"],
            "step_vs_floor": step["p50"] / least["ms"],
        },
        "floor_ms": least["ms"],
        "floor": least,
    }


def _choices(model_name: str) -> list[str]:
    """Return the model, and those of the library that know the same."""
    classes = set(read_info(find_model(model_name)).classes)
    infos = [(path.stem, info) for path, info in list_models() if isinstance(info, ModelInfo)]
    same = [name for name, info in infos if set(info.classes) == classes]
    return [model_name, *(name for name in same if name != model_name)]


def _engines(model: Model, chosen: Engine) -> dict[str, Engine]:
    """Return every engine that works here, by a short name; the chosen one as it is."""
    found: dict[str, Engine] = {}
    here = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    for kind in ENGINES:
        if here.get(kind, True):
            try:
                engine = build_engine(model, kind)
            except ImportError:  # ncnn has no wheel for every machine
                continue
            if engine.name not in (other.name for other in found.values()):
                found[kind] = chosen if engine.name == chosen.name else engine
    return found


def _jobs(
    model: Model, engine: Engine, engines: dict[str, Engine], kind: str, images: list[Image]
) -> dict[str, Job]:
    whole = open_graph_step(model) if kind == "cuda" else None
    recognizer, peer = Recognizer(model, engine, whole), Peer(model, VGG16.weights(), kind)
    rate = model.info.step_rate or RATE
    clock, ticks = iter(range(10**9)), iter(range(10**9))
    window = deque(images[:WINDOW], WINDOW)

    def image() -> Image:
        return images[next(clock) % len(images)]

    def step() -> object:
        number = next(ticks)  # its own: a frame after missing ones stands for several steps
        return recognizer.step(Frame(images[number % len(images)], number / rate, number))

    def again() -> object:
        window.append(image())
        return peer.window(window)

    jobs: dict[str, Job] = {
        f"features {name}": lambda other=other: other.features(image()[None])  # type: ignore[misc]
        for name, other in engines.items()
    }
    jobs["features eager"] = lambda: peer.features(image())
    return {**jobs, "step": step, "peer": lambda: peer.step(image()), "window": again}
