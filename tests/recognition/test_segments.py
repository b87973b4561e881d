"""Segments: the promises that hold for any predictions, and what a person would expect to see."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.recognition.segments import MAX_GAP, Segment, Segmenter, joined, segments

CLASSES = ("A", "B", "C")


def prediction(time: float, label: str | None, p: float = 0.8, steps: int = 1) -> Prediction:
    """A prediction of `label` with probability p, the rest shared; of A and not known for None."""
    probabilities = np.full(3, (1 - p) / 2, np.float32)
    probabilities[CLASSES.index(label or "A")] = p
    return Prediction(time, probabilities, label, steps)


def stream(labels: str, rate: float = 10, start: float = 0.0) -> list[Prediction]:
    """A prediction for each letter; "." is nothing known."""
    return [
        prediction(start + i / rate, None if label == "." else label)
        for i, label in enumerate(labels)
    ]


def spans(found: Sequence[Segment]) -> list[tuple[float, float, str]]:
    return [(round(s.start, 6), round(s.end, 6), s.label) for s in found]


@st.composite
def streams(draw: st.DrawFn) -> tuple[list[Prediction], float]:
    """Predictions with runs, flickers, gaps and equal times, and an end after the last."""
    predictions, time = [], draw(st.floats(0, 100))
    step = st.sampled_from([0.0, 1 / 30, 0.04, 0.1, 0.3, 1.0, 1.2, 5.0])
    for _ in range(draw(st.integers(0, 12))):
        label, dt = draw(st.sampled_from([*CLASSES, None])), draw(step)
        for _ in range(draw(st.integers(1, 12))):
            p = draw(st.floats(0.5, 1, width=32))
            predictions.append(prediction(time, label, p, draw(st.integers(1, 3))))
            time += dt
    return predictions, time + draw(st.sampled_from([0.0, 0.04, 2.0]))


@given(streams())
def test_segments_are_ordered_apart_and_within_the_stream(
    case: tuple[list[Prediction], float],
) -> None:
    predictions, end = case
    found = segments(predictions, CLASSES, end)
    assert all(s.start < s.end for s in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(s.label in CLASSES and 0 <= s.confidence <= 1 for s in found)
    if found:
        assert found[0].start >= predictions[0].time
        assert found[-1].end <= end


@given(streams())
def test_pushing_one_by_one_gives_what_the_whole_gives(
    case: tuple[list[Prediction], float],
) -> None:
    predictions, end = case
    segmenter, found = Segmenter(CLASSES), []
    for p in predictions:
        found += segmenter.push(p)
        current = segmenter.current
        if current is not None:  # what is open has not been handed out, and ends now
            assert current.end == p.time
            assert not found or found[-1].end <= current.start
    found += segmenter.finish(end)
    assert found == segments(predictions, CLASSES, end)
    assert segmenter.current is None
    assert segmenter.finish(end) == []


@given(streams())
def test_confidence_is_the_mean_probability_of_the_steps_within(
    case: tuple[list[Prediction], float],
) -> None:
    predictions, _ = case
    end = predictions[-1].time + 0.04 if predictions else 0.0
    times = [*(p.time for p in predictions), end]
    if len(set(times)) < len(times):
        return  # at equal times, a segment's limits do not tell its steps
    for s in segments(predictions, CLASSES, end):
        within = [
            p
            for p, following in zip(predictions, times[1:], strict=True)
            if s.start <= p.time < s.end
            or (p.time == s.end and p.label == s.label and following - p.time > MAX_GAP)
        ]
        mean = np.average(
            [p.probabilities[CLASSES.index(s.label)] for p in within],
            weights=[p.steps for p in within],
        )
        assert s.confidence == pytest.approx(mean, abs=1e-6)


@given(streams())
def test_no_segment_spans_a_gap(case: tuple[list[Prediction], float]) -> None:
    predictions, end = case
    gaps = [(a.time, b.time) for a, b in pairwise(predictions) if b.time - a.time > MAX_GAP]
    for s in segments(predictions, CLASSES, end):
        assert all(s.end <= before or after <= s.start for before, after in gaps)


def test_one_activity_is_one_segment_from_start_to_end() -> None:
    assert spans(segments(stream("A" * 50), CLASSES, 5.0)) == [(0, 5, "A")]


@pytest.mark.parametrize("flicker", ["B", "BB", ".", "..", "BC", "BAB"])
def test_a_flicker_does_not_split(flicker: str) -> None:
    labels = "A" * 20 + flicker + "A" * 20
    assert spans(segments(stream(labels), CLASSES, len(labels) / 10)) == [
        (0, len(labels) / 10, "A")
    ]


def test_a_change_of_activity_changes_the_segment_where_it_happened() -> None:
    found = segments(stream("A" * 20 + "B" * 20), CLASSES, 4.0)
    assert spans(found) == [(0, 2, "A"), (2, 4, "B")]


@pytest.mark.parametrize("noise", ["BBBA", "BBBBC", "BBB."])
def test_a_change_under_noise_is_seen_within_three_seconds(noise: str) -> None:
    segmenter = Segmenter(CLASSES)
    for p in stream("A" * 20 + noise * 10):
        segmenter.push(p)
        if p.time >= 5.0:
            break
    assert segmenter.current is not None
    assert segmenter.current.label == "B"
    assert segmenter.current.start == pytest.approx(2, abs=0.5)


def test_a_clean_change_is_seen_within_enter() -> None:
    segmenter = Segmenter(CLASSES, enter=0.5)
    seen = [p.time for p in stream("A" * 20 + "B" * 20)
            if segmenter.push(p) and segmenter.current]  # fmt: skip
    assert seen == [pytest.approx(2.5)]


@pytest.mark.parametrize("noise", ["AB", "ABC", "A.B.", "AABB", "ABAC"])
def test_alternating_noise_does_not_explode(noise: str) -> None:
    labels = noise * 50
    assert segments(stream(labels), CLASSES, len(labels) / 10) == []
    after = segments(stream("A" * 20 + labels), CLASSES, 2 + len(labels) / 10)
    assert len(after) == 1


def test_nothing_known_ends_a_segment_and_opens_none() -> None:
    found = segments(stream("." * 20 + "A" * 20 + "." * 20), CLASSES, 6.0)
    assert spans(found) == [(2, 4, "A")]


def test_the_open_segment_ends_where_its_label_was_lost_to_noise() -> None:
    found = segments(stream("A" * 20 + "BC" * 10), CLASSES, 4.0)
    assert spans(found) == [(0, 2, "A")]


def test_a_gap_closes_the_segment_at_the_last_prediction() -> None:
    before, after = stream("A" * 11), stream("A" * 11, start=5.0)
    assert spans(segments(before + after, CLASSES, 6.1)) == [(0, 1, "A"), (5, 6.1, "A")]


def test_a_step_back_in_time_closes_the_segment() -> None:
    segmenter = Segmenter(CLASSES)
    for p in stream("A" * 11, start=5.0):
        assert segmenter.push(p) == []
    assert spans(segmenter.push(prediction(0.0, "A"))) == [(5, 6, "A")]
    assert segmenter.current is None


def test_a_single_step_gives_its_label() -> None:
    (only,) = segments([prediction(0.0, "B", 0.7)], CLASSES, 0.04)
    assert (only.start, only.end, only.label) == (0.0, 0.04, "B")
    assert only.confidence == pytest.approx(0.7)


def test_a_clip_shorter_than_enter_gives_its_most_probable_activity() -> None:
    assert spans(segments(stream("BAA"), CLASSES, 0.3)) == [(0, 0.3, "A")]
    assert segments(stream("..A"), CLASSES, 0.3) == []
    assert segments([], CLASSES, 0.3) == []


def test_steps_a_second_do_not_matter() -> None:
    for rate in (2, 5, 10, 30, 60):
        labels = "A" * 3 * rate + "B" * 3 * rate
        assert spans(segments(stream(labels, rate), CLASSES, 6.0)) == [(0, 3, "A"), (3, 6, "B")]


def test_the_state_does_not_grow() -> None:
    def size(segmenter: Segmenter) -> int:
        return sum(
            sys.getsizeof(value) + (len(value) if isinstance(value, dict) else 0)
            for value in vars(segmenter).values()
        )

    segmenter, labels = Segmenter(CLASSES), "AAAAAAAABCBC.BBBBBBBAAC"
    sizes = set()
    for i in range(20_000):
        label = labels[i % len(labels)]
        segmenter.push(prediction(i / 10, None if label == "." else label))
        sizes.add(size(segmenter))
    assert max(sizes) - min(sizes) < 1000


@pytest.mark.parametrize(
    ("one", "other", "joint"),
    [
        ((0.0, 1.0, 0.9), (1.0, 4.0, 0.5), (0.0, 4.0, 0.6)),  # by how long they last
        ((0.0, 5.0, 0.8), (1.0, 2.0, 0.2), (0.0, 5.0, 0.7)),  # within the first
        ((1.0, 2.0, None), (2.0, 5.0, 0.5), (1.0, 5.0, 0.5)),
        ((1.0, 2.0, 0.3), (2.0, 5.0, None), (1.0, 5.0, 0.3)),
        ((1.0, 2.0, None), (2.0, 3.0, None), (1.0, 3.0, None)),
    ],
)
def test_two_that_touch_become_one(
    one: tuple[float, float, float | None],
    other: tuple[float, float, float | None],
    joint: tuple[float, float, float | None],
) -> None:
    first, second = Segment(*one[:2], "walking", one[2]), Segment(*other[:2], "walking", other[2])
    found = joined(replace(first, origin="person"), second)
    assert (found.start, found.end) == joint[:2]
    assert found.confidence == pytest.approx(joint[2])
    assert (found.label, found.origin) == ("walking", "person")
