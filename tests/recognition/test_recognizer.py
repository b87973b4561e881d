"""The recognizer: one step per frame is the whole clip at once, at any rate, for any length."""

import gc
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np
import psutil
import pytest
import torch

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.model import Model
from lrcn_desktop.recognition.engines.open import build_engine
from lrcn_desktop.recognition.engines.torch_engine import TorchEngine
from lrcn_desktop.recognition.load import load_recognizer
from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.recognition.rates import StepRate
from lrcn_desktop.recognition.recognizer import Recognizer
from lrcn_desktop.video.demo import DemoSource
from lrcn_desktop.video.frame import Frame

MakeRecognizer = Callable[..., Recognizer]
SIZE = (160, 120)


def scene(rate: float, seconds: float, start: float = 0.0, seed: int = 0) -> list[Frame]:
    """Return a stretch of the demo as a source of `rate` frames per second would show it."""
    source = DemoSource(seed, size=SIZE)
    times = [start + index / rate for index in range(int(seconds * rate) + 1)]
    return [Frame(source.render(t), t, index) for index, t in enumerate(times)]


def run(recognizer: Recognizer, frames: Iterable[Frame]) -> list[Prediction]:
    """Return one prediction a step, as `analyze` keeps them."""
    predictions: list[Prediction] = []
    for frame in frames:
        prediction = recognizer.step(frame)
        if not predictions or prediction is not predictions[-1]:
            predictions.append(prediction)
    return predictions


def probabilities(predictions: Iterable[Prediction]) -> np.ndarray:
    return np.stack([p.probabilities for p in predictions])


def whole_clip(model: Model, features: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """Return what the network says of all steps in one call."""
    with torch.inference_mode():
        logits, _ = model.head(torch.from_numpy(features[None]), model.head.initial_state())
        return torch.softmax(logits[0] / temperature, -1).numpy()


def test_stepping_is_the_whole_clip_at_once_on_a_real_engine(model: Model) -> None:
    engine = build_engine(model, "ncnn")
    frames = scene(5, 2.4)
    stepped = probabilities(run(Recognizer(model, engine), frames))
    whole = whole_clip(model, engine.features(np.stack([f.image for f in frames])))
    assert len(stepped) == len(frames) == 13
    np.testing.assert_allclose(stepped, whole, atol=1e-4)
    assert np.abs(stepped[0] - stepped[-1]).max() > 1e-3  # there was something to remember


def test_stepping_is_the_whole_clip_at_once_over_minutes(
    model: Model, make_recognizer: MakeRecognizer, cheap_engine: TorchEngine
) -> None:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (600, 12, 16, 3), np.uint8)
    frames = [Frame(image, index / 5, index) for index, image in enumerate(images)]
    stepped = probabilities(run(make_recognizer(temperature=1.7), frames))
    whole = whole_clip(model, cheap_engine.features(images), temperature=1.7)
    np.testing.assert_allclose(stepped, whole, atol=1e-4)


def test_a_prediction_says_what_its_contract_says(make_recognizer: MakeRecognizer) -> None:
    recognizer = make_recognizer()
    for prediction in run(recognizer, scene(25, 1.0)):
        p = prediction.probabilities
        assert (p.dtype, p.shape) == (np.float32, (3,))
        assert p.min() >= 0
        assert p.sum() == pytest.approx(1, abs=1e-5)
        assert prediction.label == recognizer.classes[int(p.argmax())]
        assert prediction.confidence == p.max()


def test_below_the_threshold_what_is_seen_is_unknown(make_recognizer: MakeRecognizer) -> None:
    frame = scene(5, 0)[0]
    for threshold, known in ((0.999, False), (0.0, True)):
        prediction = make_recognizer(threshold=threshold).step(frame)
        assert (prediction.label is not None) is known
        assert prediction.known == prediction.confidence


@pytest.mark.parametrize("rate", [10, 25, 30, 60, 120])
def test_the_same_scene_at_any_frame_rate_is_the_same(
    make_recognizer: MakeRecognizer, rate: int
) -> None:
    slow = run(make_recognizer(), scene(5, 3.0))
    fast = run(make_recognizer(), scene(rate, 3.0))
    assert [p.time for p in fast] == pytest.approx([p.time for p in slow])
    np.testing.assert_allclose(probabilities(fast), probabilities(slow), atol=1e-4)


