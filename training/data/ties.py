"""Clips that are alike to the byte belong together, whatever their names say."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from training.data.clip import FileClip


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
