"""What is said of a model, as words: what it learnt from, how it was judged, how it works."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale

from lrcn_desktop.app.models.entry import NO_SPEED, Entry
from lrcn_desktop.app.retrain.comparison import Figure
from lrcn_desktop.recognition.rates import held_rate

if TYPE_CHECKING:
    from lrcn_desktop.model.model_info import ModelInfo

_MEAN, _LAST = "accuracy of clips by the mean", "accuracy of clips at the last step"
_STEPS, _WITHOUT = "accuracy of steps", ", without memory"


def summary(entry: Entry) -> str:
    """Return one line for the list of models."""
    if entry.info is None:
        return _tr("Damaged")
    known = _tr("{0} activities").format(len(entry.info.classes))
    for key, text in ((_MEAN, _tr("{0} of clips right")), (_STEPS, _tr("{0} of steps right"))):
        value = _share(entry.info, key)
        if value is not None:
            known = f"{known}  ·  {text.format(percent(value))}"
            break
    if entry.speed is not None and entry.speed != NO_SPEED:
        best = entry.speed.steps_per_second
        held = held_rate(entry.info, best)
        if held is None or entry.info.rates is None:
            rate = _tr("up to {0:.0f} steps/s here").format(best)
        else:
            rate = _tr("holds {0:g} of {1:g} steps/s here").format(held, entry.info.rates[1])
        known = f"{known}\n{rate}"
    return known


def facts(entry: Entry) -> list[tuple[str, str]]:
    """Return what a table says of a sound model: the row's title, and the text."""
    info = entry.info
    assert info is not None
    size = QLocale().formattedDataSize(entry.size, 1)
    return [
        (_tr("Learnt from"), _learnt_from(info)),
        (_tr("Judged by"), _text(info.test.get("protocol"))),
        (_tr("Step rate"), _step_rate(info)),
        (_tr("Speed here"), _speed(entry)),
        (_tr("Unknown"), _tr("below {0} confidence").format(f"{100 * info.threshold:.0f} %")),
        (_tr("Network"), info.preset),
        (_tr("Kept"), _tr("among your own") if entry.own else _tr("with the program")),
        (_tr("File"), f"{entry.path} ({size})"),
    ]


def figures(info: ModelInfo, other: ModelInfo | None) -> list[Figure]:
    """Return a model's measured shares beside those of `other`, or else of itself without memory.

    A figure that neither has is left out.
    """
    rows = (
        (_tr("Clips right, by the mean over the clip"), _MEAN),
        (_tr("Clips right, at the last step"), _LAST),
        (_tr("Steps right"), _STEPS),
    )
    found = []
    for title, key in rows:
        beside = _share(info, key + _WITHOUT) if other is None else _share(other, key)
        values = (_share(info, key), beside)
        if values != (None, None):
            found.append(Figure(title, values))
    return found


def compared(info: ModelInfo, other: ModelInfo) -> str:
    """Return how good a model is beside another one, in brackets; "" where that is unknown."""
    ours, theirs = _share(info, _MEAN), _share(other, _MEAN)
    if ours is None or theirs is None:
        return ""
    text = _tr("{0} of clips right, this one {1}").format(percent(ours), percent(theirs))
    return f" ({text})"


def percent(share: float) -> str:
    """Return a share (0..1) as "94.2 %"."""
    return f"{100 * share:.1f} %"


def _step_rate(info: ModelInfo) -> str:
    own = _tr("every frame") if info.step_rate is None else f"{info.step_rate:g}"
    if info.rates is not None:
        text = _tr("{0:g} to {1:g} steps per second ({2} unless another is chosen)")
        return text.format(*info.rates, own)
    return own if info.step_rate is None else _tr("{0} steps per second").format(own)


def _speed(entry: Entry) -> str:
    if entry.speed is None:
        return _tr("measuring ...")
    if entry.speed == NO_SPEED:
        return _tr("does not run here")
    text = _tr("up to {0:.0f} steps per second, measured on {1}")
    return text.format(entry.speed.steps_per_second, entry.speed.device)


def _learnt_from(info: ModelInfo) -> str:
    clips, groups = info.training.get("clips"), info.training.get("groups")
    data = info.training.get("data")
    text = ""
    if isinstance(clips, int) and isinstance(groups, int):
        text = _tr("{0} clips of {1} groups").format(clips, groups)
    if isinstance(data, str) and data:
        text = f"{text} ({data})" if text else data
    return text or "–"


def _text(value: object) -> str:
    return value if isinstance(value, str) and value else "–"


def _share(info: ModelInfo, key: str) -> float | None:
    value = info.test.get(key)
    return value if isinstance(value, float) and 0.0 <= value <= 1.0 else None


def _tr(text: str) -> str:
    return QCoreApplication.translate("", text)  # as lupdate finds it
