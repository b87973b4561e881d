"""Data sets: clips, what they show, and which of them belong together."""
