"""Texts of no widget in the window's language."""

from PySide6.QtCore import QCoreApplication


def tr(text: str) -> str:
    """Return a text in the window's language; lupdate finds it by this function's name."""
    return QCoreApplication.translate("", text)
