"""Every reader of a file that may come from outside, fed damaged files by the thousand.

What reads a file of a stranger's, or one that a disk may have damaged, belongs in `READERS`.
More of them, and others: LRCN_MUTANTS=20000 LRCN_SEED=mine pytest -m slow tests/test_readers.py
"""

import csv
import io
import json
import os
import shutil
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # the settings are Qt's

import numpy as np
import pytest
import torch
from mutants import mutant

from lrcn_desktop.app.events.log import COLUMNS as EVENT_COLUMNS
from lrcn_desktop.app.events.log import check_log
from lrcn_desktop.app.events.rule import RULES, read_rules
from lrcn_desktop.app.retrain.runs import read_state
from lrcn_desktop.app.settings import Setting
from lrcn_desktop.app.settings import Settings as Remembered
from lrcn_desktop.arrays import load_array, save_array
from lrcn_desktop.errors import UserError
from lrcn_desktop.model.backbones.weights import SCALINGS, read_frozen
from lrcn_desktop.model.head_arrays import head_shapes
from lrcn_desktop.model.model_file import ModelFile, read_model, write_model
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.model.presets import BackboneConfig, HeadConfig
from lrcn_desktop.model.shipped_negatives import Origin, read_negatives
from lrcn_desktop.recognition.export.text import cell
from lrcn_desktop.recognition.review.file_format import Sidecar, read_sidecar, write_sidecar
from lrcn_desktop.recognition.review.review import ModelSegments, Review, ReviewSnapshot
from lrcn_desktop.recognition.segments import Segment
from lrcn_desktop.recognition.teaching.features import Features, save_features
from lrcn_desktop.recognition.teaching.leaky_memory import COMPONENTS
from lrcn_desktop.recognition.teaching.postures import read_postures, write_postures
from lrcn_desktop.recognition.teaching.project import Project
from lrcn_desktop.video.images import ImageFolderSource
from lrcn_desktop.video.opencv import cv2
from tools.shipped_negatives import write_negatives
from training.data.clip import FileClip
from training.data.dataset import DataSet
from training.data.decode_check import ClipCheck
from training.data.groups import read_grouping
from training.data.prepare import prepare
from training.data.scan_cache import ScanCache
from training.data.ucf101 import read_official
from training.features.folder import read_feature_folder
from training.fitting.checkpoint import (
    Progress,
    intact,
    load_checkpoint,
    pack_optimizer,
    save_checkpoint,
    unpack_optimizer,
)
from training.fitting.distributed import ProcessGroup
from training.reproduce.published import Sides
from training.reproduce.result import Result
from training.run.clips import same_clips
from training.run.folder import RunFolder
from training.run.settings import Settings

FEW = 40  # mutants of each reader's file
MANY = int(os.environ.get("LRCN_MUTANTS", "5000"))  # where there is time
SEED = os.environ.get("LRCN_SEED", "")


@dataclass(frozen=True)
class Reader:
    """How a file is made and read.

    Attributes:
        name: What the reader reads.
        make: Makes a good file in a folder and returns its path.
        read: Reads it; of a damaged one it raises a UserError, or nothing.
        quiet: It must raise nothing at all: what is remembered counts as missing.
    """

    name: str
    make: Callable[[Path], Path]
    read: Callable[[Path], object]
    quiet: bool = False


def make_model(folder: Path) -> Path:
    classes = ("walking", "waving")
    head = HeadConfig(pool="flatten", fc=(4,), hidden=(4,))
    backbone = BackboneConfig(kind="features", size=8)
    info = ModelInfo(
        "tiny",
        classes,
        "default",
        backbone,
        head,
        5.0,
        temperature=0.5,
        training={"clips": 12, "split": "by groups", "epochs": [3, 4]},
        test={"clip_accuracy": 0.5, "confusion": [[1, 2], [3, 4]]},
    )
    shapes = head_shapes(head, backbone.shape, len(classes))
    tensors = {f"head.{name}": np.ones(shape, np.float32) for name, shape in shapes.items()}
    write_model(folder / "tiny.safetensors", ModelFile(info, tensors))
    return folder / "tiny.safetensors"


def read_model_twice(path: Path) -> None:
    """What loads can also be written: imported, renamed."""
    write_model(path.with_name("copy.safetensors"), read_model(path))


def make_weights(folder: Path) -> Path:
    from safetensors.numpy import save_file

    path = folder / "weights.safetensors"
    metadata = {"input": SCALINGS["caffe"].description}
    save_file({"a.weight": np.ones((2, 3), np.float16)}, path, metadata)
    return path


