"""The places with a wall behind: living room, kitchen, gym and office."""

import numpy as np

from lrcn_desktop.video.demo.brush import Brush, Colour, mix, shade
from lrcn_desktop.video.demo.stage import BOTTOM, HORIZON, LEFT, RIGHT, TOP

_WALLS: tuple[Colour, ...] = (
    (238, 224, 206),
    (206, 220, 216),
    (214, 222, 234),
    (236, 212, 202),
    (222, 224, 204),
    (224, 214, 230),
)
_WOODS: tuple[Colour, ...] = ((186, 140, 102), (160, 116, 88), (206, 170, 130))
_ACCENTS: tuple[Colour, ...] = (
    (86, 134, 142),
    (206, 122, 92),
    (104, 124, 168),
    (218, 174, 98),
    (120, 150, 112),
    (164, 112, 136),
)
_LEAF: Colour = (84, 142, 98)


def _one(rng: np.random.Generator, colours: tuple[Colour, ...]) -> Colour:
    return colours[int(rng.integers(len(colours)))]


def _wall(brush: Brush, colour: Colour) -> None:
    brush.gradient(TOP, HORIZON, mix(colour, (255, 252, 244), 0.25), shade(colour, 0.95))


def _boards(brush: Brush, colour: Colour) -> None:
    """A wooden floor whose joints run towards the viewer."""
    brush.gradient(HORIZON, BOTTOM, shade(colour, 0.88), mix(colour, (255, 240, 214), 0.12))
    joint = shade(colour, 0.84)
    for step in range(-16, 17):
        x = step * 52.0
        brush.polygon(
            [(x, HORIZON), (x + 1.2, HORIZON), (x * 1.75 + 2.4, BOTTOM), (x * 1.75, BOTTOM)], joint
        )


def _skirting(brush: Brush, colour: Colour) -> None:
    brush.rectangle(LEFT, HORIZON - 12.0, RIGHT, HORIZON, colour)
    brush.rectangle(LEFT, HORIZON - 1.5, RIGHT, HORIZON + 3.0, shade(colour, 0.66))


def _window(brush: Brush, x: float, width: float, sky: Colour) -> None:
    """A window with the sunlight that it lets onto the floor."""
    top, bottom = 62.0, 212.0
    frame: Colour = (250, 246, 238)
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


def _plant(brush: Brush, rng: np.random.Generator, x: float, tall: float) -> None:
    """A potted plant on the floor by the wall."""
    pot = _one(rng, _ACCENTS)
    base = HORIZON + 14.0
    brush.shadow((x, base), 40.0, 9.0, 0.35)
    for turn in range(9):
        angle = -1.25 + 2.5 * turn / 8.0
        tip = np.array([x + tall * 0.62 * np.sin(angle), base - 34.0 - tall * np.cos(angle * 0.85)])
        root = np.array([x, base - 34.0])
        bend = (root + tip) / 2.0 + np.array([-10.0 * np.sin(angle), -10.0])
        leaf = shade(_LEAF, 0.8 + 0.3 * (turn % 3) / 2.0)
        brush.capsule(root, 2.0, bend, 8.0, leaf)
        brush.capsule(bend, 8.0, tip, 1.5, leaf)
    brush.polygon(
        [(x - 24.0, base - 42.0), (x + 24.0, base - 42.0), (x + 17.0, base), (x - 17.0, base)], pot
    )
    brush.polygon(
        [(x + 4.0, base - 42.0), (x + 24.0, base - 42.0), (x + 17.0, base), (x + 2.0, base)],
        shade(pot, 0.86),
    )
    brush.rounded(x - 27.0, base - 46.0, x + 27.0, base - 36.0, 3.0, shade(pot, 1.1))


def _picture(
    brush: Brush, rng: np.random.Generator, x: float, y: float, w: float, h: float
) -> None:
    brush.rectangle(x + 3.0, y + 4.0, x + w + 4.0, y + h + 5.0, (196, 184, 172))
    brush.rectangle(x, y, x + w, y + h, (92, 74, 66))
    paper = mix(_one(rng, _ACCENTS), (255, 250, 240), 0.62)
    brush.rectangle(x + 5.0, y + 5.0, x + w - 5.0, y + h - 5.0, paper)
    middle = x + w / 2.0
    brush.polygon(
        [(x + 7.0, y + h - 7.0), (middle - 4.0, y + h * 0.45), (x + w - 9.0, y + h - 7.0)],
        _one(rng, _ACCENTS),
    )
    brush.circle((middle + w * 0.18, y + h * 0.32), w * 0.1, (246, 206, 112))


