"""A library of models that holds nothing of the person's own."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of the person's own models; it does not exist yet."""
    from lrcn_desktop.model import library

    folder = tmp_path / "own models"
    monkeypatch.setattr(library, "own_models_dir", lambda: folder)
    return folder
