"""What a live video costs without a window: `python -m tools.live_path VIDEO`.

It decodes, recognizes every frame with the light model, and says what share of one core that takes
of the processor at the video's own pace, its decoding process included.
"""

import argparse
from pathlib import Path

import psutil

from lrcn_desktop.recognition.load import load_recognizer
from lrcn_desktop.video.file import FileSource

MODEL = "ucf101-7-light"
BEFORE = 3.0  # seconds of the video until it counts: caches fill, the decoder's process has started


def share(path: Path) -> tuple[int, float]:
    """Return how many steps counted, and the share of a core, 0..1, that they took."""
    process = psutil.Process()

    def used() -> float:
        processes = (process, *process.children(recursive=True))
        return sum(sum(one.cpu_times()[:2]) for one in processes)

    recognizer = load_recognizer(MODEL, "cpu")
    with FileSource(path) as source:
        recognizer.set_frame_rate(source.rate)
        recognizer.set_rate("every frame")
        began: tuple[int, float, float] | None = None
        for number, frame in enumerate(source):
            recognizer.step(frame)
            if began is None and frame.time >= BEFORE:
                began = number, frame.time, used()
        if began is None or frame.time < BEFORE + 1:
            raise SystemExit(f"{path} is shorter than {BEFORE + 1:g} seconds.")
        return number - began[0], (used() - began[2]) / (frame.time - began[1])


def main() -> None:
    """Print it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("video", type=Path)
    steps, cores = share(parser.parse_args().video)
    print(f"{steps} steps, {100 * cores:.1f} % of a core at the video's own pace")


if __name__ == "__main__":
    main()
