"""Recognition on its own thread, of a capture that really plays."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from fake_engines import FailingEngine, SlowEngine
from waiting import until

from lrcn_desktop.model.model import Model
from lrcn_desktop.recognition.analyze import analyze
from lrcn_desktop.recognition.engines.fallback import FallbackEngine
from lrcn_desktop.recognition.engines.torch_engine import TorchEngine
from lrcn_desktop.recognition.live import PATIENCE, LiveRecognition, rate_of
from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.recognition.rates import StepRate
from lrcn_desktop.recognition.recognizer import Recognizer
from lrcn_desktop.recognition.segments import Segmenter
from lrcn_desktop.video.capture import Capture
from lrcn_desktop.video.demo import DemoSource
from lrcn_desktop.video.frame import Frame
from lrcn_desktop.video.open import open_source
from lrcn_desktop.video.source import Source

MakeRecognizer = Callable[..., Recognizer]
WriteVideo = Callable[..., Path]


class Heard(list[Prediction]):
    """Keeps every prediction since the last seek or reset."""

    push = list.append
    forget = list.clear

    @property
    def times(self) -> np.ndarray:
        return np.array([prediction.time for prediction in self])


@contextmanager
def playing(
    source: Source,
    recognizer: Recognizer,
    every_frame: bool = False,
    rate: StepRate | None = None,
    patience: float = PATIENCE,
) -> Iterator[tuple[LiveRecognition, Heard]]:
    capture, heard = Capture(source, every_frame), Heard()
    live = LiveRecognition(capture, recognizer, (heard,), rate, patience)
    capture.start()
    live.start()
    try:
        yield live, heard
    finally:
        capture.stop()
        live.stop()


def test_predictions_arrive_with_their_figures(make_recognizer: MakeRecognizer) -> None:
    with playing(DemoSource(size=(160, 120)), make_recognizer()) as (live, heard):
        assert live.stats.rate == 0.0
        until(lambda: len(heard) >= 8)
        times = heard.times[:8]
        probabilities = np.array([prediction.probabilities for prediction in heard[:8]])
        assert probabilities.shape == (8, 3)
        assert (np.diff(times) > 0).all()
        np.testing.assert_allclose(probabilities.sum(-1), 1, atol=1e-5)
        assert live.latest is not None
        assert live.latest.time >= times[-1]
        stats = live.stats
        assert 0 < stats.rate < 20
        assert 0 < stats.step_time < 1
        assert 0 < stats.latency < 2
        assert live.error is None


def test_every_frame_mode_gives_what_analyze_gives(
    make_recognizer: MakeRecognizer, write_video: WriteVideo
) -> None:
    path = write_video(frames=41)
    with open_source(path) as source:
        recognizer = make_recognizer()
        expected = [recognizer.step(frame).probabilities for frame in source][::5]
    with playing(open_source(path), make_recognizer(), every_frame=True) as (live, heard):
        until(lambda: len(heard) == 9)
        np.testing.assert_allclose([p.probabilities for p in heard], expected, atol=1e-4)
        assert live.stats.dropped == 0


def test_reset_clears_at_once_also_while_paused(
    make_recognizer: MakeRecognizer, write_video: WriteVideo
) -> None:
    with playing(open_source(write_video(frames=200)), make_recognizer()) as (live, heard):
        until(lambda: len(heard) >= 3)
        live.capture.pause()
        live.reset()
        until(lambda: live.latest is None and live.segment is None)
        assert len(heard) == 0
        live.capture.play()
        until(lambda: live.latest is not None)
        assert live.latest is not None
        assert live.latest.steps == 1


def test_a_seek_restarts(make_recognizer: MakeRecognizer, write_video: WriteVideo) -> None:
    with playing(open_source(write_video(frames=250)), make_recognizer()) as (live, heard):
        until(lambda: len(heard) >= 3)
        live.capture.seek(8.0)
        until(lambda: live.latest is not None and live.latest.time >= 8)
        assert heard.times.min() >= 8


def test_what_a_slow_machine_drops_is_counted_and_not_shown_late(
    model: Model, cheap_engine: TorchEngine
) -> None:
    recognizer = Recognizer(model, SlowEngine(cheap_engine, 0.5))
    with playing(DemoSource(size=(160, 120)), recognizer) as (live, heard):
        until(lambda: len(heard) >= 5)
        stats = live.stats
        times = heard.times
        assert stats.dropped >= 4  # two steps of five a second have a frame of their own
        assert len(times) + stats.dropped == pytest.approx(times[-1] * 5 + 1, abs=3)
        assert stats.rate < 2.5
        assert live.capture.position - times[-1] < 1.5
        assert stats.step_time >= 0.5


def at_any_rate(model: Model, like: TorchEngine, seconds: float, taking: float) -> Recognizer:
    """Return a recognizer whose engine was measured at `seconds` per frame and is `taking` more."""
    engine = SlowEngine(like, taking)
    engine.seconds = seconds
    info = replace(model.info, rates=(5.0, 30.0))
    return Recognizer(Model(info, model.head), engine)


def test_an_automatic_rate_that_is_not_held_is_lowered_and_nothing_is_forgotten(
    model: Model, cheap_engine: TorchEngine
) -> None:
    recognizer = at_any_rate(model, cheap_engine, 0.001, taking=0.15)  # six steps per second
    with playing(DemoSource(size=(160, 120)), recognizer, rate="auto", patience=1.0) as (
        live,
        heard,
    ):
        until(lambda: live.latest is not None)
        assert (recognizer.step_rate, recognizer.pace.every_frame) == (30.0, True)
        until(lambda: recognizer.pace.slowed, 60.0)
        until(lambda: recognizer.step_rate == 5.0, 60.0)
        assert heard.times[0] < 1.0  # from the start on
        live.set_rate(30.0)  # chosen: it stays, held or not
        until(lambda: recognizer.step_rate == 30.0)
        count = len(heard)
        until(lambda: len(heard) >= count + 15, 60.0)
        assert (recognizer.step_rate, recognizer.pace.slowed) == (30.0, False)


class DarkCamera(DemoSource):
    """A camera that says 30 frames per second and gives six, as they do in the dark."""

    def read(self) -> Frame | None:
        self._next += 4
        return super().read()


def test_an_automatic_rate_stays_where_the_source_gives_less_than_it_says(
    model: Model, cheap_engine: TorchEngine
) -> None:
    recognizer = at_any_rate(model, cheap_engine, 0.001, taking=0.0)
    with playing(DarkCamera(size=(160, 120)), recognizer, rate="auto", patience=0.2) as (
        live,
        heard,
    ):
        until(lambda: len(heard) >= 12, 60.0)
        assert live.stats.rate < 15
        assert (recognizer.step_rate, recognizer.pace.slowed) == (30.0, False)


def test_a_rate_is_taken_on_while_it_plays_and_the_history_stays(
    model: Model, cheap_engine: TorchEngine, write_video: WriteVideo
) -> None:
    recognizer = at_any_rate(model, cheap_engine, 0.001, taking=0.0)
    with playing(open_source(write_video(frames=200)), recognizer, every_frame=True, rate=5.0) as (
        live,
        heard,
    ):
        until(lambda: len(heard) >= 5)
        live.set_rate("every frame")
        until(lambda: recognizer.pace.every_frame)
        until(lambda: len(heard) >= 40)
        between = np.diff(heard.times)
        np.testing.assert_allclose(between[:4], 0.2, atol=1e-3)
        np.testing.assert_allclose(between[-20:], 0.04, atol=1e-3)


TAKEN = RuntimeError("CUDA error: device-side assert triggered")


def with_spare(model: Model, engine: TorchEngine, error: Exception = TAKEN) -> Recognizer:
    """Return a recognizer on a card that fails at the sixth step."""
    return Recognizer(model, FallbackEngine(FailingEngine(engine, error, 5), lambda: engine))


FAILURES = [
    (torch.OutOfMemoryError, "CUDA out of memory. Tried to allocate 2.00 GiB", "out of memory"),
    (RuntimeError, "MPS backend out of memory (MPS allocated: 9 GB)", "out of memory"),
    (torch.AcceleratorError, "CUDA error: an illegal memory access", "failed"),
    (RuntimeError, "cuDNN error: CUDNN_STATUS_EXECUTION_FAILED", "failed"),
]


@pytest.mark.parametrize(("kind", "sentence", "failure"), FAILURES)
def test_a_card_that_fails_hands_over_to_the_processor_and_the_state_is_kept(
    model: Model,
    cheap_engine: TorchEngine,
    write_video: WriteVideo,
    kind: type[RuntimeError],
    sentence: str,
    failure: str,
) -> None:
    path = write_video(frames=51)
    recognizer = with_spare(model, cheap_engine, kind(sentence))
    assert (recognizer.device, recognizer.failure) == ("GPU (CUDA)", None)
    with open_source(path) as source, open_source(path) as again:
        expected = analyze(source, Recognizer(model, cheap_engine)).predictions
        found = analyze(again, recognizer).predictions
    assert len(found) == len(expected) > 6
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one.probabilities, other.probabilities, atol=1e-5)
    assert (recognizer.device, recognizer.failure) == ("CPU (PyTorch)", failure)


def test_live_recognition_goes_on_when_the_card_fails(
    model: Model, cheap_engine: TorchEngine
) -> None:
    recognizer = with_spare(model, cheap_engine)
    with playing(DemoSource(size=(160, 120)), recognizer) as (live, heard):
        until(lambda: len(heard) >= 8 or live.error is not None)
        assert (live.error, recognizer.failure) == (None, "failed")


def test_what_fails_on_the_processor_too_is_an_error(
    model: Model, cheap_engine: TorchEngine, caplog: pytest.LogCaptureFixture
) -> None:
    faulty = FailingEngine(cheap_engine, RuntimeError("the device was lost"))
    recognizer = Recognizer(model, FallbackEngine(faulty, lambda: faulty))
    with playing(DemoSource(size=(160, 120)), recognizer) as (live, _):
        until(lambda: live.error is not None)
        assert "the device was lost" in str(live.error)
    assert "the processor takes over" in caplog.text


def test_recognition_restarts_after_a_gap(
    make_recognizer: MakeRecognizer, write_video: WriteVideo
) -> None:
    """As after a camera was away: what comes then is as from a stream of its own."""
    path = write_video(frames=120)
    with open_source(path) as source:
        frames = list(source)
    recognizer = make_recognizer()
    before = [recognizer.step(frame) for frame in frames]
    after = [
        recognizer.step(replace(frame, time=frame.time + frames[-1].time + 7.0)) for frame in frames
    ]
    for one, other in zip(before, after, strict=True):
        np.testing.assert_allclose(one.probabilities, other.probabilities, atol=1e-6)
    assert after[0].steps == 1
    segmenter = Segmenter(recognizer.classes, enter=0.2)
    closed = [s for prediction in (*before, *after) for s in segmenter.push(prediction)]
    closed += segmenter.finish(after[-1].time)
    assert all(s.end <= frames[-1].time or s.start >= after[0].time for s in closed)


def test_an_error_is_kept_and_ends_the_thread(
    model: Model, cheap_engine: TorchEngine, caplog: pytest.LogCaptureFixture
) -> None:
    recognizer = Recognizer(model, FailingEngine(cheap_engine, RuntimeError("the device was lost")))
    with playing(DemoSource(size=(160, 120)), recognizer) as (live, _):
        until(lambda: live.error is not None)
        live.join(2.0)
        assert not live.is_alive()
        assert "the device was lost" in str(live.error)
        assert live.capture.is_alive()
    assert "Recognition stopped" in caplog.text


def test_a_model_that_overflows_says_so(model: Model, cheap_engine: TorchEngine) -> None:
    model.head.recurrent[0].bias_ih_l0.data.fill_(20.0)  # the LSTM says about 1 everywhere
    model.head.classifier.weight.data.fill_(3e38)
    with playing(DemoSource(size=(160, 120)), Recognizer(model, cheap_engine)) as (live, _):
        until(lambda: live.error is not None)
        assert "overflow" in str(live.error)


@pytest.mark.parametrize("first", ["capture", "recognition"])
def test_stopping_takes_a_moment_in_any_order(make_recognizer: MakeRecognizer, first: str) -> None:
    capture = Capture(DemoSource(size=(160, 120)))
    live = LiveRecognition(capture, make_recognizer())
    live.stop()  # before it was started
    capture.start()
    live = LiveRecognition(capture, make_recognizer())
    live.start()
    until(lambda: live.latest is not None)
    began = time.monotonic()
    for thread in (capture, live) if first == "capture" else (live, capture):
        thread.stop()
        thread.stop()
    assert time.monotonic() - began < 2
    assert not live.is_alive()
    assert live.latest is not None


def test_a_rate_is_that_of_the_intervals_whenever_one_looks() -> None:
    times = [0.2 * step for step in range(10)]
    for since in (0.0, 0.05, 0.19):
        assert rate_of(times, times[-1] + since) == pytest.approx(5.0)
    assert rate_of(times, times[-1] + 1.0) == pytest.approx(10 / 2.8)  # it has come to a stop
    assert rate_of([], 1.0) == rate_of([0.5], 1.0) == 0.0
