"""The preferences: one dialog with a page for each ability, applied at once."""
