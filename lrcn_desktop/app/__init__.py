"""The window: everything Qt, and nothing but."""
