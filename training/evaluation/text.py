"""An evaluation as a person reads it in a terminal."""

from training.evaluation.columns import in_columns as _table
from training.evaluation.evaluation import Evaluation
from training.evaluation.verdict import counted, percent, seen, verdict

_MATRIX_UP_TO = 12  # activities; a larger matrix does not fit a terminal
_LABEL = 28  # characters that a label may take


def describe(evaluation: Evaluation) -> str:
    """Return the figures as tables of plain text, the network beside its baseline."""
    parts = [_headline(evaluation), _per_class(evaluation), _by_seconds(evaluation)]
    if len(evaluation.classes) <= _MATRIX_UP_TO:
        parts.append(_matrix(evaluation))
    parts += [verdict(evaluation), seen(evaluation)]
    return "\n\n".join(part for part in parts if part)


def _headline(evaluation: Evaluation) -> str:
    ours, theirs = evaluation.accuracy, evaluation.baseline
    rows = [
        ("steps right", percent(ours.frame), percent(theirs.frame)),
        ("clips right, by the mean", percent(ours.clip_mean), percent(theirs.clip_mean)),
        ("clips right, at the last step", percent(ours.clip_last), percent(theirs.clip_last)),
        ("loss", f"{evaluation.loss:.3f}", f"{evaluation.baseline_loss:.3f}"),
    ]
    if evaluation.unit == "step":
        del rows[1:3]
    if evaluation.top5 is not None:
        rows.append(("among the five most probable", percent(evaluation.top5), ""))
    rows.append(("calibration error", percent(evaluation.ece), ""))
    known = evaluation.known
    if known.threshold > 0:
        rows.append((f"right steps above {known.threshold:.2f}", percent(known.right), ""))
        rows.append((f"wrong steps above {known.threshold:.2f}", percent(known.wrong), ""))
    head = (counted(evaluation.clips, "clip"), "", "")
    if evaluation.memory:
        head = (head[0], "with memory", "frame average")
    else:
        rows = [(name, ours_, "") for name, ours_, _ in rows]
    return _table([head, *rows])


def _per_class(evaluation: Evaluation) -> str:
    steps, memory = evaluation.unit == "step", evaluation.memory
    head = ["", "clips", "steps"]
    if not steps:
        head += ["by mean", "last step"]
    if memory:
        head.append("frame average")
    rows = [head]
    for label, figures in evaluation.per_class.items():
        if not figures.clips:
            continue
        row = [_short(label), f"{figures.clips}", percent(figures.frame)]
        if not steps:
            row += [percent(figures.clip_mean), percent(figures.clip_last)]
        if memory:
            row.append(percent(figures.baseline_frame if steps else figures.baseline_clip_mean))
        rows.append(row)
    return _table(rows)


def _by_seconds(evaluation: Evaluation) -> str:
    by = evaluation.accuracy_by_seconds
    rows = [
        ["seconds seen", *(f"{seconds:g}" for seconds in by.seconds)],
        ["at that step", *(f"{100 * share:.0f} %" for share in by.last)],
        ["by the mean until then", *(f"{100 * share:.0f} %" for share in by.mean)],
        ["frame average until then", *(f"{100 * share:.0f} %" for share in by.baseline_mean)],
        ["clips that long" if evaluation.unit == "clip" else "stretches that long"]
        + [f"{count}" for count in by.clips],
    ]
    if not evaluation.memory:
        del rows[3]
    return _table(rows) if by.seconds else ""


def _matrix(evaluation: Evaluation) -> str:
    numbers = [f"{number}" for number in range(1, len(evaluation.classes) + 1)]
    rows = [["truth \\ said", *numbers]]
    for number, label, row in zip(numbers, evaluation.classes, evaluation.confusion, strict=True):
        rows.append([f"{number} {_short(label)}", *(f"{count or '·'}" for count in row)])
    return _table(rows)


def _short(label: str) -> str:
    return label if len(label) <= _LABEL else label[: _LABEL - 1] + "…"
