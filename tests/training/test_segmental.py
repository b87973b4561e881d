"""Segments against the truth: values worked out by hand, and the published definitions."""

from functools import cache
from itertools import groupby

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.evaluation.segmental import (
    Interval,
    Matches,
    auroc,
    delay,
    edit_score,
    false_segments,
    matches,
)

TRUTH = [Interval(0, 10, "a"), Interval(10, 20, "b")]
SPLIT = [Interval(0, 6, "a"), Interval(6, 9, "a"), Interval(9, 20, "b")]  # overlaps 0.6, 0.3, 10/11

LABELS = st.lists(st.sampled_from("ab_"), min_size=1, max_size=40)  # "_": the unknown
ORDERS = st.lists(st.sampled_from("abc"), max_size=8)
SCORES = st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=1, max_size=12)


def runs(labels: list[str]) -> list[Interval]:
    """Return the segments of labels at one step per second."""
    found, start = [], 0
    for label, group in groupby(labels):
        end = start + len(list(group))
        if label != "_":
            found.append(Interval(start, end, label))
        start = end
    return found


@pytest.mark.parametrize(
    ("overlap", "expected"),
    [
        (0.10, Matches(2, 1, 0)),  # the second "a" has no segment of the truth left
        (0.50, Matches(2, 1, 0)),
        (0.60, Matches(2, 1, 0)),
        (0.70, Matches(1, 2, 1)),
        (0.95, Matches(0, 3, 2)),
    ],
)
def test_segments_match_by_hand(overlap: float, expected: Matches) -> None:
    assert matches(TRUTH, SPLIT, overlap) == expected


def test_f1_by_hand() -> None:
    assert matches(TRUTH, SPLIT, 0.5).f1 == pytest.approx(4 / 5)
    assert matches(TRUTH, SPLIT, 0.7).f1 == pytest.approx(2 / 5)
    assert matches(TRUTH, [], 0.1).f1 == 0.0
    assert matches([], SPLIT, 0.1).f1 == 0.0
    assert matches([], [], 0.1).f1 == 1.0
    assert matches(TRUTH, [Interval(0, 10, "b")], 0.1).f1 == 0.0  # there, but another activity


def test_f1_of_streams_together_is_of_all_their_segments() -> None:
    both = Matches(2, 1, 0) + Matches(0, 1, 3)
    assert both == Matches(2, 2, 3)
    assert both.f1 == pytest.approx(4 / 9)


def reference(truth: list[str], predicted: list[str], overlap: float) -> tuple[int, int, int]:
    """Count as the code published with MS-TCN does, on frames."""

    def spans(labels: list[str]) -> list[tuple[str, set[int]]]:
        found: list[tuple[str, set[int]]] = []
        for step, label in enumerate(labels):
            if step == 0 or labels[step - 1] != label:
                found.append((label, set()))
            found[-1][1].add(step)
        return [span for span in found if span[0] != "_"]

    wanted, right, wrong = spans(truth), 0, 0
    hits = [0] * len(wanted)
    for label, steps in spans(predicted):
        shares = [
            len(steps & other) / len(steps | other) * (label == name) for name, other in wanted
        ]
        if shares and max(shares) >= overlap and not hits[shares.index(max(shares))]:
            right += 1
            hits[shares.index(max(shares))] = 1
        else:
            wrong += 1
    return right, wrong, len(hits) - sum(hits)


@settings(deadline=None)  # a busy machine is no fault
@given(data=st.data(), truth=LABELS, overlap=st.sampled_from([0.1, 0.25, 0.5, 1.0]))
def test_matches_are_those_of_the_published_code(
    data: st.DataObject, truth: list[str], overlap: float
) -> None:
    size = len(truth)
    guess = data.draw(st.lists(st.sampled_from("ab_"), min_size=size, max_size=size))
    found = matches(runs(truth), runs(guess), overlap)
    assert (found.right, found.wrong, found.missed) == reference(truth, guess, overlap)
    assert found.right + found.wrong == len(runs(guess))
    assert found.right + found.missed == len(runs(truth))


@settings(deadline=None)  # a busy machine is no fault
@given(truth=LABELS, overlap=st.floats(0.01, 1.0))
def test_the_truth_itself_is_perfect(truth: list[str], overlap: float) -> None:
    assert matches(runs(truth), runs(truth), overlap).f1 == 1.0
    labels = [segment.label for segment in runs(truth)]
    assert edit_score(labels, labels) == 1.0


def test_edit_score_by_hand() -> None:
    assert edit_score(["a", "b"], ["a", "a", "b"]) == pytest.approx(2 / 3)  # one too many
    assert edit_score(["a", "b", "c"], ["a", "c"]) == pytest.approx(2 / 3)  # one missing
    assert edit_score(["a", "b"], ["b", "a"]) == 0.0
    assert edit_score([], ["a"]) == edit_score(["a"], []) == 0.0
    assert edit_score([], []) == 1.0


@settings(deadline=None)  # a busy machine is no fault
@given(truth=ORDERS, guess=ORDERS)
def test_edit_score_is_the_levenshtein_distance(truth: list[str], guess: list[str]) -> None:
    @cache
    def distance(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        change = distance(i - 1, j - 1) + (truth[i - 1] != guess[j - 1])
        return min(change, distance(i - 1, j) + 1, distance(i, j - 1) + 1)

    longer = max(len(truth), len(guess))
    expected = 1 - distance(len(truth), len(guess)) / longer if longer else 1.0
    assert edit_score(truth, guess) == pytest.approx(expected)
    assert edit_score(guess, truth) == pytest.approx(expected)


def test_delays_by_hand() -> None:
    times = np.arange(6) / 5
    labels = ["a", None, "a", "b", "a", "b"]
    assert delay(times, labels, 0, 3, "a") == 0.0
    assert delay(times, labels, 1, 3, "a") == 0.2
    assert delay(times, labels, 1, 6, "b") == 0.4
    assert delay(times, labels, 0, 3, "b") is None  # it comes too late


def test_false_segments_are_those_in_the_unknown_for_the_most_part() -> None:
    unknown = [(10.0, 14.0), (30.0, 31.0)]
    segments = [
        Interval(0, 9, "a"),
        Interval(8, 12, "a"),  # half of it: it began with something known
        Interval(8, 12.5, "a"),
        Interval(11, 13, "b"),
        Interval(29, 40, "b"),
    ]
    assert [false_segments([segment], unknown) for segment in segments] == [0, 0, 1, 1, 0]
    assert false_segments(segments, unknown) == 2
    assert false_segments(segments, []) == 0


@settings(deadline=None)  # a busy machine is no fault
@given(known=SCORES, unknown=SCORES)
def test_auroc_is_the_share_of_pairs_in_order(known: list[float], unknown: list[float]) -> None:
    pairs = [(a > b) + (a == b) / 2 for a in known for b in unknown]
    found = auroc(np.array(known), np.array(unknown))
    assert found == pytest.approx(sum(pairs) / len(pairs))


def test_auroc_needs_both() -> None:
    one, none = np.ones(2), np.ones(0)
    assert auroc(one, none) is auroc(none, one) is None