def make_sidecar(folder: Path) -> Path:
    seen = (Segment(0.0, 1.0, "walking", 0.9), Segment(1.0, 2.0, "waving", 0.8))
    review = Review(
        4.0, ReviewSnapshot(ModelSegments("demo", ("walking", "waving"), seen, ((0.0, 2.0),)))
    )
    review.relabel(seen[0], "jumping")
    path = folder / "talk.mp4.lrcn.json"
    write_sidecar(path, Sidecar("talk.mp4", "0" * 32, 1.8e9, review.snapshot))
    return path


def read_sidecar_and_write_it(path: Path) -> None:
    """What loads can be kept again, and its labels are cells that are no formula."""
    sidecar = read_sidecar(path)
    write_sidecar(path.with_name("copy.lrcn.json"), sidecar)
    for segment in sidecar.snapshot.result.segments:
        row = io.StringIO()
        csv.writer(row, lineterminator="\n").writerow([cell(segment.label)])
        assert len(list(csv.reader(io.StringIO(row.getvalue(), newline="")))) == 1


def make_array(folder: Path) -> Path:
    save_array(folder / "a.npy", np.ones((6, 4), np.float16))
    return folder / "a.npy"


def make_feature_folder(folder: Path) -> Path:
    for name in ("a", "b"):
        save_array(folder / f"{name}.npy", np.ones((6, 4), np.float16))
    rows = ("a,walking,g1,train,5,a.npy", "b,waving,g2,test,5,b.npy")
    (folder / "index.csv").write_text("\n".join(("clip,label,group,split,rate,file", *rows)))
    (folder / "features.json").write_text('{"backbone": "vgg16", "digest": "0a", "size": 224}')
    return folder / "index.csv"


def make_groups(folder: Path) -> Path:
    (folder / "groups.csv").write_text("file,group\nwalking/a.avi,anna\nwalking/b.avi,ben\n")
    return folder / "groups.csv"


def make_list(folder: Path) -> Path:
    (folder / "testlist01.txt").write_text("Punch/v_Punch_g01_c01.avi\n")
    (folder / "trainlist01.txt").write_text("Punch/v_Punch_g08_c01.avi 71\n")
    return folder / "trainlist01.txt"


def make_settings_of_run(folder: Path) -> Path:
    settings = Settings("my.safetensors", "clips", activities=("a", "b"), rates=(5.0, 30.0))
    (folder / "run.json").write_text(settings.to_json())
    return folder / "run.json"


def data_set() -> DataSet:
    clips = [FileClip(n, n, n, path=Path(n), sha256=n * 64) for n in ("a", "b")]
    return DataSet("clips", ("a", "b"), tuple(clips))


def make_clips(folder: Path) -> Path:
    same_clips(folder / "clips.json", data_set(), ProcessGroup())
    return folder / "clips.json"


def make_result(folder: Path) -> Path:
    sides = Sides(0.1, 0.2, 0.3)
    result = Result(
        *("default", 1000, sides, sides, 240, 0.9, 0.8, 0.7),
        data="UCF-101",
        classes=("a", "b"),
        split="by groups",
    )
    result.write(folder / "result.json")
    return folder / "result.json"


EPOCH = {
    "epoch": 1,
    "best": True,
    "loss": 0.5,
    "accuracy": 0.5,
    "validation_loss": 0.4,
    "validation_accuracy": 0.9,
    "confusion": [[1, 2], [3, 4]],
}


def make_progress(folder: Path) -> Path:
    events = [
        {"event": "run", "time": 1.0, "dir": "x", "model": "m", "preset": "p", "resumed": False},
        {"event": "epoch", "time": 2.0, "fit": "frames", "epochs": 3, "seconds_left": 1, **EPOCH},
        {"event": "progress", "time": 3.0, "stage": "fit", "done": 1, "total": 2},
    ]
    (folder / "progress.jsonl").write_text("".join(f"{json.dumps(e)}\n" for e in events))
    return folder / "progress.jsonl"


def read_progress(path: Path) -> None:
    """As the trainer and as the window reads it."""
    for epoch in RunFolder(path.parent, Settings("m"), resumed=True).history():
        assert epoch.epoch >= 0
    read_state(path.parent)


def optimizer() -> torch.optim.Optimizer:
    weight = torch.nn.Parameter(torch.ones(3, 2))
    weight.grad = torch.ones(3, 2)
    adam = torch.optim.AdamW([weight])
    adam.step()
    return adam


