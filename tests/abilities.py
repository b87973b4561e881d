"""What the program keeps of a person's work, each ability done once: for the table of faults."""

import csv
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # the settings are Qt's

import numpy as np

from lrcn_desktop.app.events.log import append_rows
from lrcn_desktop.app.settings import Setting, Settings
from lrcn_desktop.errors import UserError
from lrcn_desktop.model.head_arrays import head_shapes
from lrcn_desktop.model.model_file import ModelFile, read_model, write_model
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.model.presets import BackboneConfig, HeadConfig
from lrcn_desktop.recognition.export.csv_tables import write_segments
from lrcn_desktop.recognition.export.video import write_video
from lrcn_desktop.recognition.review.review import Review
from lrcn_desktop.recognition.review.store import ReviewFile
from lrcn_desktop.recognition.segments import Segment
from lrcn_desktop.video.demo.source import DemoSource
from lrcn_desktop.video.file import FileSource
from lrcn_desktop.video.frame import Frame
from lrcn_desktop.video.recorder import Recorder

FRAMES = 20
NUMBER = Setting("a/number", 0)


@dataclass(frozen=True)
class Ability:
    """One thing that the program does with files in a folder.

    Attributes:
        name: What it is.
        act: Does it; a UserError says that it could not.
        count: How often it was done, by what stands in the folder: everything whole, or it fails.
        adds: Whether each time adds to what is there; else it takes its place.
        falls_back: Whether it finds another place where the folder cannot be written.
        quiet: Whether it goes on without a word where it cannot be done.
    """

    name: str
    act: Callable[[Path], object]
    count: Callable[[Path], int]
    adds: bool = True
    falls_back: bool = False
    quiet: bool = False


def record(folder: Path) -> None:
    recorder = Recorder(folder, "Camera", 10.0)
    recorder.start()
    image = np.random.default_rng(0).integers(0, 255, (240, 320, 3), np.uint8)  # hard to compress
    for index in range(FRAMES):
        recorder.push(Frame(image, index / 10, index))
    recorder.finish(60.0)
    if recorder.error is not None:
        raise recorder.error


def recordings(folder: Path) -> int:
    """Count the whole ones."""
    whole = 0
    for path in folder.glob("*.mkv"):
        try:
            with FileSource(path) as source:
                whole += sum(1 for _ in source) >= FRAMES
        except UserError:  # cut off before its first frame
            continue
    return whole


def export_table(folder: Path) -> None:
    numbers = range(tables(folder) + 1)
    write_segments(folder / "seen.csv", [Segment(n, n + 1.0, "walking", 0.5) for n in numbers])


def tables(folder: Path) -> int:
    path = folder / "seen.csv"
    if not path.exists():
        return 0
    with path.open(newline="") as file:
        head, *rows = csv.reader(file)
    assert all(len(row) == len(head) for row in rows)
    return len(rows)


def export_video(folder: Path) -> None:
    write_video(folder / "seen.mp4", DemoSource(size=(160, 120)), ("walking",), [], [], seconds=0.5)


def videos(folder: Path) -> int:
    path = folder / "seen.mp4"
    if not path.exists():
        return 0
    with FileSource(path) as source:
        assert sum(1 for _ in source) == 15
    return 1


def correct(folder: Path) -> None:
    file = review_file(folder)
    review = Review(None, file.load().snapshot)
    review.add(2.0 * review.corrections, 2.0 * review.corrections + 1.0, "walking")
    file.save(review.snapshot)


def corrections(folder: Path) -> int:
    found = review_file(folder).load()
    assert found.error == ""
    review = Review(None, found.snapshot)
    assert len(review.segments) == review.corrections
    return review.corrections


def review_file(folder: Path) -> ReviewFile:
    video = folder / "video.avi"
    with suppress(OSError):  # on a drive that is read-only it is there, or cannot be
        if not video.exists():
            video.write_bytes(b"a video")
    return ReviewFile.of_video(video)


def remember(folder: Path) -> None:
    settings = Settings(folder / "settings.ini")
    settings.set(NUMBER, settings.get(NUMBER) + 1)


def remembered(folder: Path) -> int:
    return Settings(folder / "settings.ini").get(NUMBER)


def log_event(folder: Path) -> None:
    append_rows(folder / "events.csv", [("2026-01-01", "demo", "walking", 0.0, 1.0, 0.9, 1)])


def events(folder: Path) -> int:
    path = folder / "events.csv"
    if not path.exists() or not path.stat().st_size:
        return 0
    with path.open(newline="") as file:
        rows = list(csv.reader(file))
    assert {len(row) for row in rows} == {7}
    return len(rows) - 1


def train(folder: Path) -> None:
    """Write a model file, as a training does in the end."""
    head, backbone = HeadConfig(fc=(4,), hidden=(4,)), BackboneConfig(kind="features", size=8)
    info = ModelInfo(f"{models(folder) + 1}", ("a", "b"), "default", backbone, head, 5.0)
    shapes = head_shapes(head, backbone.shape, 2)
    tensors = {f"head.{name}": np.ones(shape, np.float32) for name, shape in shapes.items()}
    write_model(folder / "mine.safetensors", ModelFile(info, tensors))


def models(folder: Path) -> int:
    path = folder / "mine.safetensors"
    return int(read_model(path).info.name) if path.exists() else 0


ABILITIES = (
    Ability("record", record, recordings),
    Ability("export a table", export_table, tables),
    Ability("export a video", export_video, videos, adds=False),
    Ability("correct", correct, corrections, falls_back=True),
    Ability("remember settings", remember, remembered, quiet=True),
    Ability("log events", log_event, events),
    Ability("write a model", train, models),
)


def repeat(name: str, folder: Path, begun: Event) -> None:
    """Do the ability of that name in that folder over and over, until killed."""
    ability = next(ability for ability in ABILITIES if ability.name == name)
    begun.set()
    while True:
        ability.act(folder)
