"""Which clips belong together, by a `groups.csv`, UCF-101's names, or sub-folders."""

import csv
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from lrcn_desktop.errors import UserError
from lrcn_desktop.guard import guarded
from lrcn_desktop.names import cleaned
from lrcn_desktop.video.names import printable
from training.data.clip import FileClip

GROUPS_FILE = "groups.csv"
_UCF_NAME = re.compile(r"v_(.+)_g(\d+)_c\d+", re.IGNORECASE)


def ucf_class(stem: str) -> str | None:
    """Return the activity in a name of UCF-101's kind, v_ACTIVITY_gGG_cCC, or None."""
    match = _UCF_NAME.fullmatch(stem)
    return match[1] if match else None


def ucf_group(stem: str) -> int | None:
    """Return the number of the group in a name of that kind, or None."""
    match = _UCF_NAME.fullmatch(stem)
    return int(match[2]) if match else None


class Grouping:
    """Finds each clip's group, and remembers how.

    Args:
        folder: The data set.
        listed: What its `groups.csv` says: path within the folder -> group.
    """

    def __init__(self, folder: Path, listed: dict[str, str]) -> None:
        self._folder = folder
        self._listed = listed
        self._ways: Counter[str] = Counter()

    def of(self, path: Path, label: str) -> str:
        """Return the group of the clip at `path`, of the activity `label`.

        A group of `groups.csv` or of a sub-folder (a person's name, say) is the same in every
        activity; UCF-101 numbers its groups from 1 in each.
        """
        inner = _normal(printable(path.relative_to(self._folder).as_posix()))
        match = _UCF_NAME.fullmatch(path.stem)
        between = inner.split("/")[1:-1]
        if inner in self._listed:
            way, group = "file", self._listed[inner]
        elif match:
            way, group = "name", f"{label}/g{int(match[2]):02d}"
        elif between:
            way, group = "folder", between[0]
        else:
            way, group = "none", inner
        self._ways[way] += 1
        return group

    def of_negative(self, path: Path, top: Path) -> str:
        """Return the group of the negative at `path`: its source.

        That is its sub-folder of `top` (clips of one source are alike), else what UCF-101's name
        says, else the clip itself; `groups.csv` wins.
        """
        inner = _normal(path.relative_to(self._folder).as_posix())
        between = path.relative_to(top).parts[:-1]
        match = _UCF_NAME.fullmatch(path.stem)
        if inner in self._listed:
            self._ways["file"] += 1
            return self._listed[inner]
        if between:
            return _normal(between[0])
        return f"{match[1]}/g{int(match[2]):02d}" if match else inner

    def notes(self) -> list[str]:
        """Return how the groups were found, a sentence for each way."""
        texts = {
            "file": f"Groups of {{}} clips are those of {GROUPS_FILE}.",
            "name": "Groups of {} clips come from names of UCF-101's kind (v_NAME_gGG_cCC).",
            "folder": "Groups of {} clips are the sub-folders of their activities.",
            "none": (
                "Each of {} clips counts as a group of its own: where several show the same "
                "people or place, put them into a sub-folder of their activity or name their "
                f"groups in {GROUPS_FILE}, else the figures flatter the model."
            ),
        }
        notes = [text.format(self._ways[way]) for way, text in texts.items() if self._ways[way]]
        if unused := len(self._listed) - self._ways["file"]:
            notes.append(f"{GROUPS_FILE} names {unused} files that are not in the folder.")
        return notes


def read_grouping(folder: Path) -> Grouping:
    """Return how to find the groups of a data set.

    Raises:
        UserError: Its `groups.csv` cannot be read or says two things of one file.
    """
    path = folder / GROUPS_FILE
    listed: dict[str, str] = {}
    if path.is_file():
        with (
            guarded(path, "is no table in UTF-8"),
            path.open(encoding="utf-8-sig", newline="") as file,
        ):
            head = file.readline()
            rows = csv.DictReader(file, _columns(path, head), delimiter=_delimiter(head))
            for number, row in enumerate(rows, 2):
                _add(listed, row, f"Line {number} of {path}")
    return Grouping(folder, listed)


def _delimiter(head: str) -> str:
    return ";" if ";" in head else ","  # a spreadsheet's choice, by its language


def _columns(path: Path, head: str) -> list[str]:
    cells = next(csv.reader([head], delimiter=_delimiter(head)), [])
    columns = [cell.strip().lower() for cell in cells]
    if not {"file", "group"} <= set(columns):
        raise UserError(f"The first line of {path} must be: file,group.")
    return columns


def _add(listed: dict[str, str], row: dict[str, str], line: str) -> None:
    file, group = (row.get("file") or "").strip(), cleaned(row.get("group") or "")
    file = _normal(file.replace("\\", "/"))
    if not file or not group:
        raise UserError(f"{line} needs both a file and a group.")
    if listed.setdefault(file, group) != group:
        raise UserError(
            f"{line} gives {cleaned(file, 200)} a second group, {cleaned(group, 200)}: keep one "
            "of the two."
        )


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def identical(clips: Iterable[FileClip]) -> list[list[FileClip]]:
    """Return the clips that are alike to the byte, each lot of two or more together."""
    by_content: dict[str, list[FileClip]] = defaultdict(list)
    for clip in clips:
        by_content[clip.digest()].append(clip)
    return [same for same in by_content.values() if len(same) > 1]


def tie_identical(clips: Sequence[FileClip]) -> list[FileClip]:
    """Give clips that are alike to the byte, and all of their groups, one group.

    UCF-101 has such pairs across groups, such as Basketball g01_c07 and g05_c03.
    """
    leader: dict[str, str] = {}

    def find(group: str) -> str:
        while leader.get(group, group) != group:
            group = leader[group]
        return group

    for same in identical(clips):
        first = find(same[0].group)
        for clip in same[1:]:
            leader[find(clip.group)] = first
    return [replace(clip, group=find(clip.group)) for clip in clips]
