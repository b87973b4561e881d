"""Whole groups dealt to folds or held out: neighbors together where UCF-101 numbers them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np

from lrcn_desktop.errors import UserError
from training.neighbors import by_number, deal

SHARE = 0.2  # of each activity's clips that a side held back gets
_TRIES = 20  # orders to deal groups in, before there are too few
_NEIGHBORING, _SHUFFLED = "neighboring groups", "shuffled groups"

Rows = Mapping[str, Sequence[str]]  # each activity's groups, by UCF-101's numbers


class Member(Protocol):
    """What is split: a clip, or a clip's features."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def group(self) -> str:
        """What keeps it together with others."""

    @property
    def label(self) -> str:
        """Its activity; "" where it shows several."""

    @property
    def side(self) -> str:
        """ "train", "validation" or "test" where a split is given, else ""."""


def held_out(
    members: Sequence[Member], rows: Sequence[int], seed: int, *, keep: int
) -> tuple[tuple[int, ...], str]:
    """Choose whole groups, about `SHARE` of each activity's clips.

    Args:
        members: All.
        rows: What to choose from.
        seed: Of the shuffle.
        keep: How many groups of each activity must stay.

    Returns:
        The rows, and how they were chosen.

    Raises:
        UserError: An activity has too few groups.
    """
    numbered = _rows(members, rows)
    tries: list[tuple[Rows | None, int]] = [(None, seed + 1000 * n) for n in range(_TRIES)]
    if numbered is not None:
        tries.insert(0, (numbered, seed))
    for order, shuffle in tries:
        taken = _take_share(members, rows, order, shuffle, keep)
        chosen = tuple(i for i in rows if members[i].group in taken)
        if {members[i].label for i in chosen} == {members[i].label for i in rows}:
            return chosen, _SHUFFLED if order is None else _NEIGHBORING
    raise too_few(members, rows, keep + 1)


def _take_share(
    members: Sequence[Member], rows: Sequence[int], numbered: Rows | None, seed: int, keep: int
) -> set[str]:
    """Take groups until there is about `SHARE` of each activity's clips: at random, or from an end.

    An end has one neighbor that stays on another side, where a run in the middle has two.
    """
    groups = groups_of(members, rows)
    wanted = Counter(members[i].label for i in rows)
    left = Counter(label for kinds in groups.values() for label in kinds)
    held: Counter[str] = Counter()
    taken: set[str] = set()
    backwards = np.random.default_rng(seed).random(len(wanted)) < 0.5
    scarcest = sorted(wanted, key=lambda label: (left[label], label))
    for label, from_the_end in zip(scarcest, backwards, strict=True):
        order = shuffled(groups, seed) if numbered is None else list(numbered[label])
        if numbered is not None and from_the_end:
            order.reverse()
        for group in order:
            kinds, target = groups[group], SHARE * wanted[label]
            if label not in kinds or group in taken or min(left[k] for k in kinds) <= keep:
                continue
            if held[label] and held[label] + kinds[label] / 2 > target:
                if numbered is not None:
                    break  # one further on would be no neighbor
                continue
            taken.add(group)
            held += kinds
            left -= Counter(kinds.keys())
    return taken


def deals(clips: Sequence[Member], count: int, seed: int) -> Iterator[tuple[str, list[list[int]]]]:
    """Yield folds to try, and how they were dealt, the best way first."""
    numbered = _rows(clips, range(len(clips)))
    if numbered is not None:
        yield _NEIGHBORING, folds(clips, count, seed, numbered)
    for attempt in range(_TRIES):
        yield _SHUFFLED, folds(clips, count, seed + 1000 * attempt)


def folds(
    clips: Sequence[Member], count: int, seed: int = 0, numbered: Rows | None = None
) -> list[list[int]]:
    """Deal the clips into `count` folds of whole groups, each activity spread as evenly as it can.

    Args:
        clips: What to split.
        count: At least 2.
        seed: Of the shuffle.
        numbered: Each activity's groups in the order of their numbers: each fold then gets a run
            of every activity, where it has groups enough.

    Returns:
        The clips' indices, a list a fold; together each clip once.

    Raises:
        UserError: There are fewer groups than folds.
    """
    groups = groups_of(clips, range(len(clips)))
    if len(groups) < count:
        raise UserError(
            f"These clips have {len(groups)} groups, too few for {count} folds: add clips of "
            "other people and places."
        )
    if numbered is not None:
        place = deal(numbered, groups, count, seed)
    else:
        place = _spread(groups, count, seed)
    return [[i for i, clip in enumerate(clips) if place[clip.group] == f] for f in range(count)]


def _spread(groups: Mapping[str, Counter[str]], count: int, seed: int) -> dict[str, int]:
    """Deal groups in a random order, the largest first, each to where its activities are fewest."""
    order = shuffled(groups, seed)
    order.sort(key=lambda group: -groups[group].total())
    place: dict[str, int] = {}
    held: list[Counter[str]] = [Counter() for _ in range(count)]
    for group in order:
        kinds = groups[group]
        place[group] = min(
            range(count),
            key=lambda f: (sum(held[f][k] * n for k, n in kinds.items()), held[f].total()),
        )
        held[place[group]] += kinds
    return place


def groups_of(members: Sequence[Member], rows: Iterable[int]) -> dict[str, Counter[str]]:
    """Return how many clips of which activity each group has, in the order of the rows."""
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for i in rows:
        groups[members[i].group][members[i].label] += 1
    return groups


def shuffled(groups: Iterable[str], seed: int) -> list[str]:
    """Return the groups in a random order, the same for the same seed."""
    order = list(groups)
    np.random.default_rng(seed).shuffle(order)
    return order


def too_few(members: Sequence[Member], rows: Sequence[int], needed: int) -> UserError:
    """Return the error that the scarcest activity of `rows` lacks the `needed` groups."""
    groups = {(members[i].label, members[i].group) for i in rows}
    counts = Counter(label for label, _ in groups)
    label = min(sorted(counts), key=lambda label: counts[label], default="")
    return UserError(
        f"{label!r} has clips of {counts[label]} groups, and {needed} are needed to keep the "
        "sides apart: add clips of other people or places, or leave the activity out."
    )


def _rows(members: Sequence[Member], rows: Iterable[int]) -> Rows | None:
    return by_number((members[i].name, members[i].label, members[i].group) for i in rows)
