"""A process's peak memory is its own, not that of the process that started it."""

import subprocess
import sys

import numpy as np

from lrcn_desktop.recognition.peak_memory import peak_rss

SCRIPT = "from lrcn_desktop.recognition.peak_memory import peak_rss; print(peak_rss())"


def test_it_is_this_processes_own_and_outlasts_what_took_it() -> None:
    before = peak_rss()
    large = np.ones(300_000_000, np.uint8)
    del large
    assert peak_rss() >= max(300, before)
    command = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(command, capture_output=True, check=True)
    assert 5 < float(done.stdout) < 300
