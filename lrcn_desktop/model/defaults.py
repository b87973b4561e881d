"""Which shipped model suits a source; apart, so that the window need not wait for PyTorch."""

FAMILY = ("ucf101-7-light", "ucf101-7")
"""Shipped models that know the same, from the one that needs the least time."""


def lighter_model(name: str) -> str:
    """Return the shipped model that knows what model `name` knows and needs less time, else ""."""
    place = FAMILY.index(name) if name in FAMILY else 0
    return FAMILY[place - 1] if place else ""


def is_demo(address: str) -> bool:
    """Whether an address is that of the drawn demo scene."""
    return address.partition(":")[0] == "demo"


def default_model(address: str) -> str:
    """Return the name of a model for a source's address that works on any machine."""
    return "demo" if is_demo(address) else FAMILY[0]
