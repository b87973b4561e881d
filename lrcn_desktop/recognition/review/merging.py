"""Two windows' corrections of one source, made one: what does not conflict is kept of both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from lrcn_desktop.recognition.review.review import Kept
from lrcn_desktop.recognition.review.reviewed import Reviewed, State, ordered
from lrcn_desktop.recognition.review.sidecar import stored
from lrcn_desktop.recognition.review.spans import united


@dataclass(frozen=True, slots=True)
class Merged:
    """Both sides' corrections.

    Attributes:
        kept: The review that has them.
        conflict: Whether both changed the same segment, each in another way; ours is in `kept`.
    """

    kept: Kept
    conflict: bool = False


def merge(base: Kept, ours: Kept, theirs: Kept) -> Merged:
    """Return `theirs` with what changed from `base` to `ours`.

    Args:
        base: What both began with.
        ours: The review in this window.
        theirs: The review that another window has saved since.
    """
    base, ours, theirs = stored(base), stored(ours), stored(theirs)  # else rounding is a change
    result = theirs.result.renewed(ours.result)
    if theirs.state == base.state:
        return Merged(Kept(result, _grown(ours.state, theirs)))
    if ours.state == base.state:
        return Merged(Kept(result, _grown(theirs.state, ours)))
    state, conflict = _states(_state(base), _state(ours), _state(theirs))
    return Merged(Kept(result, _grown(state, ours)), conflict)


def _state(kept: Kept) -> State:
    return kept.state or State.of(kept.result.segments, kept.result.covered)


def _grown(state: State | None, other: Kept) -> State | None:
    """Return `state` with what the other window's model has seen beyond it."""
    return None if state is None else state.grow(other.result.segments, other.result.covered)


def _states(base: State, ours: State, theirs: State) -> tuple[State, bool]:
    lost, gone = set(base.items) - set(ours.items), set(base.items) - set(theirs.items)
    new, others = set(ours.items) - set(base.items), set(theirs.items) - set(base.items)
    disputed = [item for item in lost & gone if _disputed(item, _at(item, new), _at(item, others))]
    items = tuple(
        item
        for item in theirs.items
        if item not in lost and not (item in others and _at(item, disputed))
    )
    state = replace(theirs, items=items)
    set_here = [i.segment for i in ordered(new) if i.checked and i not in items]
    if set_here:
        state = state.put([], set_here)
    found = [i for i in new if not i.checked and not _taken(i, state.items)]  # by our model
    return State(
        ordered([*state.items, *found]),
        united((*ours.taken, *theirs.taken)),
        united((*ours.decided, *theirs.decided)),
        theirs.corrections + max(0, ours.corrections - base.corrections),
    ), bool(disputed)


def _disputed(item: Reviewed, here: set[Reviewed], there: set[Reviewed]) -> bool:
    """Whether persons put unlike things in the place of `item`: two models may differ."""
    persons = item.checked or not (here and there) or any(i.checked for i in here | there)
    return here != there and persons


def _at(item: Reviewed, others: Iterable[Reviewed]) -> set[Reviewed]:
    """Return what lies, on one side, where `item` was."""
    return {other for other in others if _meets(item, other)}


def _meets(one: Reviewed, other: Reviewed) -> bool:
    return max(one.span[0], other.span[0]) < min(one.span[1], other.span[1])


def _taken(item: Reviewed, others: Iterable[Reviewed]) -> bool:
    """Whether a segment of the model's would overlap one of its label, or a person's."""
    return any(
        _meets(item, other) and (other.checked or other.segment.label == item.segment.label)
        for other in others
    )
