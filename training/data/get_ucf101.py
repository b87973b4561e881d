"""Getting UCF-101 from where it is published."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import remove_left
from training.data.archive import check_space
from training.data.download import download
from training.data.prepare import prepare
from training.data.ucf101 import LISTS_FOLDER

ABOUT = (
    "UCF-101: 13,320 clips of 101 activities (Soomro, Zamir and Shah, 2012), published by the "
    "University of Central Florida at https://www.crcv.ucf.edu/data/UCF101.php. The download is "
    "6.5 GB, and about 14 GB of free space are needed until it is unpacked. Its publishers state "
    "no licence: it was made of videos from YouTube, for research."
)
NEEDED = 14 * 10**9  # bytes


@dataclass(frozen=True, slots=True)
class Published:
    """An archive of UCF-101.

    Attributes:
        url: Where it is.
        folder: What its one folder is called.
    """

    url: str
    folder: str


ARCHIVES = (
    Published(
        "https://www.crcv.ucf.edu/data/UCF101/UCF101TrainTestSplits-RecognitionTask.zip",
        LISTS_FOLDER,
    ),
    Published("https://www.crcv.ucf.edu/data/UCF101/UCF101.rar", "UCF-101"),
)
Progress = Callable[[str, int, int], None]  # the archive's name, done, of how many


def get_ucf101(
    folder: Path,
    downloaded: Progress = lambda name, done, total: None,
    unpacked: Progress = lambda name, done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Path | None:
    """Download and unpack UCF-101 into `folder`, going on where an earlier call ended.

    Returns:
        The folder of its activities; None when it was cancelled.

    Raises:
        UserError: It cannot be downloaded or unpacked, or there is too little space.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"Cannot make the folder {folder}: {error.strerror or error}.") from error
    there = sum(file.stat().st_size for file in folder.glob("*") if file.is_file())
    if any(not (folder / published.folder).exists() for published in ARCHIVES):
        check_space(folder, max(0, NEEDED - there))
    for published in ARCHIVES:
        if (folder / published.folder).exists():
            continue
        name = published.url.rpartition("/")[2]

        def moved(done: int, total: int, name: str = name) -> None:
            downloaded(name, done, total)

        def opened(done: int, total: int, name: str = name) -> None:
            unpacked(name, done, total)

        if not download(published.url, folder / name, moved, cancelled):
            return None
        _unpack(folder / name, folder / published.folder, opened)
    return folder / ARCHIVES[-1].folder


def _unpack(archive: Path, dest: Path, progress: Callable[[int, int], None]) -> None:
    """Unpack an archive of one folder so that this folder is `dest`, and delete the archive."""
    work = dest.with_name(f".{dest.name}.part")
    shutil.rmtree(work, ignore_errors=True)  # of a process that was killed
    try:
        try:
            prepare(archive, work, progress)
        except UserError as error:  # it may be damaged, or a program for it be missing
            sentence = str(error).rstrip(".")
            raise UserError(f"{sentence}; delete {archive} to download it again.") from error
        inner = work / dest.name
        (inner if inner.is_dir() else work).rename(dest)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    remove_left(archive)
