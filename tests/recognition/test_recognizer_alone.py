"""The recognizer on made-up features: how known, at which rate, in one launch, in turns."""

import logging
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from made_up import MODEL, SHAPE, WEIGHTS, MadeUp, features, frames, whole

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.head_arrays import HeadArrays, softmax
from lrcn_desktop.model.rejection import Rejection
from lrcn_desktop.recognition import recognizer as module
from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.recognition.rates import HEADROOM
from lrcn_desktop.recognition.recognizer import DEFAULT_RATE, Recognizer
from lrcn_desktop.video.frame import Frame


def check(found: list[Prediction], probabilities: np.ndarray, known: np.ndarray) -> None:
    np.testing.assert_allclose([p.probabilities for p in found], probabilities, atol=1e-5)
    np.testing.assert_allclose([p.known for p in found], known, atol=1e-5)


@pytest.fixture
def engine() -> MadeUp:
    return MadeUp()


@pytest.mark.parametrize("rate", [5.0, 12.5, 30.0])
def test_what_is_known_is_known_over_time_at_any_rate(engine: MadeUp, rate: float) -> None:
    stepping = Recognizer(MODEL, engine, rate=rate)
    assert stepping.features is None
    found = [stepping.step(frame) for frame in frames(rate, 30)]
    check(found, *whole(list(range(30)), rate))
    assert np.ptp([p.known for p in found]) > 0.01  # there was something to remember
    np.testing.assert_array_equal(stepping.features, features([29])[0])
    threshold = float(np.median([p.known for p in found]))
    stepping.reset()
    stepping.set_threshold(threshold)
    again = [stepping.step(frame) for frame in frames(rate, 30)]
    labels = [p.label for p in again]
    assert labels == [
        MODEL.info.classes[int(p.probabilities.argmax())] if p.known >= threshold else None
        for p in again
    ]
    assert None in labels
    assert set(labels) != {None}


def test_every_frame_is_as_long_as_the_source_says(engine: MadeUp) -> None:
    for frame_rate, rate in ((12.5, 12.5), (None, DEFAULT_RATE)):
        stepping = Recognizer(MODEL, engine, rate="every frame")
        if frame_rate is not None:
            stepping.set_frame_rate(frame_rate)
        assert stepping.pace.every_frame
        assert stepping.step_rate == frame_rate
        found = [stepping.step(frame) for frame in frames(rate, 10)]
        check(found, *whole(list(range(10)), rate))


def test_a_source_that_is_faster_than_it_says_takes_no_more_steps_than_the_model_allows(
    engine: MadeUp,
) -> None:
    stepping = Recognizer(MODEL, engine, rate="every frame")
    stepping.set_frame_rate(15.0)
    for frame in frames(60, 61):
        stepping.step(frame)
    assert sum(engine.asked) == 31
    old = replace(MODEL, info=replace(MODEL.info, rates=None, step_rate=None))
    free = Recognizer(old, MadeUp())
    taken = {free.step(frame).time for frame in frames(60, 61)}
    assert len(taken) == 61


def test_a_machine_takes_the_steps_that_it_can_hold(engine: MadeUp) -> None:
    engine.seconds = HEADROOM / 16
    stepping = Recognizer(MODEL, engine, rate="auto")
    stepping.set_frame_rate(30.0)
    assert stepping.step_rate == 15
    assert stepping.slow_down(11.0)
    assert (stepping.step_rate, stepping.pace.slowed) == (10, True)
    assert stepping.slow_down(1.0)
    assert not stepping.slow_down(1.0)
    assert stepping.step_rate == 5
    engine.card = "cuda"
    engine.seconds = 100.0
    stepping.set_rate("auto")
    assert (stepping.step_rate, stepping.pace.every_frame) == (30, True)
    found = [stepping.step(frame) for frame in frames(30, 8)]
    check(found, *whole(list(range(8)), 30.0))


