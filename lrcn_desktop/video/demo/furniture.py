"""What rooms are furnished with: walls, floors, a window, a sofa and smaller things."""

import numpy as np

from lrcn_desktop.video.demo.brush import Brush, Color, mix, palette, pick, shade, slab
from lrcn_desktop.video.demo.stage import BOTTOM, HORIZON, LEFT, RIGHT, TOP

WALLS = palette("EEE0CE CEDCD8 D6DEEA ECD4CA DEE0CC E0D6E6")


WOODS = palette("BA8C66 A07458 CEAA82")


ACCENTS = palette("56868E CE7A5C 687CA8 DAAE62 789670 A47088")


LEAF: Color = (84, 142, 98)


def draw_wall(brush: Brush, color: Color) -> None:
    """Draw the wall behind a room."""
    brush.gradient(TOP, HORIZON, mix(color, (255, 252, 244), 0.25), shade(color, 0.95))


def draw_boards(brush: Brush, color: Color) -> None:
    """A wooden floor whose joints run towards the viewer."""
    brush.gradient(HORIZON, BOTTOM, shade(color, 0.88), mix(color, (255, 240, 214), 0.12))
    joint = shade(color, 0.84)
    for step in range(-16, 17):
        x = step * 52.0
        brush.polygon(slab(x, x + 1.2, HORIZON, x * 1.75, x * 1.75 + 2.4, BOTTOM), joint)


def draw_skirting(brush: Brush, color: Color) -> None:
    """Draw the board along the foot of the wall."""
    brush.rectangle(LEFT, HORIZON - 12.0, RIGHT, HORIZON, color)
    brush.rectangle(LEFT, HORIZON - 1.5, RIGHT, HORIZON + 3.0, shade(color, 0.66))


def draw_window(brush: Brush, x: float, width: float, sky: Color) -> None:
    """A window with the sunlight that it lets onto the floor."""
    top, bottom = 62.0, 212.0
    frame: Color = (250, 246, 238)
    brush.rectangle(x - 7.0, top - 7.0, x + width + 7.0, bottom + 7.0, shade(frame, 0.93))
    brush.rectangle(x - 7.0, top - 7.0, x + width + 7.0, bottom + 4.0, frame)
    brush.rectangle(x, top, x + width, bottom, sky)
    brush.ellipse(
        (x + width * 0.3, bottom - 8.0), width * 0.26, 26.0, mix(sky, (120, 170, 120), 0.7)
    )
    brush.ellipse((x + width * 0.72, bottom), width * 0.24, 30.0, mix(sky, (96, 152, 112), 0.7))
    brush.rectangle(x - 2.0, bottom, x + width + 2.0, bottom + 30.0, frame)
    brush.rectangle(x - 12.0, bottom + 4.0, x + width + 12.0, bottom + 14.0, shade(frame, 0.9))
    brush.veil(
        [(x + 10.0, top), (x + width * 0.42, top), (x + width * 0.12, bottom), (x, bottom)],
        (255, 255, 255),
        0.35,
    )
    brush.rectangle(x + width / 2.0 - 3.0, top, x + width / 2.0 + 3.0, bottom, frame)
    brush.rectangle(x, 128.0, x + width, 133.0, frame)
    for left in (x, x + width / 2.0 + 4.0):
        slant = 46.0
        brush.veil(
            [
                (left + slant, HORIZON + 24.0),
                (left + slant + width * 0.44, HORIZON + 24.0),
                (left + width * 0.44 + slant * 2.6, BOTTOM - 40.0),
                (left + slant * 2.2, BOTTOM - 40.0),
            ],
            (255, 238, 196),
            0.30,
        )


def draw_plant(brush: Brush, rng: np.random.Generator, x: float, tall: float) -> None:
    """A potted plant on the floor by the wall."""
    pot = pick(rng, ACCENTS)
    base = HORIZON + 14.0
    brush.shadow((x, base), 40.0, 9.0, 0.35)
    for turn in range(9):
        angle = -1.25 + 2.5 * turn / 8.0
        tip = np.array([x + tall * 0.62 * np.sin(angle), base - 34.0 - tall * np.cos(angle * 0.85)])
        root = np.array([x, base - 34.0])
        bend = (root + tip) / 2.0 + np.array([-10.0 * np.sin(angle), -10.0])
        leaf = shade(LEAF, 0.8 + 0.3 * (turn % 3) / 2.0)
        brush.capsule(root, 2.0, bend, 8.0, leaf)
        brush.capsule(bend, 8.0, tip, 1.5, leaf)
    brush.polygon(slab(x - 24.0, x + 24.0, base - 42.0, x - 17.0, x + 17.0, base), pot)
    brush.polygon(slab(x + 4.0, x + 24.0, base - 42.0, x + 2.0, x + 17.0, base), shade(pot, 0.86))
    brush.rounded(x - 27.0, base - 46.0, x + 27.0, base - 36.0, 3.0, shade(pot, 1.1))


