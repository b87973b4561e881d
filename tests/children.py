"""Processes that tests start: none outlives its block, also where a test fails or hangs in it."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ENDING = 60.0  # seconds that a process has to end by itself when the block is through


@contextmanager
def child(
    command: Sequence[str | Path],
    **options: Any,  # noqa: ANN401
) -> Iterator[subprocess.Popen[Any]]:
    """Run `command` beside the block; `options` are Popen's.

    Popen's own block waits without end for a process that an assertion inside left running, and
    so hangs the whole suite.
    """
    with subprocess.Popen(list(map(str, command)), **options) as process:
        try:
            yield process
            process.wait(ENDING)
        finally:
            process.kill()
