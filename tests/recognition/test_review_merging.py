"""Two windows on one video: neither one's save costs the other's corrections."""

import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from faults import drive
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcn_desktop.recognition.review.merging import merge
from lrcn_desktop.recognition.review.review import ModelSegments, Review, ReviewSnapshot
from lrcn_desktop.recognition.review.store import ReviewFile, reviews_dir
from lrcn_desktop.recognition.segments import Segment

WriteVideo = Callable[..., Path]
LABELS = ("walking", "waving", "boxing")
SEEN = tuple(Segment(2.0 * n, 2.0 * n + 1.0, LABELS[n % 3], 0.5) for n in range(6))
MODEL = ModelSegments("demo", LABELS, SEEN, ((0.0, 20.0),))


def begun() -> ReviewSnapshot:
    review = Review(20.0)
    review.follow(MODEL)
    review.confirm(SEEN[0])
    return review.snapshot


def told(kept: ReviewSnapshot) -> list[tuple[float, float, str]]:
    return [(s.start, s.end, s.label) for s in Review(20.0, kept).segments]


class Window:
    """A review and its file, as a window holds them."""

    def __init__(self, video: Path) -> None:
        self.file = ReviewFile.of_video(video)
        self.review = Review(20.0, self.file.load().snapshot)
        self.other: Path | None = None

    def save(self, *, takes_in: bool = True) -> None:
        given = self.review.snapshot
        saved = self.file.save(given)
        theirs = saved.merged
        self.other = saved.other or self.other
        if theirs is not None and takes_in:
            self.review.adopt(lambda kept: merge(given, kept, theirs).snapshot)
            self.file.adopted()

    @property
    def segments(self) -> list[tuple[float, float, str]]:
        return told(self.review.snapshot)


@pytest.fixture
def video(write_video: WriteVideo) -> Path:
    path = write_video("talk.mp4", frames=25)
    ReviewFile.of_video(path).save(begun())
    return path


@pytest.mark.parametrize("takes_in", [True, False])
def test_what_two_windows_correct_is_kept_of_both(video: Path, takes_in: bool) -> None:
    one, other = Window(video), Window(video)
    one.review.relabel(SEEN[1], "boxing")
    one.save(takes_in=takes_in)
    other.review.delete(SEEN[2])
    other.save(takes_in=takes_in)
    one.review.add(15.0, 16.0, "waving")
    one.save(takes_in=takes_in)
    other.review.move_end(SEEN[3], 7.5)
    other.save(takes_in=takes_in)
    one.save(takes_in=takes_in)
    expected = [
        (0.0, 1.0, "walking"),
        (2.0, 3.0, "boxing"),
        (6.0, 7.5, "walking"),
        (8.0, 9.0, "waving"),
        (10.0, 11.0, "boxing"),
        (15.0, 16.0, "waving"),
    ]
    assert Window(video).segments == expected
    assert one.other is other.other is None
    assert Window(video).review.corrections == 4
    if takes_in:
        assert one.segments == expected


def test_of_a_conflict_both_are_kept_and_the_last_ones_stands(video: Path) -> None:
    one, other = Window(video), Window(video)
    one.review.relabel(SEEN[1], "boxing")
    one.review.confirm(SEEN[4])
    one.save()
    other.review.move_end(SEEN[1], 3.5)
    other.save()
    assert other.segments[1] == (2.0, 3.5, "waving")
    assert other.review.find(SEEN[4]) in other.review.checked
    assert one.other is None
    assert other.other == video.with_name("talk.mp4.lrcn.json.other-1")
    other.other.rename(video.with_name("talk.mp4.lrcn.json"))
    assert Window(video).segments == one.segments


def test_the_same_correction_twice_is_no_conflict(video: Path) -> None:
    one, other = Window(video), Window(video)
    for window in (one, other):
        window.review.relabel(SEEN[1], "boxing")
        window.review.delete(SEEN[2])
        window.save()
    assert one.segments == other.segments
    assert one.other is other.other is None


