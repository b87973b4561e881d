"""Splits that keep every group on one side."""

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from lrcn_desktop.errors import UserError
from training.data.dataset import Clip


def folds(clips: Sequence[Clip], count: int, seed: int = 0) -> list[list[int]]:
    """Deal the clips into `count` folds of whole groups, each activity spread as evenly as it can.

    Args:
        clips: What to split.
        count: At least 2.
        seed: Of the shuffle.

    Returns:
        The clips' indices, a list a fold; together each clip once.

    Raises:
        UserError: There are fewer groups than folds.
    """
    members: dict[str, list[int]] = defaultdict(list)
    for index, clip in enumerate(clips):
        members[clip.group].append(index)
    if len(members) < count:
        raise UserError(
            f"These clips have {len(members)} groups, too few for {count} folds: add clips of "
            "other people and places."
        )
    kinds = {group: Counter(_kind(clips[i]) for i in rows) for group, rows in members.items()}
    order = list(members)
    np.random.default_rng(seed).shuffle(order)
    order.sort(key=lambda group: -len(members[group]))
    result: list[list[int]] = [[] for _ in range(count)]
    held: list[Counter[str]] = [Counter() for _ in range(count)]
    for group in order:
        kind = kinds[group]
        best = min(
            range(count),
            key=lambda f: (sum(held[f][k] * n for k, n in kind.items()), len(result[f])),
        )
        result[best] += members[group]
        held[best] += kind
    return [sorted(fold) for fold in result]


def _kind(clip: Clip) -> str:
    return clip.name.rpartition("/")[0]
