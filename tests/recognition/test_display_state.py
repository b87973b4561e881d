"""The headline's state: calm, and what the segments say."""

import itertools

import numpy as np
import pytest

from lrcn_desktop.recognition.display_state import DisplayState, Shown
from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.recognition.segments import segments

CLASSES = ("punch", "yo-yo")
STEP = 0.2  # seconds


def stream(*parts: tuple[float, str, float]) -> list[Prediction]:
    """Return predictions of stretches: seconds, the likeliest class, and how known it is."""
    found: list[Prediction] = []
    for seconds, label, known in parts:
        for _ in range(round(seconds / STEP)):
            share = np.full(2, 0.1, np.float32)
            share[CLASSES.index(label)] = 0.9
            shown = label if known >= 0.5 else None
            found.append(Prediction(STEP * len(found), share, shown, known=known))
    return found


def states(predictions: list[Prediction]) -> list[Shown]:
    display = DisplayState(CLASSES, 0.5)
    found = []
    for prediction in predictions:
        display.push(prediction)
        found.append(display.shown)
    return found


def changes(shown: list[Shown]) -> int:
    said = [(each.label, each.sure) for each in shown]
    return sum(before != after for before, after in itertools.pairwise(said))


def test_a_flicker_changes_nothing() -> None:
    rng = np.random.default_rng(3)
    calm = [(2.0, "punch", 0.9)]
    for _ in range(40):  # of 8 seconds, every sixth step shows something else
        calm += [(1.0, "punch", 0.9), (0.2, "yo-yo" if rng.random() < 0.5 else "punch", 0.3)]
    shown = states(stream(*calm))
    assert changes(shown) == 1  # from nothing to punch
    assert shown[-1].label == "punch"


def test_between_the_thresholds_it_is_probable_and_below_both_unknown() -> None:
    shown = states(stream((3.0, "yo-yo", 0.4), (3.0, "yo-yo", 0.1), (3.0, "yo-yo", 0.9)))
    assert shown[14] == Shown("yo-yo", sure=False, since=0.0)
    assert shown[29] == Shown()
    assert shown[-1] == Shown("yo-yo", sure=True, since=6.0)


def test_the_headline_is_the_timelines_segment() -> None:
    predictions = stream((2.0, "punch", 0.9), (0.4, "yo-yo", 0.9), (3.0, "yo-yo", 0.9))
    made = segments(predictions, CLASSES, predictions[-1].time + STEP)
    shown = states(predictions)
    assert [(s.label, s.start) for s in made] == [("punch", 0.0), ("yo-yo", 2.0)]
    assert (shown[-1].label, shown[-1].since) == (made[-1].label, made[-1].start)
    assert (shown[9].label, shown[9].since) == (made[0].label, made[0].start)


@pytest.mark.parametrize(
    ("times", "settled"),
    [
        ([], False),
        ([5.0], False),
        ([5.0, 5.2, 5.4], False),
        ([5.0, 5.4, 5.8, 6.2], True),
        ([1.0, 2.0, 3.0, 5.0, 5.2], False),  # a gap: it restarted
    ],
)
def test_a_glance_is_not_settled(times: list[float], settled: bool) -> None:
    display = DisplayState(CLASSES, 0.5)
    for moment in times:
        display.push(Prediction(moment, np.array([0.5, 0.5], np.float32), None))
    assert display.settled == settled
