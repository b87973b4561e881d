"""The one command, lrcn-desktop, and its subcommands."""

import argparse
import logging
import math
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lrcn_desktop import __version__
from lrcn_desktop.errors import UserError, exit_status
from lrcn_desktop.light import need_pytorch

if TYPE_CHECKING:
    from lrcn_desktop.recognition.rates import StepRate

_COMMANDS = """commands:
  lrcn-desktop [SOURCE]          open the window (also: --demo)
  lrcn-desktop analyze SOURCE    recognize a whole source without a window
  lrcn-desktop train DATA        build a model from clips
  lrcn-desktop teach DIR         the same from a few examples, in seconds
  lrcn-desktop evaluate MODEL DATA  how good a model is on clips
  lrcn-desktop reproduce DATA    the four published approaches and ours, side by side
  lrcn-desktop dataset scan|prepare|download  what a folder of clips holds; unpack, get UCF-101
  lrcn-desktop bench             how fast this machine is, and against what
  lrcn-desktop models            list the models and what they know
  lrcn-desktop presets           list the networks that can be trained
  lrcn-desktop cameras           list the cameras

SOURCE: a video file, a folder of images, a camera ("0"), an rtsp:// or http:// address, "demo".
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return 0, 2 (what a person can mend) or 130 (Ctrl-C)."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    logging.basicConfig(level=logging.ERROR, format="%(name)s: %(message)s")
    commands: dict[str, Callable[[Sequence[str]], int]] = {
        "analyze": _analyze,
        **{
            name: partial(_training, name)
            for name in ("train", "teach", "evaluate", "reproduce", "dataset")
        },
        "bench": _bench,
        "models": _models,
        "presets": _presets,
        "cameras": _cameras,
    }
    known = bool(arguments) and arguments[0] in commands
    command, rest = (commands[arguments[0]], arguments[1:]) if known else (_window, arguments)
    try:
        return exit_status("lrcn-desktop", lambda: command(rest))
    except BrokenPipeError:  # the reader of our output has left, as `| head` does
        with suppress(BrokenPipeError):
            sys.stdout.close()
        return 0


def _positive(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return value


def _step_rate(text: str) -> "StepRate":
    from lrcn_desktop.recognition.rates import parse_rate

    try:
        return parse_rate(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a number of steps per second above 0, auto or every-frame"
        ) from None


def _class_count(text: str) -> int:
    if not (text.isdecimal() and 2 <= int(text) <= 10_000):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of activities, 2 to 10000")
    return int(text)


def _add_model_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", metavar="NAME|FILE", help="a model (see: lrcn-desktop models)")
    parser.add_argument(
        "--device",
        choices=("auto", "cpu", "cuda", "mps"),
        default="auto",
        help="where the network runs (auto: the fastest that works here)",
    )


def _window(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        "lrcn-desktop",
        description="Live activity recognition on your own desktop.",
        epilog=_COMMANDS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("source", nargs="?", metavar="SOURCE", help="what to watch")
    parser.add_argument("--demo", action="store_true", help="watch the drawn demo scene")
    _add_model_options(parser)
    parser.add_argument(
        "--screenshot",
        type=Path,
        metavar="FILE",
        help="save the window, print its figures, and exit",
    )
    parser.add_argument(
        "--seconds", type=_positive, metavar="N", help="run this long before it (5)"
    )
    parser.add_argument(
        "--ready", action="store_true", help='print lines, the last "ready", while it starts'
    )
    parser.add_argument("--version", action="version", version=__version__)
    options = parser.parse_args(arguments)
    if options.demo and options.source:
        parser.error("give a SOURCE or --demo, not both")
    if options.seconds is not None and options.screenshot is None:
        parser.error("--seconds is how long before a screenshot: give --screenshot FILE too")
    from lrcn_desktop.app.run import run

    return run(
        "demo" if options.demo else options.source,
        model=options.model,
        device=options.device,
        screenshot=options.screenshot,
        seconds=5.0 if options.seconds is None else options.seconds,
        ready=options.ready,
    )


def _analyze(arguments: Sequence[str]) -> int:
    from lrcn_desktop.recognition.export.formats import FORMATS

    parser = argparse.ArgumentParser(
        "lrcn-desktop analyze",
        description="Recognize a whole source: every step of the model's rate, nothing dropped.",
    )
    parser.add_argument("source", metavar="SOURCE", help="what to recognize")
    _add_model_options(parser)
    for each in FORMATS:
        parser.add_argument(f"--{each.name}", type=Path, metavar="FILE", help=f"write {each.holds}")
    parser.add_argument("--seconds", type=_positive, metavar="N", help="only the first N seconds")
    parser.add_argument(
        "--rate",
        type=_step_rate,
        default="model",
        metavar="R|auto|every-frame",
        help="steps per second; auto: the highest that this machine holds live (default: the "
        "model's own, so that the result is the same on every machine)",
    )
    options = parser.parse_args(arguments)

    from lrcn_desktop.recognition.analyze_command import run

    run(options)
    return 0


def _training(name: str, arguments: Sequence[str]) -> int:
    need_pytorch(f"The command {name}")
    from training.commands import run

    return run(name, arguments)


def _bench(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        "lrcn-desktop bench",
        description="Measure how fast this machine recognizes, everything in one run (minutes).",
    )
    _add_model_options(parser)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure")
    options = parser.parse_args(arguments)
    need_pytorch("The command bench")
    from lrcn_desktop.files import check_writable, write_json
    from lrcn_desktop.model.defaults import FAMILY

    if options.json is not None:
        check_writable(options.json)
    from lrcn_desktop.recognition.bench.bench import bench
    from lrcn_desktop.recognition.bench.report import report

    found = bench(
        options.model or FAMILY[-1],  # the one on VGG-16
        options.device,
        lambda part, parts, text: print(f"measuring ({part} of {parts}): {text}", file=sys.stderr),
    )
    print(report(found))
    if options.json is not None:
        write_json(options.json, found)
    return 0


def _models(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        "lrcn-desktop models", description="List the models, what they know and how good they are."
    )
    parser.parse_args(arguments)
    from lrcn_desktop.model.claims import read_claim
    from lrcn_desktop.model.library import list_models

    for path, info in list_models():
        if isinstance(info, UserError):
            print(f"{path.stem}\n  {info}")
            continue
        rate = "a step on every frame" if info.step_rate is None else f"{info.step_rate:g} steps/s"
        if info.rates is not None and info.rates[0] < info.rates[1]:
            rate += " unless chosen, {:g} to {:g}".format(*info.rates)
        print(f"{info.name}  ({info.preset}, {rate}, {path})")
        print(f"  {len(info.classes)} activities: {', '.join(info.classes)}")
        for name, figure in info.test.items():
            if not isinstance(figure, list):  # the confusion matrix is for programs
                claim = read_claim(info.test, name) if isinstance(figure, float) else None
                print(f"  {name}: {figure if claim is None else claim}")
    return 0


def _presets(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        "lrcn-desktop presets", description="List the networks that can be trained."
    )
    parser.add_argument(
        "--classes", type=_class_count, default=7, help="activities (the slides: 7)"
    )
    options = parser.parse_args(arguments)
    from lrcn_desktop.model.parameters import count_parameters
    from lrcn_desktop.model.presets import PRESETS

    print(f"{'preset':<12}{'trained':>12}{'end to end':>12}{'published':>12}  difference")
    for name, preset in PRESETS.items():
        count = count_parameters(name, options.classes)
        published = preset.published_parameters if options.classes == 7 else None
        off = f"{(count.trainable - published) / published:+.1%}" if published else ""
        print(
            f"{name:<12}{count.trainable:>12,}{count.total:>12,}"
            f"{f'{published:,}' if published else '-':>12}  {off:>8}  {preset.summary}"
        )
    return 0


def _cameras(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser("lrcn-desktop cameras", description="List the cameras.")
    parser.parse_args(arguments)
    from lrcn_desktop.video.camera import list_cameras

    cameras = list_cameras()
    for camera in cameras:
        print(f"{camera.index}  {camera.name}")
    if not cameras:
        print("No camera was found.")
    return 0