def make_checkpoint(folder: Path) -> Path:
    progress = Progress("what", 0, epoch=1, batches=4, best=1, history=[EPOCH])
    tensors = pack_optimizer(optimizer()) | {"network.a": torch.ones(3)}
    save_checkpoint(folder / "frames.safetensors", progress, tensors)
    return folder / "frames.safetensors"


def read_checkpoint(path: Path) -> None:
    found = load_checkpoint(path, "what")
    if found is None:  # there is none yet
        return
    adam = optimizer()
    with intact(path):
        unpack_optimizer(adam, found[1])
    adam.step()


def make_record(folder: Path) -> Path:
    record = ScanCache(folder, folder)
    record.put(folder / "a.avi", "1 2 3", ClipCheck("0" * 64, 25, 1.0, ""))
    record.save()
    return record.path


def read_record(path: Path) -> None:
    ScanCache(path.parent, path.parent).get(path.parent / "a.avi", "1 2 3")


def make_zip(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "clips.zip", "w") as file:
        for number, way in enumerate((zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2)):
            file.writestr(f"walking/{number}.avi", bytes(range(200)), way)
    return folder / "clips.zip"


def make_tar(folder: Path, way: str) -> Path:
    (folder / "a.avi").write_bytes(bytes(range(200)))
    path = folder / f"clips.tar.{way}"
    with tarfile.open(path, f"w:{way}") as file:  # type: ignore[call-overload]
        file.add(folder / "a.avi", "walking/a.avi")
    return path


def unpack(path: Path) -> None:
    out = path.parent / "out"
    try:
        prepare(path, out)
    finally:
        shutil.rmtree(out, ignore_errors=True)
    assert not list(path.parent.glob(".out*"))


REMEMBERED: dict[str, object] = {
    "a/text": "demo",
    "a/number": 0.5,
    "a/switch": True,
    "a/list": ["x", "y"],
    RULES.key: [{"label": "walking", "least": 1.0, "program": ["/bin/true"], "count": True}],
}


def make_remembered(folder: Path) -> Path:
    settings = Remembered(folder / "settings.ini")
    for key, value in REMEMBERED.items():
        settings.set(Setting(key, value), value)
    return folder / "settings.ini"


def read_remembered(path: Path) -> None:
    settings = Remembered(path)
    for key, value in REMEMBERED.items():
        assert type(settings.get(Setting(key, value))) is type(value)
        assert np.isfinite(settings.get(Setting("a/number", 0.25)))
    read_rules(settings)
    text = Setting("a/text", "")
    settings.set(text, "after")
    assert settings.get(text) == "after"


def make_image(folder: Path) -> Path:
    cv2.imwrite(str(folder / "1.png"), np.full((24, 32, 3), 90, np.uint8))
    return folder / "1.png"


def read_images(path: Path) -> None:
    with ImageFolderSource(path.parent) as source:
        source.read()


def make_event_log(folder: Path) -> Path:
    (folder / "events.csv").write_text(",".join(EVENT_COLUMNS) + "\r\n1,2,3,4,5,6,7\r\n")
    return folder / "events.csv"


