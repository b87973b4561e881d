"""Events: one a stay of a chosen activity, whatever flickers, is sought or is reset."""

import threading
from collections.abc import Iterable, Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcn_desktop.recognition.events import MOST_WAITING, Condition, Event, EventWatch
from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.recognition.segments import Segment, Segmenter

CLASSES = ("A", "B", "C")
ALL = {label: Condition() for label in CLASSES}


def prediction(time: float, label: str | None, p: float = 0.8) -> Prediction:
    probabilities = np.full(3, (1 - p) / 2, np.float32)
    probabilities[CLASSES.index(label or "A")] = p
    return Prediction(time, probabilities, label)


def stream(labels: str, start: float = 0.0, rate: float = 10) -> list[Prediction]:
    """A prediction for each letter; "." is nothing known."""
    return [
        prediction(start + i / rate, None if label == "." else label)
        for i, label in enumerate(labels)
    ]


def watch_all(watch: EventWatch, *stretches: Iterable[Prediction]) -> list[Event]:
    """Push the stretches, with a seek between them; return the events as they begin."""
    for number, stretch in enumerate(stretches):
        if number:
            watch.forget()
        for p in stretch:
            watch.push(p)
    watch.close()
    return [event for event in watch.take() if event.end is None]


def spans(events: Iterable[Event]) -> list[tuple[str, float, int]]:
    return [(event.label, round(event.start, 6), event.number) for event in events]


@st.composite
def streams(draw: st.DrawFn) -> list[Prediction]:
    """Predictions with runs, flickers, gaps, steps back and equal times."""
    predictions, time = [], draw(st.floats(0, 100))
    step = st.sampled_from([0.0, 1 / 30, 0.04, 0.1, 0.3, 1.0, 1.2, 5.0, -3.0])
    for _ in range(draw(st.integers(0, 12))):
        label, dt = draw(st.sampled_from([*CLASSES, None])), draw(step)
        for _ in range(draw(st.integers(1, 12))):
            predictions.append(prediction(time, label, draw(st.floats(0.5, 1, width=32))))
            time += dt
    return predictions


def opened(predictions: Iterable[Prediction]) -> list[Segment]:
    """The segments that open, the last one up to its end."""
    segmenter = Segmenter(CLASSES)
    found, last = [], 0.0
    for p in predictions:
        found += segmenter.push(p)
        last = p.time
    return found + (segmenter.finish(last) if segmenter.current is not None else [])


@given(streams(), st.sampled_from([0.0, 0.3, 1.0, 2.5]))
def test_events_are_the_segments_that_last_long_enough(
    predictions: list[Prediction], least: float
) -> None:
    watch = EventWatch(CLASSES, {"A": Condition(least), "B": Condition()})
    for p in predictions:
        watch.push(p)
    watch.close()
    taken = watch.take()
    ended = [Segment(e.start, e.end, e.label, e.confidence or 0.0) for e in taken if e.end]
    assert ended == [
        s
        for s in opened(predictions)
        if s.label == "B" or (s.label == "A" and s.end - s.start >= least)
    ]
    assert watch.counts == {
        label: count for label in "AB" if (count := sum(s.label == label for s in ended))
    }


@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(9, 20), st.sampled_from("BC.")), max_size=8)
)
def test_flicker_shorter_than_the_hysteresis_adds_no_event(
    flickers: list[tuple[int, int, str]],
) -> None:
    labels = "A" * 10 + "".join(other * short + "A" * long for short, long, other in flickers)
    assert spans(watch_all(EventWatch(CLASSES, ALL), stream(labels))) == [("A", 0.0, 1)]


@given(st.lists(st.tuples(st.integers(8, 30), st.floats(-20, 20)), max_size=6), st.booleans())
def test_an_activity_that_goes_on_over_resets_and_seeks_is_one_event(
    stretches: list[tuple[int, float]], flickers: bool
) -> None:
    begins, parts = 100.0, [stream("A" * 10, 100.0)]
    for steps, seek in stretches:
        begins += seek
        parts.append(stream((".B." if flickers else "") + "A" * steps, begins))
        begins += steps / 10
    assert len(watch_all(EventWatch(CLASSES, ALL), *parts)) == 1


