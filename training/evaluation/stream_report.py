"""Figures on streams for people: a line, a table for a terminal, a section of the report."""

from collections.abc import Callable
from typing import Any

from training.evaluation.columns import in_columns
from training.evaluation.sections import section, table
from training.evaluation.stream_bands import bands
from training.evaluation.stream_figures import OVERLAPS, StreamEvaluation, StreamFigures
from training.evaluation.stream_predict import Variant
from training.evaluation.verdict import counted, percent

_NAMES: dict[Variant, str] = {
    "model": "model",
    "frames": "frame network",
    "memory": "memory alone",
    "reset": "reset at cuts",
}

_Value = Callable[[StreamFigures], str]
_ROWS: tuple[tuple[str, _Value], ...] = (
    ("known steps right", lambda f: percent(f.accuracy)),
    ("known steps shown right", lambda f: percent(f.shown_right_share)),
    *(
        (f"segmental F1 at overlap {at:.2f}", lambda f, n=n: f"{f.f1[n]:.2f}")
        for n, at in enumerate(OVERLAPS)
    ),
    ("edit score", lambda f: f"{f.edit:.2f}"),
    ("delay to the first right label, median", lambda f: _seconds(f.delay(50))),
    ("delay, 90th percentile", lambda f: _seconds(f.delay(90))),
    ("stretches never named", lambda f: f"{f.never_named} of {len(f.delays)}"),
)
_UNKNOWN_ROWS: tuple[tuple[str, _Value], ...] = (
    ("unknown steps shown as known", lambda f: percent(f.unknown_shown_share)),
    ("false segments per minute of unknown", lambda f: _number(f.false_per_minute, 1)),
    ("AUROC of known against unknown", lambda f: _number(f.auroc, 3)),
)


def as_json(evaluation: StreamEvaluation) -> dict[str, Any]:
    """Return the figures and `in_one_line` as JSON has them."""
    return evaluation.to_json() | {"text": in_one_line(evaluation)}


def in_one_line(evaluation: StreamEvaluation) -> str:
    """Return the figures that matter most as one sentence."""
    ours, frames = evaluation.variants["model"], evaluation.variants.get("frames")
    beside = "" if frames is None else f" (without memory {percent(frames.accuracy)})"
    parts = [
        f"{percent(ours.accuracy)} of steps are right{beside}",
        f"F1 at half overlap {ours.f1[-1]:.2f}",
        f"right label after {_seconds(ours.delay(50))} (median)",
    ]
    if ours.unknown_steps:
        parts.append(f"{percent(ours.unknown_shown_share)} of unknown steps shown as known")
    return f"On streams of clips: {', '.join(parts)}."


def describe_streams(evaluation: StreamEvaluation) -> str:
    """Return the figures as a table of plain text."""
    head, rows = _figures(evaluation)
    return f"{_material(evaluation)}\n\n{in_columns([head, *rows])}"


def streams_section(evaluation: StreamEvaluation) -> str:
    """Return the report's section: the figures, and each stream as two bands, as HTML."""
    head, rows = _figures(evaluation)
    text = (
        f"{_material(evaluation)} Segments are what analyze gives; what lies in unknown stretches "
        "for the most part is false. A delay runs from a cut to the first step with the right "
        "label."
    )
    picture = (
        "<h3>Each stream: the truth above, what was recognized below</h3>"
        f"{bands(evaluation.timelines, evaluation.classes)}"
    )
    body = f'<div class="below">{table(head, rows)}<div>{picture}</div></div>'
    return section("As it is used: one activity after another", text, body, wide=True)


def _material(evaluation: StreamEvaluation) -> str:
    """Return the sentence that says what the streams are."""
    count, unknown = len(evaluation.timelines), evaluation.variants["model"].unknown_seconds
    share = f"{100 * unknown / evaluation.seconds:.0f} % of it unknown" if unknown else ""
    parts = [
        f"{counted(count, 'stream')} of {evaluation.seconds / 60:.1f} minutes in all",
        f"{counted(evaluation.clips, 'clip')} joined by hard cuts",
        *([share] if share else []),
        f"{evaluation.rate:g} steps per second",
    ]
    return f"{', '.join(parts)}."


def _figures(evaluation: StreamEvaluation) -> tuple[list[str], list[list[str]]]:
    """Return the head and the rows of the table, a column for each variant."""
    found = evaluation.variants
    rows = [*_ROWS, *(_UNKNOWN_ROWS if found["model"].unknown_steps else ())]
    names = [name for name in _NAMES if name in found]
    return (
        ["", *(_NAMES[name] for name in names)],
        [[title, *(value(found[name]) for name in names)] for title, value in rows],
    )


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f} s"


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:.{digits}f}"
