"""`lrcn-desktop evaluate`: how good a model is on clips whose activities are known."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import torch

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import atomic_write, check_writable
from lrcn_desktop.model.library import find_model
from lrcn_desktop.model.model import Model, load_model
from lrcn_desktop.training_events import Done
from training.commands.evaluate_streams import (
    add_stream_options,
    check_stream_options,
    evaluate_streams,
)
from training.commands.options import (
    add_data_options,
    add_progress_option,
    check_one_source,
    check_rate,
)
from training.data.folder import Listing
from training.evaluation.evaluation import Evaluation, JudgedClip, judge
from training.evaluation.fusion import fuse
from training.evaluation.predict import predict_clips
from training.evaluation.report import write_report
from training.evaluation.stream_figures import StreamEvaluation
from training.evaluation.stream_report import as_json, describe_streams
from training.evaluation.test_clips import (
    choose,
    demo_clips,
    folder_clips,
    seen_in_training,
    unknown,
)
from training.evaluation.text import describe
from training.evaluation.verdict import percent, verdict, with_interval
from training.features.folder import FeatureSet, read_feature_folder
from training.fitting.distributed import ProcessGroup
from training.progress import Reporter, reporting
from training.run.prepare import engine_for, kind_for, prepare_features

_FUSIONS = {"1/2, 1/2": 1 / 2, "1/3, 2/3": 2 / 3}  # pictures and flow, as in the paper


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status.

    Raises:
        UserError: The model, the clips or the options are at fault.
    """
    options = _parse(arguments)
    for path in (options.json, options.html):
        if path is not None and path != Path("-"):
            check_writable(path)
    model = load_model(find_model(options.model))
    flow = load_model(find_model(options.flow)) if options.flow else None
    if flow is not None:
        _check_flow(model, flow)
    with reporting(options.progress) as reporter:
        evaluation, fusion, streams = _evaluate(model, flow, options, reporter)
        _tell(model, evaluation, fusion, streams, options, reporter)
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "lrcn-desktop evaluate",
        description="Test a model on clips whose activities are known, beside its frame average.",
    )
    parser.add_argument("model", metavar="MODEL", help="a model's name or file")
    parser.add_argument(
        "data",
        metavar="DATA",
        nargs="?",
        help='a folder with one folder of clips per activity, or "demo" (new scenes of it)',
    )
    add_data_options(parser)
    add_stream_options(parser)
    parser.add_argument("--flow", metavar="MODEL", help="a model of optical flow to fuse it with")
    parser.add_argument("--rate", type=float, help="steps per second (the model's own)")
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help='write the figures ("-": to the output)'
    )
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a report to look at")
    add_progress_option(parser)
    options = parser.parse_args(arguments)
    check_one_source(options.data, options.features)
    if options.features is not None and (options.flow or options.rate is not None):
        parser.error("--flow and --rate need clips: a feature folder has one stream and rate")
    if options.json == Path("-") and options.progress == "json":
        parser.error("--json - and --progress json would both use the output")
    if options.rate is not None:
        check_rate(options.rate)
    check_stream_options(options)
    return options


def _check_flow(model: Model, flow: Model) -> None:
    if flow.info.stream != "flow" or model.info.stream == "flow":
        raise UserError("Give a model of pictures as MODEL, and one of optical flow with --flow.")
    if set(flow.info.classes) != set(model.info.classes):
        raise UserError(
            f"The models {model.info.name!r} and {flow.info.name!r} know different activities: "
            "only models of the same ones can be fused."
        )


def _evaluate(
    model: Model, flow: Model | None, options: argparse.Namespace, reporter: Reporter
) -> tuple[Evaluation, dict[str, Evaluation], StreamEvaluation | None]:
    info = model.info
    features, flow_features, listing = _features(model, flow, options, reporter)
    seen = seen_in_training(info, features)
    if seen is None:
        reporter.note(
            f"The file of {info.name!r} does not say which clips it was trained on: if it was "
            "these, the figures only say how well it remembers."
        )
    if info.head.hidden and model.baseline is None and model.head.frames is None:
        reporter.note(
            f"The file of {info.name!r} holds no frame network: the model itself stands in for "
            "it, its memory cleared before every step."
        )
    clips = _listen(model, features, options, reporter)
    evaluation = _judge(model, clips, seen)
    fusion: dict[str, Evaluation] = {}
    if flow is not None and flow_features is not None:
        flow_clips = [
            _reordered(clip, flow.info.classes, info.classes)
            for clip in _listen(flow, flow_features, options, reporter)
        ]
        flow_seen = seen_in_training(flow.info, flow_features)
        fusion["flow alone"] = _judge(model, flow_clips, flow_seen)
        for name, weight in _FUSIONS.items():
            both = fuse(clips, flow_clips, weight)
            fusion[name] = _judge(model, both, max(seen or 0, flow_seen or 0))
    streams = None
    if options.streams:
        streams = evaluate_streams(model, features, listing, options, reporter)
    return evaluation, fusion, streams


