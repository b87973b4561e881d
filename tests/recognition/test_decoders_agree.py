"""The features that models were trained on, of OpenCV's pictures, are those of PyAV's."""

from pathlib import Path

import numpy as np
import pytest

from lrcn_desktop.model.library import find_model
from lrcn_desktop.model.model_file import read_model
from lrcn_desktop.recognition.engines.open import build_engine
from lrcn_desktop.video.file import FileSource
from lrcn_desktop.video.opencv import cv2

CLIPS, EVERY = 12, 30  # clips, and of their frames one in so many


@pytest.mark.slow
def test_features_agree_with_those_of_opencvs_decoder(ucf101: Path) -> None:
    pytest.importorskip("ncnn")
    every = sorted(ucf101.parent.glob("*/*/*.avi"))
    engine = build_engine(read_model(find_model("ucf101-7-light")), "ncnn")
    least = 1.0
    for path in every[:: len(every) // CLIPS]:
        capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
        with FileSource(path) as source:
            for number, frame in enumerate(source):
                ok, image = capture.read()
                assert ok
                if number % EVERY == 0:
                    theirs = np.ascontiguousarray(image[..., ::-1], np.uint8)
                    a, b = engine.features(np.stack([frame.image, theirs]))
                    least = min(least, float(a @ b / np.linalg.norm(a) / np.linalg.norm(b)))
            assert not capture.read()[0]
        capture.release()
    print(f"least cosine: {least:.6f}")
    assert least > 0.999
