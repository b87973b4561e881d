"""`lrcn-desktop evaluate --streams`: the model as it is used, one activity after another."""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.model import Model
from training.commands.options import add_other_option, check_other
from training.data.clip import Clip
from training.data.dataset import DataSet
from training.data.folder import Listing
from training.data.negatives import load_negatives
from training.evaluation.stream_figures import StreamEvaluation, judge_built
from training.evaluation.stream_predict import HeadPredict
from training.evaluation.streams import build_streams
from training.evaluation.unknown_clips import unknown_clips, unknown_examples
from training.features.folder import FeatureClip, FeatureSet, read_feature_folder
from training.fitting.distributed import ProcessGroup
from training.fitting.inputs import examples_of
from training.progress import Reporter
from training.run.networks import from_model
from training.run.prepare import engine_for, kind_for, prepare_features


def add_stream_options(parser: argparse.ArgumentParser) -> None:
    """Add --streams and what belongs to it."""
    parser.add_argument(
        "--streams",
        action="store_true",
        help="also join the clips, one after another, to streams of three minutes and judge the "
        "model on these; clips of activities that it does not know are unknown stretches",
    )
    add_other_option(parser)


def check_stream_options(options: argparse.Namespace) -> None:
    """Check that the options can be combined.

    Raises:
        UserError: They cannot.
    """
    if options.other and not options.streams:
        raise UserError("--other gives streams their unknown stretches: add --streams.")
    if options.streams and options.flow:
        raise UserError("--streams judges one model: leave --flow out.")
    check_other(options.other, options.features)


def evaluate_streams(
    model: Model,
    known: FeatureSet,
    listing: Listing | None,
    options: argparse.Namespace,
    reporter: Reporter,
) -> StreamEvaluation:
    """Judge a model on streams.

    Args:
        model: The model.
        known: Clips of what it knows.
        listing: All that lies in DATA, where that is a folder of clips.
        options: Of the command.
        reporter: Gets the progress.

    Raises:
        UserError: The clips make no stream, or a folder cannot be read.
    """
    unknown = unknown_examples(_unknown(model, known, listing, options, reporter), known.clips)
    examples = [*examples_of(known), *unknown]
    streams = build_streams(examples, model.info.classes)
    reporter.stage("test", f"judging {model.info.name} on streams", len(streams), "stream")
    predict = HeadPredict(model.info, from_model(model), pooled=bool(known.kind.pool))
    return judge_built(predict, streams, model.info.classes, reporter.advance)


def _unknown(
    model: Model,
    known: FeatureSet,
    listing: Listing | None,
    options: argparse.Namespace,
    reporter: Reporter,
) -> tuple[FeatureClip, ...]:
    """Return the clips that show nothing that the model knows."""
    classes = model.info.classes
    if options.features is not None:
        names = {label.casefold() for label in classes}
        found = read_feature_folder(options.features)
        clips = (*found.clips, *found.negatives)
        return tuple(clip for clip in clips if clip.label.casefold() not in names)
    listings = [listing] if listing is not None else []
    data = unknown_clips(listings, classes, record=options.cache, reporter=reporter)
    if options.other:
        more = _others(options.other, classes, options.cache, reporter)
        data = data or DataSet("what the model does not know", (), ())
        data = replace(data, clips=(*data.clips, *more))
    if data is None:
        return ()
    features, _ = prepare_features(
        data,
        kind_for(model, known.kind.rate),
        cache=options.cache,
        engine=partial(engine_for, model, options.device),
        reporter=reporter,
        processes=ProcessGroup(),
    )
    return features.clips


def _others(
    paths: Sequence[Path], classes: Sequence[str], record: Path, reporter: Reporter
) -> tuple[Clip, ...]:
    """Return the clips at `paths`, but for those in a folder that is called as an activity is."""
    reporter.stage("scan", "looking at the clips of something else", 1, "clip")
    names = {label.casefold() for label in classes}
    found = load_negatives(paths, record=record).clips
    unknown = tuple(
        clip for clip in found if not names & {part.casefold() for part in clip.path.parts[:-1]}
    )
    if not unknown:
        raise UserError(
            f"{paths[0]} has no clip of what the model does not know: give clips of something else."
        )
    return unknown
