"""Applying an official split of UCF-101 to the clips that are there."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from training.data.clip import FileClip
from training.data.groups import identical, tie_identical, ucf_class
from training.data.ucf101 import OfficialSplit


def give_sides(
    clips: Sequence[FileClip], official: OfficialSplit, notes: list[str]
) -> list[FileClip]:
    """Return the clips with their official sides, or with none where the split does not fit.

    It does not fit where an activity would have no test clip, or training clips of less than two
    groups, so that none could be held back to validate. Identical clips are tied.

    Args:
        clips: What can be used.
        official: The split.
        notes: Gets what was done, unless no clip is in the lists.
    """
    sided = [replace(clip, side=official.side(clip)) for clip in clips]
    if not any(clip.side for clip in sided):
        return tie_identical(clips)
    # The published test list stays whole, so that figures compare with others'. What is left out
    # is a training clip that is the very test clip, and only it: its group was filmed as another,
    # and tying the groups would take a whole one from a side for one misfiled copy.
    copies = {
        clip.name
        for same in identical(sided)
        if any(clip.side == "test" for clip in same)
        for clip in same
        if clip.side != "test"
    }
    tied = tie_identical([clip for clip in sided if clip.name not in copies])
    if unfit := _unfit(tied, {clip.label for clip in clips}):
        notes.append(
            f"The official split {official.number} of UCF-101 is not used: of {_listed(unfit)} it "
            "has no test clip here, or too few to train on; sides of whole groups are drawn "
            "instead."
        )
        return tie_identical(clips)
    sides = Counter(clip.side for clip in tied)
    there, whole = sides["test"], _published(official, {clip.label for clip in clips})
    of_them = f" of {whole}" if whole > there else ""
    note = (
        f"The official split {official.number} of UCF-101 is used: {sides['train']} training "
        f"and {there}{of_them} test clips"
    )
    notes.append(f"{note}, {sides['']} in neither list." if sides[""] else f"{note}.")
    if copies:
        verb = "are" if len(copies) > 1 else "is"
        notes.append(
            f"{_listed(sorted(copies))} {verb} left out: alike to the byte to a test clip."
        )
    return tied


def _unfit(clips: Sequence[FileClip], labels: set[str]) -> list[str]:
    groups = {(clip.label, clip.side, clip.group) for clip in clips}
    count = Counter((label, side) for label, side, _ in groups)
    return sorted(x for x in labels if count[x, "train"] < 2 or not count[x, "test"])


def _published(official: OfficialSplit, labels: set[str]) -> int:
    """Return how many test clips of these activities the list names."""
    wanted = {label.casefold() for label in labels}
    return sum(
        side == "test" and ucf_class(name) in wanted for name, side in official.sides.items()
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) < 3 else f"{names[0]} and {len(names) - 1} others"
