"""What the figures come to, in words."""

import math

from training.evaluation.evaluation import Evaluation

_FEW = 30  # clips; fewer say little about others
_Z = 1.96  # of a 95 % interval


def verdict(evaluation: Evaluation) -> str:
    """Return the figures in two or three sentences: against guessing, and against no memory."""
    share, unit = evaluation.headline, evaluation.unit
    guess = chance(evaluation)
    # Steps of one clip are alike, so that only clips count as independent.
    low, high = interval(share, evaluation.clips)
    sentences = [
        f"{percent(share)} of {counted(evaluation.clips, 'clip')} are right"
        if unit == "clip"
        else f"{percent(share)} of the steps of {counted(evaluation.clips, 'clip')} are right"
    ]
    if low > guess:
        sentences[0] += f", where always guessing the commonest activity gives {percent(guess)}."
    else:
        sentences[0] += f", which cannot be told from guessing ({percent(guess)})."
    if unit == "clip" and evaluation.clips < _FEW:
        sentences.append(
            f"With so few clips the truth may lie anywhere from {100 * low:.0f} to "
            f"{100 * high:.0f} %."
        )
    if evaluation.memory:
        sentences.append(_memory(evaluation))
    return " ".join(sentences)


def chance(evaluation: Evaluation) -> float:
    """Return the share of the commonest activity: what a guess that is always the same gets."""
    rows = [sum(row) for row in evaluation.confusion]
    return max(rows) / sum(rows)


def interval(share: float, count: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share measured on `count` independent cases."""
    spread = _Z * math.sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))
    middle, scale = share + _Z**2 / (2 * count), 1 + _Z**2 / count
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def percent(share: float | None) -> str:
    """Return a share as a person reads it: "94.6 %"; "–" where there is none."""
    return "–" if share is None else f"{100 * share:.1f} %"


def counted(count: int, noun: str) -> str:
    """Return a count with its noun: "1 clip", "2 clips"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def seen(evaluation: Evaluation) -> str:
    """Return the sentence that says whether the model has learnt from these clips; "" if not."""
    if not evaluation.seen_in_training:
        return ""
    if evaluation.seen_in_training == evaluation.clips:
        return (
            "The model has learnt from all of these clips: the figures say how well it remembers, "
            "not how well it recognizes what is new."
        )
    return (
        f"The model has learnt from {evaluation.seen_in_training} of these "
        f"{counted(evaluation.clips, 'clip')}, so the figures flatter it."
    )


def _memory(evaluation: Evaluation) -> str:
    ours, theirs = evaluation.headline, evaluation.baseline_headline
    gained, lost = evaluation.gained, evaluation.lost
    if gained is None or lost is None:
        word = "more" if ours > theirs else "no more"
        return f"Without memory it is {percent(theirs)}: the memory brings {word}."
    text = f"The frame average gets {percent(theirs)}: "
    if gained == lost == 0:
        return text + "the memory changes nothing by the mean over a clip."
    text += f"the memory puts {counted(gained, 'clip')} right and {lost} wrong"
    if _sign_test(gained, lost) >= 0.05:
        return text + ", which may be chance."
    return text + (": it helps." if gained > lost else ": it does harm.")


def _sign_test(gained: int, lost: int) -> float:
    """Return how likely it is that chance alone divides them so unevenly (McNemar, exact)."""
    total, fewer = gained + lost, min(gained, lost)
    tail = sum(math.comb(total, k) for k in range(fewer + 1)) / (1 << total)
    return min(1.0, 2 * tail)
