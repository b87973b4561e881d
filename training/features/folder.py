"""Feature folders: what fitting and evaluation read, wherever the features come from.

A feature folder holds

- `features.json`: what made the features, a JSON object. Known keys: `backbone`, `digest`, `size`,
  `rate`, `dim`, `flip`, `stream`, `pool` (see `FeatureKind`); all may be missing, others are
  ignored.
- `index.csv`: a header and one row per clip, UTF-8: `clip` (a unique name), `label` (its activity;
  `_other` where it shows none, see `training.data.negatives`),
  `group` (clips of one group stay on one side of a split; empty: a group of its own), `split`
  ("train", "validation", "test", or empty), `rate` (steps per second), `file` (relative).
- one `.npy` file a clip: an array (T, D) of float16 or float32, one row per step.
"""

import csv
import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.arrays import load_array
from lrcn_desktop.errors import UserError
from lrcn_desktop.files import atomic_write
from lrcn_desktop.guard import guarded, read_json
from lrcn_desktop.names import cleaned
from training.data.clip import OTHER, Clip
from training.data.dataset import DataSet
from training.features.cache import ABOUT, FeatureCache
from training.features.kind import FeatureKind, Kept

INDEX = "index.csv"
COLUMNS = ("clip", "label", "group", "split", "rate", "file")
_LARGEST = 65_536  # pixels of a side
_WORDS = 300  # bytes of a message that come from a file
_SIDES = {"": "", "train": "train", "test": "test", "validation": "validation"} | {
    "training": "train",
    "testing": "test",
    "val": "validation",
    "valid": "validation",
}


@dataclass(frozen=True, slots=True)
class FeatureClip:
    """The features of one clip.

    Attributes:
        name: Unique in its set.
        label: Its activity; "" where it changes within the clip.
        group: Clips of one group stay on one side of a split.
        side: "train", "validation", "test", or "" where no split is given.
        rate: Steps a second.
        path: The array file, (T, D).
        digest: Of the clip's content, 12 hex digits.
        labels: The activity at each step, where it changes; else ().
    """

    name: str
    label: str
    group: str
    side: str
    rate: float
    path: Path
    digest: str
    labels: tuple[str, ...] = ()

    def load(self) -> NDArray[np.generic]:
        """Return its array (T, D), mapped and not read.

        Raises:
            UserError: The file is damaged.
        """
        return load_array(self.path)

    @property
    def step_labels(self) -> tuple[str, ...]:
        """The activity at each of its steps."""
        return self.labels or (self.label,) * len(self.load())


@dataclass(frozen=True, slots=True)
class FeatureSet:
    """Clips as features, all of one kind.

    Attributes:
        name: What a person calls it.
        classes: The activities, in a fixed order.
        clips: The clips.
        kind: What made the features.
        order_pairs: Activities that are the same frames in opposite order, where there are such.
        notes: Sentences that the person should read.
        negatives: Clips that show none of the activities, their label `OTHER`.
    """

    name: str
    classes: tuple[str, ...]
    clips: tuple[FeatureClip, ...]
    kind: FeatureKind
    order_pairs: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    negatives: tuple[FeatureClip, ...] = ()


def from_cache(data: DataSet, cache: FeatureCache, *, write: bool = True) -> FeatureSet:
    """Return a data set whose features are all in `cache`, and write the cache's index."""
    clips = tuple(_cached(clip, cache) for clip in data.clips)
    negatives = tuple(_cached(clip, cache) for clip in data.negatives)
    if write:
        write_index(cache.folder / INDEX, (*clips, *negatives))
    return FeatureSet(
        data.name, data.classes, clips, cache.kind, data.order_pairs, data.notes, negatives
    )


def _cached(clip: Clip, cache: FeatureCache) -> FeatureClip:
    labels = tuple(cache.labels(clip))
    one = len(set(labels)) == 1
    return FeatureClip(
        clip.name,
        labels[0] if one else "",
        clip.group,
        clip.side,
        cache.kind.rate,
        cache.path(clip),
        cache.digest(clip)[:12],
        () if one else labels,
    )


def write_index(path: Path, clips: Sequence[FeatureClip]) -> None:
    """Bring an `index.csv` up to date: what the array files are, for people and other programs.

    Rows of other clips stay, since data sets may share a cache. Clips whose activity changes have
    no one label, and no row.
    """
    rows = {clip.name: clip for clip in clips if clip.label}
    others: list[dict[str, str]] = []
    if path.exists():
        with suppress(UserError):  # cut off or damaged: it is made again
            others = [
                row
                for row in _read_rows(path)
                if row["label"]
                and row["clip"] not in rows
                and (path.parent / row["file"]).is_file()
            ]
    with atomic_write(path, "w") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        table.writerows([row[column] for column in COLUMNS] for row in others)
        for c in rows.values():
            texts = map(cleaned, (c.name, c.label, c.group))  # as they will be read
            table.writerow((*texts, c.side, f"{c.rate:g}", c.path.name))


