"""Corrections in whatever order: what always holds, undo, redo, and a model that goes on."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcn_desktop.recognition.review.review import ModelSegments, Review
from lrcn_desktop.recognition.segments import Segment

END = 60.0
LABELS = ("walking", "waving", "boxing")
WALK, WAVE, BOX = (
    Segment(0.0, 10.0, "walking", 0.9),
    Segment(10.0, 20.0, "waving", 0.8),
    Segment(30.0, 40.0, "boxing", 0.7),
)


def seen(*segments: Segment, until: float = END) -> ModelSegments:
    return ModelSegments("demo", LABELS, segments, ((0.0, until),))


@pytest.fixture
def review() -> Review:
    review = Review(END)
    review.follow(seen(WALK, WAVE, BOX))
    return review


def told(review: Review) -> list[tuple[float, float, str]]:
    return [(s.start, s.end, s.label) for s in review.segments]


def test_a_review_without_corrections_is_the_models_own(review: Review) -> None:
    assert review.segments == (WALK, WAVE, BOX)
    assert not review.begun
    review.follow(seen(WALK))
    assert review.segments == (WALK,)


def test_each_correction_does_what_it_says(review: Review) -> None:
    review.relabel(WALK, "jumping")
    assert told(review)[0] == (0.0, 10.0, "jumping")
    review.split(BOX, 33.0)
    assert told(review)[2:] == [(30.0, 33.0, "boxing"), (33.0, 40.0, "boxing")]
    assert review.delete(WAVE)
    added = review.add(50.0, 45.0, "waving")
    assert added is not None
    assert told(review)[-1] == (45.0, 50.0, "waving")
    review.move_end(added, 1000.0)
    assert told(review)[-1] == (45.0, END, "waving")
    assert review.corrections == 5
    assert review.result.segments == (WALK, WAVE, BOX)
    assert all((s.confidence, s.origin) == (None, "person") for s in review.checked)


def test_several_corrections_are_undone_as_one_step(review: Review) -> None:
    review.confirm(BOX)
    with review.one_step():
        for each in (WALK, WAVE):
            review.relabel(each, "jumping")
    assert [label for _, _, label in told(review)] == ["jumping", "jumping", "boxing"]
    review.undo()
    assert told(review) == [(s.start, s.end, s.label) for s in (WALK, WAVE, BOX)]
    assert review.checked  # what was done before stays
    review.redo()
    assert [label for _, _, label in told(review)] == ["jumping", "jumping", "boxing"]
    review.delete(BOX)
    review.undo()
    assert len(told(review)) == 3  # and after the block every correction is a step again


def test_the_models_neighbour_gives_way_and_the_persons_does_not(review: Review) -> None:
    review.move_end(WALK, 12.0)
    assert told(review)[:2] == [(0.0, 12.0, "walking"), (12.0, 20.0, "waving")]
    review.confirm(review.segments[1])
    review.move_end(review.segments[0], 15.0)
    assert told(review)[:2] == [(0.0, 15.0, "walking"), (12.0, 20.0, "waving")]


def test_segments_of_one_label_join_where_they_overlap(review: Review) -> None:
    review.relabel(WAVE, "walking")
    assert told(review)[:2] == [(0.0, 10.0, "walking"), (10.0, 20.0, "walking")]
    review.move_end(review.segments[0], 11.0)
    assert told(review)[0] == (0.0, 20.0, "walking")


def test_a_correction_that_changes_nothing_is_none(review: Review) -> None:
    assert review.move_start(WALK, -5.0) is None
    assert review.split(WALK, 10.0) is None
    assert review.add(5.0, 5.0, "boxing") is None
    assert not review.delete(Segment(22.0, 25.0, "walking", 1.0))
    assert not review.begun
    assert not review.undo()


def test_what_is_confirmed_is_the_persons_and_keeps_its_confidence(review: Review) -> None:
    assert review.confirm(WALK, WAVE)
    assert review.checked == (WALK, WAVE)
    assert not review.confirm(WALK)
    assert review.corrections == 0


def test_after_a_correction_only_times_not_looked_at_before_are_taken_in() -> None:
    review = Review(END)
    review.follow(seen(WALK, Segment(10.0, 14.0, "waving", 0.8), until=14.0))
    review.relabel(WALK, "boxing")
    other = Segment(3.0, 9.0, "waving", 0.6)  # a second look says otherwise
    review.follow(seen(other, WAVE, BOX, until=50.0))
    assert told(review) == [
        (0.0, 10.0, "boxing"),
        (10.0, 20.0, "waving"),
        (30.0, 40.0, "boxing"),
    ]
    assert review.result.segments == (other, WAVE, BOX)
    review.undo()
    assert review.segments == (other, WAVE, BOX)
    review.redo()
    assert told(review)[0] == (0.0, 10.0, "boxing")
    assert told(review)[-1] == (30.0, 40.0, "boxing")


def test_what_was_deleted_stays_away_and_the_persons_time_stays_his() -> None:
    review = Review(END)
    review.follow(seen(WALK, until=10.0))
    review.delete(WALK)
    review.add(15.0, 18.0, "boxing")
    review.follow(seen(Segment(0.0, 20.0, "walking", 0.9), until=20.0))
    assert told(review) == [
        (10.0, 15.0, "walking"),
        (15.0, 18.0, "boxing"),
        (18.0, 20.0, "walking"),
    ]


def test_a_segment_is_found_although_the_model_has_lengthened_it(review: Review) -> None:
    review.follow(seen(Segment(0.0, 12.0, "walking", 0.9)))
    assert review.find(WALK) == Segment(0.0, 12.0, "walking", 0.9)
    assert review.relabel(WALK, "boxing") is not None
    assert told(review) == [(0.0, 12.0, "boxing")]
    assert review.find(WALK) is None


times = st.floats(0.0, END, allow_nan=False)
wild = st.one_of(times, st.sampled_from([-1.0, 0.0, END, END + 5.0, 1e12]))
labels = st.sampled_from([*LABELS, "anything"])
place = st.integers(0, 30)
operations = st.lists(
    st.one_of(
        st.tuples(st.just("relabel"), place, labels),
        st.tuples(st.just("move_start"), place, wild),
        st.tuples(st.just("move_end"), place, wild),
        st.tuples(st.just("split"), place, wild),
        st.tuples(st.just("delete"), place),
        st.tuples(st.just("confirm"), place),
        st.tuples(st.just("add"), wild, wild, labels),
        st.tuples(st.just("undo")),
        st.tuples(st.just("redo")),
        st.tuples(st.just("see"), times, st.integers(0, 2**31)),
    ),
    max_size=30,
)


def model_until(time: float, seed: int) -> ModelSegments:
    """Return what a model may say: one activity after another, otherwise at each look."""
    found, at, number = [], 0.0, seed
    while at < time:
        number = (number * 1103515245 + 12345) % 2**31
        length = 0.3 + number % 97 / 10
        if number % 4:
            end = min(at + length, time)
            found.append(Segment(at, end, LABELS[number // 8 % 3], number % 100 / 100))
        at += length
    return ModelSegments("demo", LABELS, tuple(found), ((0.0, time),) if time else ())


def perform(review: Review, operation: tuple[object, ...]) -> None:
    name, *rest = operation
    if name == "see":
        review.follow(model_until(*rest))  # type: ignore[arg-type]
    elif name in ("undo", "redo", "add"):
        getattr(review, str(name))(*rest)
    elif review.segments:
        index = rest[0]
        assert isinstance(index, int)
        getattr(review, str(name))(review.segments[index % len(review.segments)], *rest[1:])


def check(segments: Sequence[Segment]) -> None:
    assert list(segments) == sorted(segments, key=lambda s: (s.start, s.end, s.label))
    assert all(0.0 <= s.start < s.end <= END for s in segments)
    for label in {s.label for s in segments}:
        alike = [s for s in segments if s.label == label]
        assert all(a.end <= b.start for a, b in pairwise(alike))


@settings(deadline=None, max_examples=150)
@given(operations)
def test_whatever_is_done_the_segments_are_in_order(done: list[tuple[object, ...]]) -> None:
    review = Review(END)
    for operation in done:
        before, known = review.checked, review.result.segments
        perform(review, operation)
        check(review.segments)
        if operation[0] == "see":
            assert review.checked == before
        else:
            assert review.result.segments == known


@settings(deadline=None, max_examples=150)
@given(times, st.integers(0, 2**31), operations)
def test_undo_restores_and_redo_repeats_exactly(
    until: float, seed: int, done: list[tuple[object, ...]]
) -> None:
    review = Review(END)
    review.follow(model_until(until, seed))
    states = [review.items]
    for operation in (o for o in done if o[0] not in ("see", "undo", "redo")):
        had = review.can_undo
        perform(review, operation)
        if review.items != states[-1] or review.can_undo != had:
            states.append(review.items)
    trail = [review.items]
    while review.undo():
        trail.append(review.items)
    assert trail[-1] == states[0]
    assert not review.begun
    assert [s for s in states if s not in trail] == []
    for expected in reversed(trail[:-1]):
        assert review.redo()
        assert review.items == expected
    assert not review.redo()


def test_what_was_kept_gives_way_where_the_same_model_looks_again() -> None:
    kept = seen(WALK, WAVE, BOX)
    assert kept.renewed(ModelSegments("demo", LABELS)) is kept
    again = ModelSegments(
        "demo",
        LABELS,
        (Segment(8.0, 12.0, "boxing", 0.5), Segment(12.0, 13.0, "waving", 0.8)),
        ((8.0, 13.0),),
    )
    renewed = kept.renewed(again)
    assert [(s.start, s.end, s.label) for s in renewed.segments] == [
        (0.0, 8.0, "walking"),
        (8.0, 12.0, "boxing"),
        (12.0, 20.0, "waving"),
        (30.0, 40.0, "boxing"),
    ]
    assert renewed.covered == kept.covered


def test_what_another_model_has_seen_stays_until_the_new_one_has_looked_there() -> None:
    kept = seen(WALK, WAVE, BOX)
    look = ModelSegments("other", ("jumping",), (Segment(5.0, 8.0, "jumping", 0.5),), ((5.0, 8.0),))
    both = kept.renewed(look)
    assert [(s.start, s.end, s.label) for s in both.segments][:3] == [
        (0.0, 5.0, "walking"),
        (5.0, 8.0, "jumping"),
        (8.0, 10.0, "walking"),
    ]
    end = kept.covered[-1][1]
    assert (both.model, both.classes) == ("other", ("jumping", *LABELS))
    assert (both.covered, both.others) == (kept.covered, ((0.0, 5.0, "demo"), (8.0, end, "demo")))
    again = both.renewed(ModelSegments("demo", LABELS, (), ((6.0, 9.0),)))
    assert again.others == ((5.0, 6.0, "other"),)
    whole = ModelSegments("other", LABELS, (), kept.covered)
    assert both.renewed(whole) == whole


def test_what_began_just_before_the_edge_is_taken_in_when_the_model_goes_on() -> None:
    review = Review(END)
    review.follow(seen(until=5.0))
    review.follow(seen(until=10.0))
    review.add(2.0, 3.0, "boxing")
    review.follow(seen(Segment(9.5, 12.0, "walking", 0.9), until=12.0))
    assert told(review) == [(2.0, 3.0, "boxing"), (9.5, 12.0, "walking")]
    review.follow(seen(Segment(9.5, 13.0, "walking", 0.9), until=13.0))
    assert told(review)[-1] == (9.5, 13.0, "walking")
    reopened = Review(END, review.snapshot)
    reopened.follow(seen(Segment(11.0, 15.0, "waving", 0.9), until=15.0))
    assert told(reopened)[-2:] == [(9.5, 13.0, "walking"), (13.0, 15.0, "waving")]
