"""Projects whose clips have features already, so that no network has to run."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.recognition.teaching.features import save_features
from lrcn_desktop.recognition.teaching.project import Project, digest
from lrcn_desktop.recognition.teaching.sample import Sample
from lrcn_desktop.video.writer import VideoWriter

WIDTH = 7680  # of lite0's pooled features
Array = NDArray[np.float32]


def pooled(kind: int, clip: int, steps: int = 15) -> Array:
    """Return features of a made-up activity, in the scene of a clip."""
    activity, scene = np.random.default_rng([1, kind]), np.random.default_rng([2, kind, clip])
    rows = activity.standard_normal(WIDTH) + 0.6 * scene.standard_normal(WIDTH)
    moving = 0.3 * scene.standard_normal((steps, WIDTH))
    return normalized(rows + moving)


def changing(clip: int, *, backwards: bool, steps: int = 15) -> Array:
    """Return features that go from one look to another, or back, in the scene of a clip."""
    way, scene = np.random.default_rng(3), np.random.default_rng([4, clip, backwards])
    ends = way.standard_normal((2, WIDTH))
    share = np.linspace(1, 0, steps) if backwards else np.linspace(0, 1, steps)
    rows = ends[0] * (1 - share[:, None]) + ends[1] * share[:, None]
    rows = rows + scene.standard_normal(WIDTH) + 0.1 * scene.standard_normal((steps, WIDTH))
    return normalized(rows)


def normalized(rows: NDArray[np.float64]) -> Array:
    """Return rows as pooling leaves them."""
    centered = rows - rows.mean(-1, keepdims=True)
    return (centered / centered.std(-1, keepdims=True)).astype(np.float32)


def samples(activities: int = 2, clips: int = 4) -> list[Sample]:
    """Return clips of made-up activities."""
    return [Sample(a, pooled(a, clip)) for a in range(activities) for clip in range(clips)]


def add_clip(project: Project, activity: str, number: int, features: Array | None = None) -> Path:
    """Put a real video of a few frames into a project, with features that are there already."""
    folder = project.folder / activity
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"clip {number}.mkv"
    writer = VideoWriter(path, (64, 48), 10)
    shade = sum(map(ord, activity)) % 200 + number
    for frame in range(8):
        writer.write(np.full((48, 64, 3), (shade + frame) % 256, np.uint8))
    writer.close()
    kind = sum(map(ord, activity)) % 97
    save_features(
        project.folder, digest(path), pooled(kind, number) if features is None else features
    )
    return path


def make_project(folder: Path, activities: tuple[str, ...], clips: int = 3) -> Project:
    """Make a project with clips of these activities."""
    project = Project.open(folder)
    for activity in activities:
        project.add_activity(activity)
        for number in range(clips):
            add_clip(project, activity, number)
    return project
