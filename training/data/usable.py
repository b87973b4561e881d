"""Which clips can be used: those that can be decoded."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from training.data.clip import FileClip
from training.data.folder import Listing
from training.data.quarantine import Quarantined
from training.data.scan import scan
from training.data.scan_cache import ScanCache


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
    checks = list(zip(clips, scan(clips, ScanCache(record, listing.folder), progress), strict=True))
    usable = [
        replace(clip, sha256=check.digest, frames=check.frames, length=check.seconds)
        for clip, check in checks
        if not check.reason
    ]
    return usable, [Quarantined(clip.path, check.reason) for clip, check in checks if check.reason]
