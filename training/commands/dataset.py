"""`lrcn-desktop dataset`: what a data set holds; getting and unpacking a published one."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import msgspec

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import atomic_write, check_writable
from lrcn_desktop.training_events import Activity, DataFound, LeftOut, Negatives, Sides
from training.data.clip import OTHER
from training.data.dataset import DataSet
from training.data.get_ucf101 import ABOUT, get_ucf101
from training.data.load import LEAST_GROUPS, Survey, build_data_set, survey_folder
from training.data.negatives import sources
from training.data.prepare import prepare
from training.data.quarantine import write_quarantine
from training.data.scan_cache import default_cache
from training.progress import Reporter, reporting


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status.

    Raises:
        UserError: The data set, the archive or the options are at fault.
    """
    options = _parse(arguments)
    if options.command == "prepare":
        return _prepare(options)
    if options.command == "download":
        return _download(options)
    return _scan(options)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("lrcn-desktop dataset", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    scan = commands.add_parser("scan", help="say what a folder of clips holds and what is wrong")
    scan.add_argument(
        "data", type=Path, metavar="DATA", help="a folder with one folder per activity"
    )
    scan.add_argument(
        "--activities",
        type=lambda text: text.split(","),
        metavar="A,B,..|all",
        help="decode only these (the slides' seven of UCF-101, else all)",
    )
    scan.add_argument("--split", type=int, default=1, help="UCF-101's official split (1)")
    scan.add_argument(
        "--quarantine",
        type=Path,
        default=Path("quarantine.csv"),
        metavar="FILE",
        help="where to list what cannot be used, if anything (quarantine.csv)",
    )
    scan.add_argument("--json", metavar="FILE", help="write what was found; -: print it")
    scan.add_argument("--progress", choices=("bar", "json"), default="bar", help="how it is shown")
    scan.add_argument(
        "--cache",
        type=Path,
        default=default_cache(),
        metavar="DIR",
        help="where what was seen of each clip is remembered",
    )
    unpack = commands.add_parser("prepare", help="unpack UCF101.rar, or another archive of clips")
    unpack.add_argument("archive", type=Path, metavar="ARCHIVE", help="the file as published")
    unpack.add_argument("dest", type=Path, metavar="DEST", help="the folder to make")
    get = commands.add_parser(
        "download", help="get UCF-101 (6.5 GB) from where it is published", description=ABOUT
    )
    get.add_argument("dest", type=Path, metavar="DEST", help="the folder for it")
    get.add_argument("--progress", choices=("bar", "json"), default="bar", help="how it is shown")
    return parser.parse_args(arguments)


def _download(options: argparse.Namespace) -> int:
    stage = ""

    def progress(doing: str, unit: str, name: str, done: int, total: int) -> None:
        nonlocal stage
        if stage != doing + name:
            stage = doing + name
            reporter.stage(doing, f"{doing}ing {name}", total, unit, done)
        reporter.advance(done)

    with reporting(options.progress) as reporter:
        reporter.note(ABOUT)
        download, unpack = partial(progress, "download", "B"), partial(progress, "unpack", "file")
        folder = get_ucf101(options.dest, download, unpack)
    if options.progress == "bar":
        print(f"UCF-101 is in {folder}; lrcn-desktop dataset scan looks at it.")
    return 0


def _prepare(options: argparse.Namespace) -> int:
    with reporting("bar") as reporter:
        counter = reporter.counter("unpack", "unpacking", "file")
        files = prepare(options.archive, options.dest, counter)
    print(f"{options.dest} holds {files} files; lrcn-desktop dataset scan looks at them.")
    return 0


def _scan(options: argparse.Namespace) -> int:
    if options.json not in (None, "-"):
        check_writable(options.json)
    with reporting(options.progress) as reporter:
        survey = _survey(options, reporter)
    found, fault = None, ""
    try:
        found = build_data_set(survey, options.activities, split=options.split)
    except UserError as error:  # the scan has done its work all the same
        fault = str(error)
    if survey.quarantined:
        write_quarantine(options.quarantine, survey.quarantined)
    event = _describe(survey, found, fault)
    described = msgspec.to_builtins(event)
    del described["event"]
    if options.json == "-":
        if options.progress == "json":
            reporter.event(event)
        else:
            print(json.dumps(described, ensure_ascii=False))
    else:
        _print(survey, event, options.quarantine)
        if options.json:
            with atomic_write(options.json, "w") as file:
                json.dump(described, file, ensure_ascii=False, indent=1)
    return 0


def _survey(options: argparse.Namespace, reporter: Reporter) -> Survey:
    return survey_folder(
        options.data,
        options.activities,
        record=options.cache,
        progress=reporter.scanning(),
        to_train=options.activities is not None,  # what was named must be there
    )


def _describe(survey: Survey, found: DataSet | None, fault: str) -> DataFound:
    """Return what the scan found, as the guide lists it."""
    groups = survey.groups()
    activities = {}
    for label, listed in survey.listing.clips.items():
        looked_at = label in survey.chosen
        usable = [clip for clip in survey.clips if clip.label == label]
        count = groups[label] if looked_at else len({clip.group for clip in listed})
        activities[label] = Activity(
            clips=len(usable if looked_at else listed),
            groups=count,
            seconds=round(sum(c.length or 0.0 for c in usable), 2) if looked_at else None,
            enough=count >= LEAST_GROUPS,
            chosen=label in found.classes if found else False,
        )
    sides = Counter(clip.side for clip in found.clips) if found else Counter[str]()
    negatives = found.negatives if found else survey.negatives
    return DataFound(
        name=survey.listing.folder.resolve().name,
        activities=activities,
        trainable=found is not None,
        other=Negatives(
            clips=len(negatives),
            sources=sources(negatives),
            seconds=round(sum(clip.length or 0.0 for clip in negatives), 2),
        ),
        notes=tuple(found.notes if found else (*survey.listing.notes, fault)),
        quarantined=tuple(LeftOut(q.file, q.reason) for q in survey.quarantined),
        split=Sides(sides["train"], sides["test"]) if sides["test"] else None,
    )


def _print(survey: Survey, found: DataFound, quarantine: Path) -> None:
    width = max(map(len, (*found.activities, "activity")))
    print(f"{'activity':{width}}  clips  groups  seconds")
    for label, activity in found.activities.items():
        seconds = "" if activity.seconds is None else f"{activity.seconds:.1f}"
        mark = "" if activity.chosen else "  not chosen" if activity.enough else "  left out"
        row = f"{label:{width}}  {activity.clips:5}  {activity.groups:6}  {seconds:>7}{mark}"
        print(row.rstrip())
    if other := found.other.clips:
        many = found.other.sources
        print(
            f"{OTHER}: {other} {'clip' if other == 1 else 'clips'} of {many} "
            f"{'source' if many == 1 else 'sources'}, shown as Unknown"
        )
    for note in found.notes:
        print(note)
    for item in survey.quarantined:
        print(f"cannot be used: {item.file}: {item.reason}", file=sys.stderr)
    if survey.quarantined:
        print(f"{quarantine} lists the {len(survey.quarantined)} files that cannot be used.")
