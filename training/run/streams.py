"""How good a run's networks are on streams of clips that they were not fitted to."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import reduce
from typing import Any

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.claims import INTERVAL, STREAM_STEPS
from lrcn_desktop.model.model_info import ModelInfo
from training.evaluation.clip_steps import steps_interval
from training.evaluation.stream_figures import StreamEvaluation, judge_built
from training.evaluation.stream_predict import HeadPredict, Variant
from training.evaluation.streams import build_streams
from training.fitting.example import Example
from training.run.figures import rounded
from training.run.networks import Fitted

_PARTS: tuple[tuple[str, Variant], ...] = (("", "model"), (", without memory", "frames"))


def judge_held_out(
    info: ModelInfo, rounds: Sequence[tuple[Fitted, Sequence[Example]]]
) -> StreamEvaluation | None:
    """Judge each round's networks on streams of the clips that it held out, all together.

    Args:
        info: The calibrated model's.
        rounds: Networks, and pooled clips that they were not fitted to, those of nothing known
            among them.

    Returns:
        None where no round's clips make a stream, and for a CNN of its own, which takes minutes.
    """
    if info.backbone.trained:
        return None
    found = []
    for fitted, clips in rounds:
        with suppress(UserError):  # too few clips to follow each other
            streams = build_streams(clips, info.classes)
            predict = HeadPredict(info, fitted, pooled=True)
            found.append(judge_built(predict, streams, info.classes))
    return reduce(StreamEvaluation.merge, found) if found else None


def describe_on_streams(info: ModelInfo, streams: StreamEvaluation | None) -> ModelInfo:
    """Return the description with the share of right steps on streams, where it was measured."""
    figures: dict[str, Any] = {}
    for suffix, variant in _PARTS:
        found = None if streams is None else streams.variants.get(variant)
        if found is not None and found.accuracy is not None:
            figures[f"{STREAM_STEPS}{suffix}"] = found.accuracy
            figures[f"{STREAM_STEPS}{suffix}{INTERVAL}"] = rounded(steps_interval(found.clips))
    return replace(info, test={**info.test, **figures})
