"""From what a person named to features: scanning, extracting what is missing."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import torch

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.model import Model
from lrcn_desktop.recognition.engines.engine import Engine
from lrcn_desktop.recognition.engines.open import Device, open_engine
from lrcn_desktop.training_events import Activity, DataFound, LeftOut, Negatives
from training.data.clip import Clip
from training.data.dataset import DataSet
from training.data.load import load_data
from training.data.negatives import load_negatives, with_negatives
from training.data.quarantine import Quarantined
from training.features.cache import FeatureCache
from training.features.extract import PixelEngine
from training.features.folder import FeatureClip, FeatureSet, from_cache
from training.features.kind import FeatureKind, frozen_kind, pixel_kind
from training.fitting.distributed import ProcessGroup
from training.progress import Reporter


def load_clips(
    data: str,
    *,
    activities: Sequence[str] | None,
    rate: float,
    split: int,
    cache: Path,
    reporter: Reporter,
    processes: ProcessGroup,
    check_paused: Callable[[], None] = lambda: None,
    to_train: bool = True,
    other: Sequence[Path] = (),
) -> tuple[DataSet, list[Quarantined]]:
    """Return a data set, each clip decoded once, and what could not be decoded.

    Args:
        other: More negatives: folders and files (see `load_negatives`).

    Raises:
        UserError: There is nothing to train on (see `load_data`), or no clip in `other`.
    """
    if not processes.is_main:
        processes.barrier()  # the first process looks; the others read its record
    found, quarantined = load_data(
        data,
        activities=activities,
        rate=rate,
        record=cache,
        split=split,
        progress=_scanning(reporter, check_paused),
        to_train=to_train,
    )
    if other:
        known = found.clips if data != "demo" else ()  # no file is one of its drawn clips
        progress = _scanning(reporter, check_paused)
        more = load_negatives(other, record=cache, known=known, progress=progress)
        found, quarantined = with_negatives(found, more), [*quarantined, *more.quarantined]
    if processes.is_main:
        processes.barrier()
    return found, quarantined


def _scanning(reporter: Reporter, check_paused: Callable[[], None]) -> Callable[[int, int], None]:
    """Return what reports how far a scan is, and waits where the run is paused."""
    count = reporter.scanning()

    def progress(done: int, total: int) -> None:
        count(done, total)
        check_paused()

    return progress


def prepare_features(
    data: DataSet,
    kind: FeatureKind,
    *,
    cache: Path,
    engine: Callable[[], Engine],
    reporter: Reporter,
    processes: ProcessGroup,
    check_paused: Callable[[], None] = lambda: None,
) -> tuple[FeatureSet, list[Quarantined]]:
    """Return a data set's features, computing what the cache lacks, each process its share.

    Args:
        data: The clips.
        kind: Which features.
        cache: The folder of all caches.
        engine: Opens what computes them; called only where some are missing.
        reporter: Told how far it is.
        processes: The processes that share the work.
        check_paused: Called between clips.

    Raises:
        UserError: The disk is full, or no clip has features.
    """
    store = FeatureCache(cache, kind)
    missing = store.missing([*data.clips, *data.negatives])
    lost: list[Quarantined] = []
    processes.barrier()  # all have looked before one begins
    if missing:
        computing = engine()
        frames = _frames(missing, kind)
        text = f"features of {frames:,.0f} frames, {computing.name}"
        if processes.is_main:
            seconds = _frames(store.undecoded(missing), kind) * computing.frame_seconds()
            text += (
                f": {_expected(seconds / processes.size, frames * kind.row_bytes, store.folder)}"
            )
        reporter.stage("features", text, len(missing), "clip")
        mine = processes.share(len(missing))
        failed = torch.zeros(len(missing))
        for number, (clip, error) in enumerate(store.fill(missing[mine], computing), mine.start):
            if error is not None:
                reporter.note(f"{clip.name} is left out: {error}")
                failed[number] = 1
            done = number + 1 - mine.start
            reporter.advance(done * processes.size if number + 1 < mine.stop else len(missing))
            check_paused()
        failed = processes.all_reduce_sum(
            failed
        )  # not what is on disk now: a network's disk may be slow to tell
        lost = [
            Quarantined(Path(clip.name), "no features")
            for clip, how_often in zip(missing, failed.tolist(), strict=True)
            if how_often
        ]
    gone = {str(item.path) for item in lost}
    kept = tuple(clip for clip in data.clips if clip.name not in gone)
    if not kept:
        raise UserError(f"{data.name} has no clip that can be used: see quarantine.csv.")
    negatives = tuple(clip for clip in data.negatives if clip.name not in gone)
    whole = replace(data, clips=kept, negatives=negatives)
    return from_cache(whole, store, write=processes.is_main), lost


def _frames(clips: Sequence[Clip], kind: FeatureKind) -> float:
    """Return how many steps clips have, as far as their lengths are known."""
    return sum(clip.seconds or clip.length or 0.0 for clip in clips) * kind.rate


def _expected(seconds: float, size: float, folder: Path) -> str:
    """Return how long features will take, and what they will occupy, for a person.

    Raises:
        UserError: The disk has no room for them.
    """
    free = shutil.disk_usage(folder).free
    room = f"{_bytes(size)} in {folder}"
    if size > free:
        raise UserError(
            f"The features take {room}, where {_bytes(free)} are free: make room, or name another "
            "folder with --cache."
        )
    minutes = seconds / 60
    if minutes < 1:
        time = "less than a minute"
    else:
        time = f"about {minutes:,.0f} minutes" if minutes < 120 else f"about {minutes / 60:.1f} h"
    return f"{time}, {room} ({_bytes(free)} free)"


def _bytes(count: float) -> str:
    return f"{count / 1e6:,.0f} MB" if count < 1e9 else f"{count / 1e9:,.1f} GB"


def kind_for(model: Model, rate: float) -> FeatureKind:
    """Return the kind of features that a model needs to be fitted or judged."""
    return frozen_kind(model.info, rate) if model.cnn is None else pixel_kind(model.info, rate)


def engine_for(model: Model, device: Device) -> Engine:
    """Return what computes that kind."""
    if model.cnn is None:
        return open_engine(model, device)
    return PixelEngine(model.info.backbone.size)


def describe_data(
    features: FeatureSet, quarantined: Sequence[Quarantined], split: str
) -> DataFound:
    """Return what a training says of its data."""
    activities = {}
    for label in features.classes:
        members = [clip for clip in features.clips if label in (clip.label, *clip.labels)]
        activities[label] = Activity(len(members), len({clip.group for clip in members}))
    return DataFound(
        name=features.name,
        activities=activities,
        quarantined=tuple(LeftOut(str(q.path), q.reason) for q in quarantined),
        other=Negatives(**describe_negatives(features.negatives)),
        notes=tuple(features.notes),
        split=split,
    )


def describe_negatives(negatives: Sequence[Clip | FeatureClip]) -> dict[str, int]:
    """Return how many negatives there are, from how many sources."""
    return {"clips": len(negatives), "sources": len({clip.group for clip in negatives})}
