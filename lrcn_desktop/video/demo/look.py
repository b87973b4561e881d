"""What a figure looks like: skin, hair, clothes and proportions, drawn at random."""

from dataclasses import dataclass

import numpy as np

from lrcn_desktop.video.demo.brush import Color, palette, pick
from lrcn_desktop.video.demo.figure import Body

HAIR_STYLES = ("short", "bun", "long", "curly", "bob", "cap", "bald")
BOTTOMS = ("trousers", "shorts", "skirt")

_SKINS = palette("FAD6BC F0C2A0 DEA880 BE845E 946244 704834")
_HAIRS = palette("2C2228 4E3226 7A482A C48A46 E8C076 B04E2E BCBCC4")
_TOPS = palette("E2544A F4A23C 2E86AB 3A589E 7C52A0 E86A86 227C6E F6F0E4 FACC5C 3E425C CE4460")
_BOTTOMS = palette("2C385C 3A3C4A 5E4A42 46628E 2E5C5C 76465C D6BE98")
_SHOES = palette("F8F6F0 34303C D64A46 F2B242 4696B0")


@dataclass(frozen=True, slots=True)
class Look:
    """Everything that makes one figure differ from another; `height` is in scene units."""

    body: Body
    height: float
    skin: Color
    hair: Color
    hair_style: str
    beard: bool
    top: Color
    stripe: Color | None
    long_sleeves: bool
    bottom: Color
    bottom_style: str
    shoes: Color


def draw_look(rng: np.random.Generator) -> Look:
    """Return a look drawn at random."""
    top, bottom = _distinct(rng)
    hair_style = pick(rng, HAIR_STYLES)
    bottom_style = BOTTOMS[int(rng.choice(3, p=(0.55, 0.28, 0.17)))]
    legs = rng.uniform(0.96, 1.04)
    body = Body(
        thigh=0.242 * legs,
        shin=0.238 * legs,
        spine=0.305 * rng.uniform(0.95, 1.04),
        shoulder=rng.uniform(0.088, 0.106),
        head=rng.uniform(0.079, 0.09),
        girth=rng.uniform(0.9, 1.2),
    )
    return Look(
        body=body,
        height=rng.uniform(268.0, 294.0),
        skin=pick(rng, _SKINS),
        hair=pick(rng, _HAIRS),
        hair_style=hair_style,
        beard=bool(hair_style in ("short", "bald", "cap") and rng.random() < 0.4),
        top=top,
        stripe=pick(rng, _TOPS) if rng.random() < 0.35 else None,
        long_sleeves=bool(rng.random() < 0.45),
        bottom=bottom,
        bottom_style=bottom_style,
        shoes=pick(rng, _SHOES),
    )


def _distinct(rng: np.random.Generator) -> tuple[Color, Color]:
    """A top and a bottom that differ enough to tell trunk from legs."""
    top = pick(rng, _TOPS)
    far = tuple(
        color
        for color in _BOTTOMS
        if sum(abs(a - b) for a, b in zip(top, color, strict=True)) > 130
    )
    return top, pick(rng, far)
