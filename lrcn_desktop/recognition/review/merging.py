"""Two windows' corrections of one source, made one: what does not conflict is kept of both."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from lrcn_desktop.recognition.review.annotations import Annotation, Annotations, ordered
from lrcn_desktop.recognition.review.file_format import stored
from lrcn_desktop.recognition.review.intervals import united
from lrcn_desktop.recognition.review.review import ReviewSnapshot


@dataclass(frozen=True, slots=True)
class Merged:
    """Both sides' corrections.

    Attributes:
        snapshot: The review that has them.
        conflict: Whether both changed the same segment, each in another way; ours is in `snapshot`.
    """

    snapshot: ReviewSnapshot
    conflict: bool = False


def merge(base: ReviewSnapshot, ours: ReviewSnapshot, theirs: ReviewSnapshot) -> Merged:
    """Return `theirs` with what changed from `base` to `ours`.

    Args:
        base: What both began with.
        ours: The review in this window.
        theirs: The review that another window has saved since.
    """
    base, ours, theirs = stored(base), stored(ours), stored(theirs)  # else rounding is a change
    result = theirs.result.renewed(ours.result)
    if theirs.state == base.state:
        return Merged(ReviewSnapshot(result, _grown(ours.state, theirs)))
    if ours.state == base.state:
        return Merged(ReviewSnapshot(result, _grown(theirs.state, ours)))
    state, conflict = _states(_state(base), _state(ours), _state(theirs))
    return Merged(ReviewSnapshot(result, _grown(state, ours)), conflict)


def _state(snapshot: ReviewSnapshot) -> Annotations:
    return snapshot.state or Annotations.of(snapshot.result.segments, snapshot.result.covered)


def _grown(state: Annotations | None, other: ReviewSnapshot) -> Annotations | None:
    """Return `state` with what the other window's model has seen beyond it."""
    return None if state is None else state.grow(other.result.segments, other.result.covered)


def _states(base: Annotations, ours: Annotations, theirs: Annotations) -> tuple[Annotations, bool]:
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
    return Annotations(
        ordered([*state.items, *found]),
        united((*ours.taken, *theirs.taken)),
        united((*ours.decided, *theirs.decided)),
        theirs.corrections + max(0, ours.corrections - base.corrections),
    ), bool(disputed)


def _disputed(item: Annotation, here: set[Annotation], there: set[Annotation]) -> bool:
    """Whether persons put unlike things in the place of `item`: two models may differ."""
    persons = item.checked or not (here and there) or any(i.checked for i in here | there)
    return here != there and persons


def _at(item: Annotation, others: Iterable[Annotation]) -> set[Annotation]:
    """Return what lies, on one side, where `item` was."""
    return {other for other in others if _meets(item, other)}


def _meets(one: Annotation, other: Annotation) -> bool:
    return max(one.span[0], other.span[0]) < min(one.span[1], other.span[1])


def _taken(item: Annotation, others: Iterable[Annotation]) -> bool:
    """Whether a segment of the model's would overlap one of its label, or the user's."""
    return any(
        _meets(item, other) and (other.checked or other.segment.label == item.segment.label)
        for other in others
    )
