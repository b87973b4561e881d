"""The learning curves of the report."""

import math
from collections.abc import Sequence

from lrcn_desktop.training_events import Epoch
from training.evaluation.charts import Line, Point, line_chart
from training.evaluation.sections import legend, section

_STYLES = ("ours", "theirs", "second", "fourth")


def learning_curves(history: Sequence[Epoch]) -> str:
    """Return loss and accuracy against epochs, a pair of lines a fit; "" without a history.

    Args:
        history: The epochs; of one that was repeated after a resume, the last one counts.
    """
    fits: dict[str, dict[int, Epoch]] = {}
    for event in history:
        fits.setdefault(event.fit, {})[event.epoch] = event
    if not fits:
        return ""
    kinds = list(dict.fromkeys(_kind(name) for name in fits))
    styles = {kind: _STYLES[number % len(_STYLES)] for number, kind in enumerate(kinds)}
    thin = " thin" if len(fits) > len(kinds) else ""
    keys = [(styles[kind], kind) for kind in kinds]
    keys += [("trained", "training"), ("validated", "validation"), ("marked", "epoch that is kept")]
    charts = []
    for heading, key, name in (("Loss", "loss", "{:g}".format), ("Accuracy", "accuracy", None)):
        lines = [
            line
            for fit, epochs in fits.items()
            for line in _lines(fit, list(epochs.values()), key, styles[_kind(fit)] + thin)
        ]
        values = [y for line in lines for _, y in line.points]
        if not values:
            continue
        title = f"{heading} against epochs"
        if name is None:
            low = max(0.0, math.floor(min(values) * 10) / 10)
            chart = line_chart(
                lines, title=title, x_label="epoch", y_range=(min(low, 0.9), 1.0), begin=1
            )
        else:
            chart = line_chart(
                lines, title=title, x_label="epoch", y_range=(0, max(values)), name=name, begin=1
            )
        charts.append(f"<figure><figcaption>{heading}</figcaption>{chart}</figure>")
    text = "One line per fit; the mouse names it. Dashed: the training clips."
    body = f'<div class="pair">{"".join(charts)}</div>{legend(keys)}'
    return section("Learning curves", text, body, wide=True)


def _kind(fit: str) -> str:
    """Return what a fit has in common with its like: "LSTM" of "fold 1 of 5, LSTM"."""
    return fit.rpartition(", ")[2]


def _lines(fit: str, epochs: Sequence[Epoch], key: str, style: str) -> list[Line]:
    def points(name: str) -> list[Point]:
        pairs = ((epoch.epoch, getattr(epoch, name)) for epoch in epochs)
        return [(float(x), y) for x, y in pairs if y is not None]

    trained, validated = points(key), points(f"validation_{key}")
    best = [float(epoch.epoch) for epoch in epochs if epoch.best][-1:]
    mark = next((point for point in validated or trained if [point[0]] == best), None)
    return [
        Line(f"{fit}: training", trained, f"{style} dashed", None if validated else mark),
        Line(f"{fit}: validation", validated, style, mark),
    ]
