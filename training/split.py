"""Which clips train, validate and test: no group appears in two of these sides.

Where the clips' names are UCF-101's, sides are runs of groups whose numbers follow each other:
uploads of one person do, and would else stand in both training and test.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from lrcn_desktop.errors import UserError
from training.dealing import Member, deals, groups_of, held_out, shuffled, too_few

Protocols = Literal["all", "slides"]
SLIDES_CLIPS = (8, 10, 10)  # train, validation, test, of each activity
SLIDES_FRAMES = (500, 100, 100)
_ATTEMPTS = 20  # orders to deal groups in, before there are too few


@dataclass(frozen=True, slots=True)
class Round:
    """One fit: the indices of what it learns from and of what it is validated on."""

    train: tuple[int, ...]
    validation: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """All sides.

    Attributes:
        rounds: At least one; of several, each member is in one validation side.
        test: Indices of what no round sees; () where every member is held out once.
        text: One sentence, for a person and for the model file.
        frames: The most frames of a clip to train, validate and test on; None: all.
    """

    rounds: tuple[Round, ...]
    test: tuple[int, ...]
    text: str
    frames: tuple[int, int, int] | None = None


def plan_split(
    members: Sequence[Member], *, folds: int, seed: int, protocol: Protocols = "all"
) -> Split:
    """Divide the members into training, validation and test sides of whole groups.

    A given test or validation side stays as it is; members that share a group with one of a
    later side (test, then validation) are left out. Else, with several folds each member is held
    out once and none is kept for a test; with one, a fifth of the groups tests and a fifth of
    the rest validates. What is chosen here is chosen among neighbors where the names are
    UCF-101's, else at random; the text says which.

    Args:
        members: What to split.
        folds: How many rounds of cross-validation; 1: one round.
        seed: Of the shuffle.
        protocol: "slides": 8, 10 and 10 clips of each activity, 500, 100 and 100 frames of each.

    Raises:
        UserError: An activity has too few groups or clips.
    """
    everyone = range(len(members))
    given = _given_side(members, everyone, "test")
    pool = _apart(members, everyone, given)
    if protocol == "slides":
        return _slides(members, pool, given, seed)
    test = given
    validation = _given_side(members, pool, "validation")
    single = folds == 1 or bool(validation)
    ways: set[str] = set()
    if not given and single:
        learners = _apart(members, pool, validation)
        test, way = held_out(members, learners, seed, keep=1 if validation else 2)
        ways.add(way)
        pool = _apart(members, pool, test)
    if single and not validation:
        validation, way = held_out(members, pool, seed + 1, keep=1)
        ways.add(way)
    if single:
        rounds = [Round(_apart(members, pool, validation), validation)]
    else:
        rounds, way = _crossed(members, pool, folds, seed)
        ways.add(way)
    _check(members, rounds, test)
    text = _text(members, rounds, test, given=bool(given), ways=ways)
    return Split(tuple(rounds), test, text)


def _given_side(members: Sequence[Member], rows: Iterable[int], side: str) -> tuple[int, ...]:
    return tuple(i for i in rows if members[i].side == side)


def _apart(members: Sequence[Member], rows: Iterable[int], taken: Sequence[int]) -> tuple[int, ...]:
    """Return the rows that share no group with those taken."""
    groups = {members[i].group for i in taken}
    return tuple(i for i in rows if members[i].group not in groups)


def _crossed(
    members: Sequence[Member], pool: Sequence[int], count: int, seed: int
) -> tuple[list[Round], str]:
    """Return the rounds of a cross-validation, and how the groups were dealt."""
    clips = [members[i] for i in pool]
    for way, dealt in deals(clips, count, seed):
        sides = [tuple(pool[i] for i in fold) for fold in dealt]
        rounds = [Round(_apart(members, pool, side), side) for side in sides]
        if all(sides) and not any(_unlearnt(members, round_) for round_ in rounds):
            return rounds, way
    raise too_few(members, pool, 2)


def _slides(
    members: Sequence[Member], pool: Sequence[int], given: Sequence[int], seed: int
) -> Split:
    """Take the slides' numbers of clips, each side from groups of its own.

    Groups are of 4 to 7 clips in UCF-101, so that the last one of a side is seldom used up.
    """
    sources = (pool, pool, given or pool)
    labels = sorted({members[i].label for i in (*pool, *given)})
    for attempt in range(_ATTEMPTS):
        home: dict[str, int] = {}
        sides: tuple[list[int], ...] = ([], [], [])
        for label in labels:
            for side, count in enumerate(SLIDES_CLIPS):
                rows = [i for i in sources[side] if members[i].label == label]
                sides[side].extend(_take(members, rows, side, count, home, seed + 1000 * attempt))
        if all(len(side) == n * len(labels) for side, n in zip(sides, SLIDES_CLIPS, strict=True)):
            train, validation, test = (tuple(sorted(side)) for side in sides)
            rounds = (Round(train, validation),)
            _check(members, rounds, test)
            text = _text(members, rounds, test, given=bool(given))
            return Split(rounds, test, f"the slides' protocol, {text}", SLIDES_FRAMES)
    counts = Counter(members[i].label for i in (*pool, *given))
    scarce = min(labels, key=lambda label: counts[label])
    raise UserError(
        f"The slides' protocol needs {sum(SLIDES_CLIPS)} clips of each activity, 8, 10 and 10 of "
        f"different groups, which not all have ({scarce!r} has {counts[scarce]} clips of "
        f"{len({members[i].group for i in (*pool, *given) if members[i].label == scarce})} "
        "groups): leave such activities out or use another protocol."
    )


def _take(
    members: Sequence[Member],
    rows: Sequence[int],
    side: int,
    count: int,
    home: dict[str, int],
    seed: int,
) -> list[int]:
    """Take `count` of the rows, group after group; `home` says whose side each group is on."""
    order = shuffled(groups_of(members, rows), seed)
    mine: list[int] = []
    for group in sorted(order, key=lambda g: home.get(g) != side):  # those of this side first
        if len(mine) < count and home.setdefault(group, side) == side:
            mine += [i for i in rows if members[i].group == group]
    return mine[:count]


def _unlearnt(members: Sequence[Member], one: Round, test: Iterable[int] = ()) -> set[str]:
    """Return the activities that are judged but not learned."""
    judged = {members[i].label for i in (*one.validation, *test)}
    return judged - {members[i].label for i in one.train}


def _check(members: Sequence[Member], rounds: Iterable[Round], test: Sequence[int]) -> None:
    for one in rounds:
        if missing := _unlearnt(members, one, test):
            raise UserError(
                f"{sorted(missing)[0]!r} has clips to test on but none to train on: add "
                "training clips of other groups, or leave the activity out."
            )
        if not one.train or not one.validation:
            raise UserError("There are too few clips to train on and to validate on: add some.")


def _text(
    members: Sequence[Member],
    rounds: Sequence[Round],
    test: Sequence[int],
    *,
    given: bool,
    ways: Iterable[str] = (),
) -> str:
    used = {i for one in rounds for i in (*one.train, *one.validation)}
    groups = len({members[i].group for i in used})
    tested = f"{len(test)} test clips of {'the given side' if given else 'other groups'}"
    if len(rounds) > 1:
        text = f"{len(rounds)}-fold cross-validation over {len(used)} clips of {groups} groups"
    else:
        one = rounds[0]
        text = f"{len(one.train)} training and {len(one.validation)} validation clips"
    text += f", {tested}" if test else ""
    if dealt := sorted(ways):
        text += f", {'folds' if len(rounds) > 1 else 'sides'} of {' and of '.join(dealt)}"
    return f"{text}; no group appears in both training and test"
