"""Damage, made to order: what disks, cut downloads, editors and strangers make of a file."""

import random
from collections.abc import Callable

_WORDS = (
    *(b"\0", b"\r", b"\n", b'"', b",", b"\xff\xfe", b"\xed\xa0\x80", b"..", b"/", b"../../x"),
    *(b"NaN", b"1e999", b"-1", b"null", b"true", b"{}", b"[]", b'""', b"\\ud800", b"\\u0000"),
    *(b"9" * 400, b"9" * 5000, b"[" * 2000, b'{"a":' * 2000, b"x" * 70_000),
)
Mutate = Callable[[bytearray, random.Random], None]


def mutant(good: bytes, seed: str) -> bytes:
    """Return `good` with one to four damages, the same for the same seed."""
    rng, data = random.Random(seed), bytearray(good)
    for _ in range(rng.choice((1, 1, 2, 4))):
        rng.choice(_KINDS)(data, rng)
    return bytes(data)


def _flip(data: bytearray, rng: random.Random) -> None:
    for _ in range(rng.choice((1, 1, 4, 32))):
        if data:
            data[_place(data, rng)] ^= 1 << rng.randrange(8)


def _overwrite(data: bytearray, rng: random.Random) -> None:
    place = _place(data, rng)
    junk = rng.randbytes(rng.choice((1, 2, 8, 64)))
    data[place : place + len(junk)] = junk


def _cut(data: bytearray, rng: random.Random) -> None:
    del data[_place(data, rng) :]


def _remove(data: bytearray, rng: random.Random) -> None:
    place = _place(data, rng)
    del data[place : place + rng.choice((1, 2, 16, 256))]


def _insert(data: bytearray, rng: random.Random) -> None:
    place = _place(data, rng)
    data[place:place] = rng.choice(_WORDS)


def _replace(data: bytearray, rng: random.Random) -> None:
    """Put a word in the place of a value: a number, or what stands in quotes."""
    begins = [i for i in range(min(len(data), 4000)) if data[i : i + 1] in (b":", b",", b"=", b"[")]
    begin = rng.choice(begins) + 1 if begins else _place(data, rng)
    end = begin
    while end < len(data) and data[end : end + 1] not in (b",", b"}", b"]", b"\n"):
        end += 1
    data[begin:end] = rng.choice(_WORDS)


def _repeat(data: bytearray, rng: random.Random) -> None:
    place = _place(data, rng)
    part = data[place : place + rng.choice((1, 16, 512))]
    data[place:place] = part * rng.choice((1, 3, 50))


def _place(data: bytearray, rng: random.Random) -> int:
    """Return a place in `data`, most often near its begin, where headers are."""
    end = max(1, len(data))
    return rng.randrange(min(end, rng.choice((16, 128, 1024, end))))


_KINDS: tuple[Mutate, ...] = (_flip, _overwrite, _cut, _remove, _insert, _replace, _repeat)
