"""Decoding every clip of a data set once, to know what can be used and for how long it lasts."""

import os
import queue
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from pathlib import Path

from training.data.clip import FileClip
from training.data.decode_check import ClipCheck, StoppedError, check_clip
from training.data.scan_cache import ScanCache, stamp_of

Progress = Callable[[int, int], None]
PATIENCE = 60.0  # seconds that any clip may take
PATIENCE_PER_BYTE = 10 / 2**20  # a slow core decodes a megabyte of the thriftiest video in less
SAVE_EVERY = 10.0  # seconds
_POLL = 0.2  # seconds: Windows does not interrupt a wait for Ctrl-C


def scan(
    clips: Sequence[FileClip],
    record: ScanCache,
    progress: Progress,
    *,
    patience: float = PATIENCE,
    workers: int | None = None,
) -> list[ClipCheck]:
    """Check every clip, in processes of their own, or in the cache where it has not changed.

    Interrupted, the cache keeps what was seen.

    Args:
        clips: What to check.
        record: What was seen before; brought up to date.
        progress: Called with how many clips are done, of how many.
        patience: Seconds that any clip may take; large ones may take more.
        workers: How many processes; None: one per processor core.

    Raises:
        UserError: The cache cannot be written, or no process started.
    """
    stamps = [stamp_of(clip.path) for clip in clips]
    checks = [record.get(clip.path, stamp) for clip, stamp in zip(clips, stamps, strict=True)]
    new = [number for number, seen in enumerate(checks) if seen is None]
    tasks = [(clips[n].path, patience + _size(stamps[n]) * PATIENCE_PER_BYTE) for n in new]
    done, saved = len(clips) - len(new), time.monotonic()
    progress(done, len(clips))
    try:
        with closing(_check_all(tasks, min(workers or _cores(), len(tasks)))) as results:
            for task, seen in results:
                number = new[task]
                checks[number] = seen
                if stamps[number] and seen.lasting:
                    record.put(clips[number].path, stamps[number], seen)
                done += 1
                progress(done, len(clips))
                if time.monotonic() - saved > SAVE_EVERY:
                    record.save()
                    saved = time.monotonic()
    finally:
        record.save()
    return [seen for seen in checks if seen is not None]


def _check_all(
    tasks: Sequence[tuple[Path, float]], workers: int
) -> Generator[tuple[int, ClipCheck], None, None]:
    """Check every clip on one of `workers` threads; yield its number and what was seen.

    What goes wrong on a thread, other than with a clip, is raised here.
    """
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in range(len(tasks)):
        waiting.put(number)
    done: queue.SimpleQueue[tuple[int, ClipCheck | BaseException]] = queue.SimpleQueue()
    stopped = threading.Event()

    def work() -> None:
        while not stopped.is_set():
            try:
                number = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                done.put((number, check_clip(*tasks[number], stopped)))
            except StoppedError:
                return
            except BaseException as error:
                done.put((number, error))

    threads = [threading.Thread(target=work, name="scan", daemon=True) for _ in range(workers)]
    for thread in threads:
        thread.start()
    try:
        for _ in tasks:
            number, seen = _next(done)
            if isinstance(seen, BaseException):
                raise seen
            yield number, seen
    finally:
        stopped.set()
        for thread in threads:
            thread.join()


def _next(
    done: "queue.SimpleQueue[tuple[int, ClipCheck | BaseException]]",
) -> tuple[int, ClipCheck | BaseException]:
    while True:
        try:
            return done.get(timeout=_POLL)
        except queue.Empty:
            continue


def _size(stamp: str) -> int:
    return int(stamp.split()[1]) if stamp else 0


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
