"""The one exception type for what a person can cause and mend, and how a command ends with it."""

import sys
from collections.abc import Callable

from lrcn_desktop.signals import ending_as_interrupted

EXIT_ERROR, EXIT_INTERRUPTED = 2, 130


class UserError(Exception):
    """One sentence for the person at the screen: what is wrong, with what, what to do.

    Commands print it and exit with status 2; the window shows it and goes on. Every room may
    raise it, so it stands above them and imports none of them.
    """


def exit_status(name: str, command: Callable[[], int]) -> int:
    """Run `command`; return its status, 2 after a UserError's sentence, or 130 after Ctrl-C.

    A `kill` or a closed terminal counts as Ctrl-C.
    """
    try:
        with ending_as_interrupted():
            return command()
    except UserError as error:
        print(f"{name}: {error}", file=sys.stderr)
        return EXIT_ERROR
    except KeyboardInterrupt:
        print(f"{name}: interrupted.", file=sys.stderr)
        return EXIT_INTERRUPTED
