"""Negatives: clips that show none of the activities, by which a model learns to say Unknown."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lrcn_desktop.errors import UserError
from training.data.clip import OTHER, Clip, FileClip
from training.data.dataset import DataSet
from training.data.folder import Listing, list_negatives
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
    paths: Sequence[Path],
    *,
    record: Path,
    known: Iterable[Clip] = (),
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Negatives:
    """Return clips from anywhere as negatives.

    Args:
        paths: Folders of clips in whatever layout, their sub-folders sources; and video files.
        record: A folder where the result of decoding each clip is remembered.
        known: Clips of activities; none that is identical to one of them is a negative.
        progress: Called with how many clips were decoded, of how many.

    Raises:
        UserError: A path does not exist, or no clip can be used; the record cannot be written.
    """
    listings = _listings(paths)
    total = sum(len(listing.negatives) for listing in listings)
    usable: list[FileClip] = []
    unusable: list[Quarantined] = []
    before = 0
    for listing in listings:

        def advance(done: int, _: int, before: int = before) -> None:
            progress(before + done, total)

        good, bad = find_usable(listing.negatives, listing, record, advance)
        usable += good
        unusable += [*listing.unreadable, *bad]
        before += len(listing.negatives)
    if not usable:
        where = ", ".join(map(str, paths[:3]))
        why = f" ({unusable[0].path.name}: {unusable[0].reason})" if unusable else ""
        raise UserError(f"{where} has no clip that can be decoded{why}: give a folder of videos.")
    clips, notes = distinct(usable, known)
    return Negatives(tuple(_with_own_names(clips)), tuple(unusable), tuple(notes))


def with_negatives(data: DataSet, more: Negatives) -> DataSet:
    """Return `data` with `more` negatives; of identical ones the first stays."""
    both = [clip for clip in (*data.negatives, *more.clips) if isinstance(clip, FileClip)]
    clips, _ = distinct(both, ())
    return replace(data, negatives=tuple(clips), notes=(*data.notes, *more.notes))


def _listings(paths: Sequence[Path]) -> list[Listing]:
    """Return what lies at `paths`: each folder, and each lot of files in one folder."""
    files: dict[Path, list[Path]] = {}
    folders = []
    for path in paths:
        if path.is_file():
            files.setdefault(path.parent, []).append(path)
        else:
            folders.append(list_negatives(path))
    return folders + [list_negatives(folder, lot) for folder, lot in files.items()]


def _with_own_names(clips: Sequence[FileClip]) -> list[FileClip]:
    """Return the clips with names that differ: two folders may have one name."""
    count = Counter(clip.name for clip in clips)
    return [
        replace(clip, name=f"{clip.name} {clip.digest()[:8]}") if count[clip.name] > 1 else clip
        for clip in clips
    ]


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
