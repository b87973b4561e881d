"""The places under the sky: park, street, beach and mountains."""

import math

import numpy as np

from lrcn_desktop.video.demo.brush import Brush, Color, mix, palette, pick, shade, slab
from lrcn_desktop.video.demo.landscape import (
    draw_palm,
    draw_peak,
    draw_pine,
    draw_ridge,
    draw_sky,
    draw_tree,
)
from lrcn_desktop.video.demo.stage import BOTTOM, HORIZON, LEFT, RIGHT

_HOUSES = palette("E4AC8C CE8C74 E8D0A4 A8BCBA B8ACC4 D6C4B4")
_ACCENTS = palette("CE5C50 468292 ECB254 7068A0")


def draw_park(brush: Brush, rng: np.random.Generator) -> None:
    """Draw a park: hills, trees, a path, a bench and flowers."""
    haze = draw_sky(brush, rng)
    green: Color = ((122, 172, 96), (142, 178, 92), (104, 162, 108), (178, 170, 90))[
        int(rng.integers(4))
    ]
    draw_ridge(brush, rng, 262.0, 16.0, 120.0, mix(haze, green, 0.35))
    draw_ridge(brush, rng, 286.0, 12.0, 80.0, mix(haze, green, 0.62))
    brush.gradient(HORIZON - 14.0, BOTTOM, mix(green, haze, 0.22), shade(green, 0.9))
    for _ in range(9):
        x = rng.uniform(LEFT, RIGHT)
        brush.ellipse(
            (x, HORIZON - 12.0),
            rng.uniform(26.0, 52.0),
            rng.uniform(12.0, 26.0),
            mix(shade(green, 0.78), haze, 0.18),
        )
    brush.gradient(HORIZON - 8.0, HORIZON + 30.0, mix(green, haze, 0.2), green)
    path = (226, 204, 168)
    brush.polygon(
        [(LEFT, 374.0), (RIGHT, 368.0), (RIGHT, 446.0), (LEFT, 456.0)], mix(path, green, 0.25)
    )
    brush.polygon([(LEFT, 378.0), (RIGHT, 372.0), (RIGHT, 440.0), (LEFT, 450.0)], path)
    shift = rng.uniform(-60.0, 60.0)
    for place in (-560.0, -400.0, -215.0, 190.0, 330.0, 520.0):
        leaf = mix(
            shade(green, 0.86),
            pick(rng, ((214, 142, 76), (86, 140, 96), (110, 160, 90))),
            0.4,
        )
        draw_tree(
            brush,
            place + shift + rng.uniform(-30.0, 30.0),
            HORIZON + rng.uniform(2.0, 26.0),
            rng.uniform(0.95, 1.4),
            leaf,
        )
    bench = rng.choice((-1.0, 1.0)) * 100.0 + shift
    brush.shadow((bench, HORIZON + 34.0), 70.0, 9.0, 0.35)
    for y in (276.0, 288.0, 308.0):
        brush.rounded(bench - 56.0, y, bench + 56.0, y + 8.0, 2.5, (168, 112, 76))
    for leg in (bench - 46.0, bench + 40.0):
        brush.rectangle(leg, 276.0, leg + 6.0, HORIZON + 34.0, (78, 80, 88))
    for _ in range(70):
        x, y = (
            rng.uniform(LEFT, RIGHT),
            rng.choice((rng.uniform(334.0, 366.0), rng.uniform(462.0, 520.0))),
        )
        near = 0.5 + (y - 330.0) / 190.0
        brush.line([(x - 3.0 * near, y - 7.0 * near), (x, y)], 1.8 * near, shade(green, 0.76))
        brush.line([(x + 3.0 * near, y - 8.0 * near), (x, y)], 1.8 * near, shade(green, 0.76))
        if rng.random() < 0.3:
            brush.circle(
                (x + 3.0 * near, y - 9.0 * near),
                3.0 * near,
                pick(rng, ((250, 220, 110), (250, 246, 240), (230, 120, 130))),
            )


