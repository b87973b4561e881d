"""`lrcn-desktop teach`: from a few examples to a model file, in seconds."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from lrcn_desktop.model.claims import headline
from lrcn_desktop.recognition.teaching.project import OTHER
from training.commands.options import add_progress_option
from training.progress import reporting


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status.

    Raises:
        UserError: There are too few examples, or the model cannot be written.
    """
    options = _parse(arguments)
    from training.teach.teach import teach  # after --help, for which PyTorch is too slow

    with reporting(options.progress, failures=True) as reporter:
        lesson = teach(
            options.dir,
            options.out,
            add_to=options.add_to,
            quick=options.quick,
            seed=options.seed,
            reporter=reporter,
        )
        for sentence in (lesson.verdict, *lesson.advice):
            reporter.note(sentence)
    if options.progress != "json":
        found = headline(lesson.info.test)
        said = f", {found[0]} (left out) {found[1]}" if found is not None else ""
        print(f"{options.out}: {', '.join(lesson.info.classes)}{said}")
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "lrcn-desktop teach",
        description="Make a model of a few examples: some clips of 3 seconds of each activity.",
    )
    parser.add_argument(
        "dir",
        type=Path,
        metavar="DIR",
        help=f"a folder of clips for each activity, and {OTHER} for something else",
    )
    parser.add_argument(
        "--out", type=Path, required=True, metavar="MODEL", help="the .safetensors file to make"
    )
    parser.add_argument(
        "--add-to",
        metavar="NAME|FILE",
        help="a model that ships, whose own activities stay in the new one",
    )
    parser.add_argument(
        "--quick", action="store_true", help="only by class means, without fitting a memory"
    )
    parser.add_argument("--seed", type=int, default=0, help="of everything random")
    add_progress_option(parser)
    return parser.parse_args(arguments)