def make_negatives(folder: Path) -> Path:
    path = folder / "negatives.safetensors"
    features = np.random.default_rng(0).normal(size=(6, 8))
    numbers = np.arange(6)
    origin = Origin("lite0", "0" * 64, 224, "statistics", ("a", "b"), "ours")
    write_negatives(path, features, numbers / 5, numbers // 2, numbers % 2, origin, 3)
    return path


def read_negatives_whole(path: Path) -> None:
    found = read_negatives(path)
    assert np.isfinite(found.features).all()
    assert len(found.features) == len(found.time) == len(found.without(("a",)).clip) * 2


def make_postures(folder: Path) -> Path:
    path = folder / "postures.safetensors"
    directions = np.random.default_rng(0).normal(size=(COMPONENTS, 7680)).astype(np.float32)
    write_postures(path, directions, "ours")
    return path


def read_postures_whole(path: Path) -> None:
    found = read_postures(path)
    assert found is None or np.isfinite(found).all()


def make_project(folder: Path) -> Path:
    project = Project.open(folder / "mine")
    for name in ("walking", "waving"):
        project.add_activity(name)
        (project.folder / name / "1.mkv").write_bytes(b"a video")
    for clip in project.clips():
        project.set_place(replace(clip, place="demo, 3 s"))
    return project.folder / "teach.json"


def read_project(path: Path) -> None:
    """What cannot be read of it is forgotten; the clips are there, and it can be saved again."""
    project = Project.open(path.parent)
    assert len(project.clips()) == 2
    assert all(note.isprintable() and len(note) < 1000 for note in project.notes)
    if not path.is_dir():
        project.save()


def make_features(folder: Path) -> Path:
    save_features(folder, "a", np.ones((3, Features().width), np.float32))
    return folder / ".features" / "a.npy"


def read_features(path: Path) -> None:
    found = Features().stored(path.parents[1], "a", sound=False)
    assert found is None or np.isfinite(found).all()


READERS = (
    Reader("model", make_model, read_model_twice),
    Reader("weights", make_weights, lambda p: read_frozen(p, "it", {"a.weight": (2, 3)})),
    Reader("review", make_sidecar, read_sidecar_and_write_it),
    Reader("array", make_array, load_array),
    Reader("index", make_feature_folder, lambda p: read_feature_folder(p.parent)),
    Reader(
        "features",
        lambda folder: make_feature_folder(folder).with_name("features.json"),
        lambda p: read_feature_folder(p.parent),
    ),
    Reader("groups", make_groups, lambda p: read_grouping(p.parent)),
    Reader("split", make_list, lambda p: read_official(p.parent, 1)),
    Reader("run", make_settings_of_run, Settings.read),
    Reader("clips", make_clips, lambda p: same_clips(p, data_set(), ProcessGroup())),
    Reader("result", make_result, Result.read),
    Reader("progress", make_progress, read_progress),
    Reader("checkpoint", make_checkpoint, read_checkpoint),
    Reader("scan", make_record, read_record, quiet=True),
    Reader("zip", make_zip, unpack),
    Reader("tar.gz", lambda folder: make_tar(folder, "gz"), unpack),
    Reader("tar.bz2", lambda folder: make_tar(folder, "bz2"), unpack),
    Reader("tar.xz", lambda folder: make_tar(folder, "xz"), unpack),
    Reader("settings", make_remembered, read_remembered, quiet=True),
    Reader("images", make_image, read_images),
    Reader("events", make_event_log, check_log),
    Reader("negatives", make_negatives, read_negatives_whole),
    Reader("postures", make_postures, read_postures_whole),
    Reader("project", make_project, read_project, quiet=True),
    Reader("clip's features", make_features, read_features, quiet=True),
)
EACH = pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)


@EACH
def test_a_good_file_is_read(reader: Reader, tmp_path: Path) -> None:
    reader.read(reader.make(tmp_path))


@EACH
def test_a_damaged_file_is_refused_in_one_sentence(reader: Reader, tmp_path: Path) -> None:
    feed(reader, tmp_path, range(FEW))


@pytest.mark.slow
@pytest.mark.timeout(3600)
@EACH
def test_thousands_of_damaged_files(reader: Reader, tmp_path: Path) -> None:
    feed(reader, tmp_path, range(MANY))


@EACH
@pytest.mark.parametrize("kind", ["gone", "folder", "empty"])
def test_what_is_no_file_is_refused_in_one_sentence(
    reader: Reader, tmp_path: Path, kind: str
) -> None:
    path = reader.make(tmp_path)
    path.unlink()
    if kind == "folder":
        path.mkdir()
    elif kind == "empty":
        path.touch()
    read(reader, path, kind)


def feed(reader: Reader, folder: Path, numbers: range) -> None:
    path = reader.make(folder)
    good = path.read_bytes()
    for number in numbers:
        seed = f"{SEED}{reader.name} {number}"
        path.write_bytes(mutant(good, seed))
        read(reader, path, seed)


def read(reader: Reader, path: Path, what: str) -> None:
    try:
        reader.read(path)
    except UserError as error:
        told = str(error)
        assert not reader.quiet, f"{what}: {told}"
        assert told.endswith("."), f"{what}: {told}"
        assert told.isprintable(), f"{what}: {told!r}"
        assert len(told) < 1000, f"{what}: {told}"
        assert path.name in told or path.parent.name in told, f"{what}: {told}"
    except Exception as error:
        raise AssertionError(f"{what}: {type(error).__name__}, no sentence") from error


def test_the_same_seed_gives_the_same_damage() -> None:
    good = json.dumps(asdict(Settings("m"))).encode()
    assert mutant(good, "1") == mutant(good, "1")
    assert len({mutant(good, str(number)) for number in range(100)}) > 95
