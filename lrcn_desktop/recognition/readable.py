"""Class names as a person writes them."""

import re


def readable(label: str) -> str:
    """Return a class name as a person writes it: "ApplyEyeMakeup" as "Apply Eye Makeup"."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", label.replace("_", " ")).strip()
    return words[:1].upper() + words[1:]
