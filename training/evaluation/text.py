"""An evaluation as a person reads it in a terminal."""

from training.evaluation.columns import in_columns, shortened
from training.evaluation.evaluation import Evaluation
from training.evaluation.verdict import counted_clips, percent, seen, verdict, with_interval

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
    memory = evaluation.memory
    head = [counted_clips(evaluation)]
    head += ["with memory", "frame average", "difference"] if memory else [""]
    rows = [head]
    for name, key in (
        ("steps right", "frame"),
        ("clips right, by the mean", "clip_mean"),
        ("clips right, at the last step", "clip_last"),
    ):
        if getattr(evaluation.accuracy, key) is not None:
            rows.append([name, *_shares(evaluation, key)[: len(head) - 1]])
    rows.append(["loss", f"{evaluation.loss:.3f}"])
    if memory:
        rows[-1].append(f"{evaluation.baseline_loss:.3f}")
    if evaluation.top5 is not None:
        rows.append(["among the five most probable", percent(evaluation.top5)])
    rows.append(["calibration error", percent(evaluation.ece)])
    known = evaluation.known
    if known.threshold > 0:
        rows.append([f"right steps above {known.threshold:.2f}", percent(known.right)])
        rows.append([f"wrong steps above {known.threshold:.2f}", percent(known.wrong)])
    table = in_columns([[*row, *[""] * (len(head) - len(row))] for row in rows])
    return f"{table}\n(in brackets: 95 % intervals, by a bootstrap over groups)"


def _shares(evaluation: Evaluation, key: str) -> tuple[str, str, str]:
    """Return a figure of the network, of the frame network, and how much better the first is."""
    ours, theirs = getattr(evaluation.accuracy, key), getattr(evaluation.baseline, key)
    ranges = evaluation.intervals
    low, high = getattr(ranges.difference, key)
    return (
        with_interval(ours, getattr(ranges.accuracy, key)),
        with_interval(theirs, getattr(ranges.baseline, key)),
        f"{100 * (ours - theirs):+.1f} ({100 * low:.1f} to {100 * high:.1f})",
    )


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
        row = [shortened(label, _LABEL), f"{figures.clips}", percent(figures.frame)]
        if not steps:
            row += [percent(figures.clip_mean), percent(figures.clip_last)]
        if memory:
            row.append(percent(figures.baseline_frame if steps else figures.baseline_clip_mean))
        rows.append(row)
    return in_columns(rows)


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
    return in_columns(rows) if by.seconds else ""


def _matrix(evaluation: Evaluation) -> str:
    numbers = [f"{number}" for number in range(1, len(evaluation.classes) + 1)]
    rows = [["truth \\ said", *numbers]]
    for number, label, row in zip(numbers, evaluation.classes, evaluation.confusion, strict=True):
        rows.append([f"{number} {shortened(label, _LABEL)}", *(f"{count or '·'}" for count in row)])
    return in_columns(rows)