def test_undo_leaves_in_what_the_other_window_corrected(video: Path) -> None:
    one, other = Window(video), Window(video)
    one.review.relabel(SEEN[1], "boxing")
    one.save()
    other.review.delete(SEEN[2])
    other.save()
    assert other.review.undo()
    assert other.segments == [(2.0, 3.0, "boxing") if s[0] == 2.0 else s for s in told(begun())]
    assert other.review.redo()
    other.save()
    assert (4.0, 5.0, "boxing") not in Window(video).segments
    assert (2.0, 3.0, "boxing") in Window(video).segments


def test_a_clock_that_was_set_back_makes_no_review_the_older_one(
    video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = Window(video)
    stray = ReviewFile.of_video(video)
    ReviewFile(stray.source, stray.digest, stray.places[1:]).save(begun())
    window = Window(video)
    monkeypatch.setattr(time, "time", lambda: 1e6)
    window.review.delete(SEEN[1])
    window.save()
    assert Window(video).segments == window.segments


def test_on_a_read_only_drive_corrections_go_to_the_data_folder(
    video: Path, tmp_path: Path
) -> None:
    with drive(tmp_path / "drive") as stick:
        there = stick.path / video.name
        there.write_bytes(video.read_bytes())
        ReviewFile.of_video(there).save(begun())
        stick.make_read_only()
        window = Window(there)
        window.review.delete(SEEN[1])
        window.save()
        assert window.file.load().path == reviews_dir() / window.file.places[1].name
        assert Window(there).segments == window.segments


def test_two_live_sessions_of_one_second_are_two_files() -> None:
    files = [ReviewFile.of_session("0", 0.0) for _ in range(3)]
    paths = [file.save(begun()).path for file in files]
    assert len(set(paths)) == 3
    assert [file.save(begun()).path for file in files] == paths


def edit(review: Review, what: int, which: int, label: int, moment: float) -> None:
    segment = review.segments[which % len(review.segments)] if review.segments else None
    if what == 0 or segment is None:
        review.add(moment, moment + 1.0, LABELS[label])
    elif what == 1:
        review.relabel(segment, LABELS[label])
    elif what == 2:
        review.delete(segment)
    elif what == 3:
        review.move_end(segment, moment)
    elif what == 4:
        review.confirm(segment)
    else:
        review.split(segment, (segment.start + segment.end) / 2)


EDITS = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.integers(0, 20),
        st.integers(0, 2),
        st.integers(0, 76).map(lambda quarter: quarter / 4),
    ),
    max_size=6,
)


def after(base: ReviewSnapshot, edits: list[tuple[int, int, int, float]]) -> ReviewSnapshot:
    review = Review(20.0, base)
    for values in edits:
        edit(review, *values)
    return review.snapshot


@settings(deadline=None)
@given(first=EDITS, ours=EDITS, theirs=EDITS)
def test_whatever_both_do_the_result_is_a_review_with_all_that_was_checked_here(
    first: list[tuple[int, int, int, float]],
    ours: list[tuple[int, int, int, float]],
    theirs: list[tuple[int, int, int, float]],
) -> None:
    base = after(begun(), first)
    here, there = after(base, ours), after(base, theirs)
    merged = merge(base, here, there)
    assert merge(base, here, base).snapshot == here
    assert merge(base, base, there).snapshot == there
    assert merge(base, here, here).snapshot.state.items == here.state.items  # type: ignore[union-attr]
    items = Review(20.0, merged.snapshot).items
    for label in LABELS:
        alike = [item.span for item in items if item.segment.label == label]
        assert all(one[1] <= other[0] for one, other in pairwise(alike))
    assert here.state is not None
    assert there.state is not None
    assert base.state is not None

    def holds(item: object, span: tuple[float, float], label: str) -> bool:
        return any(
            i.segment.label == label and i.span[0] <= span[0] and span[1] <= i.span[1]
            for i in items
        )

    for item in set(here.state.items) - set(base.state.items):
        assert not item.checked or holds(item, item.span, item.segment.label)
    if not merged.conflict:
        gone = set(base.state.items) - set(here.state.items)
        for item in set(there.state.items) - set(base.state.items):
            assert not item.checked or holds(item, item.span, item.segment.label) or gone
