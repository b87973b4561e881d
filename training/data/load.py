"""From a folder, or "demo", to a data set that can be trained on."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lrcn_desktop.errors import UserError
from training.data import ucf101
from training.data.clip import OTHER, FileClip
from training.data.dataset import DataSet
from training.data.demo import demo_data_set
from training.data.folder import Listing, list_clips
from training.data.groups import identical, tie_identical
from training.data.negatives import distinct
from training.data.official import give_sides
from training.data.quarantine import Quarantined
from training.data.usable import find_usable

ALL = ("all",)
_SIDES = {"train", "training", "val", "valid", "validation", "test", "testing"}
LEAST_GROUPS = 2  # with fewer, an activity is either learned or tested, never both


@dataclass(frozen=True, slots=True)
class Survey:
    """A folder's clips, of which those of the chosen activities were decoded.

    Attributes:
        listing: All clips that lie there, decoded or not.
        chosen: The activities, in order.
        clips: The clips of the chosen activities that can be used.
        negatives: Those of its folder `OTHER` that can be used.
        quarantined: What cannot be used.
    """

    listing: Listing
    chosen: tuple[str, ...]
    clips: tuple[FileClip, ...]
    negatives: tuple[FileClip, ...]
    quarantined: tuple[Quarantined, ...]

    def groups(self) -> Counter[str]:
        """Return how many groups of usable clips each activity has; identical clips tied."""
        pairs = {(clip.label, clip.group) for clip in tie_identical(self.clips)}
        return Counter(label for label, _ in pairs)


def load_data(
    data: str,
    *,
    activities: Sequence[str] | None,
    rate: float,
    record: Path,
    split: int = 1,
    progress: Callable[[int, int], None] = lambda done, total: None,
    to_train: bool = True,
) -> tuple[DataSet, list[Quarantined]]:
    """Return a data set, every clip of which was decoded once, and what is left out of it.

    Args:
        data: A folder with a folder of clips per activity, UCF-101's, or "demo".
        activities: Which; None: the slides' seven where the folder is UCF-101, else all;
            ("all",): all.
        rate: Steps a second at which the demo is drawn.
        record: A folder where what was seen of each clip is remembered.
        split: UCF-101's official split to use where its lists are there, 1 to 3.
        progress: Called with how many clips were looked at, of how many.
        to_train: False: to judge a model only; then one activity with one group will do, and
            those of `activities` that are missing are passed over.

    Raises:
        UserError: There is nothing to train on, and why; the record cannot be written.
    """
    if data == "demo":
        if activities is not None and tuple(activities) != ALL:
            raise UserError("The demo's activities cannot be chosen: leave --activities out.")
        return demo_data_set(rate), []
    survey = survey_folder(
        Path(data), activities, record=record, progress=progress, to_train=to_train
    )
    found = build_data_set(survey, activities, split=split, to_train=to_train)
    return found, list(survey.quarantined)


def survey_folder(
    folder: Path,
    activities: Sequence[str] | None,
    *,
    record: Path,
    progress: Callable[[int, int], None],
    to_train: bool = True,
) -> Survey:
    """List a folder's clips and decode those of the chosen activities (see `load_data`).

    Raises:
        UserError: It is no data set, has not the activities, or the record cannot be written.
    """
    listing = list_clips(_root(folder))
    chosen = _choose(listing, activities, to_train)
    clips = [clip for label in chosen for clip in listing.clips[label]] + listing.negatives
    usable, unusable = find_usable(clips, listing, record, progress)
    return Survey(
        listing,
        chosen,
        tuple(clip for clip in usable if clip.label != OTHER),
        tuple(clip for clip in usable if clip.label == OTHER),
        (*listing.unreadable, *unusable),
    )


def build_data_set(
    survey: Survey, activities: Sequence[str] | None, *, split: int, to_train: bool = True
) -> DataSet:
    """Return the data set of a survey: official sides given, hopeless activities left out.

    Raises:
        UserError: Fewer than two activities can be trained on, or a named one cannot.
    """
    folder, notes = survey.listing.folder, list(survey.listing.notes)
    official = ucf101.read_official(folder, split)
    classes = survey.chosen
    if to_train:
        named = activities is not None and tuple(activities) != ALL
        classes = _trainable(survey, named, notes)
    clips = [clip for clip in survey.clips if clip.label in classes]
    if not clips:
        raise UserError(f"No clip of {folder} can be decoded: {_see_scan(folder)}.")
    told = notes if to_train else []  # who only judges has no use for it
    clips = give_sides(clips, official, told) if official else tie_identical(clips)
    notes += _contradictions(clips)
    negatives, refused = distinct(survey.negatives, survey.clips)
    return DataSet(
        folder.resolve().name,
        classes,
        tuple(clips),
        notes=(*notes, *refused),
        negatives=tuple(negatives),
    )


def _root(folder: Path) -> Path:
    """Return the data set's own folder: the archive of UCF-101 unpacks to a folder in a folder."""
    try:
        inner = [
            sub
            for sub in folder.iterdir()
            if sub.is_dir() and sub.name != OTHER and ucf101.is_ucf_folder(sub)
        ]
    except OSError:
        return folder  # which `list_clips` reports
    return inner[0] if len(inner) == 1 and not ucf101.is_ucf_folder(folder) else folder


