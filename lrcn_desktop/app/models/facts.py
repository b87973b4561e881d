"""What is said of a model, as words: what it was trained on, how it was tested, how it works."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale

from lrcn_desktop.app.models.entry import NO_SPEED, Entry
from lrcn_desktop.app.retrain.comparison import Figure
from lrcn_desktop.app.widgets.words import tr
from lrcn_desktop.model.claims import CLIPS, STEPS, STREAM_STEPS, Claim, headline, read_claim
from lrcn_desktop.recognition.rates import held_rate

if TYPE_CHECKING:
    from lrcn_desktop.model.model_info import ModelInfo

_LAST, _WITHOUT = "accuracy of clips at the last step", ", without memory"


def summary(entry: Entry) -> str:
    """Return one line for the list of models."""
    if entry.info is None:
        return tr("Damaged")
    known = tr("{0} activities").format(len(entry.info.classes))
    if (found := headline(entry.info.test)) is not None:
        name, figures = found  # their interval is beside them: the list has no room for it
        known = f"{known}  ·  {_right(name, replace(figures, interval=None))}"
    if entry.speed is not None and entry.speed != NO_SPEED:
        best = entry.speed.steps_per_second
        held = held_rate(entry.info, best)
        if held is None or entry.info.rates is None:
            rate = tr("up to {0:.0f} steps/s here").format(best)
        else:
            rate = tr("holds {0:g} of {1:g} steps/s here").format(held, entry.info.rates[1])
        known = f"{known}\n{rate}"
    return known


def claim(info: ModelInfo) -> str:
    """Return how good a model is, in one sentence; "" where its file does not say."""
    found = headline(info.test)
    if found is None:
        return ""
    clips, groups = info.test.get("clips"), info.test.get("groups")
    if not isinstance(clips, int) or not isinstance(groups, int) or groups >= clips:
        return tr("{0}, on clips that it was not trained on").format(_right(*found))
    return tr("{0}, on people it has never seen").format(_right(*found))


def facts(entry: Entry) -> list[tuple[str, str]]:
    """Return what a table says of a sound model: the row's title, and the text."""
    info = entry.info
    assert info is not None
    size = QLocale().formattedDataSize(entry.size, 1)
    return [
        (tr("Trained on"), _trained_on(info)),
        (tr("Tested by"), _tested_by(info)),
        (tr("Calibration"), _calibration(info)),
        (tr("Step rate"), _step_rate(info)),
        (tr("Speed here"), _speed(entry)),
        (tr("Unknown"), _unknown(info)),
        (tr("Network"), info.preset),
        (tr("Stored"), tr("your own") if entry.own else tr("shipped with the program")),
        (tr("File"), f"{entry.path} ({size})"),
    ]


def figures(info: ModelInfo, other: ModelInfo | None) -> list[Figure]:
    """Return a model's measured shares beside those of `other`, or else of itself without memory.

    A figure that neither has is left out.
    """
    rows = (
        (tr("Clip accuracy (mean over the clip)"), CLIPS),
        (tr("Clip accuracy (last step)"), _LAST),
        (tr("Step accuracy"), STEPS),
        (tr("Step accuracy, clip after clip without a break"), STREAM_STEPS),
    )
    found = []
    for title, key in rows:
        beside = read_claim((other or info).test, key if other is not None else key + _WITHOUT)
        claims = (read_claim(info.test, key), beside)
        if claims != (None, None):
            values = tuple(None if c is None else c.share for c in claims)
            intervals = tuple(None if c is None else c.interval for c in claims)
            found.append(Figure(title, values, intervals))
    return found


def compared(info: ModelInfo, other: ModelInfo) -> str:
    """Return how good a model is beside another one, in brackets; "" where that is unknown."""
    ours, theirs = read_claim(info.test, CLIPS), read_claim(other.test, CLIPS)
    if ours is None or theirs is None:
        return ""
    text = tr("clip accuracy {0}, this one {1}").format(ours, theirs)
    return f" ({text})"


def _right(key: str, found: Claim) -> str:
    text = tr("Clip accuracy {0}") if key == CLIPS else tr("Step accuracy {0}")
    return text.format(found)


def _tested_by(info: ModelInfo) -> str:
    protocol, clips = _text(info.test.get("protocol")), info.test.get("clips")
    groups = info.test.get("groups")
    if not isinstance(clips, int) or not isinstance(groups, int):
        return protocol
    return tr("{0} clips of {1} groups: {2}").format(clips, groups, protocol)


def _calibration(info: ModelInfo) -> str:
    error = read_claim(info.test, "calibration error")
    if error is None:
        return "–"
    text = tr("probabilities are off by {0:.1f} points on average").format(100 * error.share)
    on = info.test.get("calibrated on")
    if on in ("other clips", "other folds"):
        return tr("{0}, on clips that did not set them").format(text)
    return tr("{0}, on the clips that also set them").format(text) if on else text


def _step_rate(info: ModelInfo) -> str:
    own = tr("every frame") if info.step_rate is None else f"{info.step_rate:g}"
    if info.rates is not None and info.rates[0] < info.rates[1]:
        text = tr("{0:g} to {1:g} steps per second ({2} unless another is chosen)")
        return text.format(*info.rates, own)
    return own if info.step_rate is None else tr("{0} steps per second").format(own)


def _unknown(info: ModelInfo) -> str:
    text = tr("below {0} confidence").format(f"{100 * info.threshold:.0f} %")
    shown = read_claim(info.test, "known steps shown right")
    alarms = read_claim(info.test, "unknown steps shown")
    if shown is None or alarms is None:
        return text
    more = tr("names {0:.0f} % of its activities' steps rightly, {1:.0f} % of others by mistake")
    return f"{text}: " + more.format(100 * shown.share, 100 * alarms.share)


def _speed(entry: Entry) -> str:
    if entry.speed is None:
        return tr("measuring ...")
    if entry.speed == NO_SPEED:
        return tr("does not run here")
    text = tr("up to {0:.0f} steps per second, measured on {1}")
    return text.format(entry.speed.steps_per_second, entry.speed.device)


def _trained_on(info: ModelInfo) -> str:
    clips, groups = info.training.get("clips"), info.training.get("groups")
    data = info.training.get("data")
    text = ""
    if isinstance(clips, int) and isinstance(groups, int):
        text = tr("{0} clips of {1} groups").format(clips, groups)
    if isinstance(data, str) and data:
        text = f"{text} ({data})" if text else data
    return text or "–"


def _text(value: object) -> str:
    return value if isinstance(value, str) and value else "–"
