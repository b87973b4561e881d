"""The slides' table with this run's columns beside it, as text and as JSON."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from lrcn_desktop.model.presets import PRESETS
from training.data.ucf101 import SLIDES
from training.evaluation.columns import in_columns
from training.evaluation.verdict import counted, percent
from training.reproduce.published import OURS, PUBLISHED, Sides
from training.reproduce.result import Result

SIDES = ("train", "validation", "test")


def loss(value: float) -> str:
    """Return a loss as the slides print it."""
    return f"{value:.4f}"


def share(value: float) -> str:
    """Return an accuracy as the slides print it."""
    return f"{100 * value:.2f} %"


def name(preset: str) -> str:
    """Return what an approach is called: "2.2 vgg16-lstm", "ours (default)"."""
    return f"{PUBLISHED[preset].approach} {preset}" if preset in PUBLISHED else f"ours ({preset})"


def parameter_rows(results: Sequence[Result]) -> Sequence[Sequence[str]]:
    """Return rows of: approach, trained parameters as published, here, the difference."""
    rows = []
    for result in results:
        there = PRESETS[result.preset].published_parameters
        off = f"{(result.parameters - there) / there:+.1%}" if there else ""
        rows.append(
            (name(result.preset), f"{there:,}" if there else "–", f"{result.parameters:,}", off)
        )
    return rows


def loss_rows(results: Sequence[Result]) -> Sequence[Sequence[str]]:
    """Return rows of: approach, and for each of `SIDES` the loss as published and here."""
    return _side_by_side(results, loss, lambda result: result.loss, "loss")


def accuracy_rows(results: Sequence[Result]) -> Sequence[Sequence[str]]:
    """Return rows of: approach, and for each of `SIDES` the accuracy as published and here."""
    return _side_by_side(results, share, lambda result: result.accuracy, "accuracy")


def clip_rows(results: Sequence[Result]) -> Sequence[Sequence[str]]:
    """Return rows of: approach, test clips right by the mean, at the last step, frame average."""
    return [
        (name(r.preset), percent(r.clip_mean), percent(r.clip_last), percent(r.frame_average))
        for r in results
    ]


def conclusion(results: Sequence[Result]) -> str:
    """Return how ours compares with the best of the four, in a sentence."""
    ours = next(result for result in results if result.preset == OURS)
    best = max((r for r in results if r.preset in PUBLISHED), key=lambda r: r.clip_mean)
    return (
        f"Of {counted(ours.clips, 'test clip')} ours gets {percent(ours.clip_mean)} right, the "
        f"best of the four approaches ({name(best.preset)}) {percent(best.clip_mean)}."
    )


def notes(results: Sequence[Result]) -> list[str]:
    """Return what has to be known to read the figures."""
    first = results[0]
    said = [f"Sides of all five: {first.split}."]
    if set(first.classes) != set(SLIDES):
        said.append(
            "The published figures are of other activities, so that they cannot be compared one by "
            f"one: theirs are {', '.join(SLIDES)}; these are {', '.join(first.classes)}."
        )
    said.append(
        "Losses and accuracies are of single steps, as the slides' are of frames. Those of the "
        "training side are of the best epoch, with dropout; losses of the validation and test "
        "sides are of calibrated probabilities. Ours is two networks that are averaged: its "
        "training and validation figures are of the one with memory alone. Networks on VGG-16 are "
        "fitted once more to the training and validation clips together before the test."
    )
    return said


def describe(results: Sequence[Result]) -> str:
    """Return the tables for a terminal."""
    both = [word for _ in SIDES for word in ("published", "here")]
    parts = [
        ["parameters", in_columns([("", "published", "here", ""), *parameter_rows(results)])],
        ["loss of steps", in_columns([_above(), ("", *both), *loss_rows(results)])],
        ["accuracy of steps", in_columns([_above(), ("", *both), *accuracy_rows(results)])],
        [
            f"{counted(results[0].clips, 'test clip')} right, here",
            in_columns([("", "by the mean", "last step", "frame average"), *clip_rows(results)]),
        ],
        notes(results),
        [conclusion(results)],
    ]
    return "\n\n".join("\n".join(part) for part in parts)


def to_json(results: Sequence[Result]) -> dict[str, Any]:
    """Return everything that the tables say."""
    rows = []
    for result in results:
        published = None
        if result.preset in PUBLISHED:
            figures = asdict(PUBLISHED[result.preset])
            published = figures | {"parameters": PRESETS[result.preset].published_parameters}
        here = asdict(result)
        for common in ("preset", "data", "classes", "split"):
            del here[common]
        rows.append({"preset": result.preset, "published": published, "here": here})
    first = results[0]
    return {
        "data": first.data,
        "classes": list(first.classes),
        "split": first.split,
        "published_classes": list(SLIDES),
        "approaches": rows,
        "notes": notes(results),
        "conclusion": conclusion(results),
    }


def _side_by_side(
    results: Sequence[Result], text: Callable[[float], str], of: Callable[[Result], Sides], key: str
) -> Sequence[Sequence[str]]:
    rows = []
    for result in results:
        row = [name(result.preset)]
        for side in SIDES:
            there = PUBLISHED.get(result.preset)
            row.append(text(getattr(getattr(there, key), side)) if there else "–")
            row.append(text(getattr(of(result), side)))
        rows.append(tuple(row))
    return rows


def _above() -> tuple[str, ...]:
    return ("", *(word for side in SIDES for word in ("", side)))
