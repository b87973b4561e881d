"""What lies in a folder of clips: one folder per activity, of video files or image folders."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from lrcn_desktop.errors import UserError
from lrcn_desktop.video.images import natural_key
from lrcn_desktop.video.names import printable
from lrcn_desktop.video.suffixes import VIDEO_SUFFIXES
from training.data.clip import OTHER, FileClip, image_files
from training.data.groups import Grouping, read_grouping
from training.data.quarantine import Quarantined

_LEFTOVERS = {"thumbs.db", "desktop.ini"}  # Windows' own


@dataclass(slots=True)
class Listing:
    """The clips of a folder, by their activity; none of them was opened yet.

    Attributes:
        folder: The data set.
        clips: Each activity's clips; activities and clips in natural order.
        negatives: The clips of its folder `OTHER`.
        unreadable: What cannot even be listed.
        notes: How the groups were found, and what was passed over, a sentence each.
        passed: Files whose names do not end as those of videos do.
    """

    folder: Path
    clips: dict[str, list[FileClip]] = field(default_factory=dict)
    negatives: list[FileClip] = field(default_factory=list)
    unreadable: list[Quarantined] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    passed: list[Path] = field(default_factory=list)


def list_clips(folder: Path) -> Listing:
    """List the clips of `folder`: FOLDER/ACTIVITY/[GROUP/]clip.

    A clip is a video file or a folder of images. Hidden files are passed over, links followed.
    FOLDER/_other/[SOURCE/]clip are negatives.

    Raises:
        UserError: There is no such folder, it cannot be read, or its groups.csv is at fault.
    """
    if not folder.is_dir():
        raise UserError(
            f"{folder} is not a folder: give the folder that has one folder per activity."
        )
    listing = Listing(folder)
    grouping = read_grouping(folder)
    for sub in _entries(folder, listing.unreadable):
        if not _is_folder(sub):
            continue
        label = unicodedata.normalize("NFC", printable(sub.name))
        paths = list(_clips(sub, (folder.resolve(),), listing, top=True))
        if label == OTHER:
            listing.negatives = _negatives(paths, sub, OTHER, grouping)
            continue
        clips = [
            FileClip(_name(path, sub, label), grouping.of(path, label), label, path)
            for path in paths
        ]
        if clips:
            listing.clips[label] = _distinct(clips)
    listing.notes += [*grouping.notes(), *_passed_over(listing.passed)]
    return listing


def list_negatives(folder: Path, files: Sequence[Path] | None = None) -> Listing:
    """List clips of `folder`, in whatever layout, as negatives: FOLDER/[SOURCE/]clip.

    Their names begin with the folder's own, so that they differ from those in a data set.

    Args:
        folder: The folder.
        files: Videos right in it, which are all that is wanted; None: all that it has.

    Raises:
        UserError: There is no such folder, it cannot be read, or its groups.csv is invalid.
    """
    if not folder.is_dir():
        raise UserError(f"{folder} is not a folder: give a folder of clips.")
    listing, grouping = Listing(folder), read_grouping(folder)
    paths = _clips(folder, (), listing) if files is None else files
    first = f"{OTHER}:{folder.resolve().name}"
    listing.negatives = _negatives(paths, folder, first, grouping)
    return listing


def _negatives(paths: Iterable[Path], top: Path, first: str, grouping: Grouping) -> list[FileClip]:
    return _distinct(
        [
            FileClip(_name(path, top, first), grouping.of_negative(path, top), OTHER, path)
            for path in paths
        ]
    )


def _name(path: Path, top: Path, first: str) -> str:
    """Return a clip's name: `first`, its sub-folders of `top`, and its own without the suffix."""
    last = path.stem if path.suffix.lower() in VIDEO_SUFFIXES else path.name
    between = path.relative_to(top).parts[:-1]
    return unicodedata.normalize("NFC", printable("/".join((first, *between, last))))


def _distinct(clips: list[FileClip]) -> list[FileClip]:
    """Tell clips whose names differ in their suffix only apart by it."""
    count = Counter(clip.name for clip in clips)
    return [
        replace(clip, name=f"{clip.name}{clip.path.suffix}") if count[clip.name] > 1 else clip
        for clip in clips
    ]


def _clips(
    folder: Path, inside: tuple[Path, ...], listing: Listing, top: bool = False
) -> Iterator[Path]:
    """Yield the clips below `folder`; images right in the `top` one are of no clip."""
    real = folder.resolve()
    if real in inside:  # a link to a folder that it is in
        return
    found, others = False, []
    for entry in _entries(folder, listing.unreadable):
        video = entry.suffix.lower() in VIDEO_SUFFIXES
        if _is_folder(entry):
            below = list(_clips(entry, (*inside, real), listing))
            found = found or bool(below)
            yield from below
            if video and not below:
                listing.unreadable.append(Quarantined(entry, "a folder without clips, not a video"))
        elif video:
            found = True
            yield entry
        elif _is_file(entry):
            others.append(entry)
    if not (found or top) and _has_images(folder):
        yield folder
    else:
        listing.passed += others


def _passed_over(files: list[Path], most: int = 6) -> list[str]:
    """Return what is to be said of files that are no clips."""
    if not files:
        return []
    kinds = Counter(file.suffix.lower() or "without a suffix" for file in files)
    told = ", ".join(f"{count} {printable(kind)}" for kind, count in kinds.most_common(most))
    rest = ", and others" if len(kinds) > most else ""
    what = "1 file" if len(files) == 1 else f"{len(files)} files"
    return [f"{what} passed over: {told}{rest}."]


def _has_images(folder: Path) -> bool:
    try:
        return bool(image_files(folder))
    except OSError:  # listed as unreadable before
        return False


def _entries(folder: Path, unreadable: list[Quarantined]) -> list[Path]:
    try:
        entries = [e for e in folder.iterdir() if not e.name.startswith((".", "__MACOSX"))]
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        unreadable.append(Quarantined(folder, f"the folder cannot be opened: {reason}"))
        return []
    return sorted(entries, key=lambda entry: (natural_key(entry.name), entry.name))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file() and path.name.lower() not in _LEFTOVERS
    except OSError:
        return False


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # what it is may not be known: the scan says why
        return False
