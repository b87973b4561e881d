"""`lrcn-desktop train`: from clips to a model file that carries its figures."""

import argparse
import os
from collections.abc import Sequence
from contextlib import closing
from dataclasses import fields
from pathlib import Path
from typing import Any

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import check_writable
from lrcn_desktop.model.library import find_model
from lrcn_desktop.model.presets import PRESETS
from lrcn_desktop.training_events import Failed, Stopped
from training.commands.options import (
    add_data_options,
    add_other_option,
    add_progress_option,
    check_one_source,
    check_other,
    check_rate,
)
from training.evaluation.text import describe
from training.fitting.distributed import ProcessGroup, process_group
from training.progress import Bar, JsonLines, Reporter, Silent
from training.run.control import Control
from training.run.folder import RunFolder, resume_command
from training.run.helpers import OPTION
from training.run.pipeline import help_training, run_training
from training.run.settings import Settings

_NICE = 10  # of a training that a window started: the window goes first


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status.

    Raises:
        UserError: The data set or the options are at fault.
    """
    options = _parse(arguments)
    if options.beside is not None:
        with closing(JsonLines()) as lines:
            control = Control(lambda _: None, until_end=True)
            help_training(RunFolder.join(options.beside), lines, control)
        return 0
    with process_group() as processes:
        reporter = _reporter(options.progress, processes)
        try:
            return _train(options, reporter, processes)
        except UserError as error:
            reporter.event(Failed(str(error)))
            raise
        finally:
            reporter.close()


def _train(options: argparse.Namespace, reporter: Reporter, processes: ProcessGroup) -> int:
    path = _folder_path(options)
    done = processes.is_main and not RunFolder.unfinished(path) and _is_of(path, options)
    if processes.restarts and processes.broadcast(done):
        return 0  # it was done already when one of the processes came to harm
    if not processes.is_main:
        processes.barrier()
        run_training(RunFolder.join(path), reporter, processes)
        return 0
    with _open_folder(path, options, processes) as folder:
        processes.barrier()
        reporter.also_to(path / "progress.jsonl")
        told = options.progress == "json"
        if told and hasattr(os, "nice"):
            os.nice(max(0, _NICE - os.nice(0)))
        try:
            control = Control(reporter.event) if told else None
            outcome = run_training(folder, reporter, processes, control)
        except KeyboardInterrupt:
            reporter.note(f"Stopped; continue with {resume_command(path)}.")
            reporter.event(Stopped(str(path)))
            raise
        except UserError as error:
            if not isinstance(error.__cause__, OSError):  # a disk's, as a rule
                raise
            what = str(error).rstrip(".")
            raise UserError(f"{what}; fix it and continue with {resume_command(path)}.") from error
    reporter.close()
    if options.progress == "bar":
        print(describe(outcome.evaluation))
        print(f"{folder.settings.out} is the model, {outcome.report} the report.")
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "lrcn-desktop train", description="Build a model from clips; its file carries its figures."
    )
    parser.add_argument(
        "data",
        nargs="?",
        metavar="DATA",
        help='a folder with one folder of clips per activity, UCF-101, or "demo"',
    )
    parser.add_argument("--out", type=Path, metavar="MODEL", help="the model file")
    parser.add_argument("--preset", choices=tuple(PRESETS), default="default", help="which network")
    add_data_options(parser)
    add_other_option(parser)
    parser.add_argument("--rate", type=float, default=5.0, help="steps per second (5)")
    parser.add_argument(
        "--rates", type=_rates, metavar="LOW,HIGH", help="resample to random rates (as they are)"
    )
    parser.add_argument("--epochs", type=int, help="passes over the clips (the preset's own)")
    parser.add_argument("--seed", type=int, default=0, help="of the fit (0)")
    parser.add_argument("--folds", type=int, help="of the cross-validation (5; of many clips 1)")
    parser.add_argument(
        "--protocol",
        choices=("all", "slides"),
        default="all",
        help="all clips, or the slides' 8, 10 and 10 of each activity",
    )
    parser.add_argument(
        "--stream", choices=("rgb", "flow"), default="rgb", help="pictures, or optical flow"
    )
    parser.add_argument("--flips", action="store_true", help="train on mirrored frames too")
    parser.add_argument(
        "--end-to-end",
        action="store_true",
        help="train also what the preset holds frozen of its own (VGG-16 stays)",
    )
    parser.add_argument("--compare", metavar="MODEL", help="test this model on the same clips")
    parser.add_argument("--run", type=Path, metavar="DIR", help="the run's folder (MODEL.run)")
    parser.add_argument("--resume", type=Path, metavar="DIR", help="continue an unfinished run")
    add_progress_option(parser)
    parser.add_argument(OPTION, type=Path, metavar="DIR", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.beside is not None:
        return options
    if options.resume is not None:
        return _parse_again(parser, arguments, options)
    _check(options)
    return options


def _parse_again(
    parser: argparse.ArgumentParser,
    arguments: Sequence[str] | None,
    options: argparse.Namespace,
) -> argparse.Namespace:
    """Return the options with the run's settings in place of the defaults.

    Raises:
        UserError: An option contradicts the run.
    """
    settings = RunFolder.asked(options.resume)
    if options.run is not None and options.run.resolve() != options.resume.resolve():
        raise UserError("--run and --resume name two folders: leave --run out.")
    known = {field.name: getattr(settings, field.name) for field in fields(settings)}
    known |= {name: known[name] and Path(known[name]) for name in ("out", "features", "cache")}
    known["other"] = [Path(path) for path in settings.other] or None
    given = parser.parse_args(arguments, argparse.Namespace(**known))
    given.data = given.data or settings.data
    asked = _settings(given)
    for name in known:
        if getattr(asked, name) != getattr(settings, name):
            option = "DATA" if name == "data" else f"--{name.replace('_', '-')}"
            raise UserError(
                f"{option} is {_said(getattr(settings, name))} in the run in {options.resume}: "
                "leave it out to continue that run, or begin another with --run in place of "
                "--resume."
            )
    _check(given)
    return given


def _said(value: object) -> str:
    """Return the value of an option as a person would give it."""
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return "not given" if value is None or value is False else str(value)


def _check(options: argparse.Namespace) -> None:
    check_one_source(options.data, options.features)
    if options.out is None:
        raise UserError("Name the model file to make: --out MODEL.safetensors.")
    check_rate(options.rate)
    if options.folds is not None and options.folds < 1:
        raise UserError(f"--folds {options.folds} is too few: give 1 or more.")
    if options.epochs is not None and options.epochs < 1:
        raise UserError(f"--epochs {options.epochs} is too few: give 1 or more.")
    if options.features is not None and (options.flips or options.stream == "flow"):
        raise UserError("--flips and --stream need frames: give DATA, not --features.")
    check_other(options.other, options.features)
    if options.compare is not None:
        find_model(options.compare)
    check_writable(options.out)


def _reporter(progress: str, processes: ProcessGroup) -> Reporter:
    if not processes.is_main:
        return Silent()
    return JsonLines() if progress == "json" else Bar()


def _folder_path(options: argparse.Namespace) -> Path:
    path: Path = options.resume or options.run or options.out.with_suffix(".run")
    return path


def _open_folder(path: Path, options: argparse.Namespace, processes: ProcessGroup) -> RunFolder:
    again = processes.managed and RunFolder.unfinished(path) and _is_of(path, options)
    if options.resume is not None or again:
        return RunFolder.resume(path)
    return RunFolder.begin(path, _settings(options))


def _is_of(path: Path, options: argparse.Namespace) -> bool:
    """Whether `path` holds a run of these very options."""
    try:
        return RunFolder.asked(path) == _settings(options)
    except UserError:
        return False


def _settings(options: argparse.Namespace) -> Settings:
    data, features = options.data, options.features
    asked: dict[str, Any] = {field.name: getattr(options, field.name) for field in fields(Settings)}
    return Settings(
        **asked
        | {
            "out": str(options.out.resolve()),
            "data": data if data in (None, "demo") else str(Path(data).resolve()),
            "features": None if features is None else str(features.resolve()),
            "other": tuple(dict.fromkeys(str(path.resolve()) for path in options.other or ())),
            "cache": str(options.cache.resolve()),
        }
    )


def _rates(text: str) -> tuple[float, float]:
    low, _, high = text.partition(",")
    try:
        rates = float(low), float(high)
    except ValueError:
        rates = (0.0, 0.0)
    if not 0 < rates[0] <= rates[1] <= 60:
        raise argparse.ArgumentTypeError(f"{text!r} is not two rates such as 5,30")
    return rates
