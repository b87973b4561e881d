"""Recognition on its own thread, of a capture that really plays."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from lrcn_desktop.model.model_file import Model
from lrcn_desktop.recognition.live import LiveRecognition
from lrcn_desktop.recognition.recognizer import Recognizer
from lrcn_desktop.recognition.torch_engine import TorchEngine
from lrcn_desktop.video.capture import Capture
from lrcn_desktop.video.demo import DemoSource
from lrcn_desktop.video.open import open_source
from lrcn_desktop.video.source import Source

MakeRecognizer = Callable[..., Recognizer]
WriteVideo = Callable[..., Path]


@contextmanager
def playing(
    source: Source, recognizer: Recognizer, every_frame: bool = False
) -> Iterator[LiveRecognition]:
    capture = Capture(source, every_frame)
    live = LiveRecognition(capture, recognizer)
    capture.start()
    live.start()
    try:
        yield live
    finally:
        capture.stop()
        live.stop()


def wait_until(holds: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come to pass in time"
        time.sleep(0.01)


def test_predictions_arrive_with_their_figures(make_recognizer: MakeRecognizer) -> None:
    with playing(DemoSource(size=(160, 120)), make_recognizer()) as live:
        assert live.stats.rate == 0.0
        wait_until(lambda: len(live.history(60)[0]) >= 8)
        times, probabilities = live.history(60)
        assert probabilities.shape == (len(times), 3)
        assert (np.diff(times) > 0).all()
        np.testing.assert_allclose(probabilities.sum(-1), 1, atol=1e-5)
        assert live.latest is not None
        assert live.latest.time >= times[-1]
        stats = live.stats
        assert 0 < stats.rate < 20
        assert 0 < stats.step_time < 1
        assert 0 < stats.latency < 2
        assert len(live.history(0.5)[0]) <= 4
        assert live.error is None


def test_every_frame_mode_gives_what_analyze_gives(
    make_recognizer: MakeRecognizer, write_video: WriteVideo
) -> None:
    path = write_video(frames=41)
    with open_source(path) as source:
        recognizer = make_recognizer()
        expected = [recognizer.step(frame).probabilities for frame in source][::5]
    with playing(open_source(path), make_recognizer(), every_frame=True) as live:
        wait_until(lambda: len(live.history(60)[0]) == 9)
        np.testing.assert_allclose(live.history(60)[1], expected, atol=1e-4)
        assert live.stats.dropped == 0


def test_reset_clears_at_once_also_while_paused(
    make_recognizer: MakeRecognizer, write_video: WriteVideo
) -> None:
    with playing(open_source(write_video(frames=200)), make_recognizer()) as live:
        wait_until(lambda: len(live.history(60)[0]) >= 3)
        live.capture.pause()
        live.reset()
        wait_until(lambda: live.latest is None and live.segment is None)
        assert len(live.history(60)[0]) == 0
        live.capture.play()
        wait_until(lambda: live.latest is not None)
        assert live.latest is not None
        assert live.latest.steps == 1


def test_a_seek_starts_anew(make_recognizer: MakeRecognizer, write_video: WriteVideo) -> None:
    with playing(open_source(write_video(frames=250)), make_recognizer()) as live:
        wait_until(lambda: len(live.history(60)[0]) >= 3)
        live.capture.seek(8.0)
        wait_until(lambda: live.latest is not None and live.latest.time >= 8)
        assert live.history(60)[0].min() >= 8


class SlowEngine(TorchEngine):
    """A real engine that takes half a second a frame, as on a slow machine."""

    def features(self, frames: np.ndarray) -> np.ndarray:
        time.sleep(0.5)
        return super().features(frames)


class FaultyEngine(TorchEngine):
    """An engine whose device goes away."""

    def features(self, frames: np.ndarray) -> np.ndarray:
        raise RuntimeError("the device was lost")


def on(kind: type[TorchEngine], model: Model, like: TorchEngine) -> Recognizer:
    engine = kind(like._network, like._scaling, like._size, like.dim, "cpu")
    return Recognizer(model, engine)


def test_what_a_slow_machine_drops_is_counted_and_not_shown_late(
    model: Model, cheap_engine: TorchEngine
) -> None:
    recognizer = on(SlowEngine, model, cheap_engine)
    with playing(DemoSource(size=(160, 120)), recognizer) as live:
        wait_until(lambda: len(live.history(60)[0]) >= 5)
        stats = live.stats
        times = live.history(60)[0]
        assert stats.dropped >= 4  # two steps of five a second have a frame of their own
        assert len(times) + stats.dropped == pytest.approx(times[-1] * 5 + 1, abs=3)
        assert stats.rate < 2.5
        assert live.capture.position - times[-1] < 1.5
        assert stats.step_time >= 0.5


def test_an_error_is_kept_and_ends_the_thread(
    model: Model, cheap_engine: TorchEngine, caplog: pytest.LogCaptureFixture
) -> None:
    recognizer = on(FaultyEngine, model, cheap_engine)
    with playing(DemoSource(size=(160, 120)), recognizer) as live:
        wait_until(lambda: live.error is not None)
        live.join(2.0)
        assert not live.is_alive()
        assert "the device was lost" in str(live.error)
        assert live.capture.is_alive()
    assert "Recognition stopped" in caplog.text


def test_a_model_that_overflows_says_so(model: Model, cheap_engine: TorchEngine) -> None:
    model.head.recurrent[0].bias_ih_l0.data.fill_(20.0)  # the LSTM says about 1 everywhere
    model.head.classifier.weight.data.fill_(3e38)
    with playing(DemoSource(size=(160, 120)), Recognizer(model, cheap_engine)) as live:
        wait_until(lambda: live.error is not None)
        assert "overflow" in str(live.error)


@pytest.mark.parametrize("first", ["capture", "recognition"])
def test_stopping_takes_a_moment_in_any_order(make_recognizer: MakeRecognizer, first: str) -> None:
    capture = Capture(DemoSource(size=(160, 120)))
    live = LiveRecognition(capture, make_recognizer())
    live.stop()  # before it was started
    capture.start()
    live = LiveRecognition(capture, make_recognizer())
    live.start()
    wait_until(lambda: live.latest is not None)
    began = time.monotonic()
    for thread in (capture, live) if first == "capture" else (live, capture):
        thread.stop()
        thread.stop()
    assert time.monotonic() - began < 2
    assert not live.is_alive()
    assert live.latest is not None
