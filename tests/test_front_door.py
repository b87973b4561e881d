"""The package as it is used from Python: `import lrcn_desktop as lrcn`."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import lrcn_desktop as lrcn

HEAVY = {"numpy", "torch", "ncnn", "cv2", "av", "PySide6"}
IMPORT = """
import sys, time
began = time.process_time()
import lrcn_desktop
print(time.process_time() - began, *sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_the_example_runs(tiny_model: Path, write_video: Callable[..., Path]) -> None:
    recognizer = lrcn.load_recognizer(tiny_model)
    with lrcn.open_source(write_video("video.mp4", frames=51)) as source:
        result = lrcn.analyze(source, recognizer)
    assert isinstance(result, lrcn.Analysis)
    assert len(result.predictions) == 11  # two seconds at five steps per second
    for segment in result.segments:
        assert isinstance(segment, lrcn.Segment)
        assert segment.label in recognizer.classes
    with pytest.raises(lrcn.UserError, match="no such"):
        lrcn.open_source("no such video.mp4")


def test_the_import_loads_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True, timeout=100
    )
    seconds, *loaded = done.stdout.split()
    assert float(seconds) < 0.1
    assert not HEAVY & set(loaded)


@pytest.mark.parametrize("name", lrcn.__all__)
def test_every_name_is_there_and_says_what_it_is(name: str) -> None:
    found = getattr(lrcn, name)
    assert name in dir(lrcn)
    assert name == "__version__" or found.__doc__
    assert isinstance(found, str) or found.__name__ == name


def test_another_name_is_none() -> None:
    with pytest.raises(AttributeError, match="no_such"):
        getattr(lrcn, "no_such")  # noqa: B009
