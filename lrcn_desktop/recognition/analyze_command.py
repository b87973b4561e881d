"""What `lrcn-desktop analyze` does: recognize a whole source, and write it in any format."""

import argparse
import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from lrcn_desktop.errors import UserError
from lrcn_desktop.recognition.export.formats import FORMATS, check_output
from lrcn_desktop.recognition.export.text import Media
from lrcn_desktop.recognition.export.video import check_video, write_video
from lrcn_desktop.video.open import find_path, open_source
from lrcn_desktop.video.source import Source

if TYPE_CHECKING:  # a bad source or output is reported before it is loaded
    from lrcn_desktop.recognition.analyze import Analysis


def run(options: argparse.Namespace) -> None:
    """Recognize `options.source` and write the files that the other options name.

    Raises:
        UserError: The source or the model cannot be used, or a file cannot be written.
    """
    path = _file(options.source)
    outputs = [
        (each.write, out)
        for each in FORMATS
        if each.write is not None and (out := getattr(options, each.name)) is not None
    ]
    for _, out in outputs:
        check_output(out, path)
    if options.annotate is not None:
        check_video(options.annotate, path)
    with open_source(options.source) as source:
        if options.annotate is not None and source.live:
            raise UserError(
                f"{source.name} cannot be watched a second time for --annotate: record it first, "
                "in the window, and analyze the file."
            )
        result, device = _analyze(source, options)
        seconds = source.duration or result.timing["video_seconds"]
        media = Media(source.name, source.file, source.rate, seconds)
    for write, out in outputs:
        write(out, result, media)
    from lrcn_desktop.recognition.summary import describe

    print(describe(result, device))
    if options.annotate is not None:
        print(f"Annotated video: {_annotate(options, result, media)}")


def _file(address: str) -> Path | None:
    """Return the file of that name, None where there is none."""
    path = find_path(address)
    return path if path is not None and path.is_file() else None


def _analyze(source: Source, options: argparse.Namespace) -> tuple["Analysis", str]:
    """Return what was seen, and where the network ran."""
    from lrcn_desktop.recognition.analyze import analyze
    from lrcn_desktop.recognition.automatic import automatic_model
    from lrcn_desktop.recognition.load import load_recognizer

    model = options.model or automatic_model(options.source, options.device).name
    recognizer = load_recognizer(model, options.device, options.rate)
    endless = source.duration is None and options.seconds is None
    if endless:
        print(f"{source.name} has no end of its own: Ctrl-C ends it.", file=sys.stderr)
    total = min(source.duration or math.inf, options.seconds or math.inf)
    with _progress(source.name, total) as progress:
        result = analyze(
            source,
            recognizer,
            seconds=options.seconds,
            progress=progress,
            until_interrupted=endless,
        )
    if result.lost:
        print(
            f"{source.name} is damaged: {result.lost} of its pictures could not be decoded, and "
            "what comes after them was analyzed.",
            file=sys.stderr,
        )
    if recognizer.failure is not None:
        why = "ran out of memory" if recognizer.failure == "out of memory" else "failed"
        print(f"The graphics card {why}: the processor did the rest.", file=sys.stderr)
    return result, recognizer.device


def _annotate(options: argparse.Namespace, result: "Analysis", media: Media) -> str | None:
    """Watch the source a second time, as far as it was analyzed; return what was written."""
    end = result.timing["video_seconds"]
    with open_source(options.source) as source, _progress(options.annotate.name, end) as progress:
        return write_video(
            options.annotate,
            source,
            result.classes,
            result.predictions,
            result.segments,
            seconds=end - 0.5 / source.rate,  # before the next frame, however it is rounded
            sound=media.path,
            progress=progress,
        )


@contextmanager
def _progress(name: str, total: float) -> Iterator[Callable[[float], None]]:
    """Show a bar on a terminal; give the function to call with the seconds that are done."""
    with tqdm(
        total=None if math.isinf(total) else round(total, 2),
        unit="s",
        desc=name,
        disable=None,
        leave=False,
        bar_format="{desc}: {percentage:3.0f}%|{bar}| {n:.1f} of {total:.1f} s, {rate_noinv_fmt}"
        if math.isfinite(total)
        else "{desc}: {n:.1f} s, {rate_noinv_fmt}",
    ) as bar:

        def advance(time: float) -> None:
            if bar.total is None or time <= bar.total:
                bar.update(time - bar.n)

        yield advance
