"""What landscapes are made of: sky, hills, peaks and trees."""

import itertools
import math

import numpy as np

from lrcn_desktop.video.demo.brush import Brush, Color, mix, shade
from lrcn_desktop.video.demo.stage import HORIZON, LEFT, RIGHT, TOP

SKIES: tuple[tuple[Color, Color], ...] = (  # above, at the horizon
    ((132, 190, 226), (222, 238, 240)),
    ((150, 196, 232), (252, 232, 210)),
    ((240, 176, 140), (254, 226, 182)),
    ((160, 180, 220), (246, 214, 218)),
    ((120, 180, 206), (206, 232, 224)),
)


def draw_sky(brush: Brush, rng: np.random.Generator) -> Color:
    """Sky, sun and clouds; returns the color at the horizon, which the distance fades into."""
    above, below = SKIES[int(rng.integers(len(SKIES)))]
    brush.gradient(TOP, HORIZON, above, below)
    sun = (float(rng.uniform(-260.0, 260.0)), float(rng.uniform(50.0, 130.0)))
    brush.glow(sun, 150.0, (255, 246, 214), 0.55)
    brush.circle(sun, 26.0, (255, 248, 222))
    for _ in range(6):
        x, y, size = rng.uniform(LEFT, RIGHT), rng.uniform(10.0, 150.0), rng.uniform(0.6, 1.3)
        cloud = mix(below, (255, 255, 255), 0.72)
        for dx, dy, radius in (
            (-40.0, 4.0, 16.0),
            (-16.0, -8.0, 24.0),
            (14.0, -4.0, 20.0),
            (40.0, 5.0, 14.0),
        ):
            brush.circle((x + dx * size, y + dy * size), radius * size, cloud)
        brush.rounded(
            x - 56.0 * size, y + 2.0 * size, x + 54.0 * size, y + 19.0 * size, 8.0 * size, cloud
        )
    return below


def draw_ridge(
    brush: Brush, rng: np.random.Generator, base: float, rise: float, length: float, color: Color
) -> None:
    """A line of hills across the whole canvas, down to the horizon."""
    x = np.linspace(LEFT, RIGHT, 90)
    a, b, c = rng.uniform(0.0, 2.0 * math.pi, 3)
    wave = (
        np.sin(x / length + a)
        + 0.5 * np.sin(x / length * 2.3 + b)
        + 0.25 * np.sin(x / length * 4.1 + c)
    )
    line = np.stack([x, base - rise * wave], axis=1)
    floor = np.array([[RIGHT, HORIZON + 6.0], [LEFT, HORIZON + 6.0]])
    brush.polygon(np.concatenate([line, floor]), color)


def draw_tree(brush: Brush, x: float, base: float, size: float, color: Color) -> None:
    """Draw a tree with a round crown."""
    brush.shadow((x + 12.0 * size, base), 62.0 * size, 10.0 * size, 0.35)
    brush.capsule(
        np.array([x, base - 90.0 * size]),
        6.0 * size,
        np.array([x, base - 4.0]),
        10.0 * size,
        (116, 82, 66),
    )
    brush.line(
        [(x, base - 70.0 * size), (x + 26.0 * size, base - 104.0 * size)], 7.0 * size, (116, 82, 66)
    )
    crown = (
        (-34.0, -112.0, 34.0),
        (32.0, -116.0, 36.0),
        (0.0, -150.0, 46.0),
        (-18.0, -132.0, 40.0),
        (0.0, -104.0, 34.0),
    )
    for dx, dy, radius in crown:
        brush.circle((x + dx * size, base + dy * size), radius * size, shade(color, 0.84))
    for dx, dy, radius in crown:
        brush.circle((x + (dx - 6.0) * size, base + (dy - 7.0) * size), radius * 0.8 * size, color)
    brush.circle((x - 16.0 * size, base - 162.0 * size), 20.0 * size, shade(color, 1.12))


def draw_pine(brush: Brush, x: float, base: float, size: float, color: Color) -> None:
    """Draw a pine."""
    brush.rectangle(x - 4.0 * size, base - 20.0 * size, x + 4.0 * size, base, (104, 78, 68))
    for level in range(3):
        y, half = base - (14.0 + 34.0 * level) * size, (34.0 - 8.0 * level) * size
        tip = (x, y - 54.0 * size)
        brush.polygon([(x - half, y), (x + half, y), tip], shade(color, 0.86))
        brush.polygon([(x - half, y), (x + half * 0.1, y), tip], color)


def draw_palm(brush: Brush, x: float, size: float, lean: float) -> None:
    """Draw a palm that leans to one side."""
    base = 356.0
    brush.shadow((x, base), 46.0, 9.0, 0.35)
    path = [
        np.array([x + lean * 34.0 * size * t * t, base - 196.0 * size * t])
        for t in np.linspace(0.0, 1.0, 9)
    ]
    for part, (a, b) in enumerate(itertools.pairwise(path)):
        wood: Color = (150, 110, 80) if part % 2 else (164, 122, 90)
        brush.capsule(a, (9.0 - part * 0.5) * size, b, (8.0 - part * 0.5) * size, wood)
    top = path[-1]
    for leaf in range(8):
        angle = -0.35 + (math.pi + 0.7) * leaf / 7.0
        out = np.array([math.cos(angle), -math.sin(angle)])
        middle = top + out * 46.0 * size
        tip = top + out * 84.0 * size + np.array([0.0, 34.0 * size])
        color = shade((86, 150, 98), 0.86 + 0.24 * (leaf % 2))
        brush.capsule(top, 4.0 * size, middle, 10.0 * size, color)
        brush.capsule(middle, 10.0 * size, tip, 1.5 * size, color)
    for dx in (-7.0, 6.0):
        brush.circle(top + np.array([dx * size, 7.0 * size]), 7.0 * size, (112, 76, 58))


def draw_peak(
    brush: Brush, rng: np.random.Generator, x: float, top: float, half: float, color: Color
) -> None:
    """Draw a mountain with snow on its top."""
    foot = HORIZON + 4.0
    brush.polygon([(x - half, foot), (x, top), (x + half, foot)], shade(color, 0.94))
    crease = x + rng.uniform(-0.1, 0.1) * half
    brush.polygon([(x - half, foot), (x, top), (crease, foot)], shade(color, 1.08))
    share = 0.3
    low = top + (foot - top) * share
    left, right = x - half * share, x + half * share
    zigzag = [
        (right, low),
        (x + 0.5 * (right - x), low - 14.0),
        (x + 0.1 * half, low + 8.0),
        (x - 0.1 * half, low - 8.0),
    ]
    brush.polygon([(left, low), (x, top), *zigzag], mix(color, (255, 255, 255), 0.78))