def _choose(listing: Listing, activities: Sequence[str] | None, to_train: bool) -> tuple[str, ...]:
    folder, found = listing.folder, listing.clips
    if not found:
        raise UserError(
            f"{folder} holds no clips: it needs one folder per activity, with video files or one "
            "folder of images per clip, of at least two activities."
        )
    if len(found) > 1 and {label.casefold() for label in found} <= _SIDES:
        raise UserError(
            f"The folders of {folder} are sides of a split ({', '.join(found)}), not activities: "
            "give a folder that has one folder per activity."
        )
    if activities is None:
        chosen = ucf101.slides_activities(found) or tuple(found)
    elif tuple(activities) == ALL:
        chosen = tuple(found)
    else:
        chosen = _named(listing, activities, to_train)
    if to_train:
        _check_two(listing, chosen)
    return chosen


def _check_two(listing: Listing, chosen: Sequence[str]) -> None:
    if len(chosen) < 2:
        raise UserError(
            f"{listing.folder} has clips of {chosen[0]!r} only: at least two activities are needed."
            if len(listing.clips) == 1
            else f"{chosen[0]!r} alone cannot be distinguished from anything: give two or more."
        )


def _named(listing: Listing, activities: Sequence[str], to_train: bool) -> tuple[str, ...]:
    by_name = {label.casefold(): label for label in listing.clips}
    by_name |= {label: label for label in listing.clips}
    chosen: list[str] = []
    for name in (unicodedata.normalize("NFC", name.strip()) for name in activities):
        label = by_name.get(name) or by_name.get(name.casefold())
        if label is not None and label not in chosen:
            chosen.append(label)
        elif label is None and to_train:
            raise UserError(
                f"{listing.folder} has no clips of {name!r}: it has {_and(list(listing.clips))}."
            )
    if not chosen:
        raise UserError(
            f"{listing.folder} has no clips of {_and(list(activities))}: "
            f"it has {_and(list(listing.clips))}."
        )
    return tuple(chosen)


def _trainable(survey: Survey, named: bool, notes: list[str]) -> tuple[str, ...]:
    """Return the activities of which some clips can be held out; `notes` gets the others."""
    _check_two(survey.listing, survey.chosen)
    groups = survey.groups()
    poor = [label for label in survey.chosen if groups[label] < LEAST_GROUPS]
    rest = tuple(label for label in survey.chosen if label not in poor)
    empty = [label for label in poor if not groups[label]]
    single = [label for label in poor if groups[label]]
    if poor and (named or len(rest) < 2):
        what = (
            f"all usable clips of {_and(single)} are of one group"
            if single
            else f"no clip of {_and(empty)} can be decoded ({_see_scan(survey.listing.folder)})"
        )
        raise UserError(
            f"{survey.listing.folder} cannot be trained on as it is: {what}, and at least two "
            "groups (people, places, recordings) of each activity are needed, one to learn from "
            "and one to test on, so add clips"
            + (" or leave these activities out." if named else ".")
        )
    if single:
        verb, whose = ("are", "their") if len(single) > 1 else ("is", "its")
        notes.append(
            f"{_and(single)} {verb} left out: all {whose} clips are of one group, so none could "
            "be held out to test the result."
        )
    if empty:
        verb, whose = ("are", "their") if len(empty) > 1 else ("is", "its")
        notes.append(f"{_and(empty)} {verb} left out: none of {whose} clips can be decoded.")
    return rest


def _contradictions(clips: Sequence[FileClip]) -> list[str]:
    return [
        f"{_and([clip.name for clip in same])} are alike to the byte, yet in several activities: "
        "keep the right one."
        for same in identical(clips)
        if len({clip.label for clip in same}) > 1
    ]


def _see_scan(folder: Path) -> str:
    return f"lrcn-desktop dataset scan {folder} says why"


def _and(names: Sequence[str], most: int = 12) -> str:
    if len(names) > most:
        names = [*names[: most - 1], f"{len(names) - most + 1} others"]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
