"""Exports in the window: what was seen, for other programs."""
