"""Widgets that know nothing of what they show, and what they share: icons, colors, theme."""
