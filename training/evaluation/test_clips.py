"""The clips that a model is judged on: of what a person named, what the model can be asked."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.model_info import ModelInfo
from training.data.dataset import DataSet
from training.data.demo import DemoClip, demo_data_set
from training.data.folder import Listing
from training.data.load import ALL, build_data_set, survey_folder
from training.features.folder import FeatureSet
from training.progress import Reporter

SCENES, _FIRST = 12, 5000  # demo scenes that no model was trained on: training begins at seed 1000


def demo_clips(rate: float) -> DataSet:
    """Return new scenes of the demo, at `rate` steps per second."""
    drawn = demo_data_set(rate, clips=SCENES)
    clips = []
    for seed, clip in enumerate(drawn.clips, start=_FIRST):
        assert isinstance(clip, DemoClip)
        clips.append(replace(clip, name=f"demo-{seed}", group=f"demo-{seed}", seed=seed))
    return replace(drawn, clips=tuple(clips))


def folder_clips(
    folder: Path,
    info: ModelInfo,
    activities: Sequence[str] | None,
    *,
    split: int,
    record: Path,
    reporter: Reporter,
    in_streams: bool = False,
) -> tuple[DataSet, Listing]:
    """Return the clips of a folder whose activities the model knows, and all that lie there.

    Raises:
        UserError: It is no data set, or has no clip of them.
    """
    asked = _asked(info, activities)
    survey = survey_folder(
        folder, asked, record=record, progress=reporter.scanning(), to_train=False
    )
    for item in survey.quarantined:
        reporter.note(f"{item.path} is left out: {item.reason}.")
    if activities is None:
        unknown(reporter, info, list(survey.listing.clips), in_streams=in_streams)
    return build_data_set(survey, asked, split=split, to_train=False), survey.listing


def _asked(info: ModelInfo, activities: Sequence[str] | None) -> tuple[str, ...]:
    """Return the model's activities that are asked for.

    Raises:
        UserError: One of them is not the model's.
    """
    if activities is None or tuple(activities) == ALL:
        return info.classes
    known = {label.casefold(): label for label in info.classes}
    for label in activities:
        if label.casefold() not in known:
            raise UserError(
                f"The model {info.name!r} does not know {label!r}: it knows "
                f"{', '.join(info.classes)}."
            )
    return tuple(known[label.casefold()] for label in activities)


def unknown(
    reporter: Reporter, info: ModelInfo, labels: Sequence[str], *, in_streams: bool = False
) -> None:
    """Report which of `labels` the model does not know, and what their clips are used for."""
    known = {label.casefold() for label in info.classes}
    if foreign := [label for label in labels if label.casefold() not in known]:
        more = f" and {len(foreign) - 8} others" if len(foreign) > 8 else ""
        reporter.note(
            f"The model {info.name!r} does not know {', '.join(foreign[:8])}{more}: their clips "
            + ("are unknown stretches of the streams only." if in_streams else "are left out.")
        )


def choose(
    features: FeatureSet,
    info: ModelInfo,
    activities: Sequence[str] | None,
    reporter: Reporter,
) -> FeatureSet:
    """Return the clips to judge, their labels by the model's names and in its order.

    Those that show what it does not know are left out. Where some are marked as the test side of
    a split, they alone are judged.

    Raises:
        UserError: None is left.
    """
    known = {label.casefold(): label for label in _asked(info, activities)}
    clips = [
        replace(
            clip,
            label=known.get(clip.label.casefold(), ""),
            labels=tuple(known[label.casefold()] for label in clip.labels),
        )
        for clip in features.clips
        if all(label.casefold() in known for label in clip.labels or (clip.label,))
    ]
    if not clips:
        raise UserError(
            f"{features.name} has no clip of what the model {info.name!r} knows: "
            f"{', '.join(known.values())}."
        )
    tests = [clip for clip in clips if clip.side == "test"]
    if tests and len(tests) < len(clips):
        reporter.note(
            f"The {len(tests)} clips of the split's test side are judged, not the other "
            f"{len(clips) - len(tests)}."
        )
    return replace(features, classes=info.classes, clips=tuple(tests or clips))


def seen_in_training(info: ModelInfo, features: FeatureSet) -> int | None:
    """Return how many of the clips the model was trained on; None: its file does not say."""
    trained = info.training.get("clips_sha256")
    if not isinstance(trained, list):
        return None
    digests = {digest for digest in trained if isinstance(digest, str)}
    return sum(clip.digest in digests for clip in features.clips)
