"""The features of a run, read from a folder or computed from clips, and how they are split."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.model import build_model
from lrcn_desktop.model.presets import PRESETS
from training.data.quarantine import Quarantined, write_quarantine
from training.dealing import Member
from training.features.folder import FeatureSet, read_feature_folder
from training.fitting.distributed import ProcessGroup
from training.progress import Reporter
from training.run.clips import same_clips
from training.run.describe import check_preset, describe_model
from training.run.folder import RunFolder
from training.run.prepare import engine_for, kind_for, load_clips, prepare_features
from training.run.settings import Settings
from training.split import Split, plan_split

_MANY = 2000  # clips from which one round of validation tells enough
_FOLDS = 5


def features_of(
    folder: RunFolder,
    reporter: Reporter,
    processes: ProcessGroup,
    check_paused: Callable[[], None],
) -> tuple[FeatureSet, FeatureSet | None, list[Quarantined]]:
    """Return the features, those of mirrored frames if wanted, and what has none.

    Raises:
        UserError: The settings or the data are at fault, or the disk is full.
    """
    settings = folder.settings
    if settings.features is not None:
        features = read_feature_folder(Path(settings.features), settings.activities)
        check_preset(settings.preset)
        return same_clips(folder.clips, features, processes), None, []
    assert settings.data is not None
    cache = Path(settings.cache)
    data, quarantined = load_clips(
        settings.data,
        activities=settings.activities,
        rate=settings.rate,
        split=settings.split,
        cache=cache,
        reporter=reporter,
        processes=processes,
        check_paused=check_paused,
        other=[Path(path) for path in settings.other],
    )
    if settings.data != "demo" or data.negatives:  # it is drawn, and always the same
        data = same_clips(folder.clips, data, processes)
    split_of(settings, data.clips)  # before hours of extraction: it may be what is wrong
    model = build_model(describe_model(settings, data))
    kinds = [kind_for(model, settings.rate)]
    if settings.flips:
        kinds.append(replace(kinds[0], flip=True))
    sets = []
    for kind in kinds:
        found, lost = prepare_features(
            replace(data, negatives=()) if kind.flip else data,
            kind,
            cache=cache,
            engine=lambda: engine_for(model, settings.device),
            reporter=reporter,
            processes=processes,
            check_paused=check_paused,
        )
        sets.append(found)
        quarantined = [*quarantined, *lost]
    if processes.is_main and quarantined:
        write_quarantine(folder.path / "quarantine.csv", quarantined)
        reporter.note(
            f"{len(quarantined)} files are left out: {folder.path / 'quarantine.csv'} says why."
        )
    both = {clip.name for clip in sets[0].clips} & {clip.name for clip in sets[-1].clips}
    sets = [
        replace(one, clips=tuple(c for c in one.clips if c.name in both)) for one in sets
    ]  # a clip that failed in one kind must not shift the other
    return sets[0], sets[1] if settings.flips else None, quarantined


def split_of(settings: Settings, members: Sequence[Member]) -> Split:
    """Return how a run's clips are divided.

    Raises:
        UserError: There are too few, or the settings ask for what is too slow.
    """
    count = settings.folds
    own_cnn = PRESETS[settings.preset].backbone.trained
    if own_cnn and count not in (None, 1):
        raise UserError(
            f"The preset {settings.preset!r} trains a CNN of its own, which is too slow to fit "
            "several times: leave --folds out."
        )
    if count is None:
        one = own_cnn or len(members) > _MANY or settings.protocol == "slides"
        count = 1 if one else max(2, min(_FOLDS, _fewest_groups(members)))
    return plan_split(members, folds=count, seed=settings.seed, protocol=settings.protocol)


def _fewest_groups(members: Sequence[Member]) -> int:
    groups: dict[str, set[str]] = {}
    for member in members:
        if member.side != "test":
            groups.setdefault(member.label, set()).add(member.group)
    return min((len(names) for names in groups.values()), default=0)
