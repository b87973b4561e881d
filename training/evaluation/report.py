"""The report: one HTML file that needs nothing else, for any browser, in light and dark."""

from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from pathlib import Path

from lrcn_desktop.files import atomic_write
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.training_events import Epoch
from training.evaluation import sections
from training.evaluation.curves import learning_curves
from training.evaluation.evaluation import Evaluation
from training.evaluation.provenance import provenance
from training.evaluation.stream_figures import StreamEvaluation
from training.evaluation.stream_report import streams_section
from training.evaluation.verdict import seen, verdict


def write_report(
    path: Path,
    evaluation: Evaluation,
    *,
    title: str,
    info: ModelInfo,
    history: Sequence[Epoch] = (),
    fusion: Mapping[str, Evaluation] | None = None,
    current: Evaluation | None = None,
    protocol: str = "",
    streams: StreamEvaluation | None = None,
) -> None:
    """Write the report, atomically.

    Args:
        path: The HTML file.
        evaluation: The figures.
        title: The heading.
        info: The model that was judged.
        history: The epochs of its training, where they are known.
        fusion: Names and figures of the flow stream and of its fusions with this model.
        current: The figures of the model that this one may replace, on the same clips.
        protocol: How the clips were chosen that it was judged on, where that is known.
        streams: The figures on streams that the clips were joined to.

    Raises:
        UserError: The file cannot be written.
    """
    parts = [
        _header(evaluation, title, info, current),
        sections.headline(evaluation, current),
        streams_section(streams) if streams is not None else "",
        sections.by_seconds(evaluation),
        sections.calibration(evaluation),
        sections.activities(evaluation),
        sections.confusion(evaluation),
        learning_curves(history),
        sections.fusion(evaluation, fusion or {}),
        sections.worst(evaluation),
        provenance(evaluation, info, protocol),
    ]
    write_page(path, title, [part for part in parts if part])


def write_page(path: Path, title: str, parts: Sequence[str]) -> None:
    """Write a page that needs nothing else, of `parts` that are HTML, in the report's style.

    Raises:
        UserError: The file cannot be written.
    """
    style = (files(__package__) / "report.css").read_text("utf-8")
    page = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        # Nothing is fetched and nothing runs, whatever a label may hold.
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n"
        f"<body>\n<main>\n{''.join(parts)}</main>\n</body>\n</html>\n"
    )
    with atomic_write(path, "w") as file:
        file.write(page)


def _header(evaluation: Evaluation, title: str, info: ModelInfo, current: Evaluation | None) -> str:
    rate = "every frame" if info.step_rate is None else f"{info.step_rate:g} steps per second"
    chips = [info.preset, f"{len(evaluation.classes)} activities", rate]
    notice = seen(evaluation)
    return (
        '<header><p class="brand">LRCN Desktop</p>'
        f"<h1>{escape(title)}</h1>"
        f'<p class="chips">{"".join(f"<span>{escape(chip)}</span>" for chip in chips)}</p>'
        f'<p class="lead">{escape(verdict(evaluation, current)).replace(" %", "&nbsp;%")}</p>'
        + (f'<p class="notice">{escape(notice)}</p>' if notice else "")
        + "</header>\n"
    )
