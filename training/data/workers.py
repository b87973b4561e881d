"""Work in other processes, which may crash or hang without harm to this one.

Not `concurrent.futures`: there a process that dies takes the whole pool along, and a task that
hangs cannot be stopped.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from typing import Generic, TypeVar

from lrcn_desktop.errors import UserError

R = TypeVar("R")
_context = get_context("spawn")  # not fork: OpenCV's and Qt's threads would not survive it


@dataclass(frozen=True, slots=True)
class Failure:
    """A task that its process did not survive.

    Attributes:
        reason: One short clause.
        lasting: Whether it is the task's own fault, so that another try would end alike.
    """

    reason: str
    lasting: bool


class _Worker(Generic[R]):
    """A process that does one task after another."""

    def __init__(self, work: Callable[[str], R]) -> None:
        self.connection, theirs = _context.Pipe()
        self._process = _context.Process(target=_serve, args=(work, theirs), daemon=True)
        with _ctrl_c_held_back():
            self._process.start()
        theirs.close()
        self.ready = False
        self.task: int | None = None
        self.limit, self.deadline = 0.0, float("inf")

    def give(self, task: int, argument: str, limit: float) -> None:
        """Start a task that may take `limit` seconds."""
        self.task, self.limit, self.deadline = task, limit, time.monotonic() + limit
        with suppress(OSError):  # it has just ended, which `failure` will tell
            self.connection.send(argument)

    def failure(self) -> Failure:
        """Say how the process, which has ended, came to its end."""
        self._process.join()
        code = self._process.exitcode or 0
        if -code in (getattr(signal, "SIGKILL", 9), signal.SIGTERM):
            return Failure("the process that decodes it was killed, perhaps out of memory", False)
        name = signal.Signals(-code).name if -code in set(signal.Signals) else f"status {code}"
        return Failure(f"crashes its decoder ({name})", True)

    def end(self) -> None:
        """End the process at once."""
        self._process.kill()
        self._process.join()
        self._process.close()
        self.connection.close()


def run_in_workers(
    work: Callable[[str], R], tasks: Sequence[tuple[str, float]], workers: int
) -> Generator[tuple[int, R | Failure], None, None]:
    """Do every task in one of `workers` processes; yield its number and result as each is done.

    The processes end with the iterator, and when this process ends in whatever way. Ctrl-C is
    for this process alone.

    Args:
        work: A function of a module, which the processes import.
        tasks: Its argument, and the seconds that it may take.
        workers: How many processes at most.

    Raises:
        UserError: No process can be started.
    """
    waiting = list(reversed(range(len(tasks))))
    running: list[_Worker[R]] = []
    try:
        while waiting or any(worker.task is not None for worker in running):
            idle = sum(worker.task is None for worker in running)
            while len(running) < workers and idle < len(waiting):
                running.append(_Worker(work))
                idle += 1
            for worker in running:
                if worker.ready and worker.task is None and waiting:
                    task = waiting.pop()
                    worker.give(task, *tasks[task])
            for worker in _heard_of(running):
                task_done = worker.task
                result = _result(worker)
                if isinstance(result, Failure):
                    running.remove(worker)
                    worker.end()
                if task_done is not None:
                    yield task_done, result
    finally:
        for worker in running:
            worker.end()


def _heard_of(running: list[_Worker[R]]) -> list[_Worker[R]]:
    """Wait until workers have answered, ended or run out of time, and return them."""
    first = min(worker.deadline for worker in running)
    patience = None if first == float("inf") else max(0.0, first - time.monotonic())
    heard = wait([worker.connection for worker in running], patience)
    now = time.monotonic()
    return [w for w in running if w.connection in heard or w.deadline <= now]


def _result(worker: _Worker[R]) -> R | Failure:
    if not worker.connection.poll():
        return Failure(f"its decoder hangs: not done in {worker.limit:.0f} seconds", True)
    try:
        result: R = worker.connection.recv()
    except (EOFError, OSError):
        failure = worker.failure()
        if not worker.ready:
            raise UserError(
                "The processes that decode clips end as soon as they start: "
                "close other programs to free memory and try again."
            ) from None
        return failure
    worker.ready, worker.task, worker.deadline = True, None, float("inf")
    return result


def _serve(work: Callable[[str], object], connection: Connection) -> None:
    """Be a worker: say so, then answer each argument with its result."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # decoders' own complaints
    connection.send(None)
    while True:
        try:
            argument = connection.recv()
        except EOFError:
            return
        connection.send(work(argument))


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)  # also out of a decoder that hangs


@contextmanager
def _ctrl_c_held_back() -> Iterator[None]:
    """Hold Ctrl-C back, for a process that is started inside from its first moment on."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows: `_serve` ignores it
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