def draw_street(brush: Brush, rng: np.random.Generator) -> None:
    """Draw a street: a row of houses with shops, lamps, the kerb and the road."""
    haze = draw_sky(brush, rng)
    x = LEFT
    while x < RIGHT:
        wide, top = rng.uniform(40.0, 90.0), rng.uniform(70.0, 150.0)
        brush.rectangle(x, top, x + wide, HORIZON, mix(haze, (140, 150, 176), 0.4))
        x += wide
    x = LEFT - rng.uniform(0.0, 80.0)
    while x < RIGHT:
        wide, top = rng.uniform(120.0, 176.0), rng.uniform(20.0, 110.0)
        _house(brush, rng, x, top, wide)
        x += wide + rng.choice((0.0, 0.0, 22.0))
    brush.gradient(HORIZON, BOTTOM, (190, 184, 182), (206, 200, 196))
    for flag in range(-14, 15):
        a = flag * 56.0
        brush.polygon(slab(a, a + 1.2, HORIZON, a * 1.5, a * 1.5 + 2.0, 452.0), (168, 162, 162))
    for y in (346.0, 386.0):
        brush.rectangle(LEFT, y, RIGHT, y + 1.6, (172, 166, 166))
    brush.rectangle(LEFT, 446.0, RIGHT, 458.0, (226, 220, 214))
    brush.rectangle(LEFT, 457.0, RIGHT, BOTTOM, (92, 94, 106))
    brush.rectangle(LEFT, 457.0, RIGHT, 463.0, (70, 72, 86))
    shift = rng.uniform(-60.0, 60.0)
    for spot in (-470.0, -150.0, 170.0, 490.0):
        _street_lamp(brush, spot + shift)
    for spot in (-320.0, 30.0, 345.0):
        if rng.random() < 0.6:
            draw_tree(
                brush,
                spot + shift,
                HORIZON + 14.0,
                0.85,
                pick(rng, ((110, 160, 96), (140, 172, 98), (216, 158, 84))),
            )


