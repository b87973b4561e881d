"""What the figures come to, in words."""

from lrcn_desktop.model.claims import interval_text
from training.evaluation.bootstrap import Interval
from training.evaluation.evaluation import Evaluation
from training.evaluation.intervals import clear, difference


def verdict(evaluation: Evaluation, current: Evaluation | None = None) -> str:
    """Return the figures in two or three sentences: against guessing, and against no memory.

    Args:
        evaluation: The figures.
        current: Those of the model that this one may replace, on the same clips.
    """
    guess = chance(evaluation)
    low, high = evaluation.headline_interval
    what = counted_clips(evaluation)
    if evaluation.unit == "step":
        what = f"the steps of {what}"
    text = (
        f"{percent(evaluation.headline)} of {what} are right (95 % interval: {100 * low:.0f} to "
        f"{100 * high:.0f})"
    )
    if low > guess:
        text += f", where always guessing the commonest activity gives {percent(guess)}."
    else:
        text += f", not distinguishable from guessing ({percent(guess)})."
    sentences = [text]
    if evaluation.memory:
        sentences.append(_memory(evaluation))
    if current is not None:
        sentences.append(_beside(evaluation, current))
    return " ".join(sentences)


def chance(evaluation: Evaluation) -> float:
    """Return the share of the commonest activity: what a guess that is always the same gets."""
    rows = [sum(row) for row in evaluation.confusion]
    return max(rows) / sum(rows)


def percent(share: float | None) -> str:
    """Return a share as a person reads it: "94.6 %"; "–" where there is none."""
    return "–" if share is None else f"{100 * share:.1f} %"


def with_interval(share: float | None, interval: Interval | None) -> str:
    """Return a share and its interval: "94.6 % (90 to 98)"."""
    return percent(share) + interval_text(interval)


def points(interval: Interval) -> str:
    """Return the interval of a difference: "-0.8 to 5.9 points"."""
    return f"{100 * interval[0]:.1f} to {100 * interval[1]:.1f} points"


def counted(count: int, noun: str) -> str:
    """Return a count with its noun: "1 clip", "2 clips"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def counted_clips(evaluation: Evaluation) -> str:
    """Return how many clips were judged, and of how many groups where a group has several."""
    clips = counted(evaluation.clips, "clip")
    if evaluation.groups == evaluation.clips:
        return clips
    return f"{clips} of {counted(evaluation.groups, 'group')}"


def seen(evaluation: Evaluation) -> str:
    """Return the sentence that says whether the model was trained on these clips; "" if not."""
    if not evaluation.seen_in_training:
        return ""
    if evaluation.seen_in_training == evaluation.clips:
        return (
            "The model was trained on all of these clips: the figures say how well it remembers, "
            "not how well it recognizes what is new."
        )
    return (
        f"The model was trained on {evaluation.seen_in_training} of these "
        f"{counted(evaluation.clips, 'clip')}, so the figures flatter it."
    )


def _memory(evaluation: Evaluation) -> str:
    ours, theirs = evaluation.headline, evaluation.baseline_headline
    gained, lost, interval = evaluation.gained, evaluation.lost, evaluation.memory_interval
    if gained is None or lost is None:
        text = f"Without memory it is {percent(theirs)}"
    elif gained == lost == 0:
        return (
            f"The frame average gets {percent(theirs)}: the memory changes nothing by the mean "
            "over a clip."
        )
    else:
        text = (
            f"The frame average gets {percent(theirs)}: the memory puts "
            f"{counted(gained, 'clip')} right and {lost} wrong"
        )
    if not clear(interval):
        return f"{text}, no clear difference ({points(interval)})."
    return f"{text}: it {'helps' if ours > theirs else 'does harm'} ({points(interval)})."


def _beside(evaluation: Evaluation, current: Evaluation) -> str:
    found = difference(evaluation.results, current.results, steps=evaluation.unit == "step")
    text = f"The model in use gets {percent(current.headline)}"
    if not clear(found.interval):
        return f"{text}: no clear difference ({points(found.interval)})."
    word = "better" if found.value > 0 else "worse"
    return f"{text}: the new one is {word} ({points(found.interval)})."
