"""The sections of the report, each from the figures to HTML."""

from collections.abc import Mapping, Sequence
from html import escape

from training.evaluation.bootstrap import Interval
from training.evaluation.charts import Line, line_chart, reliability_chart
from training.evaluation.evaluation import CalibratedOn, Evaluation
from training.evaluation.matrix import heat_map
from training.evaluation.verdict import percent, with_interval

_BESIDE_UP_TO = 12  # activities; a larger matrix takes the whole width
_PAIRS = 8  # of activities most often mixed up that are listed
_CALIBRATED_ON: Mapping[CalibratedOn, str] = {
    "other clips": "Other clips set the temperature and the threshold.",
    "other folds": "For each clip, clips of the other folds set the temperature and the threshold.",
    "these clips": "These clips set the temperature and the threshold too, which flatters both.",
}


def section(heading: str, text: str, body: str, *, wide: bool = False) -> str:
    """Return a card with a heading, a sentence and what it shows; `text` and `body` are HTML."""
    kind = "card wide" if wide else "card"
    return f'<section class="{kind}"><h2>{escape(heading)}</h2><p>{text}</p>{body}</section>\n'


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, texts: int = 1) -> str:
    """Return a table whose first `texts` columns are texts, the others figures."""

    def cells(row: Sequence[str], tag: str) -> str:
        kinds = ["" if number < texts else ' class="figure"' for number in range(len(row))]
        return "".join(
            f"<{tag}{kind}>{escape(cell)}</{tag}>" for kind, cell in zip(kinds, row, strict=True)
        )

    body = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows)
    return (
        f'<div class="scroll"><table><thead><tr>{cells(head, "th")}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def legend(entries: Sequence[tuple[str, str]]) -> str:
    """Return a chart's legend: styles and what they mean."""
    keys = "".join(f'<span class="key {style}">{escape(name)}</span>' for style, name in entries)
    return f'<p class="legend">{keys}</p>'


def headline(evaluation: Evaluation, current: Evaluation | None) -> str:
    """The network beside the frame average, and beside the model that it may replace."""

    def tile(name: str, key: str, note: str) -> str:
        ranges = evaluation.intervals
        rows = [_row("with memory" if evaluation.memory else "this model", "ours", key, evaluation)]
        if evaluation.memory:
            share, interval = getattr(evaluation.baseline, key), getattr(ranges.baseline, key)
            rows.append((note, "theirs", share, interval))
        if current is not None:
            rows.append(_row("current model", "present", key, current))
        return _tile(name, rows)

    tiles = [tile("Steps right", "frame", "no memory")]
    if evaluation.unit == "clip":
        tiles.insert(0, tile("Clips right, by the mean", "clip_mean", "frame average"))
        tiles.insert(1, tile("Clips right, at the last step", "clip_last", "no memory"))
    if evaluation.top5 is not None:
        rows: list[_Row] = [("this model", "ours", evaluation.top5, None)]
        if current is not None:
            rows.append(("current model", "present", current.top5 or 0.0, None))
        tiles.append(_tile("Among the five most probable", rows))
    kind = "tiles four" if len(tiles) == 4 else "tiles"
    text = (
        "The smaller figures and the thin lines are 95 % intervals, by a bootstrap over the "
        f"{evaluation.groups:,} groups: where the share of other people and places may lie."
    )
    return f'<div class="{kind}">{"".join(tiles)}</div>\n<p class="remark">{text}</p>\n'


_Row = tuple[str, str, float, Interval | None]  # a bar's label, style, share and its interval


def _row(label: str, style: str, key: str, of: Evaluation) -> _Row:
    return label, style, getattr(of.accuracy, key), getattr(of.intervals.accuracy, key)


def _tile(name: str, rows: Sequence[_Row]) -> str:
    bars = "".join(
        f'<div class="bar {style}"><span>{label}</span>{_bar(share, interval=interval)}'
        f'<b title="{with_interval(share, interval)}">{percent(share)}</b></div>'
        for label, style, share, interval in rows
    )
    _, _, share, interval = rows[0]
    told = "" if interval is None else f" {100 * interval[0]:.0f} to {100 * interval[1]:.0f}"
    big = f'<p class="big">{100 * share:.1f}<small> %{told}</small></p>'
    return f'<section class="tile"><h2>{name}</h2>{big}{bars}</section>'


def by_seconds(evaluation: Evaluation) -> str:
    """Accuracy against seconds seen."""
    by = evaluation.accuracy_by_seconds
    if not by.seconds:
        return ""

    def line(name: str, shares: Sequence[float], style: str) -> Line:
        return Line(name, list(zip(by.seconds, shares, strict=True)), style, dots=True)

    lines = [
        line("At that step", by.last, "second"),
        line("By the mean until then", by.mean, "ours"),
    ]
    keys = [("ours", "by the mean until then"), ("second", "at that step")]
    if evaluation.memory:
        lines.insert(0, line("Frame average until then", by.baseline_mean, "theirs"))
        keys.append(("theirs", "frame average until then"))
    low = min(min(line.points, key=lambda p: p[1])[1] for line in lines)
    floor = max(0.0, int(low * 10 - 0.5) / 10) if low < 1 else 0.9
    noun = "clip" if evaluation.unit == "clip" else "stretch of one activity"
    text = (
        f"How soon it knows. Each point counts every {noun} that lasts so long: "
        f"{by.clips[0]:,} at {by.seconds[0]:g} s, {by.clips[-1]:,} at {by.seconds[-1]:g} s."
    )
    chart = line_chart(
        lines,
        title="Accuracy against seconds seen",
        x_label="seconds seen",
        y_range=(floor, 1.0),
    )
    return section("Accuracy against seconds seen", text, chart + legend(keys))


def activities(evaluation: Evaluation) -> str:
    """A bar for each activity, the best first, with a tick where the frame average is."""
    steps = evaluation.unit == "step"
    found = [
        (
            label,
            f.clips,
            f.frame if steps else f.clip_mean,
            f.baseline_frame if steps else f.baseline_clip_mean,
        )
        for label, f in evaluation.per_class.items()
    ]
    shown = sorted(
        (
            (label, clips, share, theirs or 0.0)
            for label, clips, share, theirs in found
            if share is not None
        ),
        key=lambda row: (-row[2], row[0]),
    )
    rows = "".join(
        f'<li><span class="label">{escape(label)}</span>'
        f'<span class="count">{clips}</span>{_bar(share, theirs if evaluation.memory else None)}'
        f"<b>{100 * share:.0f} %</b></li>"
        for label, clips, share, theirs in shown
    )
    text = "Share of its steps" if steps else "Share of its clips"
    text += " that are right; the small number counts its clips."
    if evaluation.memory:
        text += " The tick is the frame average."
    return section("Activity by activity", text, f'<ol class="bars">{rows}</ol>', wide=True)


def confusion(evaluation: Evaluation) -> str:
    """The matrix as a heat map, and the pairs most often mixed up."""
    classes = evaluation.classes
    pairs = sorted(
        (
            (cases, sum(row), classes[truth], classes[said])
            for truth, row in enumerate(evaluation.confusion)
            for said, cases in enumerate(row)
            if cases and truth != said
        ),
        key=lambda pair: (-pair[0], pair[2:]),
    )[:_PAIRS]
    what = "clips by the mean" if evaluation.unit == "clip" else "steps"
    text = f"Rows are the truth, columns what was said; {what}, shaded by the share of their row."
    matrix = f'<div class="scroll">{heat_map(evaluation.confusion, classes)}</div>'
    if pairs:
        rows = [(f"{truth} → {said}", f"{cases} of {of}") for cases, of, truth, said in pairs]
        listed = "<h3>Most often mixed up</h3>" + table(("truth → said", "cases"), rows)
        kind = "beside" if len(classes) <= _BESIDE_UP_TO else "below"
        matrix = f'<div class="{kind}">{matrix}<div>{listed}</div></div>'
    return section("What is taken for what", text, matrix, wide=True)


def fusion(evaluation: Evaluation, streams: Mapping[str, Evaluation]) -> str:
    """The two streams, alone and fused."""
    if not streams:
        return ""
    rows = [
        (
            name,
            percent(e.accuracy.frame),
            with_interval(e.accuracy.clip_mean, e.intervals.accuracy.clip_mean),
            percent(e.accuracy.clip_last),
            percent(e.baseline.clip_mean),
        )
        for name, e in {"pictures alone": evaluation, **streams}.items()
    ]
    head = ("", "steps", "by the mean", "last step", "frame average")
    text = "Pictures and optical flow: the weighted mean of what the two networks say."
    return section("Two streams", text, table(head, rows), wide=True)


def calibration(evaluation: Evaluation) -> str:
    """Whether the probabilities can be believed, and what the threshold does."""
    known = evaluation.known
    text = (
        "How often a step is right against how sure it is: on the line, a probability means what "
        f"it says. The mean distance is {percent(evaluation.ece)}; a circle's area is the steps. "
        f"{_CALIBRATED_ON[evaluation.calibrated_on]}"
    )
    if known.threshold > 0:
        text += (
            f" Below {100 * known.threshold:.0f} % nothing known is said: {percent(known.right)} of"
            f" right steps pass, and {percent(known.wrong)} of wrong ones."
        )
    return section("Honesty of the probabilities", text, reliability_chart(evaluation.reliability))


def worst(evaluation: Evaluation) -> str:
    """The clips that are most wrong, by name."""
    if not evaluation.worst:
        return section("Most wrong", "By the mean, none is wrong.", "")
    rows = [
        (
            w.name + (f" from {w.start:.1f} s" if evaluation.unit == "step" else ""),
            w.truth,
            w.said,
            percent(w.probability),
        )
        for w in evaluation.worst
    ]
    text = "Wrong by the mean, the truth's probability lowest first."
    head = ("clip", "truth", "said", "truth's probability")
    return section("Most wrong", text, table(head, rows, texts=3), wide=True)


def _bar(share: float, tick: float | None = None, interval: Interval | None = None) -> str:
    mark = "" if tick is None else f'<u style="left:{100 * tick:.1f}%"></u>'
    if interval is not None:
        low, high = interval
        mark += f'<s style="left:{100 * low:.1f}%;width:{100 * (high - low):.1f}%"></s>'
    return f'<i class="track"><i style="width:{100 * share:.1f}%"></i>{mark}</i>'