def _shelf(brush: Brush, rng: np.random.Generator, x: float) -> None:
    """A bookcase against the wall."""
    wood = _one(rng, _WOODS)
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
                colour = mix(_one(rng, _ACCENTS), (240, 230, 214), rng.uniform(0.0, 0.4))
                brush.rectangle(book, y + 47.0 - tall, book + thick, y + 47.0, colour)
            book += thick + 1.0


def _sofa(brush: Brush, rng: np.random.Generator, x: float) -> None:
    colour = _one(rng, _ACCENTS)
    base = HORIZON + 22.0
    brush.shadow((x + 110.0, base), 150.0, 13.0, 0.4)
    for leg in (x + 14.0, x + 204.0):
        brush.rectangle(leg, base - 14.0, leg + 8.0, base, (92, 68, 58))
    brush.rounded(x + 8.0, base - 108.0, x + 212.0, base - 20.0, 16.0, shade(colour, 0.86))
    brush.rounded(x + 16.0, base - 104.0, x + 109.0, base - 30.0, 12.0, shade(colour, 0.96))
    brush.rounded(x + 111.0, base - 104.0, x + 204.0, base - 30.0, 12.0, shade(colour, 0.96))
    brush.rounded(x + 10.0, base - 52.0, x + 210.0, base - 12.0, 9.0, shade(colour, 1.1))
    brush.rectangle(x + 109.0, base - 50.0, x + 111.0, base - 14.0, shade(colour, 0.86))
    for arm in (x - 8.0, x + 198.0):
        brush.rounded(arm, base - 74.0, arm + 30.0, base - 10.0, 13.0, colour)
    cushion = _one(rng, _ACCENTS)
    brush.rounded(x + 30.0, base - 84.0, x + 70.0, base - 46.0, 9.0, shade(cushion, 1.15))


def _lamp(brush: Brush, x: float) -> None:
    base = HORIZON + 16.0
    brush.shadow((x, base), 26.0, 7.0, 0.35)
    brush.glow((x, 128.0), 120.0, (255, 226, 160), 0.42)
    brush.line([(x, 130.0), (x, base - 2.0)], 4.0, (84, 72, 72))
    brush.ellipse((x, base - 2.0), 20.0, 5.0, (84, 72, 72))
    brush.polygon(
        [(x - 18.0, 96.0), (x + 18.0, 96.0), (x + 30.0, 142.0), (x - 30.0, 142.0)], (252, 226, 172)
    )


def draw_room(brush: Brush, rng: np.random.Generator) -> None:
    """Draw a living room."""
    _wall(brush, _one(rng, _WALLS))
    _boards(brush, _one(rng, _WOODS))
    _skirting(brush, (248, 242, 232))
    rug = mix(_one(rng, _ACCENTS), (240, 226, 206), 0.45)
    brush.ellipse((rng.uniform(-60.0, 60.0), 412.0), 330.0, 58.0, shade(rug, 0.9))
    brush.ellipse((rng.uniform(-60.0, 60.0), 410.0), 300.0, 49.0, rug)
    shift = rng.uniform(-50.0, 50.0)
    flip = 1.0 if rng.random() < 0.5 else -1.0
    _window(brush, flip * 30.0 - 75.0 + shift, 150.0, (176, 216, 236))
    _sofa(brush, rng, flip * 235.0 - 110.0 + shift)
    _picture(brush, rng, flip * 235.0 - 62.0 + shift, 92.0, 56.0, 70.0)
    _picture(brush, rng, flip * 235.0 + 8.0 + shift, 106.0, 46.0, 46.0)
    _lamp(brush, flip * 385.0 + shift)
    _shelf(brush, rng, -flip * 210.0 - 59.0 + shift)
    _plant(brush, rng, -flip * 118.0 + shift, 84.0)
    _plant(brush, rng, -flip * 335.0 + shift, 104.0)
    _picture(brush, rng, -flip * 480.0 - 40.0 + shift, 90.0, 80.0, 60.0)
    _sofa(brush, rng, -flip * 540.0 - 110.0 + shift)
    _window(brush, flip * 520.0 - 65.0 + shift, 130.0, (176, 216, 236))