def _features(
    model: Model, flow: Model | None, options: argparse.Namespace, reporter: Reporter
) -> tuple[FeatureSet, FeatureSet | None, Listing | None]:
    """Return the clips to judge, the same as optical flow, and all that lies where they do."""
    info, activities = model.info, options.activities
    if options.features is not None:
        features = read_feature_folder(options.features)
        if activities is None:
            unknown(reporter, info, features.classes, in_streams=options.streams)
        return choose(features, info, activities, reporter), None, None
    rate = options.rate or info.step_rate
    if rate is None:
        raise UserError(
            f"The model {info.name!r} takes a step on every frame: give the clips' frames "
            "per second with --rate."
        )
    listing = None
    if options.data == "demo":
        data = demo_clips(rate)
    else:
        data, listing = folder_clips(
            Path(options.data),
            info,
            activities,
            split=options.split,
            record=options.cache,
            reporter=reporter,
            in_streams=options.streams,
        )
    sets = []
    for network in (model, flow):
        if network is not None:
            gathered, _ = prepare_features(
                data,
                kind_for(network, rate),
                cache=options.cache,
                engine=partial(engine_for, network, options.device),
                reporter=reporter,
                processes=ProcessGroup(),
            )
            sets.append(choose(gathered, network.info, activities, reporter))
    return sets[0], sets[1] if flow is not None else None, listing


def _listen(
    model: Model, features: FeatureSet, options: argparse.Namespace, reporter: Reporter
) -> list[JudgedClip]:
    device = "cpu"
    if model.cnn is not None:  # a head alone is quickest where its features are
        if options.device == "mps":
            device = "mps"
        elif options.device != "cpu" and torch.cuda.is_available():
            device = "cuda"
    reporter.stage("test", f"judging {model.info.name}", len(features.clips), "clip")
    return predict_clips(model, features, torch.device(device), reporter.advance)


def _judge(model: Model, clips: Sequence[JudgedClip], seen: int | None) -> Evaluation:
    return judge(clips, model.info.classes, seen=seen or 0)


def _reordered(clip: JudgedClip, before: Sequence[str], after: Sequence[str]) -> JudgedClip:
    """Return a clip with the same classes in another order."""
    columns = torch.tensor([before.index(label) for label in after])
    places = torch.tensor([after.index(label) for label in before])
    return replace(
        clip,
        labels=places[clip.labels],
        logits=clip.logits[:, columns],
        baseline=None if clip.baseline is None else clip.baseline[:, columns],
    )


def _tell(
    model: Model,
    evaluation: Evaluation,
    fusion: dict[str, Evaluation],
    streams: StreamEvaluation | None,
    options: argparse.Namespace,
    reporter: Reporter,
) -> None:
    info = model.info
    data = Path(options.data or options.features)
    name = data.resolve().name if data.exists() else str(data)
    figures: dict[str, Any] = {
        "model": info.name,
        "data": name,
        "rate": options.rate or info.step_rate,
        **evaluation.to_json(),
        "fusion": {key: value.to_json() for key, value in fusion.items()},
    }
    if streams is not None:
        timelines = [timeline.to_json() for timeline in streams.timelines]
        figures["streams"] = as_json(streams) | {"timelines": timelines}
    if options.html is not None:
        title = f"{info.name} on {name}"
        write_report(
            options.html, evaluation, title=title, info=info, fusion=fusion, streams=streams
        )
    if options.json is not None and options.json != Path("-"):
        with atomic_write(options.json, "w") as file:
            json.dump(figures, file, indent=1, allow_nan=False)
    reporter.event(Done(evaluation=figures, verdict=verdict(evaluation)))
    reporter.close()
    if options.json == Path("-"):
        json.dump(figures, sys.stdout, indent=1, allow_nan=False)
        print()
    elif options.progress == "bar":
        print(describe(evaluation))
        for key, fused in fusion.items():
            share = with_interval(fused.headline, fused.headline_interval)
            print(
                f"{key + ':':<12} {share} right, {percent(fused.baseline_headline)} frame average"
            )
        if streams is not None:
            print(f"\n{describe_streams(streams)}")
