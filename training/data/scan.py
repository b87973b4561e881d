"""Decoding every clip of a data set once, to know what can be used and for how long it lasts."""

import os
import time
from collections.abc import Callable, Sequence
from contextlib import closing

from training.data.clip import FileClip
from training.data.look import Look, look
from training.data.record import Record, stamp_of
from training.data.workers import Failure, run_in_workers

Progress = Callable[[int, int], None]
PATIENCE = 60.0  # seconds that any clip may take
PATIENCE_PER_BYTE = 10 / 2**20  # a slow core decodes a megabyte of the thriftiest video in less
SAVE_EVERY = 10.0  # seconds


def scan(
    clips: Sequence[FileClip],
    record: Record,
    progress: Progress,
    *,
    patience: float = PATIENCE,
    workers: int | None = None,
) -> list[Look]:
    """Look at every clip, in processes of their own, or in the record where it has not changed.

    Interrupted, the record keeps what was seen.

    Args:
        clips: What to look at.
        record: What was seen before; brought up to date.
        progress: Called with how many clips are done, of how many.
        patience: Seconds that any clip may take; large ones may take more.
        workers: How many processes; None: one a processor core.

    Raises:
        UserError: The record cannot be written, or no process started.
    """
    stamps = [stamp_of(clip.path) for clip in clips]
    looks = [record.get(clip.path, stamp) for clip, stamp in zip(clips, stamps, strict=True)]
    new = [number for number, seen in enumerate(looks) if seen is None]
    tasks = [(str(clips[n].path), patience + _size(stamps[n]) * PATIENCE_PER_BYTE) for n in new]
    done, saved = len(clips) - len(new), time.monotonic()
    progress(done, len(clips))
    try:
        with closing(run_in_workers(look, tasks, workers or _cores())) as results:
            for task, result in results:
                number = new[task]
                seen = Look("", 0, 0.0, result.reason) if isinstance(result, Failure) else result
                looks[number] = seen
                if stamps[number] and (not isinstance(result, Failure) or result.lasting):
                    record.put(clips[number].path, stamps[number], seen)
                done += 1
                progress(done, len(clips))
                if time.monotonic() - saved > SAVE_EVERY:
                    record.save()
                    saved = time.monotonic()
    finally:
        record.save()
    return [seen for seen in looks if seen is not None]


def _size(stamp: str) -> int:
    return int(stamp.split()[1]) if stamp else 0


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
