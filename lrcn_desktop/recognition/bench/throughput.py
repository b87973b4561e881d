"""How fast a file is analyzed, with decoding."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from lrcn_desktop.model.model import Model
from lrcn_desktop.recognition.analyze import analyze
from lrcn_desktop.recognition.bench.growth import KnownFeatures
from lrcn_desktop.recognition.bench.turns import Job, take_turns
from lrcn_desktop.recognition.engines.engine import Engine
from lrcn_desktop.recognition.recognizer import Recognizer
from lrcn_desktop.video.file import FileSource
from lrcn_desktop.video.frame import Image

_BATCHES = 3
_EVERY = 3.0  # seconds of the file that a processor analyzes with a step on every frame


def batch_rates(
    engines: Mapping[str, Engine], images: Sequence[Image], rest: float
) -> dict[str, float]:
    """Return frames per second of each engine at leisure: in batches of its own size."""
    batches = {
        name: np.stack([images[n % len(images)] for n in range(max(engine.batch, 2))])
        for name, engine in engines.items()
    }
    jobs: dict[str, Job] = {
        name: lambda engine=engine, batch=batches[name]: engine.features(batch)  # type: ignore[misc]
        for name, engine in engines.items()
    }
    taken = take_turns(jobs, _BATCHES, rest=rest)
    return {name: len(batches[name]) / float(np.median(taken[name])) for name in engines}


def throughput(model: Model, engine: Engine, path: Path) -> dict[str, float]:
    """Decode a file, analyze it at the model's own rate, and with a step on every frame.

    Returns:
        "decode_per_s": frames per second that decoding alone gives; "frames_per_s": those of the
        analysis, most of which are no step; "times_real_time"; "steps_per_s" and
        "features_per_s": steps per second, at the model's rate and on every frame; "around_per_s":
        the latter if the features took no time: what all else leaves to a GPU.
    """
    with FileSource(path) as source:
        frames, seconds = _timed(source)
    own = _analysis(model, engine, path)
    every = replace(model, info=replace(model.info, step_rate=None, rates=None))
    each = _analysis(every, engine, path, _EVERY if engine.card is None else None)
    known = KnownFeatures(np.random.default_rng(0).random((64, engine.dim), np.float32))
    known.batch = 64
    around = _analysis(every, known, path)
    return {
        "decode_per_s": frames / seconds,
        "frames_per_s": own["frames"] / own["seconds"],
        "times_real_time": own["video_seconds"] / own["seconds"],
        "steps_per_s": own["steps_per_second"],
        "features_per_s": each["steps_per_second"],
        "around_per_s": around["steps_per_second"],
    }


def _timed(frames: Iterable[object]) -> tuple[int, float]:
    began = time.perf_counter()
    count = sum(1 for _ in frames)
    return count, time.perf_counter() - began


def _analysis(
    model: Model, engine: Engine, path: Path, seconds: float | None = None
) -> dict[str, float]:
    with FileSource(path) as source:
        return analyze(source, Recognizer(model, engine), seconds=seconds).timing