def test_an_event_is_told_when_it_begins_and_when_it_ends() -> None:
    watch = EventWatch(CLASSES, {"A": Condition()}, {"A": 6})
    for p in stream("." * 10 + "A" * 6):
        watch.push(p)
    assert watch.take() == [Event("A", 1.0, 7)]
    assert watch.take() == []
    for p in stream("A" * 4 + "." * 12, 1.6):
        watch.push(p)
    (event,) = watch.take()
    assert (event.label, event.start, event.number) == ("A", 1.0, 7)
    assert event.end == pytest.approx(2.0)
    assert event.confidence == pytest.approx(0.8)
    assert watch.counts == {"A": 7}


def test_what_was_watched_before_is_not_counted_again() -> None:
    video = "." * 20 + "A" * 20 + "." * 20 + "A" * 20 + "." * 20
    watch = EventWatch(CLASSES, ALL)
    again = stream(video)[5:]
    new = stream("A" * 10 + "." * 15, 20.0)
    assert spans(watch_all(watch, stream(video), again, new)) == [
        ("A", 2.0, 1),
        ("A", 6.0, 2),
        ("A", 20.0, 3),
    ]


def test_after_a_reset_of_the_counts_it_counts_from_one_and_what_was_watched_too() -> None:
    video = stream("." * 20 + "A" * 20 + "." * 20)
    watch = EventWatch(CLASSES, ALL)
    _unclosed(watch, video).reset_counts()
    assert watch.counts == {}
    watch.forget()
    assert spans(watch_all(watch, video)) == [("A", 2.0, 1), ("A", 2.0, 1)]


def test_a_reset_of_the_counts_does_not_count_what_goes_on() -> None:
    watch = EventWatch(CLASSES, ALL)
    _unclosed(watch, stream("A" * 20)).reset_counts()
    assert len(watch_all(watch, stream("A" * 20, 2.0))) == 1
    assert watch.counts == {}


def test_within_the_pause_nothing_counts() -> None:
    watch = EventWatch(CLASSES, {"A": Condition(pause=5.0), "B": Condition()})
    quiet = "." * 15
    video = ("A" * 10 + quiet) * 4 + "B" * 10 + quiet + "A" * 10
    found = spans(watch_all(watch, stream(video)))
    assert found == [("A", 0.0, 1), ("A", 7.5, 2), ("B", 10.0, 1)]


def test_an_activity_chosen_while_it_goes_on_counts_from_then() -> None:
    watch = EventWatch(CLASSES, {})
    _unclosed(watch, stream("A" * 10)).choose(ALL)
    assert spans(watch_all(watch, stream("A" * 10, 1.0))) == [("A", 0.0, 1)]


def test_a_closed_watch_takes_no_more() -> None:
    watch = EventWatch(CLASSES, ALL)
    watch_all(watch, stream("A" * 10))
    for p in stream("B" * 10, 1.0):
        watch.push(p)
    assert watch.take() == []


def test_events_that_nobody_takes_are_bounded_and_counted() -> None:
    watch = EventWatch(CLASSES, ALL)
    for p in stream(("A" * 6 + "B" * 6) * MOST_WAITING):
        watch.push(p)
    assert len(watch.take()) == MOST_WAITING
    assert watch.dropped == 2 * 2 * MOST_WAITING - 1 - MOST_WAITING
    assert sum(watch.counts.values()) == 2 * MOST_WAITING


def test_it_may_be_taken_from_and_reset_while_it_is_told() -> None:
    watch, taken = EventWatch(CLASSES, ALL), list[Event]()
    stay = "A" * 10 + "." * 15
    room = threading.Semaphore(MOST_WAITING // 4)  # stays, of two events: none may be dropped

    def paced() -> Iterator[Prediction]:
        for number, prediction in enumerate(stream(stay * 200)):
            if number % len(stay) == 0:
                room.acquire()
            yield prediction

    pushing = threading.Thread(target=_unclosed, args=(watch, paced()))
    pushing.start()
    while pushing.is_alive():
        found = watch.take()
        taken += found
        for _ in (event for event in found if event.end is not None):
            room.release()
        watch.choose(ALL)
    watch.close()
    taken += watch.take()
    assert [e.number for e in taken if e.end is None] == list(range(1, 201))
    assert [e.number for e in taken if e.end is not None] == list(range(1, 201))


def _unclosed(watch: EventWatch, predictions: Iterable[Prediction]) -> EventWatch:
    for p in predictions:
        watch.push(p)
    return watch
