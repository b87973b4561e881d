"""What a figure looks like: skin, hair, clothes and proportions, drawn at random."""

from dataclasses import dataclass

import numpy as np

from lrcn_desktop.video.demo.brush import Color
from lrcn_desktop.video.demo.choice import pick
from lrcn_desktop.video.demo.figure import Body

HAIR_STYLES = ("short", "bun", "long", "curly", "bob", "cap", "bald")
BOTTOMS = ("trousers", "shorts", "skirt")

_SKINS: tuple[Color, ...] = (
    (250, 214, 188),
    (240, 194, 160),
    (222, 168, 128),
    (190, 132, 94),
    (148, 98, 68),
    (112, 72, 52),
)
_HAIRS: tuple[Color, ...] = (
    (44, 34, 40),
    (78, 50, 38),
    (122, 72, 42),
    (196, 138, 70),
    (232, 192, 118),
    (176, 78, 46),
    (188, 188, 196),
)
_TOPS: tuple[Color, ...] = (
    (226, 84, 74),
    (244, 162, 60),
    (46, 134, 171),
    (58, 88, 158),
    (124, 82, 160),
    (232, 106, 134),
    (34, 124, 110),
    (246, 240, 228),
    (250, 204, 92),
    (62, 66, 92),
    (206, 68, 96),
)
_BOTTOMS: tuple[Color, ...] = (
    (44, 56, 92),
    (58, 60, 74),
    (94, 74, 66),
    (70, 98, 142),
    (46, 92, 92),
    (118, 70, 92),
    (214, 190, 152),
)
_SHOES: tuple[Color, ...] = (
    (248, 246, 240),
    (52, 48, 60),
    (214, 74, 70),
    (242, 178, 66),
    (70, 150, 176),
)


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