def draw_picture(
    brush: Brush, rng: np.random.Generator, x: float, y: float, w: float, h: float
) -> None:
    """Draw a framed picture on the wall."""
    brush.rectangle(x + 3.0, y + 4.0, x + w + 4.0, y + h + 5.0, (196, 184, 172))
    brush.rectangle(x, y, x + w, y + h, (92, 74, 66))
    paper = mix(pick(rng, ACCENTS), (255, 250, 240), 0.62)
    brush.rectangle(x + 5.0, y + 5.0, x + w - 5.0, y + h - 5.0, paper)
    middle = x + w / 2.0
    brush.polygon(
        [(x + 7.0, y + h - 7.0), (middle - 4.0, y + h * 0.45), (x + w - 9.0, y + h - 7.0)],
        pick(rng, ACCENTS),
    )
    brush.circle((middle + w * 0.18, y + h * 0.32), w * 0.1, (246, 206, 112))


def draw_shelf(brush: Brush, rng: np.random.Generator, x: float) -> None:
    """A bookcase against the wall."""
    wood = pick(rng, WOODS)
    top, base, width = 96.0, HORIZON + 8.0, 118.0
    brush.shadow((x + width / 2.0, base), 84.0, 10.0, 0.35)
    brush.rectangle(x, top, x + width, base, shade(wood, 0.9))
    for row in range(4):
        y = top + 8.0 + row * 54.0
        brush.rectangle(x + 7.0, y, x + width - 7.0, y + 47.0, shade(wood, 0.62))
        book = x + 10.0
        while book < x + width - 24.0:
            thick, tall = rng.uniform(6.0, 13.0), rng.uniform(26.0, 42.0)
            if rng.random() < 0.85:
                color = mix(pick(rng, ACCENTS), (240, 230, 214), rng.uniform(0.0, 0.4))
                brush.rectangle(book, y + 47.0 - tall, book + thick, y + 47.0, color)
            book += thick + 1.0


def draw_sofa(brush: Brush, rng: np.random.Generator, x: float) -> None:
    """Draw a sofa against the wall."""
    color = pick(rng, ACCENTS)
    base = HORIZON + 22.0
    brush.shadow((x + 110.0, base), 150.0, 13.0, 0.4)
    for leg in (x + 14.0, x + 204.0):
        brush.rectangle(leg, base - 14.0, leg + 8.0, base, (92, 68, 58))
    brush.rounded(x + 8.0, base - 108.0, x + 212.0, base - 20.0, 16.0, shade(color, 0.86))
    brush.rounded(x + 16.0, base - 104.0, x + 109.0, base - 30.0, 12.0, shade(color, 0.96))
    brush.rounded(x + 111.0, base - 104.0, x + 204.0, base - 30.0, 12.0, shade(color, 0.96))
    brush.rounded(x + 10.0, base - 52.0, x + 210.0, base - 12.0, 9.0, shade(color, 1.1))
    brush.rectangle(x + 109.0, base - 50.0, x + 111.0, base - 14.0, shade(color, 0.86))
    for arm in (x - 8.0, x + 198.0):
        brush.rounded(arm, base - 74.0, arm + 30.0, base - 10.0, 13.0, color)
    cushion = pick(rng, ACCENTS)
    brush.rounded(x + 30.0, base - 84.0, x + 70.0, base - 46.0, 9.0, shade(cushion, 1.15))


def draw_lamp(brush: Brush, x: float) -> None:
    """Draw a standing lamp that is on."""
    base = HORIZON + 16.0
    brush.shadow((x, base), 26.0, 7.0, 0.35)
    brush.glow((x, 128.0), 120.0, (255, 226, 160), 0.42)
    brush.line([(x, 130.0), (x, base - 2.0)], 4.0, (84, 72, 72))
    brush.ellipse((x, base - 2.0), 20.0, 5.0, (84, 72, 72))
    brush.polygon(slab(x - 18.0, x + 18.0, 96.0, x - 30.0, x + 30.0, 142.0), (252, 226, 172))
