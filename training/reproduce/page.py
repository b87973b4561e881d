"""The slides' table with this run's columns beside it, as one HTML file."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from training.evaluation.report import write_page
from training.evaluation.sections import section, table
from training.reproduce.result import Result
from training.reproduce.table import (
    SIDES,
    accuracy_rows,
    clip_rows,
    conclusion,
    loss_rows,
    name,
    notes,
    parameter_rows,
)

_TITLE = "The slides' comparison, made again"


def write_reproduction(path: Path, results: Sequence[Result]) -> None:
    """Write the page, atomically.

    Raises:
        UserError: The file cannot be written.
    """
    both = ("", *(f"{side}, {whose}" for side in SIDES for whose in ("slides", "here")))
    steps = "Of single steps; the slides' of single frames. Each pair: as published, and here."
    of = escape(f"Of {results[0].clips} test clips, here.")
    heads = ("", "by the mean over the clip", "at the last step", "frame average, without memory")
    parts = [
        _header(results),
        section("Accuracy", steps, table(both, accuracy_rows(results)), wide=True),
        section("Loss", steps, table(both, loss_rows(results)), wide=True),
        section("Clips that are right", of, table(heads, clip_rows(results)), wide=True),
        section(
            "Parameters",
            "That are trained.",
            table(("", "slides", "here", "difference"), parameter_rows(results)),
        ),
        section("The runs", "Each has a report of its own.", _reports(results)),
        section("To read the figures", escape(" ".join(notes(results))), "", wide=True),
    ]
    write_page(path, _TITLE, parts)


def _header(results: Sequence[Result]) -> str:
    chips = [results[0].data, *results[0].classes]
    return (
        '<header><p class="brand">LRCN Desktop</p>'
        f"<h1>{escape(_TITLE)}</h1>"
        f'<p class="chips">{"".join(f"<span>{escape(chip)}</span>" for chip in chips)}</p>'
        f'<p class="lead">{escape(conclusion(results)).replace(" %", "&nbsp;%")}</p></header>\n'
    )


def _reports(results: Sequence[Result]) -> str:
    items = "".join(
        f'<li><a href="{escape(r.preset)}.run/report.html">{escape(name(r.preset))}</a></li>'
        for r in results
    )
    return f"<ul>{items}</ul>"
