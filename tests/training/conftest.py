"""Fixtures of the trainer's tests."""

from tiny_training import features, start, undisturbed  # type: ignore[import-not-found]

__all__ = ["features", "start", "undisturbed"]
