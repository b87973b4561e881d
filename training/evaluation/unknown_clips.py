"""Clips that show nothing that a model knows: what the unknown stretches of streams are made of."""

import random
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import torch

from training.data.clip import FileClip
from training.data.dataset import DataSet
from training.data.folder import Listing
from training.data.scan import scan
from training.data.scan_cache import ScanCache
from training.evaluation.streams import LONGEST, SECONDS, STREAMS, UNKNOWN_SHARE
from training.features.folder import FeatureClip
from training.fitting.example import Example
from training.progress import Reporter

_DECODED = 400  # clips of a folder at most: a whole UCF-101 would take an hour
_ENOUGH = 1.2 * UNKNOWN_SHARE * STREAMS * SECONDS  # seconds
_UNKNOWN = -1  # the number of no class


def unknown_clips(
    listings: Sequence[Listing], classes: Sequence[str], *, record: Path, reporter: Reporter
) -> DataSet | None:
    """Return as many clips of what a model does not know as its streams can need.

    Args:
        listings: The folders that may have some, each with one folder per activity.
        classes: What the model knows.
        record: Where the results of decoding are kept.
        reporter: Gets the progress.

    Returns:
        None where there is none.

    Raises:
        UserError: `record` cannot be written.
    """
    known = {label.casefold() for label in classes}
    clips: dict[str, FileClip] = {}
    for listing in listings:
        for clip in _usable(listing, known, record, reporter):
            name = f"{listing.folder.name}/{clip.name}"  # two folders may use the same
            clips.setdefault(clip.sha256, replace(clip, name=name))
    if not clips:
        return None
    return DataSet("what the model does not know", (), tuple(clips.values()))


def unknown_examples(clips: Iterable[FeatureClip], known: Iterable[FeatureClip]) -> list[Example]:
    """Return clips as the unknown parts of streams, but for those that are among the known too."""
    seen = {clip.digest for clip in known}
    found = []
    for clip in clips:
        if clip.digest not in seen:
            seen.add(clip.digest)
            labels = torch.full((len(clip.load()),), _UNKNOWN)
            found.append(Example(clip.name, clip.path, labels, clip.rate))
    return found


def _usable(
    listing: Listing, known: Container[str], record: Path, reporter: Reporter
) -> Iterator[FileClip]:
    """Yield clips of a folder, at random but always the same, until there are enough."""
    clips = [
        clip
        for label, members in listing.clips.items()
        if label.casefold() not in known
        for clip in members
    ] + listing.negatives
    random.Random(0).shuffle(clips)
    clips = clips[:_DECODED]
    if not clips:
        return
    reporter.stage("scan", f"looking at clips of {listing.folder.name}", len(clips), "clip")
    checks = scan(clips, ScanCache(record, listing.folder), lambda done, _: reporter.advance(done))
    seconds = 0.0
    for clip, check in zip(clips, checks, strict=True):
        if not check.reason and seconds < _ENOUGH:
            seconds += min(check.seconds, LONGEST)
            yield replace(clip, sha256=check.digest, frames=check.frames, length=check.seconds)
