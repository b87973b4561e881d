"""Which shipped model suits a source; apart, so that the window need not wait for PyTorch."""

_LIGHTER = {"ucf101-7": "ucf101-7-light"}


def lighter_model(name: str) -> str:
    """Return the shipped model that knows what model `name` knows and needs less time, else ""."""
    return _LIGHTER.get(name, "")


def default_model(address: str) -> str:
    """Return the name of the model for a source's address, where the person chose none."""
    return "demo" if address.partition(":")[0] == "demo" else "ucf101-7"
