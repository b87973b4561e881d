"""Live activity recognition on your own desktop.

From Python:

    import lrcn_desktop as lrcn

    recognizer = lrcn.load_recognizer("ucf101-7")
    with lrcn.open_source("video.mp4") as source:
        result = lrcn.analyze(source, recognizer)
    for segment in result.segments:
        print(segment.start, segment.end, segment.label, segment.confidence)

    lrcn.teach("clips/", "mine.safetensors")  # a folder of examples per activity

What a user can mend raises `UserError`, with one sentence.
"""

import os
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lrcn_desktop.errors import UserError
    from lrcn_desktop.recognition.analyze import Analysis, analyze
    from lrcn_desktop.recognition.load import load_recognizer
    from lrcn_desktop.recognition.prediction import Prediction
    from lrcn_desktop.recognition.recognizer import Recognizer
    from lrcn_desktop.recognition.segments import Segment
    from lrcn_desktop.video.frame import Frame
    from lrcn_desktop.video.open import open_source
    from lrcn_desktop.video.source import Source
    from training.teach.teach import Lesson, teach

# Both are read when the libraries load, so that they have to be set before.
# The threads of NumPy's products of matrices go on turning after each, and here, where the products
# are small, take the cores from the convolutions of the next frame.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# The threads of ncnn and PyTorch (GNU's OpenMP) wait for one another by turning, for milliseconds:
# beside another program that uses the cores, a step took five to a hundred times as long. These
# turns bridge the gaps between two layers and no more.
os.environ.setdefault("GOMP_SPINCOUNT", "1000")

__version__ = "0.1.0"
__all__ = (
    "Analysis",
    "Frame",
    "Lesson",
    "Prediction",
    "Recognizer",
    "Segment",
    "Source",
    "UserError",
    "__version__",
    "analyze",
    "load_recognizer",
    "open_source",
    "teach",
)
_HOMES = {  # where a name is found once it is asked for: the import itself loads nothing
    "Analysis": "lrcn_desktop.recognition.analyze",
    "Frame": "lrcn_desktop.video.frame",
    "Lesson": "training.teach.teach",
    "Prediction": "lrcn_desktop.recognition.prediction",
    "Recognizer": "lrcn_desktop.recognition.recognizer",
    "Segment": "lrcn_desktop.recognition.segments",
    "Source": "lrcn_desktop.video.source",
    "UserError": "lrcn_desktop.errors",
    "analyze": "lrcn_desktop.recognition.analyze",
    "load_recognizer": "lrcn_desktop.recognition.load",
    "open_source": "lrcn_desktop.video.open",
    "teach": "training.teach.teach",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
