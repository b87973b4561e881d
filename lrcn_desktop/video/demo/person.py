"""Draws the figure: rounded limbs in two tones, clothes, head and hair."""

import math

import numpy as np

from lrcn_desktop.video.demo.brush import Brush, Color, Points, shade
from lrcn_desktop.video.demo.figure import ANKLE, Limb, Pose, vector
from lrcn_desktop.video.demo.head import draw_back_hair, draw_head
from lrcn_desktop.video.demo.look import Look
from lrcn_desktop.video.demo.view import View

GLOVE: Color = (206, 44, 52)


class Person:
    """A figure in one pose, seen from one side, ready to be drawn part by part."""

    def __init__(self, brush: Brush, view: View, look: Look, pose: Pose, gloves: bool) -> None:
        self._brush = brush
        self._view = view
        self._look = look
        self._pose = pose
        self._gloves = gloves
        self._unit = view.height * look.body.girth  # thicknesses
        right_first = view.depth(vector(0.0, 0.0, 1.0)) < 0.0
        self._order = (1, 0) if right_first else (0, 1)  # far side first

    def draw_body(self) -> None:
        """Draw all but the arms that are in front."""
        draw_back_hair(self._brush, self._view, self._look, self._pose.torso)
        for index in self._order:
            if not self._in_front(index):
                self._arm(index, far=True)
        for index in self._order:
            self._leg(index, far=index == self._order[0])
        self._trunk()
        draw_head(self._brush, self._view, self._look, self._pose.torso)

    def draw_front(self) -> None:
        """Draw the arms that are in front."""
        for index in self._order:
            if self._in_front(index):
                self._arm(index, far=False)

    def _in_front(self, index: int) -> bool:
        if index == self._order[1]:
            return True
        arm, torso = self._pose.arms[index], self._pose.torso
        reach = self._view.depth(arm.end) - self._view.depth(torso.neck)
        return reach > 0.06

    def _limb(
        self,
        limb: Limb,
        thick: tuple[float, float, float],
        upper: Color,
        lower: Color,
        dark: float,
    ) -> None:
        """Two tapered bones, each with a lit side up and to the left."""
        root, middle, end = (self._view(p) for p in (limb.root, limb.middle, limb.end))
        a, b, c = (t * self._unit for t in thick)
        for start, ra, stop, rb, color in (
            (root, a, middle, b, upper),
            (middle, b, end, c, lower),
        ):
            self._two_tone(start, ra, stop, rb, shade(color, dark))

    def _two_tone(self, a: Points, ra: float, b: Points, rb: float, color: Color) -> None:
        self._brush.capsule(a, ra, b, rb, shade(color, 0.84))
        light = np.array([-0.22, -0.10])
        self._brush.capsule(a + light * ra, ra * 0.78, b + light * rb, rb * 0.78, color)

    def _arm(self, index: int, far: bool) -> None:
        look, arm, unit = self._look, self._pose.arms[index], self._unit
        dark = 0.82 if far else 1.0
        fore = look.top if look.long_sleeves else look.skin
        hand = self._view(arm.end + (arm.end - arm.middle) * 0.16)
        if self._gloves:
            self._limb(arm, (0.036, 0.03, 0.025), look.skin, fore, dark)
        else:
            self._limb(arm, (0.034, 0.029, 0.022), look.skin, fore, dark)
        wrist = self._view(arm.end)
        if self._gloves:
            glove = shade(GLOVE, dark)
            self._brush.capsule(wrist, 0.032 * unit, wrist, 0.032 * unit, shade(glove, 0.75))
            self._two_tone(wrist, 0.042 * unit, hand, 0.05 * unit, glove)
        else:
            self._two_tone(wrist, 0.021 * unit, hand, 0.026 * unit, shade(look.skin, dark))
        shoulder, elbow = self._view(arm.root), self._view(arm.middle)
        sleeve = elbow if look.long_sleeves else shoulder + (elbow - shoulder) * 0.62
        cloth = shade(look.top, dark * 0.97)
        self._two_tone(shoulder, 0.041 * unit, sleeve, 0.036 * unit, cloth)

    def _leg(self, index: int, far: bool) -> None:
        look, leg, unit = self._look, self._pose.legs[index], self._unit
        dark = 0.82 if far else 1.0
        trousers = look.bottom_style == "trousers"
        lower = look.bottom if trousers else look.skin
        self._foot(index, dark)
        thick = (0.06, 0.046, 0.034) if trousers else (0.056, 0.041, 0.027)
        self._limb(leg, thick, lower, lower, dark)
        if look.bottom_style == "shorts":
            hip, knee = self._view(leg.root), self._view(leg.middle)
            hem = hip + (knee - hip) * 0.72
            self._two_tone(hip, 0.064 * unit, hem, 0.056 * unit, shade(look.bottom, dark))

    def _foot(self, index: int, dark: float) -> None:
        leg, pitch = self._pose.legs[index], self._pose.toes[index]
        splay = (-1.0, 1.0)[index] * 0.18
        along = vector(math.cos(pitch) * math.cos(splay), math.sin(pitch), math.sin(splay))
        down = vector(math.sin(pitch), -math.cos(pitch), 0.0)
        view, brush, unit = self._view, self._brush, self._view.height
        ankle = view(leg.end)
        heel = view(leg.end + down * (ANKLE - 0.026) - along * 0.018)
        toe = view(leg.end + down * (ANKLE - 0.020) + along * 0.085)
        color = shade(self._look.shoes, dark)
        brush.capsule(heel, 0.03 * unit, toe, 0.024 * unit, shade(color, 0.7))
        lift = np.array([0.0, -0.009 * unit])
        brush.capsule(heel + lift, 0.028 * unit, toe + lift * 0.7, 0.021 * unit, color)
        brush.capsule(ankle, 0.026 * unit, heel, 0.026 * unit, color)

    def _trunk(self) -> None:
        look, torso, view, unit = self._look, self._pose.torso, self._view, self._unit
        hips = [view(p) for p in torso.hips]
        pelvis, waist, neck = view(torso.pelvis), view(torso.waist), view(torso.neck)
        shoulders = [view(p) for p in torso.shoulders]
        chest = waist + (neck - waist) * 0.58
        light = np.array([-0.012, -0.004]) * unit

        seat: list[tuple[Points, float]] = [(hips[0], 0.06 * unit), (hips[1], 0.06 * unit)]
        self._brush.blob([*seat, (waist, 0.05 * unit)], shade(look.bottom, 0.88))
        if look.bottom_style == "skirt":
            self._skirt(hips)

        head, skin = view(torso.head), shade(look.skin, 0.8)
        self._brush.capsule(neck, 0.034 * unit, head, 0.03 * unit, skin)
        hem = [(p + (waist - pelvis) * 0.12, 0.058 * unit) for p in hips]
        upper = [(p, 0.042 * unit) for p in shoulders]
        flank = (hips[1] - hips[0]) * 0.42
        belly = [(waist - flank, 0.062 * unit), (waist + flank, 0.062 * unit)]
        bust = (chest, 0.074 * unit)
        dark = shade(look.top, 0.84)
        self._brush.blob([*hem, *belly], dark)
        self._brush.blob([*belly, bust, *upper], dark)
        self._brush.blob([(p + light, r * 0.84) for p, r in [*hem, *belly]], look.top)
        self._brush.blob([(p + light, r * 0.84) for p, r in [*belly, bust, *upper]], look.top)
        if look.stripe is not None:
            self._stripes(look.stripe, waist, chest, abs(float(flank[0])) + 0.058 * unit)
        facing = max(0.0, float(torso.face @ view.toward))
        collar = view(torso.neck + torso.face * 0.012)
        self._brush.ellipse(
            collar, (0.016 + 0.018 * facing) * unit, 0.019 * unit, shade(look.skin, 0.9)
        )

    def _stripes(self, color: Color, waist: Points, chest: Points, half: float) -> None:
        unit = self._unit
        spine = chest - waist
        across = np.array([-spine[1], spine[0]]) * (half / math.hypot(*spine))
        for level in (0.35, 0.75):
            middle = waist + spine * level
            self._brush.line([middle - across, middle + across], 0.02 * unit, color)

    def _skirt(self, hips: list[Points]) -> None:
        legs, unit = self._pose.legs, self._unit
        hem = [self._view(leg.root + (leg.middle - leg.root) * 0.68) for leg in legs]
        color = self._look.bottom
        cloth = [(hips[0], 0.058), (hips[1], 0.058), (hem[0], 0.07), (hem[1], 0.07)]
        self._brush.blob([(p, r * unit) for p, r in cloth], shade(color, 0.86))
        light = np.array([-0.014, -0.006]) * unit
        self._brush.blob([(p + light, r * 0.82 * unit) for p, r in cloth], color)