def test_frames_wait_for_each_other_and_are_judged_as_one_by_one(engine: MadeUp) -> None:
    """Over a gap too, after which what was known counts no more."""
    engine.batch = 4
    stream = [*frames(5, 6), *frames(5, 7, start=9.0, first=40)]
    fed = Recognizer(MODEL, engine)
    counts: list[int] = []
    found: list[Prediction] = []
    for frame in stream:
        given = fed.feed(frame)
        counts.append(len(given))
        found += given
    assert counts == [0, 0, 0, 4] * 3 + [0]
    assert len(fed.flush()) == 1
    assert fed.flush() == []
    assert engine.asked == [4, 4, 4, 1]
    np.testing.assert_array_equal(fed.features, features([46])[0])
    check(found[:6], *whole(list(range(6)), 5.0))
    check(found[6:], *(part[:6] for part in whole(list(range(40, 47)), 5.0)))
    assert [p.time for p in found] == [frame.time for frame in stream[:12]]


def test_frames_that_wait_are_bounded_in_bytes(
    engine: MadeUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.batch = 100
    monkeypatch.setattr(module, "MOST_WAITING", 3 * 4 * 6 * 3)
    fed = Recognizer(MODEL, engine)
    assert [len(fed.feed(frame)) for frame in frames(5, 9)] == [0, 0, 0, 4, 0, 0, 0, 4, 0]


def test_a_frame_that_stands_for_several_steps_is_held_for_as_long(engine: MadeUp) -> None:
    stream = frames(5, 12)
    kept = [0, 1, 4, 5, 9]
    taken = [0, 1, 4, 4, 4, 5, 9, 9, 9, 9]
    for batch in (1, 3):
        engine.batch = batch
        fed = Recognizer(MODEL, engine)
        found = [p for n in kept for p in fed.feed(stream[n])] + fed.flush()
        assert [p.steps for p in found] == [1, 1, 3, 1, 4]
        check(found, *(part[[0, 1, 4, 5, 9]] for part in whole(taken, 5.0)))


def test_without_memory_the_frames_alone_decide_from_the_next_on(engine: MadeUp) -> None:
    stepping = Recognizer(MODEL, engine)
    assert stepping.can_do_without_memory
    stream = frames(5, 9)
    with_memory = [stepping.step(frame) for frame in stream[:3]]
    stepping.set_memory(wanted=False)
    alone = [stepping.step(frame) for frame in stream[3:6]]
    stepping.set_memory(wanted=True)
    after = [stepping.step(frame) for frame in stream[6:]]
    expected, _ = whole(list(range(9)), 5.0)
    for part, place in ((with_memory, slice(3)), (after, slice(6, 9))):
        found = [p.probabilities for p in part]
        np.testing.assert_allclose(found, expected[place], atol=1e-5)
    head = HeadArrays(MODEL.info.head, SHAPE, MODEL.head_arrays())
    frames_alone = head.run(features(list(range(6))), head.initial_state()).frames
    assert frames_alone is not None
    wanted = softmax(frames_alone[3:] / np.float32(MODEL.info.temperature))
    np.testing.assert_allclose([p.probabilities for p in alone], wanted, atol=1e-5)


class InOneLaunch:
    """Stands in for a graph on a card; keeps what it was asked."""

    def __init__(self) -> None:
        self.head = HeadArrays(MODEL.info.head, SHAPE, MODEL.head_arrays())
        self.asked: list[tuple[int, int]] = []
        self.rates: list[float] = []
        self.resets = 0
        self.broken = False
        self.reset()

    def reset(self) -> None:
        self.resets += 1
        self.state = self.head.initial_state()

    def set_rate(self, rate: float) -> None:
        self.rates.append(rate)
        self.head.set_rate(rate)

    def step(self, image: np.ndarray, steps: int = 1) -> tuple[np.ndarray, np.ndarray]:
        if self.broken:
            raise RuntimeError("the card fell out")
        shade = int(image[0, 0, 0])
        self.asked.append((shade, steps))
        taken = self.head.run(features([shade] * steps), self.state)
        self.state = taken.state
        return softmax(taken.logits[-1] / np.float32(MODEL.info.temperature)), taken.rows[-1]


@pytest.fixture
def at_once(engine: MadeUp) -> tuple[Recognizer, InOneLaunch]:
    launch = InOneLaunch()
    return Recognizer(MODEL, engine, launch), launch  # type: ignore[arg-type]


def test_a_launch_gives_what_the_parts_give(
    at_once: tuple[Recognizer, InOneLaunch], engine: MadeUp
) -> None:
    stepping, launch = at_once
    assert launch.rates == [5.0]
    found = [stepping.step(frame) for frame in frames(10, 19)]
    assert [n for n, _ in launch.asked] == list(range(0, 19, 2))
    check(found[::2], *whole(list(range(0, 19, 2)), 5.0))
    assert all(after is before for before, after in pairwise(found) if after.time == before.time)
    resets = launch.resets
    found = [stepping.step(frame) for frame in frames(5, 5, start=20.0, first=30)]  # a gap
    assert launch.resets == resets + 1
    check(found, *whole(list(range(30, 35)), 5.0))
    late = stepping.step(Frame(np.full((4, 6, 3), 50, np.uint8), 21.4, 0))
    assert late.steps == 3
    assert launch.asked[-1] == (50, 3)
    expected, _ = whole([*range(30, 35), 50, 50, 50], 5.0)
    np.testing.assert_allclose(late.probabilities, expected[-1], atol=1e-5)
    stepping.reset()
    assert launch.resets == resets + 2
    stepping.set_rate(10.0)
    assert launch.rates[-1] == 10.0
    assert engine.asked == []


def test_what_is_known_by_a_launch_counts_the_steps_that_a_frame_stands_for(
    at_once: tuple[Recognizer, InOneLaunch],
) -> None:
    stepping, launch = at_once
    for shade, at in ((3, 0.0), (200, 0.8)):
        found = stepping.step(Frame(np.full((4, 6, 3), shade, np.uint8), at, 0))
    assert found.steps == 4
    info, head = MODEL.info, launch.head
    rows, shares = [], []
    state = head.initial_state()
    for shade, steps in ((3, 1), (200, 4)):
        taken = head.run(features([shade] * steps), state)
        state = taken.state
        rows += [taken.rows[-1]] * steps
        shares += [softmax(taken.logits[-1] / np.float32(info.temperature))] * steps
    assert info.rejection is not None
    rejection = Rejection(info.rejection, info.head, MODEL.rejection_arrays(), 5.0)
    known, _ = rejection.run(np.stack(rows), np.stack(shares), rejection.initial_state())
    assert found.known == pytest.approx(float(known[-1]), abs=1e-5)


def test_a_card_that_fails_is_done_without(
    at_once: tuple[Recognizer, InOneLaunch], caplog: pytest.LogCaptureFixture
) -> None:
    stepping, launch = at_once
    stepping.step(frames(5, 1)[0])
    launch.broken = True
    with caplog.at_level(logging.ERROR):
        found = [stepping.step(frame) for frame in frames(5, 4, start=0.2, first=9)]
    assert "The captured step failed, made up goes on" in caplog.text
    launch.broken = False
    check(found, *whole([9, 10, 11, 12], 5.0))  # what it remembered is lost
    stepping.reset()
    assert launch.asked == [(0, 1)]


def test_a_launch_has_memory_so_without_it_the_parts_work(
    at_once: tuple[Recognizer, InOneLaunch], engine: MadeUp
) -> None:
    stepping, launch = at_once
    stepping.set_memory(wanted=False)
    stepping.step(frames(5, 1)[0])
    assert (launch.asked, engine.asked) == ([], [1])
    fed = Recognizer(MODEL, engine, launch)  # type: ignore[arg-type]
    fed.feed(frames(5, 1)[0])
    assert (launch.asked, engine.asked) == ([], [1, 1])


def test_what_is_known_may_overflow_too(
    engine: MadeUp,
) -> None:
    model = replace(MODEL, tensors={**MODEL.tensors, "rejection.weights": WEIGHTS * np.nan})
    with pytest.raises(UserError, match=r"^The model 'ucf101-7-light' computes numbers"):
        Recognizer(model, engine).step(frames(5, 1)[0])


def test_it_says_what_it_runs_on(engine: MadeUp) -> None:
    stepping = Recognizer(MODEL, engine)
    assert (stepping.model_name, stepping.device, stepping.failure) == (
        MODEL.info.name,
        "made up",
        None,
    )
    assert stepping.classes == MODEL.info.classes
    engine.failure = "out of memory"
    assert stepping.failure == "out of memory"
