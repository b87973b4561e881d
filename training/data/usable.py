"""Which clips can be used: those that can be decoded."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from training.data.clip import FileClip
from training.data.folder import Listing
from training.data.quarantine import Quarantined
from training.data.scan import scan
from training.data.scan_cache import Record


def find_usable(
    clips: Sequence[FileClip],
    listing: Listing,
    record: Path,
    progress: Callable[[int, int], None],
) -> tuple[list[FileClip], list[Quarantined]]:
    """Decode each clip of a listing once: those that can be used, and those that cannot.

    Raises:
        UserError: The record cannot be written.
    """
    looks = list(zip(clips, scan(clips, Record(record, listing.folder), progress), strict=True))
    usable = [
        replace(clip, sha256=look.digest, frames=look.frames, length=look.seconds)
        for clip, look in looks
        if not look.reason
    ]
    return usable, [Quarantined(clip.path, look.reason) for clip, look in looks if look.reason]
