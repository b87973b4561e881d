"""Examples from what is there already: other files, parts of files, and frames in memory."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import atomic_path, make_private
from lrcn_desktop.guard import reason
from lrcn_desktop.names import file_name
from lrcn_desktop.recognition.teaching.project import free_path
from lrcn_desktop.video.buffer import Snapshot
from lrcn_desktop.video.file import FileSource
from lrcn_desktop.video.recording import Recording, steady_rate
from lrcn_desktop.video.suffixes import VIDEO_SUFFIXES
from lrcn_desktop.video.writer import VideoWriter


def copy_in(path: Path, folder: Path) -> Path:
    """Copy a video file into an activity's folder, once it is known to be one.

    Raises:
        UserError: It cannot be read as a video, or not be copied.
    """
    if path.suffix.lower() not in VIDEO_SUFFIXES:
        raise UserError(f"{path} is not a video file: choose a video.")
    with FileSource(path) as source:
        if source.read() is None:
            raise UserError(f"{path} shows nothing: it has no frame. Choose another video.")
    target = free_path(folder / f"{file_name(path.stem, 'clip')}{path.suffix.lower()}")
    try:
        make_private(folder)
        with atomic_path(target) as part:
            shutil.copyfile(path, part)
    except OSError as error:
        raise UserError(f"Cannot copy {path} to {folder} ({reason(error)}).") from error
    return target


def cut(path: Path, start: float, end: float, folder: Path, name: str) -> Path:
    """Write what a video shows from `start` to `end` seconds as a file of its own.

    Raises:
        UserError: There is no frame in it, or it cannot be read or written.
    """
    target = free_path(folder / f"{file_name(name, 'clip')} trimmed.mkv")
    written = 0
    with FileSource(path) as source, atomic_path(target) as part:
        writer = VideoWriter(part, source.size, source.rate)
        try:
            for frame in source:
                if frame.time >= end:
                    break
                if frame.time >= start - 0.5 / source.rate:
                    writer.write(frame.image)
                    written += 1
            if not written:
                raise UserError(f"{path.name} has no frame there: choose a longer part.")
            writer.close()
        finally:
            writer.abort()
    return target


def write_frames(snapshot: Snapshot, folder: Path, name: str, rate: float) -> list[Path]:
    """Write what a rolling buffer held to a folder, and return the files.

    Args:
        snapshot: What it held.
        folder: Where the files go; made where it is missing.
        name: What the files' names end in.
        rate: The rate that the source declares, in frames per second.

    Raises:
        UserError: It held nothing yet, or the folder cannot be written.
    """
    if len(snapshot.times) < 2:
        raise UserError("There is nothing to add yet: wait until some seconds have played.")
    measured = (len(snapshot.times) - 1) / snapshot.seconds if snapshot.seconds else 0.0
    recording = Recording(folder, name, steady_rate(rate, measured))
    now = datetime.now()
    try:
        for frame in snapshot:
            recording.write(frame.time, frame.image, now)
        recording.close()
    except BaseException:
        recording.abort()
        raise
    return recording.paths