@pytest.mark.parametrize("rate", [24, 29.97, 50])
def test_a_rate_that_does_not_divide_is_nearly_the_same(
    make_recognizer: MakeRecognizer, rate: float
) -> None:
    slow = run(make_recognizer(), scene(5, 3.0))
    fast = run(make_recognizer(), scene(rate, 3.05))
    assert len(fast) == len(slow) == 16
    assert (
        np.abs([f.time - s.time for f, s in zip(fast, slow, strict=True)]).max() < 1 / rate + 0.01
    )
    np.testing.assert_allclose(probabilities(fast), probabilities(slow), atol=0.05)


def test_a_dropped_frame_is_stood_in_for_by_the_next(
    model: Model, make_recognizer: MakeRecognizer, cheap_engine: TorchEngine
) -> None:
    frames = scene(5, 2.0)
    kept = [frames[i] for i in (0, 1, 4, 5, 9)]
    predictions = run(make_recognizer(), kept)
    assert [p.steps for p in predictions] == [1, 1, 3, 1, 4]
    seen = np.stack([frames[i].image for i in (0, 1, 4, 4, 4, 5, 9, 9, 9, 9)])
    whole = whole_clip(model, cheap_engine.features(seen))
    np.testing.assert_allclose(probabilities(predictions), whole[[0, 1, 4, 5, 9]], atol=1e-4)


def test_between_ticks_nothing_changes_and_nothing_is_computed(
    make_recognizer: MakeRecognizer,
) -> None:
    recognizer = make_recognizer()
    frames = scene(25, 0.2)
    first = recognizer.step(frames[0])
    for frame in frames[1:5]:
        assert not recognizer.is_due(frame.time)
        assert recognizer.step(frame) is first
    assert recognizer.is_due(frames[5].time)
    assert recognizer.step(frames[5]) is not first


def test_every_frame_is_a_step_where_the_model_says_so(make_recognizer: MakeRecognizer) -> None:
    predictions = run(make_recognizer(step_rate=None), scene(25, 1.0))
    assert [p.steps for p in predictions] == [1] * 26


ANY_RATE = (5.0, 30.0)


@pytest.mark.parametrize("asked", [5.0, 10.0, 15.0, 25.0, 30.0, "every frame"])
@pytest.mark.parametrize("frame_rate", [24.0, 25.0, 29.97, 30.0, 60.0])
def test_stepping_is_the_whole_clip_at_once_at_any_rate(
    model: Model,
    make_recognizer: MakeRecognizer,
    cheap_engine: TorchEngine,
    asked: StepRate,
    frame_rate: float,
) -> None:
    """Also where frames are missing: what stands for several steps is held for as long."""
    images = np.random.default_rng(0).integers(0, 256, (60, 12, 16, 3), np.uint8)
    frames = [Frame(image, index / frame_rate, index) for index, image in enumerate(images)]
    recognizer = make_recognizer(rates=ANY_RATE)
    recognizer.set_frame_rate(frame_rate)
    recognizer.set_rate(asked)
    predictions = run(recognizer, [f for f in frames if f.index % 11 not in (3, 4, 8)])
    steps = [p.steps for p in predictions]
    rate = min(frame_rate, 30.0) if asked == "every frame" else asked
    assert recognizer.step_rate == rate
    assert sum(steps) == pytest.approx(predictions[-1].time * float(rate) + 1, abs=1)
    seen = [round(p.time * frame_rate) for p in predictions]
    features = cheap_engine.features(images[seen])
    whole = whole_clip(model, np.repeat(features, steps, axis=0))
    np.testing.assert_allclose(probabilities(predictions), whole[np.cumsum(steps) - 1], atol=1e-4)


def test_another_rate_keeps_what_was_seen(
    model: Model, make_recognizer: MakeRecognizer, cheap_engine: TorchEngine
) -> None:
    frames = scene(25, 4.0)
    recognizer = make_recognizer(rates=ANY_RATE)
    recognizer.set_frame_rate(25.0)
    predictions = run(recognizer, frames[:51])
    last = recognizer.step(frames[50])
    for asked, part in (("every frame", frames[51:61]), (5.0, frames[61:])):
        recognizer.set_rate(asked)  # type: ignore[arg-type]
        predictions += run(recognizer, part)
    assert last is predictions[10]  # the standing prediction too
    assert [p.steps for p in predictions] == [1] * len(predictions)
    assert len(predictions) == 11 + 10 + 8 + 1  # the last frame before a tick repeats it
    distinct = [p for n, p in enumerate(predictions) if n == 0 or p is not predictions[n - 1]]
    images = np.stack([frames[round(p.time * 25)].image for p in distinct])
    whole = whole_clip(model, cheap_engine.features(images))
    np.testing.assert_allclose(probabilities(distinct), whole, atol=1e-4)


