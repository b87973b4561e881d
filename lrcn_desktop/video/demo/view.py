"""How body coordinates become scene coordinates: an upright view from slightly above."""

import math

import numpy as np

from lrcn_desktop.video.demo.figure import Vector

_PITCH = 0.17  # radians that the camera looks down


class View:
    """The figure's place in the scene, and the side it shows.

    Args:
        yaw: Radians from facing the camera (0) to facing the picture's right (pi / 2) or, where
            negative, its left.
        height: Scene units in a body height.
        ground: (x, y) in the scene where the body coordinates' origin stands.
    """

    def __init__(self, yaw: float, height: float, ground: tuple[float, float]) -> None:
        sin, cos = math.sin(yaw), math.cos(yaw)
        self.height = height
        self.ground = np.array(ground)
        self.toward = np.array([cos, 0.0, sin])  # unit vector to the camera
        self._across = np.array([sin, 0.0, -cos]) * height
        self._down = np.array([0.0, -math.cos(_PITCH), 0.0]) + self.toward * math.sin(_PITCH)
        self._down *= height
        self._plane = np.stack([self._across, self._down], axis=1)

    def __call__(self, points: Vector) -> Vector:
        """Return (..., 3) body points as (..., 2) scene points."""
        scene: Vector = points @ self._plane + self.ground
        return scene

    def flat(self, direction: Vector) -> Vector:
        """Return a direction of body coordinates in scene units, without the figure's place."""
        flat: Vector = direction @ self._plane
        return flat

    def depth(self, point: Vector) -> float:
        """Return how near the camera a body point is, in body heights."""
        return float(point @ self.toward)
