"""Programs that the user chose to have run for an event: never through a shell."""

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from lrcn_desktop.app.worker import Worker
from lrcn_desktop.errors import UserError

PLACEHOLDERS = ("label", "start", "end", "time", "source")
MOST_AT_ONCE = 4
# Programs outlive the window that started them; one that is forgotten while it runs is a warning.
_started: set[subprocess.Popen[bytes]] = set()
_PLACEHOLDER = re.compile("{(" + "|".join(PLACEHOLDERS) + ")}")


class Programs(QObject):
    """Runs programs beside the window, a few at once.

    Attributes:
        dropped: Runs that were dropped because too many programs still ran.
    """

    failed = Signal(str)  # one sentence, the same not twice in a row of failures

    def __init__(self, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.dropped = 0
        self._worker = worker
        self._starting = 0
        self._running: list[tuple[str, subprocess.Popen[bytes]]] = []
        self._told: set[str] = set()

    @property
    def running(self) -> int:
        """How many run, or are being started."""
        return self._starting + len(self._running)

    def run(self, program: Sequence[str], values: Mapping[str, str]) -> None:
        """Start a program with its arguments filled in, unless too many run."""
        if self.running >= MOST_AT_ONCE:
            self.dropped += 1
            self._tell(
                self.tr(
                    "{0} programs for events still run, so {1} was not started: they take longer "
                    "than the events to come."
                ).format(MOST_AT_ONCE, program[0])
            )
            return
        self._starting += 1
        self._worker.run(
            partial(_start, [program[0], *(fill(part, values) for part in program[1:])]),
            partial(self._started, program[0]),
            self._not_started,
            "start a program",
        )

    def check(self) -> None:
        """Look which have ended; call now and then."""
        for name, process in list(self._running):
            status = process.poll()
            if status is not None:
                self._running.remove((name, process))
            if status:
                text = self.tr("The program {0}, run for an event, ended with status {1}.")
                self._tell(text.format(name, status))

    def forget_failures(self) -> None:
        """Tell each failure once more: the user has changed something."""
        self._told.clear()

    def _started(self, name: str, process: subprocess.Popen[bytes]) -> None:
        self._starting -= 1
        self._running.append((name, process))

    def _not_started(self, sentence: str) -> None:
        self._starting -= 1
        self._tell(sentence)

    def _tell(self, sentence: str) -> None:
        if sentence not in self._told:
            self._told.add(sentence)
            self.failed.emit(sentence)


def fill(argument: str, values: Mapping[str, str]) -> str:
    """Return `argument` with "{label}" and the like replaced.

    What they bring in stays as it is, but for a hyphen at the argument's start: a label of a
    stranger's model must not become one of the program's options.
    """
    filled = _PLACEHOLDER.sub(lambda found: values[found[1]], argument)
    return filled if argument.startswith("-") else filled.lstrip("-")


def needs_end(program: Sequence[str]) -> bool:
    """Whether a program asks for an event's end, so that it must wait for it."""
    return any("{end}" in argument for argument in program[1:])


def check_program(program: str) -> None:
    """Check that a program can be run.

    Raises:
        UserError: It cannot be found, may not be run, or would hand its arguments to a shell.
    """
    if Path(program).suffix.lower() in (".bat", ".cmd"):  # Windows gives these to its shell
        raise UserError(f"{program} is a batch file, which is not safe here: choose a program.")
    if shutil.which(program) is None:
        raise UserError(f"The program {program} cannot be found or may not be run: choose another.")


def _start(arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    check_program(arguments[0])
    _started.difference_update({p for p in tuple(_started) if p.poll() is not None})
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    nothing = subprocess.DEVNULL
    try:
        process = subprocess.Popen(
            arguments,
            stdin=nothing,
            stdout=nothing,
            stderr=nothing,
            start_new_session=True,  # it outlives the window and does not hear its Ctrl-C
            creationflags=flags,
        )
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL in it
        reason = getattr(error, "strerror", None) or error
        raise UserError(f"The program {arguments[0]} cannot be run: {reason}.") from error
    _started.add(process)
    return process