def test_a_rate_that_the_model_was_not_trained_for_is_refused_and_changes_nothing(
    tiny_model: Path, make_recognizer: MakeRecognizer
) -> None:
    with pytest.raises(UserError, match="'tiny' was trained at 5 steps per second only"):
        load_recognizer(tiny_model, "cpu", 25.0)
    recognizer = make_recognizer(rates=ANY_RATE)
    with pytest.raises(UserError, match="5 to 30 steps per second"):
        recognizer.set_rate(60.0)
    assert recognizer.step_rate == 5.0


@pytest.mark.parametrize("jump", ["reset", "gap", "back"])
def test_a_new_stream_begins_without_a_past(make_recognizer: MakeRecognizer, jump: str) -> None:
    recognizer = make_recognizer()
    run(recognizer, scene(5, 3.0, start=40.0))
    start = {"reset": 43.2, "gap": 44.3, "back": 41.0}[jump]
    if jump == "reset":
        recognizer.reset()
    after = run(recognizer, scene(5, 2.0, start))
    fresh = run(make_recognizer(), scene(5, 2.0, start))
    np.testing.assert_array_equal(probabilities(after), probabilities(fresh))
    assert [p.steps for p in after] == [1] * 11


def test_without_a_break_the_past_counts(make_recognizer: MakeRecognizer) -> None:
    recognizer = make_recognizer()
    run(recognizer, scene(5, 3.0))
    after = run(recognizer, scene(5, 0.4, start=3.2))
    fresh = run(make_recognizer(), scene(5, 0.4, start=3.2))
    assert np.abs(probabilities(after) - probabilities(fresh)).max() > 1e-4


def test_frames_that_are_fed_give_what_steps_give(
    model: Model, make_recognizer: MakeRecognizer, cheap_engine: TorchEngine
) -> None:
    """Also over a gap, a change of size and a last batch that is not full."""
    other_size = [replace(f, image=f.image[::2].copy()) for f in scene(25, 1.0, start=4.0)]
    frames = scene(25, 2.0) + other_size + scene(25, 1.1, start=5.04)
    expected = run(make_recognizer(), frames)
    cheap_engine.batch = 4
    recognizer = Recognizer(model, cheap_engine)
    found = [p for frame in frames for p in recognizer.feed(frame)] + recognizer.flush()
    assert [(p.time, p.steps) for p in found] == [(p.time, p.steps) for p in expected]
    np.testing.assert_allclose(probabilities(found), probabilities(expected), atol=1e-4)
    assert recognizer.flush() == []


def make_overflow(model: Model) -> None:
    """Make the LSTM say about 1 everywhere, and the classifier more than float32 holds."""
    model.head.recurrent[0].bias_ih_l0.data.fill_(20.0)
    model.head.classifier.weight.data.fill_(3e38)


def test_a_model_that_overflows_is_told(model: Model, cheap_engine: TorchEngine) -> None:
    make_overflow(model)
    with pytest.raises(UserError, match="'tiny' computes numbers that overflow"):
        Recognizer(model, cheap_engine).step(scene(5, 0)[0])


def test_a_recognizer_is_loaded_by_path_and_says_what_it_is(tiny_model: Path) -> None:
    recognizer = load_recognizer(tiny_model, "cpu")
    assert recognizer.model_name == "tiny"
    assert recognizer.classes == ("sitting down", "standing up", "waving")
    assert recognizer.step_rate == 5.0
    assert "CPU" in recognizer.device


def step_times(recognizer: Recognizer, steps: int) -> tuple[list[float], list[int]]:
    """Return each step's seconds of this processor, and the memory at ten points of them."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (16, 12, 16, 3), np.uint8)
    process, times, memory = psutil.Process(), [], []
    for index in range(steps):
        frame = Frame(images[index % 16], index / 5, index)
        began = time.thread_time()  # whatever else the machine does meanwhile
        recognizer.step(frame)
        times.append(time.thread_time() - began)
        if index % (steps // 10) == steps // 20:
            gc.collect()
            memory.append(process.memory_info().rss)
    return times, memory


@pytest.mark.parametrize("steps", [600, pytest.param(100_000, marks=pytest.mark.slow)])
@pytest.mark.timeout(600)
def test_a_late_step_costs_what_the_first_did(make_recognizer: MakeRecognizer, steps: int) -> None:
    recognizer = make_recognizer()
    step_times(recognizer, 200)  # warm
    recognizer.reset()
    times, memory = step_times(recognizer, steps)
    part = min(1000, steps // 4)
    assert median(times[-part:]) < 1.5 * median(times[:part])
    assert max(memory[1:]) - memory[0] < 8e6
