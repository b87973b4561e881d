"""How often a step is taken: what a model allows, what is chosen, and what a machine holds."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.model import Model
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.recognition.engines.engine import Engine
from lrcn_desktop.recognition.rates import (
    StepRate,
    find_pace,
    held_rate,
    nearest_rate,
    parse_rate,
    slower_pace,
)
from lrcn_desktop.recognition.recognizer import Recognizer


@pytest.fixture
def old(model: Model) -> ModelInfo:
    """Return a model of 5 steps per second only."""
    return model.info


@pytest.fixture
def ranged(old: ModelInfo) -> ModelInfo:
    """Return a model that runs at any rate from 5 to 30 steps per second."""
    return replace(old, rates=(5.0, 30.0))


def never() -> float:
    raise AssertionError("the machine's speed decides nothing here")


def held(steps: float) -> Callable[[], float]:
    return lambda: steps


# Asked for, the source's frames per second, what is held: steps per second, every frame?
PACES: list[tuple[StepRate, float | None, float, float | None, bool]] = [
    ("model", 25, 0, 5, False),
    (15.0, 25, 0, 15, False),
    (30.0, 25, 0, 30, False),
    ("every frame", 25, 0, 25, True),
    ("every frame", 29.97, 0, 29.97, True),
    ("every frame", 30.0003, 0, 30.0003, True),
    ("every frame", 60, 0, 30, False),
    ("every frame", 2, 0, 5, False),
    ("every frame", None, 0, None, True),
    ("auto", 30, 100, 30, True),
    ("auto", 30, 30, 30, True),
    ("auto", 30, 29.9, 25, False),
    ("auto", 30, 14, 10, False),
    ("auto", 30, 2, 5, False),
    ("auto", 25, 29, 25, True),
    ("auto", 24, 24.5, 24, True),
    ("auto", 24, 23, 15, False),
    ("auto", 60, math.inf, 30, False),
    ("auto", 12, 100, 12, True),
    ("auto", 2, 100, 5, False),
    ("auto", None, 100, None, True),
    ("auto", None, 16, 15, False),
]


@pytest.mark.parametrize(("asked", "frame_rate", "steps", "rate", "every_frame"), PACES)
def test_the_pace_of_a_model_that_runs_at_any_rate(
    ranged: ModelInfo,
    asked: StepRate,
    frame_rate: float | None,
    steps: float,
    rate: float | None,
    every_frame: bool,
) -> None:
    pace = find_pace(ranged, asked, frame_rate, held(steps) if asked == "auto" else never)
    assert (pace.rate, pace.every_frame, pace.asked) == (rate, every_frame, asked)


def test_the_usual_rates_and_the_ranges_ends_are_chosen_among(old: ModelInfo) -> None:
    odd = replace(old, rates=(4.0, 18.0))
    rates = [find_pace(odd, "auto", 30, held(steps)).rate for steps in (1, 4.5, 9, 11, 17, 18)]
    assert rates == [4, 4, 5, 10, 15, 18]


def test_a_model_of_one_rate_has_it_whatever_is_held(old: ModelInfo) -> None:
    for asked in ("model", "auto", 5.0):
        pace = find_pace(old, asked, 25, never)  # type: ignore[arg-type]
        assert (pace.rate, pace.every_frame, pace.asked) == (5, False, "model")
    every = replace(old, step_rate=None)
    for asked in ("model", "auto", "every frame"):
        pace = find_pace(every, asked, 60, never)  # type: ignore[arg-type]
        assert (pace.rate, pace.every_frame, pace.limit) == (None, True, 60)


def test_a_rate_that_a_model_was_not_trained_for_is_refused_in_a_sentence(
    old: ModelInfo, ranged: ModelInfo
) -> None:
    for asked in (25.0, "every frame"):
        with pytest.raises(UserError, match="'tiny' was trained at 5 steps per second only"):
            find_pace(old, asked, 25, never)  # type: ignore[arg-type]
    with pytest.raises(UserError, match="trained for every frame only"):
        find_pace(replace(old, step_rate=None), 5.0, 25, never)
    for rate in (4.9, 31.0):
        with pytest.raises(UserError, match=f"5 to 30 steps per second, not for {rate}"):
            find_pace(ranged, rate, 25, never)


def test_a_choice_for_all_models_becomes_the_nearest_that_one_allows(
    old: ModelInfo, ranged: ModelInfo
) -> None:
    to_25 = replace(ranged, rates=(8.0, 25.0), step_rate=10.0)
    assert nearest_rate(to_25, 30.0) == 25.0
    assert nearest_rate(to_25, 5.0) == 8.0
    assert nearest_rate(to_25, "every frame") == "every frame"
    assert [nearest_rate(old, asked) for asked in (25.0, "every frame")] == ["model", "model"]  # type: ignore[arg-type]
    assert nearest_rate(old, "auto") == "auto"


def test_what_is_not_held_becomes_the_highest_that_was(ranged: ModelInfo) -> None:
    pace = find_pace(ranged, "auto", 24, held(100))
    assert (pace.rate, pace.limit) == (24, 24)
    pace = slower_pace(ranged, pace, 17.0)
    assert (pace.rate, pace.every_frame, pace.limit, pace.slowed) == (15, False, 24, True)
    pace = slower_pace(ranged, pace, 14.9)
    assert pace.rate == 10
    assert slower_pace(ranged, pace, 1.0).rate == 5
    lowest = slower_pace(ranged, pace, 1.0)
    assert slower_pace(ranged, lowest, 1.0) is lowest


def test_what_a_model_of_a_known_speed_holds(old: ModelInfo, ranged: ModelInfo) -> None:
    assert held_rate(old, 100.0) is None
    assert [held_rate(ranged, best) for best in (1000.0, 50.0, 30.0, 9.0)] == [30, 30, 15, 5]


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("auto", "auto"),
        ("Every-Frame", "every frame"),
        ("every frame", "every frame"),
        ("25", 25.0),
    ],
)
def test_a_choice_in_words(text: str, rate: StepRate) -> None:
    assert parse_rate(text) == rate


@pytest.mark.parametrize("text", ["", "fast", "0", "-5", "nan", "inf", "1e999"])
def test_words_that_are_no_choice(text: str) -> None:
    with pytest.raises(ValueError, match=r"number|float"):
        parse_rate(text)


class Timed(Engine):
    """An engine that says how long a frame takes."""

    def __init__(self, dim: int, seconds: float | None, cuda: bool) -> None:
        self.name, self.dim, self.seconds = "timed", dim, seconds
        self.card = "cuda" if cuda else None
        self.asked = 0

    def features(self, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
        self.asked += len(frames)
        return np.zeros((len(frames), self.dim), np.float32)


@pytest.fixture
def timed(model: Model) -> Callable[..., tuple[Recognizer, Timed]]:
    """Return a function that makes a recognizer of any rate on an engine of a known speed."""

    def make(seconds: float | None, *, cuda: bool = False) -> tuple[Recognizer, Timed]:
        engine = Timed(model.info.backbone.dim, seconds, cuda)
        info = replace(model.info, rates=(5.0, 30.0))
        return Recognizer(Model(info, model.head), engine, rate="auto"), engine

    return make


@pytest.mark.parametrize(
    ("seconds", "at_25", "at_60"),
    [(0.1, 5, 5), (0.05, 10, 10), (0.039, 15, 15), (0.0239, 25, 25), (0.019, 25, 30)],
)
def test_automatic_leaves_two_fifths_of_the_time_to_the_rest(
    timed: Callable[..., tuple[Recognizer, Timed]], seconds: float, at_25: float, at_60: float
) -> None:
    recognizer, engine = timed(seconds)
    recognizer.set_frame_rate(25.0)
    assert recognizer.step_rate == at_25
    assert recognizer.pace.every_frame is (at_25 == 25)
    recognizer.set_frame_rate(60.0)
    assert recognizer.step_rate == at_60
    assert engine.asked == 0


def test_on_a_cuda_gpu_every_frame_is_a_step_and_nothing_is_measured(
    timed: Callable[..., tuple[Recognizer, Timed]],
) -> None:
    recognizer, engine = timed(None, cuda=True)
    recognizer.set_frame_rate(29.97)
    assert (recognizer.step_rate, recognizer.pace.every_frame, engine.asked) == (29.97, True, 0)


def test_an_engine_that_nobody_measured_is_measured_once(
    timed: Callable[..., tuple[Recognizer, Timed]],
) -> None:
    recognizer, engine = timed(None)
    asked = engine.asked
    assert asked > 1
    assert engine.seconds is not None
    recognizer.set_frame_rate(25.0)
    assert (recognizer.step_rate, engine.asked) == (25, asked)
