"""An activity's probability as a ribbon in its row of the timeline, made as an image by NumPy.

Qt's own antialiased clipping by paths takes twenty times as long for an hour of video.
"""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

Shares = NDArray[np.float32]
_OUTSIDE, _UNSURE = 0.16, 0.38  # opacities: of a ribbon outside bars, of a bar above its ribbon
_RADIUS = 3.5  # pixels of a bar's corners


def ribbon_image(
    shares: Shares,
    starts: NDArray[np.float64],
    ends: NDArray[np.float64],
    size: tuple[int, int],
    color: QColor,
    ratio: float,
    checked: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> QImage:
    """Return a row's image: the ribbon, strong inside the bars and faint outside.

    A bar that the user has checked is strong whatever the model says.

    Args:
        shares: (N,) the probability, 0..1, at moments from the left to the right; NaN: unknown.
        starts, ends: (B,) the bars' edges in device pixels from the left, in order.
        size: Device pixels, width and height.
        color: The activity's.
        ratio: Device pixels per pixel.
        checked: The starts and ends of the bars that the user has checked.
    """
    width, height = size
    columns = np.arange(width, dtype=np.float64) + 0.5
    moments = (np.arange(len(shares)) + 0.5) * width / max(len(shares), 1)
    levels = np.interp(columns, moments, np.nan_to_num(shares).clip(0.0, 1.0))
    within, inset = _bars(columns, starts, ends, _RADIUS * ratio)
    lines = np.arange(height)[:, None] + 0.5
    ribbon = (lines + 0.5 - height * (1.0 - levels)).clip(0.0, 1.0)
    upright = (lines + 0.5 - inset).clip(0.0, 1.0) * (height + 0.5 - inset - lines).clip(0.0, 1.0)
    inside = within * upright
    sure, _ = _bars(columns, *checked, 0.0)
    inner = _UNSURE + (1.0 - _UNSURE) * np.maximum(ribbon, sure)
    opacity = inside * inner + (1.0 - inside) * _OUTSIDE * ribbon
    channels = np.array([color.blue(), color.green(), color.red(), 255], np.float32)
    pixels = np.rint(opacity.astype(np.float32)[:, :, None] * channels).astype(np.uint8)
    shared = QImage(
        pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied
    )
    image = shared.copy()  # Qt never looks into NumPy's memory later on
    image.setDevicePixelRatio(ratio)
    return image


def _bars(
    columns: NDArray[np.float64],
    starts: NDArray[np.float64],
    ends: NDArray[np.float64],
    radius: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how much of each column is inside a bar, and how far its corners are cut there."""
    if not len(starts):
        return np.zeros_like(columns), np.zeros_like(columns)
    at = (np.searchsorted(starts, columns + 0.5) - 1).clip(0)
    left, right = starts[at], ends[at]
    within = (np.minimum(right, columns + 0.5) - np.maximum(left, columns - 0.5)).clip(0.0, 1.0)
    most = np.minimum(radius, (right - left) / 2)
    away = np.minimum(columns - left, right - columns).clip(0.0)
    into = (most - away).clip(0.0)
    return within, most - np.sqrt((most**2 - np.minimum(into, most) ** 2).clip(0.0))
