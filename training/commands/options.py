"""Options that several commands share."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from lrcn_desktop.errors import UserError
from training.data.clip import OTHER
from training.data.scan_cache import default_cache


def add_data_options(parser: argparse.ArgumentParser) -> None:
    """Add what says which clips, and where their features are kept."""
    parser.add_argument(
        "--features", type=Path, metavar="DIR", help="a feature folder, in place of DATA"
    )
    add_clip_options(parser)


def add_clip_options(parser: argparse.ArgumentParser) -> None:
    """Add what says which clips of DATA, and where they are worked on."""
    parser.add_argument(
        "--activities",
        type=_names,
        metavar="A,B,..|all",
        help="only these (of UCF-101: the slides' seven)",
    )
    parser.add_argument(
        "--split", type=int, choices=(1, 2, 3), default=1, help="of UCF-101's official three (1)"
    )
    parser.add_argument(
        "--cache",
        type=Path,
        metavar="DIR",
        help="where features are stored between runs",
        default=default_cache(),
    )
    parser.add_argument(
        "--device", choices=("auto", "cpu", "cuda", "mps"), default="auto", help="where it runs"
    )


def add_other_option(parser: argparse.ArgumentParser) -> None:
    """Add where clips that show none of the activities lie."""
    parser.add_argument(
        "--other",
        type=Path,
        action="append",
        metavar="DIR|FILE",
        help=f"clips that show none of the activities, as those in DATA/{OTHER}; may be repeated",
    )


def check_other(other: Sequence[Path] | None, features: Path | None) -> None:
    """Check that --other exists, and is given with clips.

    Raises:
        UserError: It is not so.
    """
    if not other:
        return
    if features is not None:
        raise UserError(
            f"--other needs DATA: in a feature folder, label such clips {OTHER} in its index.csv."
        )
    for path in other:
        if not path.exists():
            raise UserError(f"{path} does not exist: give a folder of clips with --other.")


def add_progress_option(parser: argparse.ArgumentParser) -> None:
    """Add how progress is reported."""
    parser.add_argument(
        "--progress",
        choices=("bar", "json"),
        default="bar",
        help="a bar for people, or JSON lines for programs (see the guide)",
    )


def check_one_source(data: str | None, features: Path | None) -> None:
    """Check that DATA or --features is given, and not both.

    Raises:
        UserError: It is not so.
    """
    if (data is None) == (features is None):
        raise UserError('Give one of both: DATA (a folder, or "demo") or --features DIR.')


def check_rate(rate: float) -> None:
    """Check a rate of steps.

    Raises:
        UserError: It makes no sense.
    """
    if not 0 < rate <= 60:
        raise UserError(f"--rate {rate:g} makes no sense: give 1 to 60 steps per second.")


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())
