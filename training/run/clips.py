"""Which clips a run began with: a resumed one works on the very same, or not at all."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, NotRequired, TypedDict, TypeVar

import msgspec

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import atomic_write
from lrcn_desktop.guard import read_json
from lrcn_desktop.names import cleaned
from training.data.clip import Clip
from training.data.dataset import DataSet
from training.features.folder import FeatureClip, FeatureSet
from training.fitting.distributed import ProcessGroup

_State = Annotated[list[str], msgspec.Meta(min_length=4, max_length=4)]


class _Record(TypedDict):
    classes: list[str]
    clips: dict[str, _State]  # by name: digest, label, group, side
    negatives: NotRequired[dict[str, _State]]


Found = TypeVar("Found", DataSet, FeatureSet)
Member = TypeVar("Member", Clip, FeatureClip)


def same_clips(path: Path, found: Found, processes: ProcessGroup) -> Found:
    """Return `found` with the clips, groups and sides that the run began with.

    Args:
        path: The file in which its first session keeps them.
        found: What is there now.
        processes: The processes of the run; the first one writes the file.

    Raises:
        UserError: A clip that the run began with is gone or has changed, or the processes do not
            find the same clips.
    """
    if processes.is_main and not path.exists():
        kept = {clip.name: _state(clip) for clip in found.clips}
        others = {clip.name: _state(clip) for clip in found.negatives}
        with atomic_write(path, "w") as file:
            json.dump({"classes": found.classes, "clips": kept, "negatives": others}, file)
    processes.barrier()
    record = read_json(path, _Record, "is damaged", "begin another run")
    clips = _restored(path, found.clips, record["clips"])
    negatives = _restored(path, found.negatives, record.get("negatives", {}))
    notes: tuple[str, ...] = found.notes
    if added := len(found.clips) + len(found.negatives) - len(clips) - len(negatives):
        were = "clip was" if added == 1 else "clips were"
        notes = (*notes, f"{added} {were} added since the run began: left out of it.")
    return replace(
        found,
        classes=tuple(record["classes"]),
        clips=tuple(clips),
        notes=notes,
        negatives=tuple(negatives),
    )


def _restored(
    path: Path, found: Sequence[Member], record: Mapping[str, Sequence[str]]
) -> list[Member]:
    """Return the clips of `record` as they are in `found`, with the groups and sides recorded.

    Raises:
        UserError: One is gone or has changed.
    """
    now = {clip.name: clip for clip in found}
    clips = []
    for name, state in record.items():
        clip = now.get(name)
        if clip is None or _state(clip)[:2] != list(state[:2]):
            what = "is gone" if clip is None else "has changed"
            raise UserError(
                f"The clip {cleaned(name, 200)} {what} since the run in {path.parent} began: put "
                "it back as it was and resume, or begin another run with --run in place of "
                "--resume."
            )
        clips.append(replace(clip, group=state[2], side=state[3]))
    return clips


def _state(clip: Clip | FeatureClip) -> list[str]:
    digest: str | Callable[[], str] = clip.digest
    return [digest if isinstance(digest, str) else digest(), clip.label, clip.group, clip.side]
