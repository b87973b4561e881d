"""One bout's scene: who, where, in what light, under what camera; and any moment of it drawn."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lrcn_desktop.video.demo import indoors, outdoors
from lrcn_desktop.video.demo.activities import STRIDE, moment
from lrcn_desktop.video.demo.brush import Brush, palette, pick
from lrcn_desktop.video.demo.figure import vector
from lrcn_desktop.video.demo.look import Look, draw_look
from lrcn_desktop.video.demo.person import Person
from lrcn_desktop.video.demo.props import draw_box, draw_chair
from lrcn_desktop.video.demo.schedule import Bout
from lrcn_desktop.video.demo.stage import BOTTOM, FLOOR, LEFT, RIGHT, TOP
from lrcn_desktop.video.demo.view import View
from lrcn_desktop.video.frame import Image
from lrcn_desktop.video.opencv import cv2

CANVAS_SCALE = 1.15  # the canvas is finer than the view, so that zooming in stays sharp
_HOLD = 0.15  # the longest rest at either end of an order pair's movement, seconds
_CYCLES = {"walking": 1.15, "waving": 0.85, "jumping jacks": 1.1, "boxing": 1.05}  # seconds
_YAWS = {  # radians from facing the camera, either way
    "sitting down": (0.75, 1.45),
    "standing up": (0.75, 1.45),
    "picking up": (0.75, 1.45),
    "putting down": (0.75, 1.45),
    "walking": (1.05, 1.5),
    "waving": (0.0, 0.5),
    "jumping jacks": (0.0, 0.45),
    "boxing": (0.7, 1.35),
}
LIGHTS = (
    (1.0, 1.0, 1.0),
    (1.0, 1.0, 1.0),
    (1.06, 0.98, 0.86),
    (1.03, 0.93, 0.86),
    (0.90, 0.94, 1.05),
    (0.82, 0.82, 0.98),
)
_CHAIRS = palette("D67048 46808A E2B054 965C4C 5C6296")
_BOXES = palette("CC9C64 CC9C64 5C8EB2 CE6058")
PLACES = (  # each is drawn once a bout, on a canvas larger than the view
    indoors.draw_room,
    indoors.draw_kitchen,
    indoors.draw_gym,
    indoors.draw_office,
    outdoors.draw_park,
    outdoors.draw_street,
    outdoors.draw_beach,
    outdoors.draw_mountains,
)
_DrawPlace = Callable[[Brush, np.random.Generator], None]


@dataclass(frozen=True, slots=True)
class Camera:
    """A slow move, the same kind forwards and backwards in time.

    All in scene units and seconds from the middle of the bout.
    """

    x: float
    y: float
    pan: float
    zoom: float
    zooming: float
    shake: float
    shake_phases: tuple[float, float, float, float]

    def at(self, time: float) -> tuple[float, float, float]:
        """Return (x, y, zoom) of the view's centre."""
        a, b, c, d = self.shake_phases
        dx = self.shake * (math.sin(2.3 * time + a) + 0.5 * math.sin(5.9 * time + b))
        dy = self.shake * (math.sin(2.9 * time + c) + 0.5 * math.sin(5.1 * time + d))
        zoom = self.zoom * math.exp(self.zooming * time)
        return self.x + self.pan * time + dx, self.y + dy, zoom