def draw_kitchen(brush: Brush, rng: np.random.Generator) -> None:
    """Draw a kitchen: tiles, cupboards, a worktop with things on it."""
    wall = _one(rng, _WALLS)
    front = mix(_one(rng, _ACCENTS), (236, 232, 224), 0.35)
    _wall(brush, wall)
    for row in range(3):
        for column in range(-17, 17):
            tile = mix((250, 248, 244), wall, 0.2 + 0.25 * rng.random())
            x, y = column * 40.0, 158.0 + row * 24.0
            brush.rectangle(x + 1.0, y + 1.0, x + 39.0, y + 23.0, tile)
    brush.gradient(HORIZON, BOTTOM, (190, 184, 178), (222, 214, 204))
    pale, dark = mix(front, (255, 255, 255), 0.7), (168, 162, 160)
    for row, (top, bottom) in enumerate(
        ((318.0, 346.0), (346.0, 384.0), (384.0, 434.0), (434.0, 500.0))
    ):
        for column in range(-12, 12):
            if (row + column) % 2:
                continue
            a, b = 1.0 + (top - 318.0) / 240.0, 1.0 + (bottom - 318.0) / 240.0
            x = column * 56.0
            brush.polygon(
                [(x * a, top), ((x + 56.0) * a, top), ((x + 56.0) * b, bottom), (x * b, bottom)],
                mix(pale, dark, 0.12),
            )
    shift = rng.uniform(-60.0, 60.0)
    gap = int(rng.integers(-3, 3))
    for column in range(-9, 9):
        x = column * 82.0 + shift
        if column == gap:
            brush.rounded(x + 6.0, 20.0, x + 76.0, 92.0, 4.0, (120, 126, 134))
            brush.polygon(
                [(x - 4.0, 132.0), (x + 86.0, 132.0), (x + 70.0, 92.0), (x + 12.0, 92.0)],
                (150, 156, 164),
            )
        else:
            brush.rounded(x + 2.0, 6.0, x + 80.0, 130.0, 4.0, shade(front, 0.97))
            brush.rounded(x + 10.0, 16.0, x + 72.0, 120.0, 3.0, shade(front, 1.08))
            brush.rounded(x + 66.0, 100.0, x + 70.0, 118.0, 1.5, (244, 232, 206))
        brush.rounded(x + 2.0, 240.0, x + 80.0, HORIZON + 6.0, 3.0, shade(front, 0.9))
        brush.rounded(x + 10.0, 250.0, x + 72.0, HORIZON - 6.0, 3.0, front)
        brush.rounded(x + 30.0, 256.0, x + 52.0, 260.0, 1.5, (244, 232, 206))
    brush.rectangle(LEFT, 130.0, RIGHT, 136.0, shade(front, 0.7))
    brush.rectangle(LEFT, 228.0, RIGHT, 242.0, (120, 92, 78))
    brush.rectangle(LEFT, 228.0, RIGHT, 233.0, (158, 124, 102))
    brush.rectangle(LEFT, HORIZON + 4.0, RIGHT, HORIZON + 12.0, (92, 86, 90))
    for spot in range(-5, 6):
        x = spot * 118.0 + rng.uniform(-24.0, 24.0)
        colour = _one(rng, _ACCENTS)
        kind = int(rng.integers(3))
        if kind == 0:
            brush.rounded(x - 14.0, 196.0, x + 14.0, 229.0, 6.0, colour)
            brush.rounded(x - 9.0, 188.0, x + 9.0, 198.0, 3.0, shade(colour, 0.8))
        elif kind == 1:
            brush.ellipse((x, 221.0), 26.0, 9.0, (246, 240, 230))
            for fruit in (-12.0, 0.0, 12.0):
                brush.circle((x + fruit, 211.0), 9.0, (232, 132, 72) if fruit else (214, 84, 74))
            brush.ellipse((x, 225.0), 26.0, 6.0, (232, 226, 218))
        else:
            brush.rounded(x - 7.0, 178.0, x + 7.0, 229.0, 5.0, shade(colour, 0.85))
            brush.rounded(x - 3.0, 162.0, x + 3.0, 184.0, 2.0, shade(colour, 0.85))


