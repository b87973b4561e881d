"""Statistics of segments: times, counts and what follows what."""

from pathlib import Path

import pytest

from lrcn_desktop.recognition.segments import Segment
from lrcn_desktop.recognition.statistics import statistics, write_statistics

SEGMENTS = [
    Segment(0.0, 4.0, "walking", 0.8),
    Segment(4.0, 6.0, "waving", 0.6),
    Segment(6.5, 8.5, "walking", 0.5),
    Segment(8.0, 9.0, "boxing", None, "person"),
    Segment(20.0, 21.0, "waving", 0.9),
]


def test_times_counts_and_transitions() -> None:
    found = statistics(SEGMENTS, [(0.0, 10.0), (18.0, 22.0)])
    walking, waving, boxing = found.activities
    assert (walking.label, walking.count, walking.seconds) == ("walking", 2, 6.0)
    assert (walking.shortest, walking.mean, walking.longest) == (2.0, 3.0, 4.0)
    assert walking.share == pytest.approx(6 / 14)
    assert walking.confidence == pytest.approx((0.8 * 4 + 0.5 * 2) / 6)
    assert (waving.label, waving.first) == ("waving", 4.0)
    assert boxing.confidence is None
    assert found.looked_at == 14.0
    assert found.nothing == pytest.approx(14.0 - 9.5)  # what overlaps is there once
    assert found.transitions == (
        ("walking", "boxing", 1),
        ("walking", "waving", 1),
        ("waving", "walking", 1),
    )


def test_nothing_comes_to_nothing(tmp_path: Path) -> None:
    found = statistics([], [])
    assert (found.activities, found.nothing, found.transitions) == ((), 0.0, ())
    write_statistics(tmp_path / "none.csv", found)
    assert "(no activity),,0.000,0.0000" in (tmp_path / "none.csv").read_text()


def test_the_table_can_be_read_back(tmp_path: Path) -> None:
    path = tmp_path / "statistics.csv"
    write_statistics(path, statistics(SEGMENTS, [(0.0, 10.0)]))
    lines = path.read_text().splitlines()
    assert lines[0].startswith("activity,count,seconds,share")
    assert lines[1] == "walking,2,6.000,0.6000,2.000,3.000,4.000,0.7000,0.000"
    assert "boxing,1,1.000,0.1000,1.000,1.000,1.000,,8.000" in lines
    assert "walking,waving,1" in lines