class Scene:
    """A bout, drawn at any of its moments.

    Args:
        seed: The source's seed.
        bout: What is shown and when.
        size: (width, height) of the picture, pixels.
    """

    def __init__(self, seed: int, bout: Bout, size: tuple[int, int]) -> None:
        self.bout = bout
        self._size = size
        # Who, where and how is drawn without a look at the activity; what depends on it, last.
        rng = np.random.default_rng([seed, 1, bout.index])
        self._look: Look = draw_look(np.random.default_rng([seed, 2, bout.index // 2]))
        self._light = pick(rng, LIGHTS)
        self._camera = _draw_camera(rng)
        self._chair = pick(rng, _CHAIRS)
        self._box = pick(rng, _BOXES)
        self._holds = rng.uniform(0.0, _HOLD, 2)
        self._ease = float(rng.uniform(0.0, 0.09))
        self._tempo = float(rng.uniform(0.88, 1.14))
        self._cycle_start = float(rng.random())
        self._hand = int(rng.integers(2))
        self._x = float(rng.uniform(-45.0, 45.0))
        self._side = 1.0 if rng.random() < 0.5 else -1.0
        low, high = _YAWS[bout.activity]
        self._yaw = self._side * float(low + (high - low) * rng.random())
        place = pick(rng, PLACES)
        self._fit = max(size[0] / 640.0, size[1] / 480.0)
        self._grain = self._fit * CANVAS_SCALE  # canvas pixels a scene unit
        self._canvas = self._draw_place(place, rng)

    def phase(self, time: float) -> float:
        """Return the activity's phase at `time` seconds from the bout's start."""
        period = _CYCLES.get(self.bout.activity)
        if period is not None:
            return (self._cycle_start + time / (period * self._tempo)) % 1.0
        duration = self.bout.end - self.bout.start
        share = (time - self._holds[0]) / (duration - self._holds.sum())
        share = min(1.0, max(0.0, float(share)))
        return share - self._ease * math.sin(2.0 * math.pi * share)

    def draw(self, time: float) -> Image:
        """Return the picture at `time` seconds from the bout's start: uint8 (H, W, 3) RGB."""
        return self.draw_phase(self.phase(time), time)

    def draw_phase(self, phase: float, time: float) -> Image:
        """Return the picture with the figure at `phase` and the camera at `time`."""
        width, height = self._size
        middle = time - (self.bout.end - self.bout.start) / 2.0
        x, y, zoom = self._camera.at(middle)
        ground = self._x
        if self.bout.activity == "walking":
            period = _CYCLES["walking"] * self._tempo
            speed = STRIDE / period * self._look.height * math.sin(self._yaw)
            ground += speed * middle
            x += speed * middle * 0.72
        scale = zoom * self._fit
        offset = (width / 2.0 - x * scale, height / 2.0 - y * scale)
        image = self._warp(scale, offset)
        brush = Brush(image, scale, offset, self._light)
        view = View(self._yaw, self._look.height, (ground, FLOOR))
        self._draw_figure(brush, view, phase)
        return image

    def _draw_figure(self, brush: Brush, view: View, phase: float) -> None:
        look = self._look
        shown = moment(self.bout.activity, phase, look.body, self._hand)
        pose = shown.pose
        under = (pose.torso.pelvis + pose.legs[0].end + pose.legs[1].end) / 3.0
        under[1] = 0.0
        high = min(leg.end[1] for leg in pose.legs)
        wide = abs(view(pose.legs[0].end)[0] - view(pose.legs[1].end)[0]) * 0.5
        brush.shadow(view(under), 70.0 + wide - 60.0 * high, 17.0, 0.42)
        if shown.chair:
            brush.shadow(view(vector(-0.21, 0.0, 0.0)), 62.0, 17.0, 0.4)
            draw_chair(brush, view, self._chair)
        person = Person(brush, view, look, pose, shown.gloves)
        if shown.box is None:
            person.draw_body()
        else:
            foot = vector(shown.box[0], 0.0, 0.0)
            brush.shadow(view(foot), 48.0, 14.0, 0.42 * max(0.15, 1.0 - 2.0 * (shown.box[1] - 0.1)))
            person.draw_body()
            draw_box(brush, view, shown.box, self._box)
        person.draw_front()

    def _draw_place(self, place: _DrawPlace, rng: np.random.Generator) -> Image:
        shape = (round((BOTTOM - TOP) * self._grain), round((RIGHT - LEFT) * self._grain), 3)
        canvas = np.zeros(shape, np.uint8)
        brush = Brush(canvas, self._grain, (-LEFT * self._grain, -TOP * self._grain), self._light)
        place(brush, rng)
        return canvas

    def _warp(self, scale: float, offset: tuple[float, float]) -> Image:
        """The canvas as the camera sees it, at `scale` pixels a scene unit."""
        ratio = scale / self._grain
        move = np.array(
            [
                [ratio, 0.0, LEFT * scale + offset[0]],
                [0.0, ratio, TOP * scale + offset[1]],
            ]
        )
        image = np.empty((self._size[1], self._size[0], 3), np.uint8)
        cv2.warpAffine(
            self._canvas, move, self._size, image, cv2.INTER_LINEAR, cv2.BORDER_REPLICATE
        )
        return image


def _draw_camera(rng: np.random.Generator) -> Camera:
    phases = rng.uniform(0.0, 2.0 * math.pi, 4)
    return Camera(
        x=float(rng.uniform(-40.0, 40.0)),
        y=float(rng.uniform(236.0, 246.0)),
        pan=float(rng.uniform(-22.0, 22.0)),
        zoom=float(rng.uniform(0.98, 1.12)),
        zooming=float(rng.uniform(-0.02, 0.02)),
        shake=float(rng.uniform(0.0, 1.6)),
        shake_phases=(float(phases[0]), float(phases[1]), float(phases[2]), float(phases[3])),
    )