def draw_gym(brush: Brush, rng: np.random.Generator) -> None:
    """Draw a gym: wall bars, a rack of weights, mirrors, balls and a mat."""
    wall: Colour = ((196, 208, 220), (222, 214, 200), (190, 204, 198), (214, 204, 214))[
        int(rng.integers(4))
    ]
    band = _one(rng, _ACCENTS)
    _wall(brush, wall)
    brush.rectangle(LEFT, 216.0, RIGHT, HORIZON, mix(wall, band, 0.38))
    brush.rectangle(LEFT, 210.0, RIGHT, 217.0, mix(wall, (255, 255, 255), 0.6))
    brush.gradient(HORIZON, BOTTOM, (112, 120, 136), (146, 150, 160))
    _skirting(brush, (92, 98, 116))
    mat = mix(_one(rng, _ACCENTS), (90, 120, 150), 0.35)
    x = rng.uniform(-60.0, 60.0)
    brush.polygon(
        [(x - 215.0, 372.0), (x + 215.0, 372.0), (x + 262.0, 452.0), (x - 262.0, 452.0)], mat
    )
    brush.polygon(
        [(x - 262.0, 452.0), (x + 262.0, 452.0), (x + 262.0, 460.0), (x - 262.0, 460.0)],
        shade(mat, 0.76),
    )
    shift, flip = rng.uniform(-40.0, 40.0), 1.0 if rng.random() < 0.5 else -1.0
    for place in (-470.0, 20.0, 500.0):
        middle = place * flip + shift
        brush.rectangle(middle - 84.0, 44.0, middle + 84.0, 204.0, (236, 240, 244))
        brush.rectangle(middle - 79.0, 49.0, middle + 79.0, 199.0, (176, 204, 222))
        for start in (-60.0, 4.0):
            brush.veil(
                [
                    (middle + start + 34.0, 49.0),
                    (middle + start + 64.0, 49.0),
                    (middle + start + 14.0, 199.0),
                    (middle + start - 16.0, 199.0),
                ],
                (255, 255, 255),
                0.4,
            )
    bars = -flip * 225.0 + shift
    for post in (bars - 62.0, bars, bars + 62.0):
        brush.rectangle(post - 5.0, 34.0, post + 5.0, HORIZON + 4.0, (168, 118, 78))
    for rung in range(11):
        y = 46.0 + rung * 25.0
        brush.line([(bars - 62.0, y), (bars + 62.0, y)], 7.0, (222, 176, 122))
    rack = flip * 245.0 + shift
    brush.shadow((rack, HORIZON + 14.0), 120.0, 11.0, 0.4)
    for level in (236.0, 274.0, 310.0):
        for weight in range(4):
            spot = rack - 72.0 + weight * 48.0
            colour = _one(rng, _ACCENTS)
            brush.line([(spot - 10.0, level - 9.0), (spot + 10.0, level - 9.0)], 5.0, (70, 72, 84))
            brush.rounded(spot - 17.0, level - 19.0, spot - 7.0, level, 3.0, shade(colour, 0.9))
            brush.rounded(spot + 7.0, level - 19.0, spot + 17.0, level, 3.0, shade(colour, 0.9))
        brush.rectangle(rack - 98.0, level, rack + 98.0, level + 6.0, (62, 66, 82))
    for post in (rack - 98.0, rack + 92.0):
        brush.rectangle(post, 222.0, post + 7.0, HORIZON + 14.0, (62, 66, 82))
    for ball, size in ((flip * 420.0, 40.0), (-flip * 360.0, 34.0), (flip * 112.0, 24.0)):
        colour = _one(rng, _ACCENTS)
        spot = ball + shift
        brush.shadow((spot, HORIZON + 16.0), size * 1.1, 9.0, 0.4)
        brush.circle((spot, HORIZON + 16.0 - size), size, shade(colour, 0.88))
        brush.circle((spot - size * 0.1, HORIZON + 14.0 - size * 1.05), size * 0.84, colour)
        brush.ellipse(
            (spot - size * 0.35, HORIZON + 14.0 - size * 1.45),
            size * 0.2,
            size * 0.13,
            shade(colour, 1.5),
        )


