"""`lrcn-desktop reproduce`: the slides' four approaches and ours, on the same clips."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import write_json
from lrcn_desktop.training_events import Reproduced, Stopped
from training.commands.options import add_clip_options, add_progress_option, check_rate
from training.progress import reporting
from training.reproduce.approaches import Request, run_approaches
from training.reproduce.page import write_reproduction
from training.reproduce.table import describe, to_json
from training.run.control import Control


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status.

    Raises:
        UserError: The clips or the options are at fault.
    """
    options = _parse(arguments)
    request = _request(options)
    told = options.progress == "json"
    with reporting(options.progress, failures=True) as reporter:
        try:
            results = run_approaches(request, reporter, Control(reporter.event) if told else None)
            page, figures = request.out / "reproduce.html", request.out / "table.json"
            write_json(figures, to_json(results))
            write_reproduction(page, results)
            reporter.event(Reproduced(to_json(results), str(page)))
        except KeyboardInterrupt:
            reporter.note(f"Stopped; the same command continues with what is in {request.out}.")
            reporter.event(Stopped(str(request.out)))
            raise
    if not told:
        print(describe(results))
        print(f"\n{page} shows it; {figures} is for programs; the models are beside them.")
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "lrcn-desktop reproduce",
        description="Train the slides' four approaches and ours on the same clips, and print the "
        "slides' table with this run's columns beside it. If interrupted, it continues.",
    )
    parser.add_argument(
        "data",
        type=Path,
        metavar="UCF101_DIR",
        help="a folder with one folder of clips per activity",
    )
    parser.add_argument(
        "--out", type=Path, default=Path("reproduce"), metavar="DIR", help="(./reproduce)"
    )
    add_clip_options(parser)
    parser.add_argument(
        "--protocol",
        choices=("slides", "all"),
        help="the slides' 8, 10 and 10 clips per activity, or all (slides if possible)",
    )
    parser.add_argument("--rate", type=float, default=5.0, help="steps per second (5)")
    parser.add_argument("--epochs", type=int, help="passes over the clips (each preset's own)")
    parser.add_argument("--seed", type=int, default=0, help="of the splits and the fits (0)")
    add_progress_option(parser)
    return parser.parse_args(arguments)


def _request(options: argparse.Namespace) -> Request:
    check_rate(options.rate)
    if options.epochs is not None and options.epochs < 1:
        raise UserError(f"--epochs {options.epochs} is too few: give 1 or more.")
    out: Path = options.out
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"Cannot make the folder {out}: {error.strerror}.") from error
    return Request(
        data=options.data,
        out=out,
        activities=options.activities,
        rate=options.rate,
        split=options.split,
        epochs=options.epochs,
        seed=options.seed,
        protocol=options.protocol,
        cache=options.cache,
        device=options.device,
    )
