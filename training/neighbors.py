"""Groups whose numbers follow each other, as in UCF-101: often uploads of one person."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import PurePosixPath

import numpy as np

from training.data.groups import ucf_group


def by_number(clips: Iterable[tuple[str, str, str]]) -> dict[str, list[str]] | None:
    """Return each activity's groups in the order of their numbers.

    UCF-101 numbers the groups of each activity by themselves. A group that holds clips of several
    numbers (some are byte-identical) stands at the lowest.

    Args:
        clips: The name, the activity and the group of each.

    Returns:
        None where a clip's name is not of UCF-101's kind (v_NAME_gGG_cCC).
    """
    numbers: dict[str, dict[str, int]] = {}
    for name, label, group in clips:
        number = ucf_group(PurePosixPath(name).stem)
        if number is None:
            return None
        row = numbers.setdefault(label, {})
        row[group] = min(number, row.get(group, number))
    return {
        label: sorted(row, key=lambda group: (row[group], group)) for label, row in numbers.items()
    }


def deal(
    rows: Mapping[str, Sequence[str]],
    groups: Mapping[str, Counter[str]],
    count: int,
    seed: int,
) -> dict[str, int]:
    """Deal the groups to `count` folds, each activity in blocks of neighbors as equal as can be.

    Args:
        rows: Each activity's groups, in the order of their numbers.
        groups: How many clips of which activity each group has.
        count: Of the folds.
        seed: Decides which block goes to which of equally full folds.

    Returns:
        Each group's fold.
    """
    order = list(range(count))
    np.random.default_rng(seed).shuffle(order)
    place: dict[str, int] = {}
    held: list[Counter[str]] = [Counter() for _ in range(count)]
    for label in sorted(rows, key=lambda label: (len(rows[label]), label)):
        free = [group for group in rows[label] if group not in place]
        parts = blocks([groups[group][label] for group in free], count)
        left = list(order)
        for part in sorted(parts, key=lambda part: -sum(groups[g][label] for g in free[part])):
            fold = min(left, key=lambda f: (held[f][label], held[f].total()))
            left.remove(fold)
            for group in free[part]:
                place[group] = fold
                held[fold] += groups[group]
    return place


def blocks(sizes: Sequence[int], count: int) -> list[slice]:
    """Cut a row into `count` blocks, or one for each item, with the least sum of squared sizes."""
    count = min(count, len(sizes))
    if not count:
        return []
    total = [0, *np.cumsum(sizes).tolist()]
    # cost[k][n]: of the first n items in k blocks, and where the last block begins
    cost: list[dict[int, tuple[int, int]]] = [{0: (0, 0)}]
    for _ in range(count):
        before = cost[-1]
        cost.append(
            {
                n: min((before[m][0] + (total[n] - total[m]) ** 2, m) for m in before if m < n)
                for n in range(len(cost), len(sizes) + 1)
            }
        )
    edges = [len(sizes)]
    for k in range(count, 0, -1):
        edges.append(cost[k][edges[-1]][1])
    return [slice(start, end) for start, end in pairwise(reversed(edges))]
