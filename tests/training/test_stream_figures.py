"""What is counted on streams, against values worked out by hand."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from training.evaluation.clip_steps import ClipSteps
from training.evaluation.stream_figures import StreamEvaluation, judge_built
from training.evaluation.stream_predict import Array, Predicted, Variant
from training.evaluation.stream_report import as_json, describe_streams, in_one_line
from training.evaluation.streams import Stream, build_streams
from training.fitting.example import Example

CLASSES = ("run", "walk")
RATE = 2.0


def stream(folder: Path, *clips: tuple[str | None, int]) -> Stream:
    """Return a stream of clips (activity, steps), its features the numbers of its steps."""
    examples, truth = [], []
    for number, (label, steps) in enumerate(clips):
        path = folder / f"{len(list(folder.iterdir()))}.npy"
        np.save(path, np.arange(len(truth), len(truth) + steps, dtype=np.float16)[:, None])
        labels = torch.full((steps,), CLASSES.index(label) if label else -1)
        examples.append(Example(f"{number}", path, labels, RATE))
        truth += [label] * steps
    return Stream(tuple(examples), tuple(truth), RATE)


class Scripted:
    """Says what it is asked to: at each step a class, in capitals where it is sure enough."""

    def __init__(self, **scripts: str) -> None:
        self._scripts = scripts

    def __call__(self, clips: Iterable[Array]) -> dict[Variant, Predicted]:
        steps = np.concatenate(list(clips))[:, 0].astype(int)
        assert steps.tolist() == list(range(len(steps)))
        return {name: self._said(script) for name, script in self._scripts.items()}  # type: ignore[misc]

    def _said(self, script: str) -> Predicted:
        best = ["rw".index(letter.lower()) for letter in script]
        known = np.array([0.9 if letter.isupper() else 0.6 for letter in script], np.float32)
        labels: Sequence[str | None] = [
            CLASSES[n] if letter.isupper() else None for n, letter in zip(best, script, strict=True)
        ]
        probabilities = np.stack([1 - known, known], -1)
        probabilities[np.array(best) == 0] = probabilities[np.array(best) == 0, ::-1]
        return Predicted(probabilities, known, labels)


@pytest.fixture
def judged(tmp_path: Path) -> StreamEvaluation:
    """Return a stream of 4 s of run, 4 s unknown, 4 s of walk and 1 s of run, and what was said."""
    one = stream(tmp_path, ("run", 8), (None, 8), ("walk", 8), ("run", 2))
    #                 run      unknown  walk     run
    model, frames = "RRRRRRRrrrrrWWWWrrWWWWWWww", "R" * 26
    return judge_built(Scripted(model=model, frames=frames), [one], CLASSES)


def test_figures_by_hand(judged: StreamEvaluation) -> None:
    ours = judged.variants["model"]
    assert (ours.known_steps, ours.unknown_steps) == (18, 8)
    assert ours.clips == (ClipSteps("0", 8, 8), ClipSteps("2", 8, 6), ClipSteps("3", 2, 0))
    assert ours.accuracy == pytest.approx(14 / 18)  # the threshold has no say
    assert ours.shown_right_share == pytest.approx(13 / 18)
    assert ours.unknown_shown_share == pytest.approx(4 / 8)
    assert ours.delays == (0.0, 1.0, None)
    assert ours.never_named == 1
    assert (ours.delay(50), ours.delay(90)) == (0.5, 0.9)
    assert ours.unknown_seconds == 4.0
    # Segments: run 0 to 3.5; walk from 6 on, with a gap of a second that splits nothing.
    (timeline,) = judged.timelines
    assert [(s.start, s.end, s.label) for s in timeline.segments] == [
        (0.0, 3.5, "run"),
        (6.0, 8.0, "walk"),
        (9.0, 12.0, "walk"),
    ]
    assert timeline.truth == (
        (0.0, 4.0, "run"),
        (4.0, 8.0, None),
        (8.0, 12.0, "walk"),
        (12.0, 13.0, "run"),
    )
    # run: 3.5 of 4; walk: none, then 3 of 4; the last run is missed.
    assert ours.f1 == pytest.approx((4 / 6, 4 / 6, 4 / 6))
    assert ours.false_segments == 1
    assert ours.false_per_minute == pytest.approx(15.0)
    assert ours.edit == pytest.approx(2 / 3)  # run walk run; run walk walk
    # Of known steps 13 score 0.9 and 5 score 0.6, of unknown ones 4 and 4.
    pairs = 13 * 4 + (13 * 4 + 5 * 4) / 2
    assert ours.auroc == pytest.approx(pairs / (18 * 8))


def test_every_variant_is_judged_alike(judged: StreamEvaluation) -> None:
    theirs = judged.variants["frames"]
    assert theirs.accuracy == theirs.shown_right_share == pytest.approx(10 / 18)
    assert theirs.unknown_shown_share == 1.0
    assert theirs.delays == (0.0, None, 0.0)
    assert theirs.false_segments == 0  # one segment, known for the most part
    assert theirs.auroc == 0.5


def test_merged_figures_are_those_of_all_streams(tmp_path: Path) -> None:
    a = stream(tmp_path, ("run", 6), (None, 4), ("walk", 6))
    b = stream(tmp_path, ("walk", 6), ("run", 6), (None, 4))
    predict = Scripted(model="RRRRRrrrWWWWWWWW")
    both = judge_built(predict, [a, b], CLASSES)
    merged = judge_built(predict, [a], CLASSES).merge(judge_built(predict, [b], CLASSES))
    assert merged.to_json() == both.to_json()
    assert merged.timelines == both.timelines
    assert both.to_json()["streams"] == 2
    assert both.to_json()["clips"] == 6
    assert both.variants["model"].delays[:2] == (0.0, 0.0)


def test_without_anything_unknown_there_is_nothing_false(tmp_path: Path) -> None:
    one = stream(tmp_path, ("run", 4), ("walk", 4))
    found = judge_built(Scripted(model="RRRRWWWW"), [one], CLASSES)
    figures = found.to_json()["model"]
    assert figures["unknown_shown"] is None
    assert figures["false_segments_per_minute"] is None
    assert figures["auroc"] is None
    assert figures["accuracy"] == figures["edit"] == figures["f1"]["0.50"] == 1.0
    assert "unknown" not in describe_streams(found)
    assert "unknown" not in in_one_line(found)


def test_what_is_never_right_has_no_delay(tmp_path: Path) -> None:
    one = stream(tmp_path, ("run", 4), ("walk", 4))
    found = judge_built(Scripted(model="wwwwrrrr"), [one], CLASSES)
    figures = found.to_json()["model"]
    assert figures["delay_median"] is figures["delay_90"] is None
    assert figures["never_named"] == figures["stretches"] == 2
    assert figures["accuracy"] == figures["f1"]["0.10"] == 0.0
    assert "2 of 2" in describe_streams(found)


def test_clips_are_joined_and_judged(tmp_path: Path) -> None:
    clips = stream(tmp_path, ("run", 8), ("walk", 8), (None, 8)).clips

    class Always(Scripted):
        def __call__(self, parts: Iterable[Array]) -> dict[Variant, Predicted]:
            return {"model": self._said("R" * sum(len(part) for part in parts))}

    done: list[int] = []
    found = judge_built(Always(), build_streams(clips, CLASSES), CLASSES, done.append)
    assert done == [1]
    assert found.clips == 3
    assert found.variants["model"].accuracy == 0.5


def test_the_figures_are_told_in_a_line_in_a_table_and_as_json(judged: StreamEvaluation) -> None:
    line = in_one_line(judged)
    assert "77.8 % of steps are right (without memory 55.6 %)" in line
    assert "F1 at half overlap 0.67" in line
    assert "50.0 % of unknown steps shown as known" in line
    text = describe_streams(judged)
    assert text.startswith("1 stream of 0.2 minutes in all, 4 clips joined by hard cuts, 31 %")
    rows = {row.split("  ")[0]: row.split("  ")[1:] for row in text.splitlines()}
    assert [cell.strip() for cell in rows["known steps right"] if cell] == ["77.8 %", "55.6 %"]
    assert "memory alone" not in text
    figures = json.loads(json.dumps(as_json(judged), allow_nan=False))
    assert figures["text"] == line
    assert figures["model"]["f1"] == {"0.10": 4 / 6, "0.25": 4 / 6, "0.50": 4 / 6}
    assert figures["frames"]["stretches"] == 3
