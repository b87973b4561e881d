"""The places with a wall behind: living room, kitchen, gym and office."""

import numpy as np

from lrcn_desktop.video.demo.brush import Brush, Color, mix, pick, shade, slab
from lrcn_desktop.video.demo.furniture import (
    ACCENTS,
    WALLS,
    WOODS,
    draw_boards,
    draw_lamp,
    draw_picture,
    draw_plant,
    draw_shelf,
    draw_skirting,
    draw_sofa,
    draw_wall,
    draw_window,
)
from lrcn_desktop.video.demo.stage import BOTTOM, HORIZON, LEFT, RIGHT


def draw_room(brush: Brush, rng: np.random.Generator) -> None:
    """Draw a living room."""
    draw_wall(brush, pick(rng, WALLS))
    draw_boards(brush, pick(rng, WOODS))
    draw_skirting(brush, (248, 242, 232))
    rug = mix(pick(rng, ACCENTS), (240, 226, 206), 0.45)
    brush.ellipse((rng.uniform(-60.0, 60.0), 412.0), 330.0, 58.0, shade(rug, 0.9))
    brush.ellipse((rng.uniform(-60.0, 60.0), 410.0), 300.0, 49.0, rug)
    shift = rng.uniform(-50.0, 50.0)
    flip = 1.0 if rng.random() < 0.5 else -1.0
    draw_window(brush, flip * 30.0 - 75.0 + shift, 150.0, (176, 216, 236))
    draw_sofa(brush, rng, flip * 235.0 - 110.0 + shift)
    draw_picture(brush, rng, flip * 235.0 - 62.0 + shift, 92.0, 56.0, 70.0)
    draw_picture(brush, rng, flip * 235.0 + 8.0 + shift, 106.0, 46.0, 46.0)
    draw_lamp(brush, flip * 385.0 + shift)
    draw_shelf(brush, rng, -flip * 210.0 - 59.0 + shift)
    draw_plant(brush, rng, -flip * 118.0 + shift, 84.0)
    draw_plant(brush, rng, -flip * 335.0 + shift, 104.0)
    draw_picture(brush, rng, -flip * 480.0 - 40.0 + shift, 90.0, 80.0, 60.0)
    draw_sofa(brush, rng, -flip * 540.0 - 110.0 + shift)
    draw_window(brush, flip * 520.0 - 65.0 + shift, 130.0, (176, 216, 236))


def draw_kitchen(brush: Brush, rng: np.random.Generator) -> None:
    """Draw a kitchen: tiles, cupboards, a worktop with things on it."""
    wall = pick(rng, WALLS)
    front = mix(pick(rng, ACCENTS), (236, 232, 224), 0.35)
    draw_wall(brush, wall)
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
            brush.polygon(slab(x - 4.0, x + 86.0, 132.0, x + 12.0, x + 70.0, 92.0), (150, 156, 164))
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
        color = pick(rng, ACCENTS)
        kind = int(rng.integers(3))
        if kind == 0:
            brush.rounded(x - 14.0, 196.0, x + 14.0, 229.0, 6.0, color)
            brush.rounded(x - 9.0, 188.0, x + 9.0, 198.0, 3.0, shade(color, 0.8))
        elif kind == 1:
            brush.ellipse((x, 221.0), 26.0, 9.0, (246, 240, 230))
            for fruit in (-12.0, 0.0, 12.0):
                brush.circle((x + fruit, 211.0), 9.0, (232, 132, 72) if fruit else (214, 84, 74))
            brush.ellipse((x, 225.0), 26.0, 6.0, (232, 226, 218))
        else:
            brush.rounded(x - 7.0, 178.0, x + 7.0, 229.0, 5.0, shade(color, 0.85))
            brush.rounded(x - 3.0, 162.0, x + 3.0, 184.0, 2.0, shade(color, 0.85))


