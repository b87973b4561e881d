"""UCF-101 as it is published: the slides' activities, and the official splits."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from lrcn_desktop.errors import UserError
from lrcn_desktop.guard import guarded
from training.data.clip import FileClip
from training.data.groups import ucf_class

SLIDES = (
    *("ApplyEyeMakeup", "ApplyLipstick", "BrushingTeeth"),
    *("Basketball", "Diving", "Nunchucks", "Punch"),
)
LISTS_FOLDER = "ucfTrainTestlist"
_LINE = re.compile(r"(.+?)(?:\s+\d+)?")  # the training list gives the activity's number too


@dataclass(frozen=True, slots=True)
class OfficialSplit:
    """One of the three published divisions into training and test clips.

    Attributes:
        number: 1 to 3.
        sides: "train" or "test", by the clip's name in small letters: the lists write
            v_HandStandPushups where the folder is HandstandPushups.
    """

    number: int
    sides: Mapping[str, str]

    def side(self, clip: FileClip) -> str:
        """Return "train", "test", or "" for a clip that is in neither list."""
        return self.sides.get(clip.path.stem.casefold(), "")


def slides_activities(clips: Mapping[str, Sequence[FileClip]]) -> tuple[str, ...] | None:
    """Return the slides' seven activities if this is UCF-101, or a larger part of it; else None."""
    found = {
        label.casefold()
        for label, members in clips.items()
        if any(_is_of(clip.path, label) for clip in members)
    }
    wanted = {label.casefold() for label in SLIDES}
    if not wanted < found:
        return None
    return tuple(label for label in clips if label.casefold() in wanted)


def is_ucf_folder(folder: Path) -> bool:
    """Tell whether a folder has folders of clips of UCF-101 in it."""
    try:
        return any(
            _is_of(clip, sub.name)
            for sub in folder.iterdir()
            if sub.is_dir()
            for clip in sub.iterdir()
        )
    except OSError:
        return False


def _is_of(clip: Path, label: str) -> bool:
    return (ucf_class(clip.stem) or "").casefold() == label.casefold()


def read_official(folder: Path, number: int) -> OfficialSplit | None:
    """Read trainlist0N.txt and testlist0N.txt in `folder`, or in ucfTrainTestlist in or beside it.

    Returns:
        None where there are no lists of split 1.

    Raises:
        UserError: A list cannot be read, or there is none of split 2 or 3.
    """
    if number not in (1, 2, 3):
        raise UserError(f"There is no split {number} of UCF-101: choose 1, 2 or 3.")
    for place in (folder, folder / LISTS_FOLDER, folder.resolve().parent / LISTS_FOLDER):
        lists = {s: place / f"{s}list{number:02d}.txt" for s in ("train", "test")}
        if all(path.is_file() for path in lists.values()):
            sides = {name: side for side, path in lists.items() for name in _names(path)}
            return OfficialSplit(number, sides)
    if number == 1:
        return None
    raise UserError(
        f"There are no lists of split {number} (trainlist{number:02d}.txt and "
        f"testlist{number:02d}.txt) in {folder} or in {LISTS_FOLDER} beside it: put them there."
    )


def _names(path: Path) -> list[str]:
    with guarded(path, "is no text"):
        lines = path.read_text("utf-8-sig").splitlines()
    matches = [_LINE.fullmatch(line.strip()) for line in lines]
    return [PurePosixPath(match[1]).stem.casefold() for match in matches if match]
