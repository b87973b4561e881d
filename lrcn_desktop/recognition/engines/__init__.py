"""Engines: the features of frames on every kind of processor."""
