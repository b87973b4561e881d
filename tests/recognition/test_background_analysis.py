"""A file analyzed in the background: all of it, as `analyze` would, until cancelled."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from lrcn_desktop.errors import UserError
from lrcn_desktop.recognition.analyze import analyze
from lrcn_desktop.recognition.background_analysis import BackgroundAnalysis
from lrcn_desktop.recognition.history.history import History
from lrcn_desktop.recognition.recognizer import Recognizer
from lrcn_desktop.video.open import open_source

MakeRecognizer = Callable[..., Recognizer]


@pytest.fixture
def clip(write_video: Callable[..., Path]) -> Path:
    return write_video(frames=200)


def history_of(recognizer: Recognizer) -> History:
    return History(
        recognizer.classes, step_rate=recognizer.step_rate, frame_rate=25.0, duration=8.0
    )


@pytest.mark.parametrize("rate", [5.0, None])
def test_it_gives_what_analyze_gives_whatever_plays_meanwhile(
    clip: Path, make_recognizer: MakeRecognizer, rate: float | None
) -> None:
    make = partial(make_recognizer, step_rate=rate, threshold=0.0)
    history = history_of(make())
    ahead = BackgroundAnalysis(partial(open_source, clip), make, history)
    live, recognizer = history.writer(), make()
    ahead.start()
    with open_source(clip) as source:
        source.seek(2.0)
        for frame in source:
            live.push(recognizer.step(frame))
    ahead.join()
    with open_source(clip) as source:
        whole = analyze(source, make())
    assert ahead.done
    assert history.complete
    assert history.segments() == whole.segments
    assert whole.segments
    kept = history.predictions()
    assert [(p.time, p.label, p.steps) for p in kept] == [
        (p.time, p.label, p.steps) for p in whole.predictions
    ]
    got, wanted = (np.array([p.probabilities for p in ps]) for ps in (kept, whole.predictions))
    assert np.abs(got - wanted).max() < 2.5e-4
    assert ahead.position == pytest.approx(199 / 25, abs=0.01)


def test_it_stops_soon_and_keeps_what_it_has(clip: Path, make_recognizer: MakeRecognizer) -> None:
    recognizer = make_recognizer(step_rate=None, threshold=0.0)
    history = history_of(recognizer)
    under_way, go_on = threading.Event(), threading.Event()

    def load() -> Recognizer:
        step = recognizer.step

        def held(frame: object) -> object:
            if frame.index == 50:  # type: ignore[attr-defined]
                under_way.set()
                go_on.wait(5)
            return step(frame)  # type: ignore[arg-type]

        recognizer.step = held  # type: ignore[method-assign, assignment]
        return recognizer

    ahead = BackgroundAnalysis(partial(open_source, clip), load, history)
    ahead.start()
    assert under_way.wait(20)
    ahead.cancel()
    began = time.monotonic()
    go_on.set()
    ahead.stop()
    assert time.monotonic() - began < 0.5
    assert not ahead.done
    assert not history.complete
    ((start, end),) = history.covered()
    assert (start, end) == pytest.approx((0.0, 51 / 25), abs=0.01)


def test_it_says_in_a_sentence_what_went_wrong(
    tmp_path: Path, clip: Path, make_recognizer: MakeRecognizer
) -> None:
    def fail(error: Exception) -> Recognizer:
        raise error

    for opened, load, words in (
        (tmp_path / "gone.avi", make_recognizer, "no video"),
        (clip, partial(fail, UserError("There is no model 'x'.")), "no model"),
        (clip, partial(fail, KeyError("x")), "unexpected"),
    ):
        ahead = BackgroundAnalysis(
            partial(open_source, opened), load, history_of(make_recognizer())
        )
        ahead.start()
        ahead.join()
        assert words in str(ahead.error)
        assert not ahead.done


def test_a_history_takes_on_the_rate_at_which_it_is_written_and_the_analysis_decides(
    clip: Path, make_recognizer: MakeRecognizer
) -> None:
    make = partial(make_recognizer, rates=(5.0, 30.0))
    recognizer = make()
    history = history_of(recognizer)
    live = history.writer(recognizer)
    with open_source(clip) as source:
        recognizer.set_frame_rate(source.rate)
        for frame in source:
            if frame.index == 100:
                recognizer.set_rate("every frame")
                assert history.step_rate == 5.0
            if recognizer.is_due(frame.time):
                live.push(recognizer.step(frame))
    assert history.step_rate == 25.0
    assert len(history.covered()) == 1
    kept = history.predictions()
    assert len(kept) == 20 + 100
    assert all(p.known == p.confidence for p in kept)
    ahead = BackgroundAnalysis(partial(open_source, clip), make, history)
    ahead.start()
    ahead.join()
    assert (history.complete, history.step_rate) == (True, 5.0)
    live.push(recognizer.step(replace(frame, time=frame.time + 0.04)))
    assert history.step_rate == 5.0
    assert history.analysis("clip").step_rate == 5.0
