"""The one exception type for what a person can cause and mend, and how a command ends with it."""

import sys
from collections.abc import Callable

EXIT_ERROR, EXIT_INTERRUPTED = 2, 130


class UserError(Exception):
    """One sentence for the person at the screen: what is wrong, with what, what to do.

    Commands print it and exit with status 2; the window shows it and goes on. Every room may
    raise it, so it stands above them and imports nothing.
    """


def exit_status(name: str, command: Callable[[], int]) -> int:
    """Run `command`; return its status, 2 after a UserError's sentence, or 130 after Ctrl-C."""
    try:
        return command()
    except UserError as error:
        print(f"{name}: {error}", file=sys.stderr)
        return EXIT_ERROR
    except KeyboardInterrupt:
        print(f"{name}: interrupted.", file=sys.stderr)
        return EXIT_INTERRUPTED
