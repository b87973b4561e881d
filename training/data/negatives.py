"""Negatives: clips that show none of the activities, by which a model learns to say Unknown."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lrcn_desktop.errors import UserError
from training.data.clip import OTHER, Clip, FileClip
from training.data.dataset import DataSet
from training.data.folder import list_negatives
from training.data.quarantine import Quarantined
from training.data.usable import find_usable


@dataclass(frozen=True, slots=True)
class Negatives:
    """Negatives that were decoded once.

    Attributes:
        clips: Those that can be used, their label `OTHER`; the group of each is its source.
        quarantined: What cannot be used.
        notes: Sentences for the user.
    """

    clips: tuple[FileClip, ...]
    quarantined: tuple[Quarantined, ...] = ()
    notes: tuple[str, ...] = ()


def load_negatives(
    folder: Path,
    *,
    record: Path,
    known: Iterable[Clip] = (),
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Negatives:
    """Return the clips of `folder`, in whatever layout, as negatives.

    Args:
        folder: A folder of clips; its sub-folders are sources.
        record: A folder where the result of decoding each clip is remembered.
        known: Clips of activities; none that is identical to one of them is a negative.
        progress: Called with how many clips were decoded, of how many.

    Raises:
        UserError: It is not a folder or has no clip that can be used; the record cannot be written.
    """
    listing = list_negatives(folder)
    usable, unusable = find_usable(listing.negatives, listing, record, progress)
    if not usable:
        why = f" ({unusable[0].path.name}: {unusable[0].reason})" if unusable else ""
        raise UserError(
            f"{folder} has no clip that can be decoded{why}: give a folder of video files."
        )
    clips, notes = distinct(usable, known)
    return Negatives(tuple(clips), (*listing.unreadable, *unusable), tuple(notes))


def with_negatives(data: DataSet, more: Negatives) -> DataSet:
    """Return `data` with `more` negatives; of identical ones the first stays."""
    both = [clip for clip in (*data.negatives, *more.clips) if isinstance(clip, FileClip)]
    clips, _ = distinct(both, ())
    return replace(data, negatives=tuple(clips), notes=(*data.notes, *more.notes))


def distinct(
    negatives: Sequence[FileClip], known: Iterable[Clip]
) -> tuple[list[FileClip], list[str]]:
    """Return negatives that are identical neither to each other nor to a clip of an activity.

    The second result says, for the user, which were refused.
    """
    if not negatives:
        return [], []
    activities = {clip.digest(): clip for clip in known}
    refused = [clip for clip in negatives if clip.digest() in activities]
    once = {clip.digest(): clip for clip in reversed(negatives)}
    kept = [
        clip
        for clip in negatives
        if clip.digest() not in activities and once[clip.digest()] is clip
    ]
    if not refused:
        return kept, []
    first, twin = refused[0], activities[refused[0].digest()]
    count = len(refused)
    what = f"{first.name} is" if count == 1 else f"{count} clips, {first.name} first, are"
    return kept, [f"{what} not taken as {OTHER}: identical to a clip of an activity ({twin.name})."]


def sources(negatives: Iterable[Clip]) -> int:
    """Return how many sources negatives come from."""
    return len({clip.group for clip in negatives})