def read_feature_folder(folder: Path, activities: Sequence[str] | None = None) -> FeatureSet:
    """Read a feature folder that this or another program filled.

    Args:
        folder: The folder.
        activities: Which of its labels to use; None: all. Negatives are used in any case.

    Raises:
        UserError: It is no feature folder; one sentence names the file, the row and the fault.
    """
    rows = _read_rows(folder / INDEX)
    if activities is not None and tuple(activities) != ("all",):
        known = {row["label"] for row in rows} - {OTHER}
        for label in activities:
            if label not in known:
                raise UserError(f"{folder / INDEX} has no clips of {label!r}: name what it has.")
        rows = [row for row in rows if row["label"] in (*activities, OTHER)]
    found = tuple(_clip(folder, number, row) for number, row in enumerate(rows, start=2))
    if twice := _repeated([clip.name for clip in found]):
        raise UserError(
            f"{folder / INDEX} names the clip {cleaned(twice, _WORDS)!r} twice: names must differ."
        )
    clips = tuple(clip for clip in found if clip.label != OTHER)
    classes = tuple(sorted({clip.label for clip in clips}))
    if len(classes) < 2:
        raise UserError(f"{folder / INDEX} has {len(classes)} label: at least two are needed.")
    negatives, notes = _negatives(found, clips)
    kind = _kind(folder, found)
    return FeatureSet(folder.name, classes, clips, kind, notes=notes, negatives=negatives)


def _negatives(
    found: Sequence[FeatureClip], clips: Sequence[FeatureClip]
) -> tuple[tuple[FeatureClip, ...], tuple[str, ...]]:
    """Return the negatives among `found` that are not identical to a clip of an activity."""
    known = {clip.digest for clip in clips}
    negatives = [clip for clip in found if clip.label == OTHER]
    kept = tuple(clip for clip in negatives if clip.digest not in known)
    refused = [clip.name for clip in negatives if clip.digest in known]
    note = (
        f"{len(refused)} rows of {OTHER} are not taken, {refused[0]} first: identical to clips of "
        "activities."
        if refused
        else ""
    )
    return kept, (note,) if note else ()


def _read_rows(path: Path) -> list[dict[str, str]]:
    with guarded(path, "cannot be read as a table"):
        try:
            file = path.open(newline="", encoding="utf-8-sig")
        except FileNotFoundError:
            raise UserError(
                f"{path.parent} is no feature folder: it needs an {INDEX} with "
                f"{', '.join(COLUMNS)} (see the guide)."
            ) from None
        with file:
            reader = csv.DictReader(file)
            missing = [c for c in COLUMNS if c not in (reader.fieldnames or ())]
            if missing:
                raise UserError(
                    f"{path} lacks the column {missing[0]!r}: it needs {', '.join(COLUMNS)}."
                )
            return [{key: _cell(key, row[key] or "") for key in COLUMNS} for row in reader]


def _cell(column: str, text: str) -> str:
    return text.strip() if column == "file" else cleaned(text)


def _clip(folder: Path, number: int, row: dict[str, str]) -> FeatureClip:
    def wrong(what: str) -> UserError:
        return UserError(f"{folder / INDEX}, row {number}: {cleaned(what, _WORDS)}.")

    if not row["clip"] or not row["label"]:
        raise wrong("the clip's name and its label must not be empty")
    if row["split"].lower() not in _SIDES:
        raise wrong(f"the split {row['split']!r} is none of train, validation, test or empty")
    try:
        rate = float(row["rate"])
    except ValueError:
        rate = 0.0
    if not 0.01 <= rate <= 1000:
        raise wrong(f"the rate {row['rate']!r} is not a number of steps per second")
    path = folder / row["file"]
    with guarded(folder / INDEX, f"has a file's name in row {number} that cannot be"):
        if not path.resolve().is_relative_to(folder.resolve()):
            raise wrong(f"the file {row['file']!r} lies outside of the folder")
    try:
        array = load_array(path)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    except (UserError, OSError) as error:
        raise wrong(f"{row['file']} is no array file that can be read") from error
    if array.ndim != 2 or array.dtype not in (np.float16, np.float32) or 0 in array.shape:
        raise wrong(f"{row['file']} is {array.dtype} {array.shape}, not float16 or float32 (T, D)")
    if not np.isfinite(array).all():
        raise wrong(f"{row['file']} has values that are not finite numbers")
    group = row["group"] or row["clip"]
    side = _SIDES[row["split"].lower()]
    return FeatureClip(row["clip"], row["label"], group, side, rate, path, digest)


def _kind(folder: Path, clips: Sequence[FeatureClip]) -> FeatureKind:
    dims = {clip.load().shape[1]: clip.path.name for clip in clips}
    if len(dims) > 1:
        a, b = list(dims)[:2]
        raise UserError(f"{folder} mixes features: {dims[a]} has {a} columns, {dims[b]} has {b}.")
    dim = next(iter(dims))
    path = folder / ABOUT
    about: dict[str, Any] = {}
    if path.exists():
        about = read_json(path, dict, "is no JSON object", "see the guide")
    size = about.get("size", 0)
    if type(size) is not int or not 0 <= size <= _LARGEST:
        raise UserError(f"{path} has a size that cannot be: see the guide for what it may say.")
    if about.get("pool", "") not in get_args(Kept):
        raise UserError(f"{path} has a pool that this version does not know: see the guide.")
    rates = {clip.rate for clip in clips}
    return FeatureKind(
        cleaned(str(about.get("backbone", ""))) or "features",
        cleaned(str(about.get("digest", ""))),
        size,
        rates.pop() if len(rates) == 1 else 0.0,
        dim,
        flip=about.get("flip") is True,
        stream="flow" if about.get("stream") == "flow" else "rgb",
        pool=about.get("pool", ""),
    )


def _repeated(names: Sequence[str]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None
