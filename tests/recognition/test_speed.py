"""How fast a model is: measured as it runs, and not lost beside other programs."""

import multiprocessing
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from lrcn_desktop.recognition.engines.engine import CORES
from lrcn_desktop.recognition.speed import measure_speed

# In a process of its own: the libraries read their settings when they load.
SCRIPT = """
import time
from statistics import median
import numpy as np
from lrcn_desktop.model.library import find_model
from lrcn_desktop.model.model_file import read_model
from lrcn_desktop.recognition.engines.open import build_engine

engine = build_engine(read_model(find_model("ucf101-7-light")), "ncnn")
frame = np.random.default_rng(0).integers(0, 256, (1, 240, 320, 3), np.uint8)
taken = []
for _ in range(12):
    began = time.perf_counter()
    engine.features(frame)
    taken.append(time.perf_counter() - began)
print(median(taken[2:]))
"""


def seconds_a_frame() -> float:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def burn() -> None:
    while True:
        pass


@contextmanager
def every_core_burning() -> Iterator[None]:
    context = multiprocessing.get_context("spawn")
    others = [context.Process(target=burn, daemon=True) for _ in range(CORES)]
    for other in others:
        other.start()
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.join()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="GNU's OpenMP is Linux's")
def test_beside_a_program_that_uses_all_cores_a_step_takes_a_few_times_as_long() -> None:
    """It took a hundred times as long while the threads waited for one another by turning."""
    alone = seconds_a_frame()
    with every_core_burning():
        beside = seconds_a_frame()
    print(f"{1000 * alone:.1f} ms alone, {1000 * beside:.1f} beside")
    assert beside < 15 * alone


def test_a_model_is_measured_as_it_runs() -> None:
    light, large = (measure_speed(name, "cpu") for name in ("ucf101-7-light", "ucf101-7"))
    assert light.steps_per_second > 2 * large.steps_per_second > 0
    assert light.device.startswith("CPU")