def _house(brush: Brush, rng: np.random.Generator, x: float, top: float, wide: float) -> None:
    wall = pick(rng, _HOUSES)
    brush.rectangle(x, top, x + wide, HORIZON, wall)
    brush.rectangle(x + wide - 8.0, top, x + wide, HORIZON, shade(wall, 0.9))
    brush.rectangle(x - 3.0, top - 8.0, x + wide + 3.0, top + 3.0, shade(wall, 0.78))
    glass: Color = (150, 182, 202)
    columns = 3 if wide > 145.0 else 2
    pitch = wide / columns
    for row in range(int((206.0 - top) // 56.0) + 1):
        for column in range(columns):
            left, y = x + (column + 0.5) * pitch - 14.0, top + 18.0 + row * 56.0
            if y > 178.0:
                continue
            pane = (252, 222, 150) if rng.random() < 0.22 else glass
            brush.rectangle(left - 3.0, y - 3.0, left + 31.0, y + 41.0, shade(wall, 1.4))
            brush.rectangle(left, y, left + 28.0, y + 36.0, pane)
            brush.veil(
                [
                    (left + 16.0, y),
                    (left + 24.0, y),
                    (left + 10.0, y + 36.0),
                    (left + 2.0, y + 36.0),
                ],
                (255, 255, 255),
                0.35,
            )
            brush.rectangle(left + 13.0, y, left + 15.0, y + 36.0, shade(wall, 1.4))
    cloth = pick(rng, _ACCENTS)
    brush.rectangle(x + 12.0, 246.0, x + wide - 48.0, HORIZON - 8.0, (92, 116, 134))
    brush.veil(slab(x + 40.0, x + 62.0, 246.0, x + 14.0, x + 36.0, 310.0), (255, 255, 255), 0.25)
    brush.rectangle(x + wide - 40.0, 244.0, x + wide - 12.0, HORIZON, shade(cloth, 0.7))
    brush.circle((x + wide - 17.0, 284.0), 2.0, (244, 220, 150))
    stripes = max(4, int((wide - 12.0) // 16.0))
    step = (wide - 12.0) / stripes
    for stripe in range(stripes):
        left = x + 6.0 + stripe * step
        color = cloth if stripe % 2 else (248, 240, 228)
        brush.polygon(slab(left, left + step, 222.0, left, left + step, 244.0), color)
        brush.ellipse((left + step / 2.0, 244.0), step / 2.0, 6.0, color)


def _street_lamp(brush: Brush, x: float) -> None:
    brush.shadow((x, HORIZON + 40.0), 22.0, 6.0, 0.35)
    post: Color = (66, 72, 84)
    brush.line([(x, 110.0), (x, HORIZON + 38.0)], 5.0, post)
    brush.line([(x, HORIZON + 8.0), (x, HORIZON + 38.0)], 9.0, post)
    brush.polygon(slab(x - 11.0, x + 11.0, 80.0, x - 7.0, x + 7.0, 110.0), (254, 236, 188))
    brush.polygon([(x - 14.0, 81.0), (x + 14.0, 81.0), (x, 66.0)], post)


def draw_beach(brush: Brush, rng: np.random.Generator) -> None:
    """Draw a beach: sea, surf, sand, a parasol and palms."""
    haze = draw_sky(brush, rng)
    sea: Color = ((62, 148, 178), (74, 164, 170), (86, 138, 182))[int(rng.integers(3))]
    if rng.random() < 0.6:
        draw_ridge(brush, rng, 236.0, 10.0, 140.0, mix(haze, (110, 140, 160), 0.5))
    brush.gradient(232.0, HORIZON, mix(sea, haze, 0.3), sea)
    for _ in range(46):
        x, y = rng.uniform(LEFT, RIGHT), rng.uniform(238.0, 306.0)
        brush.ellipse(
            (x, y), rng.uniform(8.0, 30.0) * (y - 215.0) / 80.0, 1.4, mix(sea, (255, 255, 255), 0.4)
        )
    boat = float(rng.uniform(-280.0, 280.0))
    brush.polygon([(boat, 196.0), (boat, 238.0), (boat + 28.0, 238.0)], (252, 248, 240))
    brush.polygon(
        [(boat - 4.0, 204.0), (boat - 4.0, 238.0), (boat - 22.0, 238.0)], pick(rng, _ACCENTS)
    )
    brush.polygon(
        [(boat - 26.0, 241.0), (boat + 32.0, 241.0), (boat + 22.0, 250.0), (boat - 18.0, 250.0)],
        (120, 82, 70),
    )
    sand: Color = ((240, 216, 170), (232, 204, 164), (244, 222, 188))[int(rng.integers(3))]
    brush.gradient(HORIZON - 4.0, BOTTOM, shade(sand, 0.94), sand)
    along = np.linspace(LEFT, RIGHT, 80)
    a = rng.uniform(0.0, 2.0 * math.pi)
    for level, color in (
        (330.0, shade(sand, 0.82)),
        (323.0, (252, 252, 248)),
        (316.0, mix(sea, (255, 255, 255), 0.35)),
    ):
        edge = level + 5.0 * np.sin(along / 62.0 + a) + 2.5 * np.sin(along / 23.0)
        back = np.array([[RIGHT, 300.0], [LEFT, 300.0]])
        brush.polygon(np.concatenate([np.stack([along, edge], axis=1), back]), color)
    brush.gradient(290.0, 312.0, mix(sea, (255, 255, 255), 0.1), mix(sea, (255, 255, 255), 0.35))
    for _ in range(60):
        y = rng.uniform(346.0, 520.0)
        brush.ellipse((rng.uniform(LEFT, RIGHT), y), rng.uniform(6.0, 22.0), 1.6, shade(sand, 0.92))
    flip, shift = rng.choice((-1.0, 1.0)), rng.uniform(-50.0, 50.0)
    for spot in (flip * 215.0, -flip * 470.0):
        _parasol(brush, spot + shift, pick(rng, _ACCENTS))
    for spot in (-flip * 250.0, flip * 430.0):
        draw_palm(brush, spot + shift, rng.uniform(0.9, 1.15), flip)


def _parasol(brush: Brush, x: float, color: Color) -> None:
    brush.shadow((x + 20.0, 362.0), 84.0, 13.0, 0.35)
    brush.line([(x, 214.0), (x + 14.0, 360.0)], 5.0, (246, 240, 230))
    for share, cloth in ((1.0, color), (0.68, (250, 244, 234)), (0.34, color)):
        angles = np.linspace(math.pi, 2.0 * math.pi, 24)
        dome = np.stack([x + 84.0 * share * np.cos(angles), 264.0 + 64.0 * np.sin(angles)], axis=1)
        brush.polygon(dome, cloth)
    for scallop in range(6):
        side = (0.84, 0.51, 0.17)[min(scallop, 5 - scallop)] * (-84.0 if scallop < 3 else 84.0)
        brush.ellipse((x + side, 264.0), 14.0, 6.0, (250, 244, 234) if scallop in (1, 4) else color)
    towel = shade(color, 1.2)
    brush.polygon(slab(x + 36.0, x + 128.0, 352.0, x + 44.0, x + 142.0, 366.0), towel)
    brush.polygon(slab(x + 60.0, x + 72.0, 352.0, x + 69.0, x + 82.0, 366.0), (250, 246, 238))


def draw_mountains(brush: Brush, rng: np.random.Generator) -> None:
    """Draw mountains: snowy peaks, pines, and a meadow or snow to stand on."""
    haze = draw_sky(brush, rng)
    snow = rng.random() < 0.45
    rock: Color = ((128, 138, 168), (142, 134, 156), (118, 140, 158))[int(rng.integers(3))]
    for layer, share in ((0, 0.5), (1, 0.78)):
        x = LEFT - 80.0
        while x < RIGHT:
            half = rng.uniform(110.0, 170.0)
            top = rng.uniform(70.0, 140.0) + layer * 62.0
            draw_peak(brush, rng, x + half, top, half, mix(haze, rock, share))
            x += half * 1.1
    ground: Color = (
        (232, 238, 246) if snow else pick(rng, ((140, 176, 104), (166, 180, 104), (120, 168, 116)))
    )
    tree: Color = pick(rng, ((62, 112, 98), (78, 124, 92), (70, 104, 116)))
    draw_ridge(brush, rng, 294.0, 7.0, 90.0, mix(mix(haze, ground, 0.75), tree, 0.25))
    for _ in range(26):
        draw_pine(
            brush,
            rng.uniform(LEFT, RIGHT),
            HORIZON - rng.uniform(2.0, 14.0),
            rng.uniform(0.4, 0.62),
            mix(tree, haze, 0.3),
        )
    brush.gradient(HORIZON - 6.0, BOTTOM, mix(ground, haze, 0.25), shade(ground, 0.94))
    for _ in range(12):
        x, y = rng.uniform(LEFT, RIGHT), rng.uniform(340.0, 520.0)
        brush.ellipse(
            (x, y),
            rng.uniform(50.0, 130.0),
            rng.uniform(4.0, 9.0),
            mix(ground, shade(ground, 0.86), 0.45),
        )
    shift = rng.uniform(-60.0, 60.0)
    for spot in (-540.0, -400.0, -268.0, -190.0, 196.0, 262.0, 410.0, 560.0):
        place, base = spot + shift + rng.uniform(-24.0, 24.0), HORIZON + rng.uniform(4.0, 24.0)
        size = rng.uniform(0.9, 1.5)
        brush.shadow((place + 8.0, base), 44.0 * size, 8.0 * size, 0.3)
        draw_pine(brush, place, base, size, tree)
    for _ in range(8):
        x, y, size = (
            rng.uniform(LEFT, RIGHT),
            rng.choice((344.0, 476.0)) + rng.uniform(-8.0, 14.0),
            rng.uniform(0.7, 1.5),
        )
        brush.ellipse((x, y), 16.0 * size, 9.0 * size, shade(rock, 0.86))
        brush.ellipse((x - 3.0 * size, y - 2.0 * size), 12.0 * size, 6.0 * size, shade(rock, 1.1))