def draw_office(brush: Brush, rng: np.random.Generator) -> None:
    """Draw an office: a wide window over a town, desks with screens, a whiteboard."""
    wall = _one(rng, _WALLS)
    _wall(brush, wall)
    carpet: Colour = ((122, 136, 150), (150, 140, 134), (118, 140, 136))[int(rng.integers(3))]
    brush.gradient(HORIZON, BOTTOM, shade(carpet, 0.86), shade(carpet, 1.12))
    _skirting(brush, (236, 236, 236))
    shift, flip = rng.uniform(-40.0, 40.0), 1.0 if rng.random() < 0.5 else -1.0
    left = flip * 200.0 - 260.0 + shift
    sky: Colour = (186, 216, 234)
    brush.rectangle(left - 8.0, 32.0, left + 528.0, 222.0, (246, 246, 244))
    brush.rectangle(left, 40.0, left + 520.0, 214.0, sky)
    x = left
    while x < left + 500.0:
        wide, top = rng.uniform(28.0, 60.0), rng.uniform(90.0, 180.0)
        wide = min(wide, left + 520.0 - x)
        tower = mix(sky, (104, 128, 158), rng.uniform(0.25, 0.6))
        brush.rectangle(x, top, x + wide, 214.0, tower)
        for row in range(int((206.0 - top) // 14.0)):
            for column in range(int((wide - 8.0) // 10.0)):
                y, spot = top + 8.0 + row * 14.0, x + 6.0 + column * 10.0
                brush.rectangle(spot, y, spot + 5.0, y + 7.0, shade(tower, 1.25))
        x += wide + rng.uniform(0.0, 10.0)
    for pane in range(1, 4):
        brush.rectangle(
            left + pane * 130.0 - 3.0, 40.0, left + pane * 130.0 + 3.0, 214.0, (246, 246, 244)
        )
    board = -flip * 260.0 + shift
    brush.rectangle(board - 92.0, 66.0, board + 92.0, 190.0, (168, 172, 178))
    brush.rectangle(board - 87.0, 71.0, board + 87.0, 185.0, (252, 252, 250))
    for bar in range(5):
        tall, spot = rng.uniform(16.0, 66.0), board - 66.0 + bar * 22.0
        brush.rectangle(spot, 172.0 - tall, spot + 14.0, 172.0, _one(rng, _ACCENTS))
    brush.line([(board + 48.0, 92.0), (board + 76.0, 92.0)], 3.0, (120, 126, 140))
    brush.line([(board + 48.0, 106.0), (board + 70.0, 106.0)], 3.0, (120, 126, 140))
    wood = _one(rng, _WOODS)
    for desk in (flip * 270.0, -flip * 480.0, flip * 540.0):
        spot, base = desk + shift, HORIZON + 20.0
        brush.shadow((spot, base), 118.0, 12.0, 0.35)
        for leg in (spot - 88.0, spot + 82.0):
            brush.rectangle(leg, 256.0, leg + 6.0, base, (84, 86, 96))
        brush.rounded(spot + 26.0, 258.0, spot + 78.0, base - 8.0, 3.0, (226, 226, 226))
        brush.rectangle(spot + 26.0, 286.0, spot + 78.0, 288.0, (190, 190, 192))
        brush.rectangle(spot - 98.0, 248.0, spot + 98.0, 258.0, wood)
        brush.rectangle(spot - 8.0, 234.0, spot + 2.0, 248.0, (70, 72, 84))
        brush.rounded(spot - 50.0, 182.0, spot + 44.0, 238.0, 4.0, (52, 54, 68))
        brush.rectangle(
            spot - 46.0, 186.0, spot + 40.0, 234.0, mix(_one(rng, _ACCENTS), (200, 226, 240), 0.4)
        )
        brush.rounded(spot + 60.0, 232.0, spot + 74.0, 248.0, 3.0, _one(rng, _ACCENTS))
    _plant(brush, rng, flip * 130.0 + shift, 84.0)
    _plant(brush, rng, -flip * 372.0 + shift, 96.0)
