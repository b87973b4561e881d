"""The parts of the bench: turns, the peers' way, the floor, and what is reported of them."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count, islice
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from lrcn_desktop.model.backbones.vgg16 import VGG16
from lrcn_desktop.model.library import find_model
from lrcn_desktop.model.model import Model, load_model
from lrcn_desktop.recognition.bench.clips import write_clip
from lrcn_desktop.recognition.bench.commands import CLIPS, training_growth
from lrcn_desktop.recognition.bench.floor import floor
from lrcn_desktop.recognition.bench.growth import POINTS, KnownFeatures, growth
from lrcn_desktop.recognition.bench.peer import WINDOW, Peer
from lrcn_desktop.recognition.bench.throughput import batch_rates, throughput
from lrcn_desktop.recognition.bench.turns import is_known, percentiles, take_turns
from lrcn_desktop.recognition.engines.open import build_engine
from lrcn_desktop.recognition.recognizer import Recognizer
from lrcn_desktop.video.demo import DemoSource
from lrcn_desktop.video.frame import Frame


@pytest.fixture(scope="module")
def real_model() -> Model:
    return load_model(find_model("ucf101-7"))


@pytest.fixture
def frames() -> Iterator[list[Frame]]:
    """Give frames that no way has to resize: ways of resizing differ."""
    with DemoSource(0, size=(96, 96)) as source:
        yield list(islice(source, 0, 18, 6))


def test_jobs_take_turns_and_the_first_round_does_not_count() -> None:
    order: list[str] = []
    jobs = {name: (lambda name=name: order.append(name)) for name in ("a", "b", "long")}  # type: ignore[misc]
    taken = take_turns(jobs, 3, {"long": 1}, rest=0.001)
    assert "".join(name[0] for name in order) == "abablabab"
    assert [len(taken[name]) for name in ("a", "b", "long")] == [3, 3, 1]
    assert all((seconds >= 0).all() for seconds in taken.values())


def test_what_is_warm_is_called_before_it_is_timed() -> None:
    order: list[str] = []
    jobs = {name: (lambda name=name: order.append(name)) for name in "ab"}  # type: ignore[misc]
    taken = take_turns(jobs, 1, warm=2)
    assert "".join(order) == 2 * "aaabbb"
    assert len(taken["a"]) == len(taken["b"]) == 1


def test_turns_end_once_every_median_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_known([1.0, 1.01] * 4)
    assert not is_known([1.0, 1.2] * 4)
    assert is_known([1.0, 1.2] * 4 + [1.1] * 40)
    assert not is_known([1.0] * 4)
    clock = count(0.0, 0.5)  # every job takes half a second
    time = SimpleNamespace(perf_counter=lambda: next(clock), sleep=lambda _: None)
    monkeypatch.setattr("lrcn_desktop.recognition.bench.turns.time", time)
    calls: list[int] = []
    jobs = {"steady": lambda: None, "long": lambda: calls.append(1)}
    taken = take_turns(jobs, 200, {"long": 2}, least=10)
    assert (len(taken["steady"]), len(calls)) == (10, 2)
    assert len(take_turns({"steady": jobs["steady"]}, 12)["steady"]) == 12


def test_percentiles_are_in_milliseconds() -> None:
    found = percentiles(np.arange(101) / 1000)
    assert found == {"p50": pytest.approx(50), "p99": pytest.approx(99), "runs": 101}


def test_the_usual_scripts_way_gives_our_numbers(small_model: Model, frames: list[Frame]) -> None:
    """Else their times would be compared with those of something else."""
    plain = replace(small_model, info=replace(small_model.info, temperature=1.0))
    peer = Peer(plain, VGG16.weights(), "cpu")
    recognizer = Recognizer(plain, build_engine(plain, "cpu"))
    for number, frame in enumerate(frames):
        expected = recognizer.step(frame).probabilities
        np.testing.assert_allclose(peer.step(frame.image), expected, atol=1e-4)
        window = peer.window([f.image for f in frames[: number + 1]])
        np.testing.assert_allclose(window, expected, atol=1e-4)
    assert WINDOW == 16


def test_the_floor_is_that_of_vgg16() -> None:
    found = floor("cpu", 224)
    assert found["gflop"] == pytest.approx(2 * 15.35, abs=0.02)  # facts.md
    assert found["megabytes"] == pytest.approx(4 * 14.71, abs=0.02)
    assert found["ms"] == pytest.approx(1000 * found["gflop"] / found["gflop_per_s"])


def test_a_step_costs_the_same_however_long_the_stream(
    real_model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    points = (10, 500, 2000)
    monkeypatch.setattr("lrcn_desktop.recognition.bench.growth.POINTS", points)
    found = growth(real_model)
    assert list(found) == [str(point) for point in points]
    assert found["2000"]["ms"] < 2 * found["500"]["ms"]
    assert found["2000"]["rss_mb"] - found["500"]["rss_mb"] < 5
    assert POINTS == (10, 1_000, 100_000)


def test_a_file_is_analyzed_at_the_models_rate_and_on_every_frame(
    real_model: Model, tmp_path: Path
) -> None:
    clip = write_clip(tmp_path / "clip.mp4", 2.0)
    features = np.random.default_rng(0).random((16, 512 * 7 * 7), np.float32)
    found = throughput(real_model, KnownFeatures(features), clip)
    assert found["features_per_s"] == pytest.approx(6 * found["steps_per_s"], rel=0.9)
    assert found["frames_per_s"] > found["steps_per_s"] > 0
    assert found["decode_per_s"] > 30
    assert found["times_real_time"] == pytest.approx(found["frames_per_s"] / 30, rel=0.05)


def test_batches_are_of_the_engines_own_size(real_model: Model, frames: list[Frame]) -> None:
    class Counting(KnownFeatures):
        batch = 5
        asked: list[int] = []  # noqa: RUF012

        def features(self, frames: np.ndarray) -> np.ndarray:
            self.asked.append(len(frames))
            return np.zeros((len(frames), self.dim), np.float32)

    engine = Counting(np.zeros((1, 8), np.float32))
    rates = batch_rates({"x": engine}, [f.image for f in frames], rest=0.0)
    assert rates["x"] > 0
    assert set(engine.asked) == {5}


@pytest.mark.slow
def test_its_trainings_have_enough_groups(tmp_path: Path) -> None:
    found = training_growth(tmp_path)
    assert list(found) == [str(count) for count in CLIPS]
    for taken in found.values():
        assert 0 < taken["second_epoch_s"] < taken["first_epoch_s"] < taken["seconds"]
