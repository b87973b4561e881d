"""The commands: train, teach, evaluate, reproduce, dataset."""

import importlib
from collections.abc import Sequence

from lrcn_desktop.errors import EXIT_ERROR, exit_status

COMMANDS = ("train", "teach", "evaluate", "reproduce", "dataset")


def run(name: str, arguments: Sequence[str]) -> int:
    """Run one of `COMMANDS`, importing no more than it needs, and return its exit status.

    Raises:
        UserError: What the person can mend.
    """
    status: int = importlib.import_module(f"training.commands.{name}").main(arguments)
    return status


def main(arguments: Sequence[str]) -> int:
    """Run `python -m training`; return 0, 2 (what a person can mend) or 130 (Ctrl-C)."""
    if not arguments or arguments[0] not in COMMANDS:
        print(f"usage: python -m training {{{','.join(COMMANDS)}}} ...")
        return 0 if arguments and arguments[0] in ("-h", "--help") else EXIT_ERROR
    return exit_status("training", lambda: run(arguments[0], arguments[1:]))