def draw_gym(brush: Brush, rng: np.random.Generator) -> None:
    """Draw a gym: wall bars, a rack of weights, mirrors, balls and a mat."""
    wall: Color = ((196, 208, 220), (222, 214, 200), (190, 204, 198), (214, 204, 214))[
        int(rng.integers(4))
    ]
    band = pick(rng, ACCENTS)
    draw_wall(brush, wall)
    brush.rectangle(LEFT, 216.0, RIGHT, HORIZON, mix(wall, band, 0.38))
    brush.rectangle(LEFT, 210.0, RIGHT, 217.0, mix(wall, (255, 255, 255), 0.6))
    brush.gradient(HORIZON, BOTTOM, (112, 120, 136), (146, 150, 160))
    draw_skirting(brush, (92, 98, 116))
    mat = mix(pick(rng, ACCENTS), (90, 120, 150), 0.35)
    x = rng.uniform(-60.0, 60.0)
    brush.polygon(slab(x - 215.0, x + 215.0, 372.0, x - 262.0, x + 262.0, 452.0), mat)
    brush.polygon(slab(x - 262.0, x + 262.0, 452.0, x - 262.0, x + 262.0, 460.0), shade(mat, 0.76))
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
            color = pick(rng, ACCENTS)
            brush.line([(spot - 10.0, level - 9.0), (spot + 10.0, level - 9.0)], 5.0, (70, 72, 84))
            brush.rounded(spot - 17.0, level - 19.0, spot - 7.0, level, 3.0, shade(color, 0.9))
            brush.rounded(spot + 7.0, level - 19.0, spot + 17.0, level, 3.0, shade(color, 0.9))
        brush.rectangle(rack - 98.0, level, rack + 98.0, level + 6.0, (62, 66, 82))
    for post in (rack - 98.0, rack + 92.0):
        brush.rectangle(post, 222.0, post + 7.0, HORIZON + 14.0, (62, 66, 82))
    for ball, size in ((flip * 420.0, 40.0), (-flip * 360.0, 34.0), (flip * 112.0, 24.0)):
        color = pick(rng, ACCENTS)
        spot = ball + shift
        brush.shadow((spot, HORIZON + 16.0), size * 1.1, 9.0, 0.4)
        brush.circle((spot, HORIZON + 16.0 - size), size, shade(color, 0.88))
        brush.circle((spot - size * 0.1, HORIZON + 14.0 - size * 1.05), size * 0.84, color)
        brush.ellipse(
            (spot - size * 0.35, HORIZON + 14.0 - size * 1.45),
            size * 0.2,
            size * 0.13,
            shade(color, 1.5),
        )


def draw_office(brush: Brush, rng: np.random.Generator) -> None:
    """Draw an office: a wide window over a town, desks with screens, a whiteboard."""
    wall = pick(rng, WALLS)
    draw_wall(brush, wall)
    carpet: Color = ((122, 136, 150), (150, 140, 134), (118, 140, 136))[int(rng.integers(3))]
    brush.gradient(HORIZON, BOTTOM, shade(carpet, 0.86), shade(carpet, 1.12))
    draw_skirting(brush, (236, 236, 236))
    shift, flip = rng.uniform(-40.0, 40.0), 1.0 if rng.random() < 0.5 else -1.0
    left = flip * 200.0 - 260.0 + shift
    sky: Color = (186, 216, 234)
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
        brush.rectangle(spot, 172.0 - tall, spot + 14.0, 172.0, pick(rng, ACCENTS))
    brush.line([(board + 48.0, 92.0), (board + 76.0, 92.0)], 3.0, (120, 126, 140))
    brush.line([(board + 48.0, 106.0), (board + 70.0, 106.0)], 3.0, (120, 126, 140))
    wood = pick(rng, WOODS)
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
            spot - 46.0,
            186.0,
            spot + 40.0,
            234.0,
            mix(pick(rng, ACCENTS), (200, 226, 240), 0.4),
        )
        brush.rounded(spot + 60.0, 232.0, spot + 74.0, 248.0, 3.0, pick(rng, ACCENTS))
    draw_plant(brush, rng, flip * 130.0 + shift, 84.0)
    draw_plant(brush, rng, -flip * 372.0 + shift, 96.0)
