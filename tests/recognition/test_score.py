"""The count that the demo shows: activities that were recognized, of those that were."""

from lrcn_desktop.recognition.score import Score, score
from lrcn_desktop.recognition.segments import Segment

TRUTH = [(0.0, 3.0, "walking"), (3.0, 6.0, "waving"), (6.0, 9.0, "boxing"), (9.0, 10.0, "walking")]


def seen(start: float, end: float, label: str) -> Segment:
    return Segment(start, end, label, 0.9)


def test_an_activity_counts_once_it_has_ended_and_is_right_by_most_of_its_time() -> None:
    found = [seen(0.4, 3.2, "walking"), seen(3.2, 4.0, "waving"), seen(4.0, 9.5, "boxing")]
    assert score(TRUTH, found, [(0.0, 9.5)]) == Score(2, 3)
    assert score(TRUTH, found, [(0.0, 9.5)], since=2.0) == Score(1, 2)
    assert score(TRUTH[:1], found, [(0.0, 2.0)]) == Score(0, 0)


def test_what_was_not_looked_at_does_not_count() -> None:
    assert score(TRUTH, [seen(0.0, 3.0, "walking")], [(0.0, 4.0)]) == Score(1, 1)
